"""JUnit XML, for the test tab of a CI system: one test case a drug, failed when an answer changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from robustness.reporting.wording import counted, verdict_words
from robustness.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.reporting.new_and_fixed import Comparison

_LONGEST_ANSWER = 160
_MOST_LINES = 50


def junit_report(results: dict[str, Any], comparison: Comparison | None = None) -> str:
    """The results as JUnit XML text, valid against the xunit2 schema that Jenkins publishes.

    Args:
        results: What ``audit.json`` holds.
        comparison: Marks the failures that an earlier audit does not have.
    """
    new = {row["case_id"] for row in comparison.new} if comparison else set()
    by_drug: dict[str, list[dict[str, Any]]] = {}
    for row in results["failures"]:
        by_drug.setdefault(row["drug"], []).append(row)
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name=visible(f"robustness {results['model']['spec']}"))
    _properties(suite, results)
    for drug in results["data"]["drugs"]:
        case = SubElement(
            suite, "testcase", classname="robustness.audit", name=visible(drug), time="0"
        )
        _outcome(case, by_drug.get(drug, []), new)
    suite.attrib |= {
        "tests": str(len(results["data"]["drugs"])),
        "failures": str(len(suite.findall("testcase/failure"))),
        "errors": str(len(suite.findall("testcase/error"))),
        "skipped": "0",
        "time": f"{results['timing']['wall_seconds']:.3f}",
        "timestamp": visible(results["run"]["started"].split("+")[0], longest=40),
    }
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _properties(suite: Element, results: dict[str, Any]) -> None:
    said = {
        "model.fingerprint": results["model"]["fingerprint"],
        "seed": results["run"]["seed"],
        "pairs": results["counts"]["pairs"],
        "gate": results["gate"]["decision"],
    }
    properties = SubElement(suite, "properties")
    for name, value in said.items():
        SubElement(properties, "property", name=name, value=visible(str(value)))


def _outcome(case: Element, rows: Sequence[dict[str, Any]], new: set[str]) -> None:
    """What a drug's test case ended with: a failure, an error, or neither."""
    broken = [row for row in rows if row["verdict"] == "error"]
    changed = [row for row in rows if row["verdict"] not in ("error", "nondeterministic")]
    if changed:
        message = f"{counted(len(changed), 'answer')} changed"
        SubElement(case, "failure", type="misspelling", message=message).text = _lines(changed, new)
    elif broken:
        message = f"{counted(len(broken), 'pair')} without an answer"
        SubElement(case, "error", type="model", message=message).text = _lines(broken, new)


def _lines(rows: Sequence[dict[str, Any]], new: set[str]) -> str:
    lines = []
    for row in rows[:_MOST_LINES]:
        mark = "new, " if row["case_id"] in new else ""
        lines.append(
            f"{mark}{row['severity']}: {visible(row['name'], longest=80)} written "
            f"{visible(row['misspelling'], longest=80)}: {visible(verdict_words(row), longest=80)}: "
            f"{_text(row['answer'])} became {_text(row['answer_misspelled'])} "
            f"(gold {_quoted(row['gold'])})\n  {visible(row['replay'])}"
        )
    if len(rows) > _MOST_LINES:
        lines.append(f"and {len(rows) - _MOST_LINES:,} more in audit.json")
    return "\n".join(lines)


def _text(answer: dict[str, Any] | None) -> str:
    return _quoted(answer["text"]) if answer else "no answer"


def _quoted(text: str) -> str:
    return f'"{visible(text, longest=_LONGEST_ANSWER)}"'
