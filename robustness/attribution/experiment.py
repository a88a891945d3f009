"""Is it the cut or the spelling? Flip rates of the arms, and what part of the failures the cut explains.

A flip is an answer that differs from the one to the correct question. Arms are compared pair by pair; the
flips of one drug are added up, and a test exchanges the arms of whole drugs at random (Fisher's permutation
test of matched pairs). Three questions, each with its own p-value, one-sided:

* name: does misspelling the name flip more answers than misspelling another word?
* segmentation: does cutting the correct name in another way flip more answers than misspelling another
  word? Cuts change ids and keep every character.
* spelling: does misspelling the name flip more answers than cutting it in another way?

The share that segmentation explains is (re-segmented - other word) / (misspelled - other word), between 0
and 1, with a bootstrap interval over drugs. It is given only where the name question has evidence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from robustness.attribution.arms import Arms, make_arms
from robustness.statistics import clustered_rate
from robustness.verdicts import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from robustness.models import Answer, Prompt, QAModel
    from robustness.questions.pair import Pair
    from robustness.tokenizers import Tokenizer

    FloatArray = NDArray[np.float64]

SAMPLE = 300
"""Largest number of pairs that get the two further arms."""
EVIDENCE = 0.01
"""A p-value below it counts as evidence. There are three tests, so it is stricter than usual."""
PERMUTATIONS = 9999
_RESAMPLES = 2000
METHOD = (
    "one-sided permutation test of matched pairs, arms exchanged by drug; "
    "percentile bootstrap over drugs for the share"
)


@dataclass(frozen=True, slots=True)
class Control:
    """The arms that an audit asks in addition to its pairs."""

    arms: tuple[Arms, ...]
    left_out: dict[str, int]
    """How many pairs of the sample have no arms, by reason."""

    @property
    def prompts(self) -> list[Prompt]:
        """What to ask in addition to the pairs' own prompts."""
        return [p for one in self.arms for p in (one.resegmented, one.other_word)]


def draw_control(
    pairs: Sequence[Pair], tokenizer: Tokenizer, *, seed: int, size: int = SAMPLE
) -> Control:
    """Draw pairs of a plan and make their arms.

    Args:
        pairs: What the audit asks.
        tokenizer: The model's.
        seed: Decides which pairs, and the arms.
        size: Largest number of pairs.
    """
    chosen = list(pairs)
    Random(f"{seed}/attribution").shuffle(chosen)
    made = [make_arms(pair, tokenizer, seed=seed) for pair in chosen[:size]]
    reasons = Counter(one for one in made if isinstance(one, str))
    arms = tuple(one for one in made if isinstance(one, Arms))
    return Control(arms, dict(sorted(reasons.items())))


def attribute(control: Control, answers: Mapping[Prompt, Answer], *, seed: int) -> dict[str, Any]:
    """The ``attribution`` of ``audit.json``.

    Args:
        control: The arms that were asked.
        answers: Answers by prompt; pairs that lack one are left out.
        seed: Decides the permutations and the bootstrap.
    """
    rows = [(one, flip) for one in control.arms if (flip := _flips(one, answers)) is not None]
    drugs = [one.pair.drug.name for one, _ in rows]
    flips = {
        arm: [each[number] for _, each in rows]
        for number, arm in enumerate(("misspelled", "resegmented", "other_word"))
    }
    rates = {arm: clustered_rate(values, drugs) for arm, values in flips.items()}
    sums = {arm: _by_drug(values, drugs) for arm, values in flips.items()}
    p_values = {
        "name": _more(sums["misspelled"], sums["other_word"], seed),
        "segmentation": _more(sums["resegmented"], sums["other_word"], seed),
        "spelling": _more(sums["misspelled"], sums["resegmented"], seed),
    }
    evidence = {question: p < EVIDENCE for question, p in p_values.items()}
    share = _share(sums, seed) if evidence["name"] else None
    return {
        "arms": {arm: asdict(rate) if rate else None for arm, rate in rates.items()},
        "n": len(rows),
        "clusters": len(set(drugs)),
        "as_many_pieces": sum(one.as_many_pieces for one, _ in rows),
        "left_out": {**control.left_out, "an arm has no answer": len(control.arms) - len(rows)},
        "p_values": p_values,
        "p_value": p_values["segmentation"],
        "evidence": evidence,
        "share": share,
        "method": METHOD,
        "words": words(
            evidence,
            share,
            failures=int(sum(flips["misspelled"])),
            recut=sum(flips["resegmented"]) / max(1, len(rows)),
        ),
    }


