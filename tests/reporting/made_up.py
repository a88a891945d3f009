"""Results made up by hand: every section that a report can have, and the same filled with hostile text.

The shapes are those that audits save; the numbers mean nothing.
"""

from __future__ import annotations

import copy
from typing import Any

HOSTILE = (
    "</td></script><script>alert(1)</script>\"'`{{7*7}}{% raw %}\u202e\u0000\u200b\x1b[31m"
    "<img src=https://example.org/x onerror=alert(2)><svg onload=alert(3)>]]>--><!--"
    "<a href=javascript:alert(4)>x</a>\ud800 =cmd|' /C calc'!A0 # x\n| y |"
)
METRICS = (
    "baseline_accuracy",
    "consistency",
    "flip_rate",
    "wrong_drug",
    "retained_accuracy",
    "abstained",
)


def rate(estimate: float, n: int = 200) -> dict[str, Any]:
    return {
        "estimate": estimate,
        "low": round(max(0, estimate - 0.04), 6),
        "high": round(min(1, estimate + 0.05), 6),
        "n": n,
        "clusters": max(1, n // 5),
        "method": "Wilson with effective sample size, clustered by drug",
    }


def rates(flips: float, n: int = 200) -> dict[str, Any]:
    values = (0.98, 1 - flips, flips, flips / 2, 1 - flips, 0.01)
    return {name: rate(value, n) for name, value in zip(METRICS, values, strict=True)}


def failure(case_id: str, name: str, misspelling: str, **changed: Any) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "drug": name,
        "group": "none",
        "relation": "indication",
        "question": f"What is {misspelling} used for?",
        "leaflet": f"Doctors prescribe {name} for something. Somebody takes warfarin for a thrombosis.",
        "name": name,
        "misspelling": misspelling,
        "operator": "deletion",
        "channel": "observed",
        "edits": 1,
        "reports": 3,
        "probability": 0.02,
        "tokens": [name[:3], "##" + name[3:]],
        "tokens_misspelled": [misspelling[:2], "##" + misspelling[2:]],
        "answer": {"text": "something", "score": 0.98},
        "answer_misspelled": {"text": "a thrombosis", "score": 0.41},
        "gold": "something",
        "verdict": "wrong_drug",
        "answered_for": "warfarin",
        "severity": "major",
        "replay": f"robustness replay {case_id} --audit .",
    } | changed


def failures() -> list[dict[str, Any]]:
    nothing = {"answered_for": None}
    return [
        failure("0a0000000001", "zolpidem", "zopidem", severity="critical", reports=72,
                group="narcotics and sedatives"),
        failure("0a0000000002", "methotrexate", "methotrexte", severity="critical", reports=9,
                group="chemotherapy", relation="brand"),
        failure("0a0000000003", "metformin", "metfromin", operator="transposition", reports=40,
                probability=None),
        failure("0a0000000004", "warfarin", "w\u0430rfarin", operator="substitution", reports=0,
                channel="unicode", answer_misspelled={"text": "", "score": None}),
        failure("0a0000000005", "ibuprofen", "ib\u200buprofen", operator="insertion", reports=0,
                channel="unicode", verdict="wrong_answer", severity="moderate", **nothing),
        failure("0a0000000006", "apixaban", "apixabn", channel="noisy", reports=0,
                verdict="abstained", severity="moderate", gold="something else", **nothing),
        failure("0a0000000007", "heparin", "heprin", verdict="recovered", severity="minor",
                tokens=[], tokens_misspelled=[], **nothing),
        failure("0a0000000008", "digoxin", "digoxn", verdict="error", severity="none",
                answer_misspelled=None, **nothing),
    ]  # fmt: skip


