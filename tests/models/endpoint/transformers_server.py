"""A language model of this process behind a real OpenAI-compatible server: ``transformers serve``."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robustness.models.language.causal import LanguageModelAnswers

STARTING = 300.0
"""Seconds that a server may take until it is healthy."""


@contextmanager
def serving(model: LanguageModelAnswers, folder: Path) -> Iterator[str]:
    """The specification of the same weights on the loopback address, until the block ends.

    Args:
        model: Whose weights are served.
        folder: An empty folder for them and the server's log.
    """
    save_as_folder(model, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    transformers = Path(sys.executable).with_name("transformers")
    command = [str(transformers), "serve", str(folder), "--port", str(port), "--device", "cpu"]
    log = folder / "log"
    with log.open("w") as said:
        server = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=said, stderr=said)
        try:
            wait_until_healthy(server, f"http://127.0.0.1:{port}/health", log)
            yield f"openai:http://127.0.0.1:{port}/v1#{folder}"
        finally:
            server.terminate()
            server.wait(30)


def save_as_folder(model: LanguageModelAnswers, folder: Path) -> None:
    """Weights read from GGUF refuse to be saved; a fresh model with the same state does not."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = model.language.model.config.to_dict()
    config.pop("quantization_config", None)
    fresh = LlamaForCausalLM(LlamaConfig(**config))
    fresh.load_state_dict(model.language.model.state_dict())
    fresh.save_pretrained(folder)
    model.language.tokenizer.save_pretrained(folder)


def wait_until_healthy(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait for a server that was just started.

    Raises:
        RuntimeError: It ended, or is not healthy in time; the message is what it said.
    """
    until = time.monotonic() + STARTING
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - on the loopback
                if reply.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"The server did not start: {log.read_text()}")
