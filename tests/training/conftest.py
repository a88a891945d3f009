"""A tiny encoder to train, for all tests of training."""

from __future__ import annotations

import pytest
from transformers import BertConfig, BertModel

from robustness.models import load_model
from robustness.models.extractive.reader import ExtractiveReader


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny untrained encoder with the embedded reader's tokenizer."""
    import torch

    torch.manual_seed(0)
    reader = load_model("reader-clean")
    assert isinstance(reader, ExtractiveReader)
    folder = tmp_path_factory.mktemp("base") / "model"
    config = BertConfig(
        vocab_size=30522,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=512,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    reader.tokenizer.save_pretrained(folder)
    return str(folder)
