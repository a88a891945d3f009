"""Ask an endpoint that fails 20 % of all requests at random; is anything lost, asked twice, or kept in memory?

python benchmarks/endpoint_load.py [--requests 10000]

The server (tests/models/endpoint/unreliable.py) drops connections, cuts replies off, sends 429 with Retry-After, 500
and 503, hangs, answers late, and refuses more than 48 requests at once. It counts what it answered.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import resource
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from rich.console import Console

from robustness.models import Answer, PartlyAnsweredError, Prompt
from robustness.models.endpoint.client import Endpoint, load_endpoint

SERVER = Path(__file__).resolve().parents[1] / "tests" / "models" / "endpoint" / "unreliable.py"
TIMEOUT = 3.0


def main() -> None:
    """Ask all and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    command = [sys.executable, str(SERVER), "--seed", str(options.seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stdout is not None
        address = f"http://127.0.0.1:{int(server.stdout.readline())}"
        model = dataclasses.replace(load_endpoint(f"openai:{address}/v1#any"), timeout=TIMEOUT)
        report(address, model, options.requests)
        server.terminate()


def report(address: str, model: Endpoint, requests: int) -> None:
    """Ask in batches as an audit does, sample memory after each, and print the server's account."""
    console = Console(highlight=False)
    memory, places, lost, began = [], [], 0, time.perf_counter()
    at_once = model.capabilities.prompts_at_once or requests
    for start in range(0, requests, at_once):
        numbers = range(start, min(requests, start + at_once))
        lost += unanswered(model, [Prompt(f"What is drug {number} for?") for number in numbers])
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
        places.append(model.pace.places)
    seconds = time.perf_counter() - began
    with urllib.request.urlopen(f"{address}/stats") as reply:  # noqa: S310
        stats = json.load(reply)
    sent = stats["answered"] + stats["answered_twice"] + sum(stats["faults"].values())
    console.print(f"prompts {requests}, lost {lost}, answered twice {stats['answered_twice']}")
    console.print(f"requests {sent}, faults {stats['faults']}")
    console.print(
        f"at once: {min(places)} to {max(places)} places, {stats['most_under_way']} at most on the server; "
        f"{model.pace.halvings} halvings"
    )
    console.print(
        f"most memory of this process: {memory[0]:.0f} MB after the first batch, "
        f"{memory[len(memory) // 4]:.0f} MB after a quarter, {memory[-1]:.0f} MB at the end"
    )
    console.print(f"{seconds:.0f} s, {requests / seconds:.0f} prompts a second")


def unanswered(model: Endpoint, prompts: list[Prompt]) -> int:
    """Ask a batch; how many prompts have no answer, or another one's."""
    try:
        answers: tuple[object, ...] = tuple(model.answer(prompts))
    except PartlyAnsweredError as error:
        answers = error.answers
    return sum(
        not (isinstance(answer, Answer) and prompt.question in answer.text)
        for prompt, answer in zip(prompts, answers, strict=True)
    )


if __name__ == "__main__":
    main()