def results() -> dict[str, Any]:
    """What an audit of everything would save."""
    return {
        "schema_version": 2,
        "run": {
            "versions": {"robustness": "0.0.0", "python": "3.11.0"},
            "seed": 7,
            "budget": 200,
            "channels": ["observed", "noisy", "unicode"],
            "command": ["robustness", "audit", "--model", "my-reader"],
            "started": "2026-01-02T03:04:05+00:00",
            "finished": "2026-01-02T03:06:05+00:00",
            "machine": {"system": "Linux", "processor": "x86_64", "cores": 2, "python": "cpython"},
        },
        "model": {"spec": "my-reader", "kind": "extractive", "fingerprint": "f00dfeedf00dfeed"},
        "tokenizer": {
            "name": "my-reader",
            "fingerprint": "beefbeefbeefbeef",
            "xray": {
                "pairs": 200,
                "fertility_correct": 3.1,
                "fertility_misspelled": 3.9,
                "more_tokens": 0.4,
                "first_piece_kept": 0.7,
                "stability": {"estimate": 0.4, "low": 0.35, "high": 0.45, "n": 200, "clusters": 40},
                "changes": {"unchanged": 0.1, "split": 0.5, "merged": 0.1, "mixed": 0.3},
                "collision_count": 1,
                "worst_names": [{"name": "zolpidem", "stability": 0.0, "pieces": 4, "misspellings": 7}],
            },
        },
        "data": {
            "source": {"kind": "leaflets"},
            "tables": {"drugs": "aaaaaaaaaaaa", "misspellings": "bbbbbbbbbbbb"},
            "drugs": [*sorted(row["drug"] for row in failures()), "zafirlukast"],
            "requested_drugs": ["metformin"],
            "known_names": 5676,
            "misspellings": 200,
            "rejected_collisions": [
                {
                    "text": "busparine",
                    "intended": "buspirone",
                    "other": "sparine",
                    "channel": "observed",
                }
            ],
            "skipped_rows": [{"file": "questions.csv", "row": 12, "reason": "names no drug"}],
        },
        "counts": {
            "drugs": 9,
            "questions": 200,
            "pairs": 200,
            "model_calls": 400,
            "cache_hits": 0,
            "errors": 1,
            "collisions": 1,
        },
        "rates": {
            "overall": rates(0.2),
            "by": {
                "channel": {"observed": rates(0.1), "noisy": rates(0.2), "unicode": rates(0.6)},
                "edits": {"1": rates(0.1), "2": rates(0.3, 40), "10": rates(0.5, 12)},
                "group": {"none": rates(0.2), "chemotherapy": rates(0.3, 60)},
                "question": {"indication": rates(0.2), "brand": rates(0.25)},
                "position": {"first letter": rates(0.5, 20), "last letter": rates(0.1, 30)},
            },
            "grid": {
                "rows": "group",
                "columns": "channel",
                "cells": {
                    "none": {"observed": rates(0.1), "unicode": rates(0.7)},
                    "chemotherapy": {"observed": rates(0.3, 6)},
                },
            },
            "drop": {
                "correct": rate(0.98),
                "misspelled": rate(0.8),
                "difference": {"estimate": 0.18, "low": 0.12, "high": 0.24, "n": 200, "clusters": 40,
                               "p_value": 0.000001},
            },
            "worst_case": {
                "questions": rate(0.8),
                "drugs": rate(0.6),
                "misspellings_per_question": 1.5,
                "pairs_per_drug": 5.0,
            },
        },
        "noise_floor": {"flip_rate": rate(0.01)},
        "verdicts": {"consistent": 192, "wrong_drug": 4, "error": 1},
        "gate": {
            "decision": "fail",
            "rules": [
                {"metric": "consistency", "threshold": 0.9, "decision": "fail", "low": 0.7, "high": 0.8},
                {"metric": "wrong_drug", "slice": "channel=observed", "threshold": 0.05,
                 "estimate": 0.05, "low": 0.02, "high": 0.08, "decision": "inconclusive",
                 "severity": "warning", "more_pairs": 1200},
            ],
        },
        "attribution": {
            "arms": {
                "misspelled": rate(0.2),
                "resegmented": rate(0.05),
                "other_word": rate(0.02),
            },
            "share": {"estimate": 0.25, "low": 0.1, "high": 0.4},
            "p_value": 0.012,
            "p_values": {"name": 0.0001, "segmentation": 0.012, "spelling": 0.0003},
            "words": "About a quarter of the failures also happen when only the cut changes.",
        },
        "must_differ": {
            "n": 20,
            "name_pairs": 4,
            "errors": 1,
            "rate": rate(0.1, 20),
            "words": "In 1 of 20 questions one drug got the other one's answer.",
            "failures": [
                {
                    "origin": "look-alike",
                    "relation": "indication",
                    "drugs": ["duloxetine", "fluoxetine"],
                    "case_ids": ["0b0000000001", "0b0000000002"],
                    "questions": ["What is duloxetine for?", "What is fluoxetine for?"],
                    "golds": ["nerve pain", "depression"],
                    "answers": [{"text": "depression", "score": 0.9}, None],
                    "confused": [True, False],
                    "replay": "robustness replay 0b0000000001 --audit .",
                }
            ],
        },
        "invented": {
            "n": 10,
            "errors": 0,
            "able_to_abstain": False,
            "rate": rate(0.7, 10),
            "scores": {"mean_invented": 0.61, "mean_real": 0.93, "real_above_invented": 0.97},
            "words": "7 of 10 questions about drugs that do not exist were answered all the same.",
            "failures": [
                {
                    "case_id": "0c0000000001",
                    "name": "zantiprilol",
                    "relation": "indication",
                    "question": "What is zantiprilol for?",
                    "answer": {"text": "pain", "score": 0.5},
                    "answered_for": "ibuprofen",
                    "replay": "robustness replay 0c0000000001 --audit .",
                }
            ],
        },
        "timing": {"wall_seconds": 120.5, "model_seconds": 100.0, "prompts_asked": 400, "prompts_from_store": 0},
        "failures": failures(),
    }  # fmt: skip


