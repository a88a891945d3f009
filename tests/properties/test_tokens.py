"""Tokenizers with planted defects fail exactly the property that was planted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from robustness.drugs import load_drugs
from robustness.errors import OffsetsViolation, RoundTripViolation, TokenCollisionViolation
from robustness.models import load_model
from robustness.properties import PROPERTIES, Finding, Request, Subject
from robustness.properties.checking import check_trials, plan_trials
from robustness.tokenizers import Encoded, load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = {
    "tokenizer-round-trip": RoundTripViolation,
    "no-token-collisions": TokenCollisionViolation,
    "tokenizer-offsets": OffsetsViolation,
}
NAMES = tuple(KINDS)


class Broken:
    """The embedded tokenizer with a defect."""

    def __init__(self, defect: str) -> None:
        self._tokenizer, self._defect = load_tokenizer("reader-clean"), defect

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tokenizer, name)

    def encode(self, texts: Sequence[str]) -> Encoded:
        if self._defect == "no-token-collisions":  # knows "tramadol" as "trazodone"
            texts = ["trazodone" if text == "tramadol" else text for text in texts]
        cut = self._tokenizer.encode(texts)
        if self._defect == "tokenizer-offsets":
            return replace(cut, spans=cut.spans + 1)
        return cut

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        texts = self._tokenizer.decode(ids)
        if self._defect == "tokenizer-round-trip":
            return [text.replace("z", "s") for text in texts]
        return texts


def found(tokenizer: Any) -> dict[str, Finding]:
    subject = Subject(load_model("planted:robust"))
    subject.tokenizer = tokenizer
    planned = plan_trials([PROPERTIES[name] for name in NAMES], Request(drugs=load_drugs()[-120:]))
    return check_trials(planned, subject)


def failed(tokenizer: Any) -> list[str]:
    return [name for name, one in found(tokenizer).items() if not one.passed]


@pytest.mark.parametrize("spec", ["reader", "bytes", "characters"])
def test_sound_tokenizers_pass(spec: str) -> None:
    assert failed(load_tokenizer(spec)) == []


@pytest.mark.parametrize("defect", NAMES)
def test_a_planted_defect_fails_its_own_property(defect: str) -> None:
    broken = found(Broken(defect))
    # what was cut as another drug neither comes back nor has its own offsets
    caused = NAMES if defect == "no-token-collisions" else ()
    assert {n for n, one in broken.items() if not one.passed} <= {defect, *caused}
    with pytest.raises(KINDS[defect]):
        broken[defect].complain()
