"""The guard: what it corrects, what it asks about, what it leaves alone, and what a guarded model is."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from robustness.drugs import load_known_names
from robustness.errors import MissingPackageError, ModelError
from robustness.guard import Action, Guard, load_repairer, repair
from robustness.guard.confusions import aligned, fit_confusions, load_confusions
from robustness.guard.english import load_words
from robustness.guard.guarded_model import UNCLEAR
from robustness.guard.loading import load_guardable
from robustness.misspellings import describe, edits_between
from robustness.models import Answer, Cut, PartlyAnsweredError, Prompt, QAModel
from robustness.models.callables import load_callable
from robustness.models.capabilities import Capabilities
from robustness.models.planted.spelling import PlantedModel
from robustness.verdicts import abstains, chosen_option
from tests.test_cli import complaint, robustness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LEAFLET = "Alprazolam is given by the oral route. Metformin is given by the nasal route."
QUESTION = "What is the route of administration of {}?"


class Recording:
    """A model that keeps what it was asked, and fails on what it is told to."""

    spec, kind, fingerprint = "recording", "python", "1"
    tokenizer_path, held_out_drugs = None, frozenset({"warfarin"})
    capabilities = Capabilities(honours_cut=True)

    def __init__(self) -> None:
        self.asked: list[Prompt] = []

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        self.asked += prompts
        outcomes = [
            ModelError("Told to fail") if "fail" in one.question else Answer(one.question, 0.5)
            for one in prompts
        ]
        if any(isinstance(one, ModelError) for one in outcomes):
            raise PartlyAnsweredError(outcomes)
        return [one for one in outcomes if isinstance(one, Answer)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is metfomin for?", "What is metformin for?"),
        ("METFOMIN 500mg", "METFORMIN 500mg"),
        ("Metfomin, twice.", "Metformin, twice."),
        ("Is it  lisinoprl ,\nor  what?", "Is it  lisinopril ,\nor  what?"),
        ("metfomin's dose", "metformin's dose"),
        ("start insulin glargin now", "start insulin glargine now"),
    ],
)
def test_a_clear_misspelling_is_corrected_in_its_case(text: str, expected: str) -> None:
    assert repair(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Does it cause bleeding, nausea or vomiting?",
        "Is bleding a side effect?",  # a slip, but of no drug's name
        "My ability to walk",  # one edit from Abilify
        "HCTZ 25 mg q.d., NSAIDs, 5-FU",
        "Take Tylenol and co-trimoxazole; metformins and warfarin's effects",
        "Toprol-XL or toprol xl, Zinc, Today, heather",
        "naïve 漢字 \u200b \ud83d metfórmin",
    ],
)
def test_everything_else_stays(text: str) -> None:
    done = repair(text)
    assert done.text == text
    assert not done.changes


def test_a_look_alike_in_reach_is_asked_about() -> None:
    done = repair("How is hydroxlazine given?")
    assert done.text == "How is hydroxlazine given?"
    assert not done.corrected
    assert set(done.asked[0].names) == {"hydroxyzine", "hydralazine"}
    assert done.question.startswith("Did you mean hydroxyzine or hydralazine?")
    assert abstains(done.question)


def test_the_context_decides_between_two_drugs_unless_they_are_listed_look_alikes() -> None:
    question = "What is ecitalopram?"
    assert repair(question).asked
    alone = repair(question, context="Escitalopram is an SSRI.")
    assert alone.text == "What is escitalopram?"
    assert repair(question, context="Escitalopram, citalopram").asked
    listed = repair("What is hydroxlazine?", context="Hydroxyzine is an antihistamine.")
    assert listed.asked


def test_a_listed_look_alike_one_edit_farther_is_asked_about_unless_it_is_improbable() -> None:
    assert repair("What is prednisdone?").asked[0].names == ("prednisone", "prednisolone")
    assert repair("What is prednisalone?").text == "What is prednisolone?"


def test_what_the_text_itself_names_decides_nothing() -> None:
    assert repair("Can I take lorazepam with clorazepam?").asked


def test_a_change_tells_where_what_and_how_sure() -> None:
    text = "Is Metfomin safe?"
    (change,) = repair(text).changes
    assert text[change.start : change.end] == change.written == "Metfomin"
    assert (change.action, change.replacement) == (Action.CORRECTED, "Metformin")
    assert change.names == ("metformin",)
    assert 0.95 <= change.probability <= 1
    assert json.loads(json.dumps(change.as_dict()))["action"] == "corrected"


def test_a_guarded_model_answers_the_repaired_question() -> None:
    model = Recording()
    guard = Guard(model)
    assert isinstance(guard, QAModel)
    said = guard.answer([Prompt(QUESTION.format(name)) for name in ("metfomin", "warfarin")])
    assert [one.text for one in said] == [
        QUESTION.format(name) for name in ("metformin", "warfarin")
    ]
    assert [len(done.changes) for done in guard.repairs] == [1, 0]
    assert (guard.spec, guard.kind) == ("guard:recording", "python")
    assert guard.held_out_drugs == frozenset({"warfarin"})
    assert guard.fingerprint not in (model.fingerprint, "")
    stricter = replace(
        load_repairer(), thresholds=replace(load_repairer().thresholds, correct=0.99)
    )
    assert Guard(model, stricter).fingerprint != guard.fingerprint


def test_the_model_is_not_asked_what_is_unclear() -> None:
    model = Recording()
    said = Guard(model).answer([Prompt(QUESTION.format("hydroxlazine")), Prompt("warfarin?")])
    assert abstains(said[0].text)
    assert said[0].score is None
    assert [one.question for one in model.asked] == ["warfarin?"]
    assert Guard(model).answer([]) == []


def test_asking_back_chooses_no_option() -> None:
    options = ("hydroxyzine", "warfarin")
    prompt = Prompt("Which is hydroxlazine?", options=options)
    # The options themselves name one of the drugs, but look-alikes are asked about all the same.
    said = Guard(Recording()).answer([prompt])[0].text
    assert said == UNCLEAR
    assert chosen_option(said, options) is None
    assert abstains(said)


def test_a_prompt_without_answer_costs_no_other_prompt() -> None:
    prompts = [Prompt("metfomin?"), Prompt("fail"), Prompt(QUESTION.format("hydroxlazine"))]
    with pytest.raises(PartlyAnsweredError) as caught:
        Guard(Recording()).answer(prompts)
    first, second, third = caught.value.answers
    assert first == Answer("metformin?", 0.5)
    assert isinstance(second, ModelError)
    assert isinstance(third, Answer)
    assert abstains(third.text)


def test_a_cut_moves_with_its_text_and_falls_with_its_name() -> None:
    model = Recording()
    question = "Is metfomin or warfarin safe?"
    at = question.index("warfarin")
    Guard(model).answer(
        [
            Prompt(question, cut=Cut(at, at + 8, (1, 2))),
            Prompt(question, cut=Cut(3, 11, (1, 2))),
            Prompt("Is warfarin safe?", cut=Cut(3, 11, (1, 2))),
        ]
    )
    moved, dropped, kept = model.asked
    assert moved.cut is not None
    assert moved.question[moved.cut.start : moved.cut.end] == "warfarin"
    assert dropped.cut is None
    assert kept.cut == Cut(3, 11, (1, 2))


def test_a_guarded_model_is_a_python_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        "from robustness.guard import Guard\n"
        "from robustness.models import load_model\n"
        "answer = Guard(load_model('planted:fragile'))\n"
    )
    (tmp_path / "guarded_pipeline.py").write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    model = load_callable("python:guarded_pipeline:answer")
    prompt = Prompt(QUESTION.format("metfomin"), LEAFLET)
    assert model.answer([prompt]) == [Answer("by the nasal route", None)]
    assert PlantedModel("fragile").answer([prompt])[0].text == "by the oral route"


def test_specifications_with_and_without_a_guard() -> None:
    guarded = load_guardable("guard:planted:fragile")
    assert guarded.spec == "guard:planted:fragile"
    assert load_guardable("planted:fragile").spec == "planted:fragile"
    with pytest.raises(ModelError, match="No such planted model"):
        load_guardable("guard:planted:fragil")


def test_shorter_alignments_are_as_short() -> None:
    pairs = [("warfarin", "warrfarn"), ("prednisone", "prendisone"), ("ab", "ba"), ("aab", "ab")]
    for name, text in pairs:
        assert len(aligned(name, text)) == len(edits_between(name, text))
        rebuilt, end = "", 0
        for edit in aligned(name, text):
            rebuilt += name[end : edit.position] + edit.after
            end = edit.position + len(edit.before)
        assert rebuilt + name[end:] == text


def test_confusions_prefer_what_people_type() -> None:
    model = load_confusions()
    often, seldom = ("metformen", "metformqn")
    assert model.log_probability(often, "metformin") > model.log_probability(seldom, "metformin")
    assert model.log_probability("metformin", "metformin") == 0
    assert model.log_probability("xyz", "metformin") < -20
    tiny = fit_confusions([describe("metfomin", "metformin", "observed", reports=3)])
    assert math.isfinite(tiny.log_probability("qqqqq", "metformin"))


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'medqa-robustness\[guard\]'"):
        load_words.__wrapped__()


def test_the_command_shows_what_is_done() -> None:
    run = robustness("guard", "Is metfomin safe?")
    assert (run.returncode, run.stdout) == (0, "Is metformin safe?\n")
    assert run.stderr.startswith("corrected: metfomin -> metformin")
    shown = json.loads(robustness("guard", "Is hydroxlazine safe?", "--json").stdout)
    assert shown["question"].startswith("Did you mean")
    assert shown["changes"][0]["action"] == "asked"
    assert "Missing argument" in complaint(robustness("guard"), 2)


def test_an_audit_of_a_guarded_model(tmp_path: Path) -> None:
    arguments = ("audit", "--model", "planted:fragile", "--guard", "--budget", 40)
    run = robustness(*arguments, "--fail-under", 0, "--out", tmp_path)
    assert run.returncode == 0, run.stderr
    assert len(run.stderr.splitlines()) == 1
    results = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert results["model"]["spec"] == "guard:planted:fragile"
    # Without a guard it answers wrongly whenever the leaflet's first drug is another one.
    assert results["rates"]["overall"]["flip_rate"]["estimate"] < 0.1


def test_every_name_that_is_offered_is_a_known_one() -> None:
    for text in ("acephex", "vacyclovir", "hydroxlazine", "fentany"):
        assert all(name in load_known_names() for name in repair(text).asked[0].names)
