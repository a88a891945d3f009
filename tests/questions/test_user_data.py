from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from robustness.audit import make_plan
from robustness.drugs import load_drugs, load_known_names, select_drugs
from robustness.errors import InputError
from robustness.misspellings import describe
from robustness.questions import UserDataSource
from robustness.questions.files import read_questions
from robustness.questions.loading import check_answerable

EXAMPLES = Path(__file__).parents[2] / "examples"
MCQ = {
    "question": "Is Metformin or METFORMIN better than metformin-like drugs?",
    "options": {"A": "metformin", "B": "warfarin"},
    "answer": "metformin",
    "answer_idx": "A",
}


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def source(path: Path, *rows: Any) -> UserDataSource:
    return UserDataSource(write(path / "mine.jsonl", *rows))


def masked(text: str, names: set[str]) -> str:
    """A text with whole-word names, in any case, blanked: found without the project's search."""
    pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.sub(rf"(?<![^\W_])({pattern})(?![^\W_])", "#", text, flags=re.IGNORECASE)


@pytest.mark.parametrize("name", ["squad.json", "medqa.jsonl"])
def test_every_pair_differs_exactly_in_the_mentions_of_its_drug(name: str) -> None:
    """LangTest's edits miss the name, RABBITS leaves or changes names in the options."""
    questions = UserDataSource(EXAMPLES / name)
    rows = {row.question: row for row in questions.file.rows}
    assert len(questions.file.rows) == 50
    plan = make_plan(None, seed=0, budget=0, source=questions)
    known = load_known_names()
    for pair in plan.pairs:
        row, case = rows[pair.baseline.question], pair.case
        assert (case.options, case.gold, case.leaflet.text) == (
            row.options,
            row.answers[0],
            row.context,
        )
        own = {n for n in known.names if known.substances(n) & known.substances(pair.drug.name)}
        before, after = pair.baseline.question, case.question
        assert masked(before, own).count("#") >= 1
        assert masked(after, own).count("#") == 0
        kept = [part for part in masked(before, own).split("#") if part]
        assert re.fullmatch(
            r"\S+( \S+)?".join(map(re.escape, masked(before, own).split("#"))), after
        )
        assert all(part in after for part in kept)
        assert known.is_another_drug(pair.misspelling.text, pair.misspelling.intended) is None
    assert len({pair.case.id for pair in plan.pairs}) == len(plan.pairs)


def test_every_mention_changes_alike_and_keeps_its_capitals(tmp_path: Path) -> None:
    questions = source(tmp_path, MCQ)
    (slot,) = questions.slots(None)
    case = questions.case(slot, describe("metfromin", "metformin", "observed"))
    assert case.question == "Is Metfromin or METFROMIN better than metfromin-like drugs?"
    assert case.options == ("metformin", "warfarin")
    assert case.gold == "metformin"
    assert (case.drug, case.name, case.relation) == ("metformin", "Metfromin", "mine")
    assert questions.case(slot, None).question == MCQ["question"]


def test_a_question_about_two_drugs_gives_a_case_for_each(tmp_path: Path) -> None:
    asked = {"question": "May warfarin and Glucophage be combined?", "answer": "yes"}
    questions = source(tmp_path, asked)
    first, second = questions.slots(None)
    assert [(s.drug.name, s.name) for s in (first, second)] == [
        ("warfarin", "warfarin"),
        ("metformin", "glucophage"),
    ]
    case = questions.case(second, describe("glucofage", "glucophage", "observed"))
    assert case.question == "May warfarin and Glucofage be combined?"
    assert "Glucophage" in questions.case(first, describe("warfrin", "warfarin", "noisy")).question
    assert questions.slots(select_drugs(["metformin"], load_drugs())) == [second]


def test_brand_and_generic_name_of_one_drug_both_change(tmp_path: Path) -> None:
    questions = source(tmp_path, {"question": "Is Zoloft (sertraline) safe?", "answer": "yes"})
    (slot,) = questions.slots(None)
    for pair in make_plan(None, seed=0, budget=0, source=questions).pairs:
        assert pair.drug.name == slot.drug.name == "sertraline"
        assert not re.search("zoloft|sertraline", pair.case.question, re.IGNORECASE)


def test_capitals_as_a_misspelling_never_give_a_pair_without_a_difference(tmp_path: Path) -> None:
    questions = source(tmp_path, MCQ, {"question": "What is METFORMIN?", "answer": "a drug"})
    channels = ("formatting", "unicode", "naming")
    pairs = make_plan(None, seed=0, budget=0, source=questions, channels=channels).pairs
    assert pairs
    assert all(pair.case.question != pair.baseline.question for pair in pairs)


def test_drugs_outside_the_table_are_asked_about(tmp_path: Path) -> None:
    outside = next(
        name
        for name in load_known_names().names
        if name.isalpha()
        and name not in {d.name for d in load_drugs()}
        and len(name) > 9
        and load_known_names().substances(name) == {name}
    )
    questions = source(tmp_path, {"question": f"What is {outside}?", "answer": "a drug"})
    plan = make_plan(None, seed=0, budget=3, source=questions)
    assert {pair.drug.name for pair in plan.pairs} == {outside}
    assert plan.pairs[0].drug.high_risk_group == "none"


