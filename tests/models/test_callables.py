from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from robustness.errors import ModelError
from robustness.models import Answer, PartlyAnsweredError, Prompt, load_model
from robustness.models.protocol import MAX_ANSWER_CHARACTERS

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
import asyncio, functools, sys
import numpy

def plain(question):
    return f"re: {question}"

def reads(question, context=""):
    return {"answer": context.upper(), "score": 0.5}

def chooses(question, options, **rest):
    return {"text": options[-1], "score": 1}

async def slowly(question, context):
    await asyncio.sleep(0.01)
    if "crash" in question:
        raise ValueError("two\\nlines")
    return f"{question} {context}"

async def quits(question):
    sys.exit(3)

def wrapped(question, context):
    return slowly(question, context)

def single_precision(question):
    return {"text": question, "score": numpy.float32(0.5)}

class Pipeline:
    async def __call__(self, question):
        return "from an object"
    def ask(self, question):
        return "from a method"

pipeline = Pipeline()
partial = functools.partial(slowly)
returns = {"none": None, "number": 3, "no text": {"score": 1}, "score": {"text": "a", "score": 7},
           "long": "x" * 10_000_000, "odd": chr(0xD800), "raise": KeyError("nope"), "exit": SystemExit(3)}

def odd(question):
    value = returns[question]
    if isinstance(value, BaseException):
        raise value
    return value

def nothing():
    return "?"

text = "no callable"
"""


@pytest.fixture(autouse=True)
def _module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "users_pipeline.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "users_pipeline", raising=False)


PROMPT = Prompt("What?", "a leaflet", ("gout", "asthma"))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("plain", Answer("re: What?", None)),
        ("reads", Answer("A LEAFLET", 0.5)),
        ("chooses", Answer("asthma", 1.0)),
        ("slowly", Answer("What? a leaflet", None)),
        ("wrapped", Answer("What? a leaflet", None)),
        ("partial", Answer("What? a leaflet", None)),
        ("single_precision", Answer("What?", 0.5)),
        ("pipeline", Answer("from an object", None)),
        ("pipeline.ask", Answer("from a method", None)),
    ],
)
def test_callables_get_what_their_signature_takes(name: str, answer: Answer) -> None:
    model = load_model(f"python:users_pipeline:{name}")
    assert model.kind == "python"
    assert model.answer([PROMPT, PROMPT]) == [answer, answer]


def test_what_goes_wrong_is_an_error_of_that_prompt_alone() -> None:
    model = load_model("python:users_pipeline:odd")
    asked = ["none", "number", "no text", "score", "raise", "missing", "exit", "long", "odd"]
    with pytest.raises(PartlyAnsweredError) as caught:
        model.answer([Prompt(question) for question in asked])
    found = dict(zip(asked, caught.value.answers, strict=True))
    assert all(isinstance(found[name], ModelError) for name in asked[:7])
    assert "raised KeyError" in str(found["raise"])
    assert "raised SystemExit: 3" in str(found["exit"])
    assert found["odd"] == Answer("?", None)
    long = found["long"]
    assert isinstance(long, Answer)
    assert len(long.text) == MAX_ANSWER_CHARACTERS


def test_an_async_callable_that_raises_does_not_lose_the_others() -> None:
    model = load_model("python:users_pipeline:slowly")
    with pytest.raises(PartlyAnsweredError, match="raised ValueError: two") as caught:
        model.answer([Prompt("crash"), PROMPT])
    assert caught.value.answers[1] == Answer("What? a leaflet", None)


def test_a_callable_that_ends_the_process_does_not(tmp_path: Path) -> None:
    with pytest.raises(PartlyAnsweredError, match="raised SystemExit"):
        load_model("python:users_pipeline:quits").answer([PROMPT])
    (tmp_path / "users_script.py").write_text("import sys\nsys.exit(1)\n")
    with pytest.raises(ModelError, match="cannot be imported"):
        load_model("python:users_script:answer")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("python:", "Not a callable"),
        ("python:users_pipeline", "Not a callable"),
        ("python:no_such_module_here:answer", "cannot be imported"),
        ("python:users_pipeline:plane", "Did you mean 'plain'"),
        ("python:users_pipeline:text", "No such callable"),
        ("python:users_pipeline:nothing", "takes no question"),
    ],
)
def test_specifications_that_name_no_callable(spec: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load_model(spec)


def test_the_fingerprint_follows_the_source(tmp_path: Path) -> None:
    before = load_model("python:users_pipeline:plain").fingerprint
    (tmp_path / "users_pipeline.py").write_text(SOURCE + "\nx = 1\n")
    assert load_model("python:users_pipeline:plain").fingerprint != before
    assert load_model("python:users_pipeline:reads").fingerprint != before
