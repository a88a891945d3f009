from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from robustness.attribution.arms import Arms, make_arms, put_edits
from robustness.attribution.experiment import _explained, _more, attribute, draw_control, words
from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.misspellings import edits_between
from robustness.models import Answer, load_model
from robustness.tokenizers import load_tokenizer

if TYPE_CHECKING:
    from robustness.attribution.experiment import Control
    from robustness.models import Prompt

PLAN = make_plan(load_drugs(), seed=1, budget=120)
READER = load_tokenizer("reader-clean")


def every_prompt(control: Control) -> set[Prompt]:
    own = {c.prompt for a in control.arms for c in (a.pair.baseline, a.pair.case)}
    return own | set(control.prompts)


def test_arms_change_one_thing_each() -> None:
    made = [make_arms(pair, READER, seed=0) for pair in PLAN.pairs]
    arms = [one for one in made if isinstance(one, Arms)]
    assert len(arms) > 100
    for one in arms:
        correct = one.pair.baseline.prompt
        cut = one.resegmented.cut
        assert cut is not None
        assert one.resegmented.question == correct.question
        assert one.resegmented.context == one.other_word.context == correct.context
        assert correct.question[cut.start : cut.end] == one.pair.drug.name
        assert READER.decode([cut.ids]) == [one.pair.drug.name.replace("-", " - ")]
        assert list(cut.ids) != READER.encode([one.pair.drug.name]).ids.tolist()
        misspelled = READER.encode([one.pair.misspelling.text]).counts[0]
        assert one.as_many_pieces == (len(cut.ids) == misspelled)
        assert one.pair.drug.name in one.other_word.question
        assert one.other_word.cut is None
        changes = edits_between(correct.question, one.other_word.question)
        assert 0 < len(changes) <= len(one.pair.misspelling.edits)
    assert made == [make_arms(pair, READER, seed=0) for pair in PLAN.pairs]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("metformn", "conditin"),
        ("metfformin", "condition".replace("d", "dd")),
        ("metformim", "conditiom"),
        ("mteformin", "cnodition"),
        ("metforminx", "conditioxn"),
    ],
)
def test_the_same_kind_of_edit_on_another_word(written: str, expected: str) -> None:
    assert put_edits("condition", edits_between("metformin", written), 9) == expected


def test_an_edit_that_changes_nothing_is_not_counted_as_one() -> None:
    assert put_edits("aaaa", edits_between("abba", "baba"), 4) is None


def test_the_permutation_test_is_that_of_all_exchanges() -> None:
    first, second = np.array([3.0, 2, 1, 0, 2, 1]), np.array([1.0, 0, 1, 1, 0, 0])
    observed = (first - second).sum()
    sums = [((first - second) * signs).sum() for signs in product((1, -1), repeat=6)]
    expected = np.mean([each >= observed for each in sums])
    assert _more(first, second, 0) == pytest.approx(expected)
    assert _more(first, first, 0) == 1.0


def test_the_share_is_a_part_of_the_excess() -> None:
    found = _explained(np.array([10.0, 10, 10, 2]), np.array([6.0, 12, 1, 6]), np.array([2.0] * 4))
    assert found.tolist() == [0.5, 1.0, 0.0, 0.0]


def test_flip_rates_are_counted_by_hand() -> None:
    control = draw_control(PLAN.pairs, READER, seed=PLAN.seed, size=60)
    answers = {prompt: Answer("the same", 1.0) for prompt in every_prompt(control)}
    flipped = control.arms[:7]
    for one in flipped:
        answers[one.resegmented] = Answer("something else", 1.0)
    lost = control.arms[-1]
    del answers[lost.other_word]
    found = attribute(control, answers, seed=0)
    assert found["n"] == len(control.arms) - 1
    assert found["left_out"]["an arm has no answer"] == 1
    assert found["n"] + sum(found["left_out"].values()) == 60
    assert found["arms"]["resegmented"]["estimate"] == pytest.approx(7 / found["n"])
    assert found["arms"]["misspelled"]["estimate"] == 0
    assert found["share"] is None
    assert found["words"].startswith("No misspelling of the sample changed an answer")


def test_words_for_every_outcome() -> None:
    share = {"estimate": 0.25, "low": 0.1, "high": 0.4}
    for name, cut, spelling in product((True, False), repeat=3):
        evidence = {"name": name, "segmentation": cut, "spelling": spelling}
        said = words(evidence, share if name else None, failures=5, recut=0.19)
        assert ("Evidence that the cut matters" in said) == (name and cut)
        assert ("Evidence that the spelling matters" in said) == (name and spelling)
        assert ("25% (10% to 40%)" in said) == name
        assert ("changed 19% of the answers" in said) != name


def run(spec: str) -> dict[str, Any]:
    found: dict[str, Any] = run_audit(make_plan(load_drugs(), seed=2, budget=60), load_model(spec))
    return found


def test_an_audit_saves_the_attribution_and_asks_the_arms() -> None:
    found = run("planted:fragile-spelling")
    attribution = found["attribution"]
    assert set(attribution["arms"]) == {"misspelled", "resegmented", "other_word"}
    assert attribution["n"] + sum(attribution["left_out"].values()) == 60
    assert attribution["p_value"] == attribution["p_values"]["segmentation"]
    assert found["timing"]["prompts_asked"] == found["counts"]["model_calls"] > 2 * 60
    assert run("planted:fragile-spelling")["attribution"] == attribution


def test_a_model_that_cannot_be_fed_ids_says_so() -> None:
    found = run("planted:fragile")
    assert found["attribution"]["n"] == 0
    assert "no tokenizer" in found["attribution"]["words"]


def test_failures_carry_the_pieces_of_both_names() -> None:
    found = run("planted:fragile-spelling")
    assert found["failures"]
    for row in found["failures"]:
        assert [row["tokens"]] == READER.pieces([row["name"]])
        assert [row["tokens_misspelled"]] == READER.pieces([row["misspelling"]])


def test_one_drug_that_differs_is_a_coin_toss() -> None:
    """Exact: of the two arrangements of one unequal drug, one or both are as extreme as what was seen."""
    equal = [1.0, 0.0, 2.0]
    assert _more(np.array([*equal, 2.0]), np.array([*equal, 1.0]), 0) == 0.5
    assert _more(np.array([*equal, 1.0]), np.array([*equal, 2.0]), 0) == 1.0
    assert _more(np.array(equal), np.array(equal), 0) == 1.0
