from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.models import load_model
from robustness.results.schema import audit_schema
from tests.reporting import made_up

ROOT = Path(__file__).parents[2]
PUBLISHED = json.loads((ROOT / "docs" / "audit.schema.json").read_text(encoding="utf-8"))


def test_what_is_published_is_what_the_code_says() -> None:
    assert audit_schema() == PUBLISHED
    Draft202012Validator.check_schema(PUBLISHED)


def test_a_real_audit_the_sample_and_what_later_versions_add_are_valid() -> None:
    validator = Draft202012Validator(PUBLISHED)
    plan = make_plan(load_drugs(), seed=0, budget=60)
    audited = run_audit(plan, load_model("planted:fragile"))
    audited["pairs"] = list(audited["pairs"])
    validator.validate(json.loads(json.dumps(audited)))
    validator.validate(json.loads((ROOT / "reports" / "sample" / "audit.json").read_text()))
    validator.validate(made_up.results())


@pytest.mark.parametrize(
    ("key", "value"), [("verdict", "bad"), ("case_id", None), ("answer", {"text": 1})]
)
def test_what_is_wrong_is_refused(key: str, value: object) -> None:
    broken = made_up.results()
    broken["failures"][0][key] = value
    with pytest.raises(ValidationError):
        Draft202012Validator(PUBLISHED).validate(broken)
