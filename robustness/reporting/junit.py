"""JUnit XML, for the test tab of a CI system: one test case a drug, failed when an answer changed."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from robustness.reporting.wording import VERDICT_WORDS

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_LINE = 400


def junit_report(results: dict[str, Any]) -> str:
    """The results as JUnit XML text (the xunit2 schema of pytest and Jenkins)."""
    by_drug: dict[str, list[dict[str, Any]]] = {}
    for row in results["failures"]:
        by_drug.setdefault(row["drug"], []).append(row)
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", name=_xml(f"robustness {results['model']['spec']}"))
    failed = errors = 0
    for drug in results["data"]["drugs"]:
        case = SubElement(
            suite, "testcase", classname="robustness.audit", name=_xml(drug), time="0"
        )
        rows = by_drug.get(drug, [])
        broken = [row for row in rows if row["verdict"] == "error"]
        changed = [row for row in rows if row["verdict"] not in ("error", "nondeterministic")]
        if changed:
            failed += 1
            message = f"{len(changed)} answer{'s' if len(changed) > 1 else ''} changed"
            SubElement(case, "failure", type="misspelling", message=message).text = _lines(changed)
        elif broken:
            errors += 1
            SubElement(
                case, "error", type="model", message=f"{len(broken)} without an answer"
            ).text = _lines(broken)
    suite.attrib |= {
        "tests": str(len(results["data"]["drugs"])),
        "failures": str(failed),
        "errors": str(errors),
        "skipped": "0",
        "time": f"{results['timing']['wall_seconds']:.3f}",
        "timestamp": results["run"]["started"].split("+")[0],
    }
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _lines(rows: list[dict[str, Any]]) -> str:
    return _xml(
        "\n".join(
            f"{row['severity']}: {row['name']} written {row['misspelling']}: "
            f"{VERDICT_WORDS[row['verdict']]}: {_text(row['answer'])!r} became "
            f"{_text(row['answer_misspelled'])!r} (gold {row['gold']!r})"[:_LONGEST_LINE]
            + f"\n  {row['replay']}"
            for row in rows
        )
    )


def _text(answer: dict[str, Any] | None) -> str:
    return answer["text"] if answer else ""


def _xml(text: str) -> str:
    """A text without the characters that XML forbids."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
