"""Every format from the same results: written whole, valid by an independent reader, safe."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from huggingface_hub import ModelCard, ModelCardData
from lxml import etree

from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.errors import InputError
from robustness.gate import Rule
from robustness.models import load_model
from robustness.reporting import AUDIT_FORMATS, FORMATS, write_reports
from robustness.reporting.failures_csv import COLUMNS, csv_report
from robustness.reporting.html import html_report
from robustness.reporting.junit import junit_report
from robustness.reporting.markdown import markdown_report
from robustness.reporting.model_card import card_report
from robustness.reporting.new_and_fixed import compared
from robustness.results.audit_json import save_results
from tests.reporting import made_up
from tests.reporting.golden_file import assert_golden

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def audited() -> dict[str, Any]:
    """A real audit, not one made up."""
    plan = make_plan(load_drugs(), seed=0, budget=300)
    rules = [Rule("consistency", 0.9)]
    return run_audit(plan, load_model("planted:fragile"), rules=rules)


@pytest.fixture(params=["real", "made up", "hostile"])
def any_results(request: pytest.FixtureRequest, audited: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "real": lambda: audited,
        "made up": made_up.results,
        "hostile": made_up.hostile,
    }
    return made[request.param]()


def test_junit_is_valid_against_the_schema_and_counts(any_results: dict[str, Any]) -> None:
    schema = etree.XMLSchema(etree.parse(HERE / "xunit2.xsd"))
    text = junit_report(any_results, compared(any_results, made_up.results()))
    root = etree.fromstring(text.encode())
    schema.assertValid(root)
    suite = root[0]
    failures = suite.findall("testcase/failure")
    assert int(suite.get("tests")) == len(suite.findall("testcase"))
    assert int(suite.get("failures")) == len(failures)
    assert all("robustness replay" in failure.text for failure in failures)
    rows = [row for row in any_results["failures"] if row["verdict"] != "error"]
    assert len(failures) == len({row["drug"] for row in rows})


def test_junit_writes_control_characters_as_code_points() -> None:
    text = junit_report(made_up.hostile())
    assert "[U+0000]" in text
    assert "[U+202E]" in text
    assert "[U+001B]" in text


def test_markdown_is_short_and_keeps_its_table(any_results: dict[str, Any]) -> None:
    text = markdown_report(any_results, compared(any_results, made_up.results()))
    assert len(text.encode()) < 60_000
    assert not re.search(r"(?<!\\)<\w", text)
    lines = text.splitlines()
    header = next(i for i, line in enumerate(lines) if line.startswith("| severity"))
    table = [line for line in lines[header:] if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {9}
    shown = [row["severity"] for row in any_results["failures"][:25]]
    assert [line.split(" ")[1] for line in table[2:]] == shown


def test_csv_holds_every_failure_and_no_formula(any_results: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_report(any_results), newline="")))
    assert [row["case_id"] for row in rows] == [row["case_id"] for row in any_results["failures"]]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@-\t" and cell]
    assert tuple(rows[0]) == COLUMNS


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "'=1"])
def test_formulas_are_quoted(text: str) -> None:
    found = made_up.results()
    found["failures"] = [made_up.failure("1", "metformin", text)]
    row = next(csv.DictReader(io.StringIO(csv_report(found))))
    assert row["misspelling"].startswith(("'", "[U+"))


def test_hubs_read_the_metadata_of_the_model_card(any_results: dict[str, Any]) -> None:
    card = ModelCard(card_report(any_results, compared(any_results, any_results)))
    assert isinstance(card.data, ModelCardData)
    assert card.data.eval_results
    measured = {one.metric_type: one.metric_value for one in card.data.eval_results}
    overall = any_results["rates"]["overall"]
    assert measured == {
        name: rate["estimate"] for name, rate in overall.items() if name in measured
    }
    assert set(measured) >= {"flip_rate", "wrong_drug"}
    assert card.data.eval_results[0].task_type == "question-answering"
    assert "no clinical validation" in card.text


def test_golden() -> None:
    results = made_up.results()
    comparison = compared(results, results | {"failures": made_up.failures()[2:5]})
    assert_golden("junit.xml", junit_report(results, comparison))
    assert_golden("summary.md", markdown_report(results, comparison))
    assert_golden("failures.csv", csv_report(results, comparison))
    assert_golden("model-card.md", card_report(results, comparison))


def test_the_same_audit_again_has_nothing_new(audited: dict[str, Any]) -> None:
    comparison = compared(audited, audited)
    assert not comparison.new
    assert not comparison.fixed
    assert not comparison.differences
    assert len(comparison.same) == len(audited["failures"])


def test_new_and_fixed_failures_are_told_apart() -> None:
    now, before = made_up.results(), made_up.results()
    now["failures"] = made_up.failures()[:4]
    before["failures"] = made_up.failures()[2:]
    before["run"]["seed"] = 8
    comparison = compared(now, before)
    assert [row["case_id"][-1] for row in comparison.new] == ["1", "2"]
    assert [row["case_id"][-1] for row in comparison.fixed] == ["5", "6", "7"]
    assert [row["case_id"][-1] for row in comparison.same] == ["3", "4"]
    assert comparison.differences == ["seed"]
    html = html_report(now, comparison)
    assert "2 new failures, 3 fixed failures" in html
    assert "The two audits differ in seed" in html
    assert "**2 new failures**, 3 fixed" in markdown_report(now, comparison)
    assert junit_report(now, comparison).count("new, ") == 2
    assert csv_report(now, comparison).count(",new\n") == 2


def test_all_formats_are_written_and_unknown_ones_refused(
    tmp_path: Path, audited: dict[str, Any]
) -> None:
    written = write_reports(audited, tmp_path, FORMATS)
    assert {path.name for path in written} == {
        "report.html",
        "junit.xml",
        "summary.md",
        "failures.csv",
        "model-card.md",
        "audit.json",
    }
    with pytest.raises(InputError, match="Did you mean 'html'"):
        write_reports(audited, tmp_path, ["json", "htm"])
    assert set(AUDIT_FORMATS) < set(FORMATS)


def test_reports_are_made_again_without_torch_byte_for_byte(
    tmp_path: Path, audited: dict[str, Any]
) -> None:
    save_results(audited, tmp_path)
    code = (
        "import sys; from pathlib import Path; from robustness.results.audit_json import load_results;"
        "from robustness.reporting import FORMATS, write_reports; folder = Path(sys.argv[1]);"
        "write_reports(load_results(folder), folder, FORMATS);"
        "assert not {'torch', 'transformers', 'hypothesis'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert (tmp_path / "report.html").read_text() == html_report(audited)
    assert (tmp_path / "junit.xml").read_text() == junit_report(audited)
    assert (tmp_path / "summary.md").read_text() == markdown_report(audited)


def test_a_baseline_on_the_command_line(tmp_path: Path) -> None:
    now, before = tmp_path / "now", tmp_path / "before"
    for folder in (now, before):
        folder.mkdir()
        save_results(made_up.results(), folder)
    changed = made_up.results() | {"failures": made_up.failures()[1:]}
    (before / "audit.json").write_text(json.dumps(changed))
    command = [sys.executable, "-m", "robustness", "report", str(now), "--baseline", str(before)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert str(now / "failures.csv") in run.stdout
    assert "1 new failure, 0 fixed failures" in (now / "report.html").read_text()
