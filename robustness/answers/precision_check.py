"""Choose the number format that a model computes in, and check it on pairs of the audit.

bfloat16 halves the time on processors that multiply it natively, and rounds. Whether that matters is not
assumed but measured: a sample of the plan's pairs is asked in both formats, and where fewer than
`LEAST_AGREEMENT` of the verdicts agree, the audit uses float32. The sample follows from the plan and its
answers are stored, so an audit that goes on decides the same.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, Literal, get_args

from robustness.answers.asking import answer_prompts
from robustness.answers.events import Setback
from robustness.answers.store import store_key
from robustness.models import capabilities
from robustness.models.precision import (
    Precision,
    at_precision,
    native_bfloat16,
    precise_fingerprint,
)
from robustness.verdicts import judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robustness.answers.events import Event, Listener
    from robustness.answers.store import Store
    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions.pair import Pair

Wanted = Literal["auto", "float32", "bfloat16"]
LEAST_AGREEMENT = 0.995
"""Share of verdicts that must agree with float32."""
SAMPLE = 200
"""Pairs that are asked in both formats."""
WORTH_IT = 1000
"""Fewer pairs than this are asked in float32, for the check would cost more than it saves."""


def settle_precision(
    pairs: Sequence[Pair],
    model: QAModel,
    wanted: Wanted,
    store: Store | None,
    emit: Listener,
    *,
    seed: int,
) -> tuple[QAModel, dict[str, Any] | None]:
    """The model in the format to audit it in.

    Args:
        pairs: What will be asked.
        model: The model, in float32.
        wanted: ``auto`` for bfloat16 where it is native and the plan is large enough; ``bfloat16`` to use it
            wherever the check allows it.
        store: Keeps the answers of the check.
        emit: Hears of setbacks of the check.
        seed: Decides which pairs are checked.

    Returns:
        The model and ``model.precision`` of ``audit.json``: ``asked``, ``used``, and of the check
        ``checked_pairs`` and ``agreement`` (0 to 1; None without a check). None for models whose numbers are not ours to choose.
    """
    rounded = at_precision(model, "bfloat16") if _wants(pairs, model, wanted) else None
    if rounded is None:
        kept = {"asked": wanted, "used": "float32", "checked_pairs": 0, "agreement": None}
        return model, kept if hasattr(model, "at") else None
    checked = sample(pairs, seed=seed)
    prompts = [case.prompt for pair in checked for case in (pair.baseline, pair.case)]
    both = [_answers(one, prompts, store, emit) for one in (model, rounded)]
    same = agreement(checked, both[0], both[1])
    used = "bfloat16" if same is not None and same >= LEAST_AGREEMENT else "float32"
    record = {"asked": wanted, "used": used, "checked_pairs": len(checked), "agreement": same}
    return (rounded if used == "bfloat16" else model), record


def _answers(
    model: QAModel, prompts: Sequence[Prompt], store: Store | None, emit: Listener
) -> dict[Prompt, Answer]:
    kept = store.of(store_key(model)) if store else None

    def heard(event: Event) -> None:
        if kept:
            kept.listen(event)
        if isinstance(event, Setback):
            emit(event)

    return answer_prompts(model, prompts, kept, heard)


def forget(model: QAModel, store: Store) -> None:
    """Drop what a model answered before, in every format."""
    for precision in get_args(Precision):
        fingerprint = precise_fingerprint(model.fingerprint, precision)
        store.of(store_key(model).replace(model.fingerprint, fingerprint)).forget()


def sample(pairs: Sequence[Pair], *, seed: int, size: int = SAMPLE) -> list[Pair]:
    """Pairs for the check, all of a few questions, so that a correct name is asked once for several."""
    questions: dict[str, list[Pair]] = {}
    for pair in pairs:
        questions.setdefault(pair.baseline.id, []).append(pair)
    order = sorted(questions)
    Random(f"{seed}/precision").shuffle(order)
    return [pair for question in order for pair in questions[question]][:size]


def agreement(
    pairs: Sequence[Pair], first: Mapping[Prompt, Answer], second: Mapping[Prompt, Answer]
) -> float | None:
    """Share of pairs with the same verdict in two formats; None where no pair has all its answers."""
    same: list[bool] = []
    for pair in pairs:
        asked = (pair.baseline.prompt, pair.case.prompt)
        if all(prompt in answers for prompt in asked for answers in (first, second)):
            one, other = (
                judge(pair.case, answers[asked[0]].text, answers[asked[1]].text)
                for answers in (first, second)
            )
            same.append(one == other)
    return sum(same) / len(same) if same else None


def _wants(pairs: Sequence[Pair], model: QAModel, wanted: Wanted) -> bool:
    if wanted != "auto":
        return wanted == "bfloat16"
    large = len(pairs) >= WORTH_IT and hasattr(model, "at")
    return large and native_bfloat16(capabilities(model).device)