def test_rows_without_a_drug_are_listed_with_their_reason(tmp_path: Path) -> None:
    questions = source(
        tmp_path,
        MCQ,
        {"question": "What is a cold?", "answer": "x"},
        {"question": "What is it for?", "answer": "x", "context": "Metformin is for x."},
        MCQ,
        {"question": "What is P-32?", "answer": "x"},
    )
    reasons = {row["row"]: row["reason"] for row in questions.skipped_rows}
    assert reasons == {
        "line 2": "no drug name in the question",
        "line 3": "no drug name in the question, one in the context alone",
        "line 4": "it asks the same as line 1",
        "line 5": "the drug that the question names has no misspelling",
    }
    record = questions.record
    assert (record["rows"], record["rows_asked"], record["bad_rows"]) == (5, 1, 0)
    with pytest.raises(InputError, match="No question names a known drug"):
        source(tmp_path, {"question": "What is a cold?", "answer": "x"})


def test_facts_of_other_questions_over_the_same_context(tmp_path: Path) -> None:
    text = "Metformin treats diabetes. Warfarin thins blood."
    questions = source(
        tmp_path,
        {"question": "What does metformin treat?", "answer": "diabetes", "context": text},
        {"question": "What does warfarin thin?", "answer": "blood", "context": text},
    )
    case = questions.case(questions.slots(None)[0], None)
    assert {(fact.drug, fact.value) for fact in case.leaflet.facts} == {
        ("metformin", "diabetes"),
        ("warfarin", "blood"),
    }


def test_models_that_need_options_or_contexts() -> None:
    squad, medqa = (UserDataSource(EXAMPLES / name) for name in ("squad.json", "medqa.jsonl"))
    check_answerable(squad, "extractive")
    check_answerable(medqa, "choice")
    check_answerable(medqa, "endpoint")
    with pytest.raises(InputError, match=r"data\[0\].*no options"):
        check_answerable(squad, "choice")
    with pytest.raises(InputError, match=r"line 1.*no context"):
        check_answerable(medqa, "extractive")


def squad_of(rows: list[dict[str, Any]]) -> bytes:
    qas = [
        {"id": str(n), "question": row["question"], "answers": [{"text": row["answer"]}]}
        for n, row in enumerate(rows)
    ]
    paragraph = {"context": "for diabetes or clots", "qas": qas}
    return json.dumps({"data": [{"title": "t", "paragraphs": [paragraph]}]}).encode()


def csv_of(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def parquet_of(rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), content)
    return content.getvalue()


