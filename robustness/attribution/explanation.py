"""One pair in plain words: what became of the answer, what was done to the name, what the tokenizer made of it.

It states what can be seen. Whether the tokens are the cause, one pair cannot tell: see
`robustness.attribution.experiment`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.tokenizers import CHANGES, xray
from robustness.verdicts import Verdict

if TYPE_CHECKING:
    from robustness.misspellings import Edit, Misspelling
    from robustness.tokenizers import Tokenizer
    from robustness.verdicts import Judgement

_ANSWERS = {
    Verdict.CONSISTENT: "The answer held",
    Verdict.WRONG_ANSWER: "The answer became another one, which is not right and belongs to no drug of the question",
    Verdict.RECOVERED: "The answer was wrong with the correct name and is right with the misspelling",
    Verdict.ABSTAINED: "With the misspelling the model gave no answer",
    Verdict.NONDETERMINISTIC: "The same question got two answers, so the misspelling need not be why",
    Verdict.ERROR: "The model failed",
}
_CUTS = {
    "unchanged": "where it is cut did not change",
    "merged": "a cut is gone",
    "split": "a cut is new",
    "mixed": "cuts have moved",
}
assert tuple(_CUTS) == CHANGES


def explain_answer(judgement: Judgement) -> str:
    """What became of the answer, in one sentence."""
    if judgement.verdict is Verdict.WRONG_DRUG:
        return f"The answer became the one for {judgement.answered_for}, another drug."
    held = judgement.verdict is Verdict.CONSISTENT
    wrong = ", and is wrong either way" if held and not judgement.right else ""
    return f"{_ANSWERS[judgement.verdict]}{wrong}."


def explain_misspelling(one: Misspelling) -> str:
    """What was done to the name, in one sentence.

    >>> from robustness.misspellings import describe
    >>> explain_misspelling(describe("metfromin", "metformin", "observed"))
    "1 edit: 'or' became 'ro' at letter 5."
    """
    edits = "; ".join(_edit(edit) for edit in one.edits)
    count = f"{len(one.edits)} edit{'' if len(one.edits) == 1 else 's'}"
    likely = "" if one.probability is None else f" Probability {one.probability:.2g}."
    return f"{count}: {edits}.{likely}" if edits else f"No edit of letters ({one.channel})."


def explain_tokens(tokenizer: Tokenizer, intended: str, text: str) -> str:
    """What the tokenizer made of the misspelling, in one sentence."""
    seen = xray(tokenizer, [(intended, text)])
    if seen.same_ids[0]:
        return "The tokenizer gives both the same ids: the model cannot tell them apart."
    before, after = int(seen.pieces_correct[0]), int(seen.pieces_misspelled[0])
    first = (
        "the first piece is the same" if seen.first_kept[0] else "the first piece is another one"
    )
    cuts = _CUTS[CHANGES[int(seen.change[0])]]
    return (
        f"{after} pieces, {before} with the correct name; {seen.jaccard[0]:.0%} of all pieces in common; {first}; "
        f"{cuts}."
    )


def _edit(edit: Edit) -> str:
    place = f"at letter {edit.position + 1}"
    if not edit.before:
        return f"{edit.after!r} was added {place}"
    if not edit.after:
        return f"{edit.before!r} was left out {place}"
    return f"{edit.before!r} became {edit.after!r} {place}"