def no_attribution(model: QAModel) -> dict[str, Any]:
    """The ``attribution`` of a model that cannot be fed another cut, with the reason."""
    reason = (
        "this model cannot be fed ids of our choosing"
        if model.tokenizer_path
        else "this model has no tokenizer that can be read"
    )
    return {"n": 0, "words": f"Not tested: {reason}."}


def words(
    evidence: Mapping[str, bool],
    share: Mapping[str, float] | None,
    *,
    failures: int,
    recut: float,
) -> str:
    """What the tests say, in plain words.

    Args:
        evidence: What each test says.
        share: What the cut explains, where that was asked.
        failures: Answers of the sample that a misspelled name changed.
        recut: Share of answers that changed when the correct name was cut in another way.
    """
    if not failures:
        return "No misspelling of the sample changed an answer, so there is nothing to explain."
    if not evidence["name"]:
        return (
            "No evidence that the name matters more than other words: misspelling another word of the "
            "question changes about as many answers as misspelling the drug's name, so nothing is "
            f"attributed. The correct name, only cut into other pieces, changed {recut:.0%} of the answers."
        )
    cut = (
        "Evidence that the cut matters: the correct name, only cut into other pieces, changes answers too."
        if evidence["segmentation"]
        else "No evidence that the cut matters: the correct name, cut into other pieces, changes no more "
        "answers than a slip in another word."
    )
    spelling = (
        "Evidence that the spelling matters beyond the cut."
        if evidence["spelling"]
        else "No evidence that the spelling matters beyond the cut."
    )
    if share is None:
        return f"{cut} {spelling}"
    part = f"{share['estimate']:.0%} ({share['low']:.0%} to {share['high']:.0%})"
    return f"{cut} {spelling} The cut explains {part} of the failures."


def _flips(arms: Arms, answers: Mapping[Prompt, Answer]) -> tuple[bool, bool, bool] | None:
    prompts = (
        arms.pair.baseline.prompt,
        arms.pair.case.prompt,
        arms.resegmented,
        arms.other_word,
    )
    found = [answers.get(prompt) for prompt in prompts]
    given = [answer.text for answer in found if answer is not None]
    if len(given) < len(prompts):
        return None
    changed = [
        judge(arms.pair.case, given[0], text).verdict is not Verdict.CONSISTENT
        for text in given[1:]
    ]
    return changed[0], changed[1], changed[2]


def _by_drug(values: Sequence[bool], drugs: Sequence[str]) -> FloatArray:
    _, index = np.unique(np.asarray(drugs, dtype=str), return_inverse=True)
    return np.bincount(index, weights=np.asarray(values, dtype=np.float64)).astype(np.float64)


def _more(first: FloatArray, second: FloatArray, seed: int) -> float:
    """P-value of "the first arm flips more", from exchanging the arms of drugs at random."""
    if not (first != second).any():
        return 1.0
    unequal = first != second  # equal drugs change nothing when they are exchanged
    if unequal.sum() == 1:  # two arrangements, which scipy refuses to permute
        return 0.5 if (first > second).any() else 1.0
    from scipy.stats import permutation_test

    result = permutation_test(
        (first[unequal], second[unequal]),
        lambda a, b, axis: (a - b).sum(axis=axis),
        permutation_type="samples",
        alternative="greater",
        n_resamples=PERMUTATIONS,
        vectorized=True,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


def _share(sums: Mapping[str, FloatArray], seed: int) -> dict[str, float]:
    arms = [sums[name] for name in ("misspelled", "resegmented", "other_word")]
    drawn = np.random.default_rng(seed).integers(0, len(arms[0]), (_RESAMPLES, len(arms[0])))
    shares = _explained(*(arm[drawn].sum(axis=1) for arm in arms))
    low, high = np.quantile(shares, (0.025, 0.975))
    estimate = _explained(*(np.array([arm.sum()]) for arm in arms))[0]
    return {"estimate": float(estimate), "low": float(low), "high": float(high)}


def _explained(misspelled: FloatArray, resegmented: FloatArray, other: FloatArray) -> FloatArray:
    """Part of the excess over the other-word arm; 0 where there is no excess."""
    excess = misspelled - other
    part = (resegmented - other) / np.where(excess > 0, excess, 1)
    return np.where(excess > 0, np.clip(part, 0, 1), 0.0)