def hostile(*, copies: int = 1) -> dict[str, Any]:
    """The same results where every text that a model, a file or a user wrote is hostile."""
    changed = copy.deepcopy(results())
    changed["model"]["spec"] = changed["tokenizer"]["name"] = HOSTILE
    changed["run"]["command"] = ["robustness", "audit", HOSTILE]
    counts = dict.fromkeys(("rows", "rows_asked", "bad_rows"), 3)
    changed["data"]["source"] = {"kind": "file", "path": HOSTILE} | counts
    changed["data"]["rejected_collisions"] = [
        {"text": HOSTILE, "intended": HOSTILE, "other": HOSTILE, "channel": HOSTILE}
    ]
    changed["data"]["skipped_rows"] = [HOSTILE, {"row": 1, "reason": HOSTILE}]
    changed["attribution"]["words"] = HOSTILE
    changed["must_differ"]["failures"] = [{"name": HOSTILE, HOSTILE: HOSTILE}]
    for text in (HOSTILE, "x" * 1_000_000, "\u202e" * 400, "w" * 60 + " " + "\u0301" * 30):
        for row in failures()[:3]:
            bad = row | dict.fromkeys(("misspelling", "question", "leaflet", "gold"), text)
            bad |= {"case_id": f"{len(changed['failures']):012x}", "relation": text[:200]}
            bad |= {"tokens": [text, text], "tokens_misspelled": [text] * 60, "operator": text}
            bad["answer_misspelled"] = {"text": text * copies, "score": 0.5}
            changed["failures"].append(bad)
    changed["rates"]["by"]["question"] = {HOSTILE: rates(0.2), "$x^2$ \\frac": rates(0.3)}
    changed["rates"]["grid"]["cells"]["$x^{2$"] = {HOSTILE: rates(0.2)}
    order = ("critical", "major", "moderate", "minor", "none")
    changed["failures"].sort(key=lambda row: order.index(row["severity"]))
    return changed
