"""The slices of an audit: by what its rates are broken down, and which pairs a rule is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robustness.misspellings import Misspelling


from typing import TYPE_CHECKING

from robustness.errors import InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from robustness.models import QAModel
    from robustness.questions.pair import Pair
    from robustness.results.outcome import Outcome
    from robustness.tokenizers import Tokenizer

    Slices = Mapping[str, Callable[[Outcome], str]]


def slices(
    model: QAModel, tokenizer: Tokenizer | None, pairs: Sequence[Pair]
) -> dict[str, Callable[[Outcome], str]]:
    """The value of an outcome in every slice, by the slice's name; it depends on the pair alone.

    ``training`` is there for models that say what they were trained on, ``tokens`` (what the tokenizer
    does to the name, see `token_change`) for those with a tokenizer.
    """
    found: dict[str, Callable[[Outcome], str]] = {
        "channel": lambda o: o.pair.misspelling.channel,
        "edits": lambda o: str(o.pair.misspelling.distance),
        "group": lambda o: o.pair.drug.high_risk_group,
        "question": lambda o: o.pair.baseline.relation,
        "position": lambda o: place_in_name(o.pair.misspelling),
    }
    held_out = model.held_out_drugs
    if held_out is not None:
        found["training"] = lambda o: "held out" if o.pair.drug.name in held_out else "trained on"
    if tokenizer is not None:
        names = sorted({text for p in pairs for text in (p.baseline.name, p.case.name)})
        cut = dict(zip(names, tokenizer.pieces(names), strict=True))
        found["tokens"] = lambda o: token_change(cut[o.pair.baseline.name], cut[o.pair.case.name])
    return found


def token_change(before: Sequence[str], after: Sequence[str]) -> str:
    """What a misspelling does to the pieces of a name.

    >>> token_change(["war", "farin"], ["war", "fa", "rin"])
    'split'
    >>> token_change(["war", "fa", "rin"], ["wa", "farin"])
    'merged'
    >>> token_change(["war", "farin"], ["wa", "rfarin"])
    'mixed'
    """
    if list(before) == list(after):
        return "unchanged"
    if len(before) == len(after):
        return "mixed"
    return "split" if len(after) > len(before) else "merged"


def within(slice_: str, known: Slices) -> Callable[[Outcome], bool]:
    """The test of a rule's slice, written as ``name=value``; an empty one takes every outcome.

    Raises:
        InputError: There is no such slice, or it is not written so.
    """
    if not slice_:
        return lambda _: True
    name, equals, value = slice_.partition("=")
    if name not in known or not equals:
        raise InputError(
            "Unknown slice of a gate rule",
            value=slice_,
            hint=f"Write name=value, for example channel=observed. {nearest(name, known)}",
        )
    value_of = known[name]
    return lambda outcome: value_of(outcome) == value


def place_in_name(misspelling: Misspelling) -> str:
    """Where a misspelling differs from its name, in words.

    >>> from robustness.misspellings import describe
    >>> [place_in_name(describe(text, "warfarin", "observed"))
    ...  for text in ("varfarin", "wafarin", "warfarine", "warferin", "wofaren")]
    ['first letter', 'first half', 'last letter', 'second half', 'several']
    """
    if len(misspelling.edits) != 1:
        return "several"
    position, last = misspelling.edits[0].position, len(misspelling.intended) - 1
    if position == 0:
        return "first letter"
    if position >= last:
        return "last letter"
    return "first half" if position <= last / 2 else "second half"
