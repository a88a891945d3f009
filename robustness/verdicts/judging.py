"""From the answers to a pair to its verdict, without a judge model: equal texts get equal verdicts.

Where there are options, the chosen option counts and nothing else. A free answer is right when it holds
the gold answer and not another drug's as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from robustness.drugs import load_finder, load_known_names
from robustness.verdicts.abstention import abstains
from robustness.verdicts.equivalence import holds, same
from robustness.verdicts.options import chosen_option
from robustness.verdicts.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.questions import Case


def judge(case: Case, baseline: str, answer: str, *, repeats: Sequence[str] = ()) -> Judgement:
    """The verdict on one pair.

    Args:
        case: The misspelled case; its leaflet, options and gold answer are also the baseline's.
        baseline: The answer to the correct name.
        answer: The answer to the misspelled name.
        repeats: Further answers to the very prompt of the baseline, where it was asked again.
    """
    before, after = is_right(case, baseline), is_right(case, answer)
    if not all(agree(case, baseline, again) for again in repeats):
        return Judgement(Verdict.NONDETERMINISTIC, before, after)
    if agree(case, baseline, answer):
        return Judgement(Verdict.CONSISTENT, before, after)
    if after:
        return Judgement(Verdict.RECOVERED, before, after)
    if gives_none(case, answer):
        return Judgement(Verdict.ABSTAINED, before, after)
    if other := drug_of(case, answer):
        return Judgement(Verdict.WRONG_DRUG, before, after, other)
    return Judgement(Verdict.WRONG_ANSWER, before, after)


def agree(case: Case, a: str, b: str) -> bool:
    """Whether two answers to a case come to the same: equal, the same option, both right, or both none."""
    if case.options:
        chosen = _chosen(case, a), _chosen(case, b)
        if chosen != (None, None):
            return chosen[0] == chosen[1]
    if same(a, b, _names(case)):
        return True
    if is_right(case, a) or is_right(case, b):
        return is_right(case, a) and is_right(case, b)
    return gives_none(case, a) and gives_none(case, b)


def is_right(case: Case, answer: str) -> bool:
    """Whether an answer is, or holds, the gold answer of a case."""
    if case.options:
        return _chosen(case, answer) == case.gold
    names = _names(case)
    wordings = (case.gold, *case.also_right)
    if any(same(wording, answer, names) for wording in wordings):
        return True
    if not case.gold:
        return abstains(answer)
    if not any(holds(wording, answer, names) for wording in wordings):
        return False
    rivals = (
        fact.value
        for fact in case.leaflet.facts
        if fact.drug != case.drug and fact.relation == case.relation
    )
    return not any(
        holds(rival, answer, names)
        for rival in rivals
        if not any(holds(rival, w, names) or holds(w, rival, names) for w in wordings)
    )


def drug_of(case: Case, answer: str) -> str:
    """The other drug that an answer is about; the empty string when it is about none.

    A fact that the leaflet states of another drug comes first, and among facts the kind that was asked
    about: where two drugs share a value, the one that states it as an answer to this question is meant. Then
    a name of another drug in the answer, unless the right answer names one too or the drug asked about is
    named as well.
    """
    facts = sorted(case.leaflet.facts, key=lambda fact: fact.relation != case.relation)
    others = [fact for fact in facts if fact.drug != case.drug and fact.value]
    names = _names(case)
    for compare in (same, holds):
        for fact in others:
            if compare(fact.value, answer, names):
                return fact.drug
    return named_instead(case.drug, case.gold, answer)


def named_instead(drug: str, gold: str, answer: str) -> str:
    """The other drug that an answer names in place of the one asked about; the empty string for none.

    Args:
        drug: The drug asked about.
        gold: The right answer; where it names another drug, names in the answer show nothing.
        answer: What was answered.
    """
    own = load_known_names().substances(drug)
    if any(not load_known_names().substances(m.name) & own for m in load_finder().find(gold)):
        return ""
    named = [mention.name for mention in load_finder().find(answer)]
    others = [name for name in named if not load_known_names().substances(name) & own]
    return others[0] if others and len(others) == len(named) else ""


def gives_none(case: Case, answer: str) -> bool:
    """Whether an answer to a case is none: no option is chosen, and it abstains."""
    if case.options and _chosen(case, answer) is not None:
        return False
    return abstains(answer)


def _chosen(case: Case, answer: str) -> str | None:
    """The option that an answer chooses; the drug asked about may be spelled as in the question."""
    option = chosen_option(answer, case.options)
    if option is None and case.name != case.drug:
        written = re.compile(rf"(?<!\w){re.escape(case.name)}(?!\w)", re.IGNORECASE)
        option = chosen_option(written.sub(case.drug, answer), case.options)
    return option


def _names(case: Case) -> tuple[str, ...]:
    """Ways to write the drug asked about."""
    return tuple(dict.fromkeys((case.drug, case.name)))