PLAIN = [
    {"question": "What is metformin for, and why?", "answer": "diabetes"},
    {"question": 'Is "warfarin" good?\nReally?', "answer": "clots"},
]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("squad", squad_of(PLAIN)),
        ("jsonl", "\n".join(map(json.dumps, PLAIN)).encode()),
        ("jsonl", b"\n\r\n" + "\r\n".join(map(json.dumps, PLAIN)).encode()),
        ("json", json.dumps(PLAIN, indent=2).encode()),
        ("csv", csv_of(PLAIN)),
        ("csv", csv_of(PLAIN, ";")),
        ("csv", csv_of(PLAIN, "\t")),
        ("parquet", parquet_of(PLAIN)),
        ("csv", b"\xef\xbb\xbf" + csv_of(PLAIN)),
        ("jsonl", b"\xef\xbb\xbf" + "\n".join(map(json.dumps, PLAIN)).encode()),
    ],
)
def test_kinds_are_told_by_content(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / "file.of.any.name"
    path.write_bytes(content)
    read = read_questions(path)
    assert read.kind == kind
    assert [(row.question, row.answers[0]) for row in read.rows] == [
        (row["question"], row["answer"]) for row in PLAIN
    ]


LETTERS = {"opa": "w", "opb": "x", "opc": "y", "opd": "z"}


@pytest.mark.parametrize(
    ("row", "options", "gold"),
    [
        ({"options": {"A": "x", "B": "y"}, "answer_idx": "B", "answer": "y"}, "xy", "y"),
        ({"options": {"A": "x", "B": "y"}, "answer": "B"}, "xy", "y"),
        ({"options": ["x", "y"], "answer": "y"}, "xy", "y"),
        ({"options": '["x", "y"]', "answer": "a"}, "xy", "x"),
        ({"choices": ["x", "y"], "answer": 1}, "xy", "y"),
        (
            {"options": [{"key": "A", "value": "x"}, {"key": "B", "value": "y"}], "answer": "y"},
            "xy",
            "y",
        ),
        (LETTERS | {"cop": 0}, "wxyz", "w"),
        (LETTERS | {"cop": "3"}, "wxyz", "z"),
        ({"options": None, "answer": 12.5}, "", "12.5"),
        ({"answers": {"text": ["y", "yy"], "answer_start": [1, 2]}}, "", "y"),
        ({"answers": {"text": [], "answer_start": []}}, "", ""),
        ({"Answer": ["y", "yy"]}, "", "y"),
    ],
)
def test_ways_to_write_options_and_answers(
    tmp_path: Path, row: dict[str, Any], options: str, gold: str
) -> None:
    path = write(tmp_path / "x", {"question": "metformin?", **row})
    (read,) = read_questions(path).rows
    assert read.options == tuple(options)
    assert read.answers[0] == gold


def test_cop_is_counted_from_one_where_a_four_occurs(tmp_path: Path) -> None:
    rows = [{"question": f"metformin {n}?", "cop": n, **LETTERS} for n in (1, 4)]
    assert [row.answers[0] for row in read_questions(write(tmp_path / "x", *rows)).rows] == [
        "w",
        "z",
    ]


GOOD = json.dumps(PLAIN[0]).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("a".encode("utf-16"), "UTF-16"),
        (b"{", "Not JSON"),
        (b"[]", "no rows"),
        (b"[" * 100_000, "Not JSON"),
        (b'{"data": []}', "no row that can be used"),
        (b"PAR1 and then nothing", "Damaged Parquet"),
        (b"\x00\x01\x02", "Unknown kind"),
        (b"name,answer\nmetformin,x\n", "Unknown kind"),
        (b"question,answer\n", "no row that can be used"),
        (b"question,answer\n\xff,x\n", "line 2: The row cannot be read: not UTF-8"),
        (b"question,answer\nmetformin\n", "line 2.*1 cells"),
        (b'question,answer\n"metformin,x\n', "line 2.*malformed"),
        (b"question,answer\n,x\n", "line 2: Missing field: 'question'"),
        (b'{"question": "metformin?"}', "row 1: Missing field: 'answer'"),
        (GOOD + b"\n[]", "line 2.*no object but list"),
        (GOOD + b'\n{"question": ', "line 2.*not JSON"),
        (GOOD + b"\n\xff\xff", "line 2.*not UTF-8"),
        (GOOD + b"\n" + b'{"question": 1}' * 700_000, "line 2.*bytes"),
        (b'{"question": "m", "answer": ""}', "field 'answer'.*not be empty"),
        (b'{"question": " ", "answer": "x"}', "field 'question'.*not be empty"),
        (b'{"question": ["m"], "answer": "x"}', "field 'question'.*must be text"),
        (b'{"question": "m", "answer": true}', "field 'answer'.*must be text"),
        (b'{"question": "m", "answer": []}', "field 'answer'.*not be empty"),
        (b'{"question": "m", "answer": "\\ud800"}', "field 'answer'.*surrogate"),
        (b'{"question": "m", "answer": "x", "context": 1.5, "options": 3}', "field 'options'"),
        (b'{"question": "m", "answer": "x", "options": ["x"]}', "field 'options'.*two or more"),
        (b'{"question": "m", "answer": "x", "options": ["x", "x "]}', "field 'options'"),
        (b'{"question": "m", "answer": "z", "options": ["x", "y"]}', "field 'answer'.*one of"),
        (b'{"question": "m", "cop": -1, "opa": "x", "opb": "y"}', "field 'cop'"),
        (b'{"question": "m", "cop": 5, "opa": "x", "opb": "y"}', "field 'cop'"),
        (b'{"data": [{"paragraphs": 3}]}', r"data\[0\].*no list 'paragraphs'"),
        (b'{"data": [{"paragraphs": [{"qas": 3}]}]}', r"paragraphs\[0\].*no list 'qas'"),
        (
            b'{"data": [{"paragraphs": [{"context": "c", "qas": [{"question": "q", "answers":'
            b' [{"text": "a"}]}]}]}]}',
            r"qas\[0\].*field 'answers'.*does not hold it",
        ),
        (
            json.dumps({"question": "x" * 1_000_001, "answer": "x"}).encode(),
            "field 'question'.*more than",
        ),
    ],
)
def test_bad_files_and_rows(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    with pytest.raises(InputError, match=re.compile(words, re.DOTALL)) as caught:
        read_questions(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 600


def test_bad_rows_can_be_skipped_and_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "mixed"
    path.write_bytes(GOOD + b"\n{]\n\xff\n" + json.dumps({"question": "x"}).encode() + b"\n" + GOOD)
    with pytest.raises(InputError, match=r"line 2.*--skip-bad-rows"):
        UserDataSource(path)
    questions = UserDataSource(path, skip_bad_rows=True)
    assert [row["row"] for row in questions.skipped_rows] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
    ]
    assert questions.record["bad_rows"] == 3
    assert questions.record["rows"] == 5


def test_bytes_that_are_no_text_cost_one_row_of_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"question,answer\nmetformin?,diab\xe8te\nwarfarin?,clots\n")
    read = read_questions(path, skip_bad_rows=True)
    assert [row.question for row in read.rows] == ["warfarin?"]
    assert [place for place, _ in read.bad_rows] == ["line 2"]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="cannot be read"):
            read_questions(path)
