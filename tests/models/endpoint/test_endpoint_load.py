"""The endpoint adapter against a server of its own process that fails 20 % of all requests at random."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from robustness.models import Prompt
from robustness.models.endpoint.client import load_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path(__file__).with_name("unreliable.py")


@pytest.fixture
def address() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), "--most", "12", "--hang", "0.003"],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        server.terminate()


def test_nothing_is_lost_and_nothing_is_answered_twice(address: str) -> None:
    model = dataclasses.replace(load_endpoint(f"openai:{address}/v1#any"), timeout=5.0, attempts=12)
    prompts = [Prompt(f"Question number {number}?") for number in range(300)]
    answers = model.answer(prompts)
    assert all(p.question in a.text for p, a in zip(prompts, answers, strict=True))
    with urllib.request.urlopen(f"{address}/stats") as reply:  # noqa: S310
        stats = json.load(reply)
    assert (stats["answered"], stats["answered_twice"]) == (300, 0)
    assert {"drop", "429", "500", "503"} <= set(stats["faults"])
    assert model.pace.halvings > 0
