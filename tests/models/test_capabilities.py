"""What a model can do is said once, and nothing that wraps a model loses it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from robustness.answers.store import store_key
from robustness.guard import Guard
from robustness.models import Answer, Capabilities, capabilities, load_model
from robustness.models.callables import load_callable
from robustness.properties import Subject
from robustness.properties.difference import Invented
from robustness.properties.remembering import Remembering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models import Prompt

ODD = Capabilities(
    can_abstain=False,
    depends_on_batch=True,
    honours_cut=True,
    device="cuda",
    prompts_at_once=3,
    tokens_at_once=77,
)


class Odd:
    spec, kind, fingerprint = "odd", "extractive", "1"
    tokenizer_path, held_out_drugs = None, None
    capabilities = ODD

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        return [Answer("", None) for _ in prompts]


def answer(question: str) -> str:
    return question


def test_wrappers_forward_the_whole_record() -> None:
    assert capabilities(Remembering(Odd())) == ODD
    assert capabilities(Guard(Odd())) == replace(ODD, can_abstain=True)
    assert capabilities(Guard(Remembering(Odd()))) == replace(ODD, can_abstain=True)


def test_a_model_that_says_nothing_has_the_defaults() -> None:
    assert capabilities(load_callable(f"python:{__name__}:answer")) == Capabilities()


def test_answers_of_two_devices_never_share_a_key_behind_a_guard_either() -> None:
    here = Odd()
    here.capabilities = replace(ODD, device="cpu")
    assert store_key(Guard(here)) != store_key(Guard(Odd()))
    assert store_key(here) != store_key(Odd())


def test_the_embedded_reader_cannot_abstain_and_says_so_wherever_it_is_handed_out() -> None:
    reader = load_model("reader")
    assert not capabilities(Remembering(reader)).can_abstain
    assert capabilities(reader).device == "cpu"
    assert "not trained" in Invented().unfit(Subject(Remembering(reader)))


@pytest.mark.parametrize("spec", ["guard:planted:fragile", "planted:fragile"])
def test_the_search_knows_guarded_specifications(
    spec: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    from robustness.cli import main

    words = ["search", "--model", spec, "--drugs", "metformin", "--budget", "6"]
    monkeypatch.setattr("sys.argv", ["robustness", *words, "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in {0, 1, None}
