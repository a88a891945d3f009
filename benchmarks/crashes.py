"""Kill real audits at random moments, and compare what they end with to an undisturbed one.

An audit is started, killed (SIGKILL; every fifth time Ctrl-C) after a random part of the time that it
needs, and started again until it ends by itself; then the next one begins, until enough were killed.
After every kill the store must be sound and hold at least what it held before. Every audit that ended must
equal the undisturbed one in all but ``run`` and ``timing``, and must not have asked again what was stored.

With ``--faults`` it also lets the disk be full at many sizes of file and cuts stores off at random lengths.

    python benchmarks/crashes.py [--faults] [--kills 100] [--model planted:slow] [--budget 60] [--seed 0]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DRUGS = "metformin,warfarin,insulin glargine,morphine,digoxin,methotrexate"
_PRELOADED = ["robustness.cli", "robustness.audit.run", "robustness.reporting.html", "scipy.stats"]


@dataclass
class Tally:
    """What came of the kills."""

    kills: int = 0
    audits: int = 0
    """Audits that were killed at least once and then ended by themselves."""
    lost: int = 0
    """Kills after which the store held less than before, or was not sound."""
    asked_again: int = 0
    """Prompts that were asked though their answers were stored."""
    different: int = 0
    """Audits whose results differ from the undisturbed one's."""
    problems: list[str] = field(default_factory=list)


def main() -> None:
    """Kill, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--model", default="planted:slow")
    parser.add_argument("--budget", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = {"model": options.model, "budget": options.budget}
        found = [show("killed", crash(folder, kills=options.kills, seed=options.seed, **asked))]
        if options.faults:
            sizes = [4096 * 2**n for n in range(9)]
            found += [show("refused a write", full_disk(folder / "full", sizes=sizes, **asked))]
            cut = truncated(folder / "cut", times=20, seed=options.seed, **asked)
            found += [show("cut off", cut)]
    sys.exit(any(tally.problems for tally in found))


def show(fault: str, tally: Tally) -> Tally:
    """Print what came of a kind of fault."""
    print(  # noqa: T201
        f"{fault} {tally.kills} times in {tally.audits} audits: {tally.lost} lost, "
        f"{tally.asked_again} asked again, {tally.different} different",
        *tally.problems,
        sep="\n",
        flush=True,
    )
    return tally


def crash(folder: Path, *, kills: int, model: str, budget: int, seed: int) -> Tally:
    """Kill audits until there were enough kills and the last audit has ended.

    Args:
        folder: Where audits are written.
        kills: How many at least.
        model: Model specification.
        budget: Pairs of each audit.
        seed: Decides when audits are killed.
    """
    draw, tally = random.Random(seed), Tally()
    _run(folder / "first", model, budget, until=None)  # the first one loads what the others share
    started = time.monotonic()
    code = _run(folder / "undisturbed", model, budget, until=None)
    needed = time.monotonic() - started
    if code:
        raise RuntimeError((folder / "undisturbed.log").read_text(encoding="utf-8"))
    expected = results(folder / "undisturbed")
    while tally.kills < kills:
        out = folder / f"audit-{tally.audits}"
        _one(out, expected, model, budget, needed=needed, draw=draw, tally=tally, most=kills)
        shutil.rmtree(out)
    return tally


def _one(
    out: Path,
    expected: tuple[Any, bytes],
    model: str,
    budget: int,
    *,
    needed: float,
    draw: random.Random,
    tally: Tally,
    most: int,
) -> None:
    """One audit, killed again and again until it ends by itself."""
    kept, killed = 0, 0
    while True:
        until = draw.uniform(0, needed) if tally.kills < most and killed < 12 else None
        code = _run(out, model, budget, until=until, polite=tally.kills % 5 == 4)
        if code == 0:
            break
        tally.kills, killed = tally.kills + 1, killed + 1
        now = stored(out / "audit.sqlite")
        if now is None or now < kept:
            tally.lost += 1
            tally.problems.append(f"{out.name}: {kept} answers before the kill, {now} after it")
        kept = now or 0
    tally.audits += 1
    timing = json.loads((out / "audit.json").read_text(encoding="utf-8"))["timing"]
    if timing["prompts_from_store"] < kept:
        tally.asked_again += kept - timing["prompts_from_store"]
        tally.problems.append(f"{out.name}: {kept} answers were stored, {timing}")
    if results(out) != expected:
        tally.different += 1
        tally.problems.append(f"{out.name}: different results")


def full_disk(folder: Path, *, sizes: list[int], model: str, budget: int) -> Tally:
    """Audits whose files may not grow beyond some sizes, each followed by one without a limit.

    The system refuses every write beyond the limit, wherever it falls: in the store or in a report.

    Args:
        folder: Where audits are written.
        sizes: Largest size of a file, in bytes.
        model: Model specification.
        budget: Pairs of each audit.
    """
    _run(folder / "undisturbed", model, budget, until=None)
    expected, tally = results(folder / "undisturbed"), Tally()
    for size in sizes:
        out = folder / f"limit-{size}"
        code = _run(out, model, budget, until=None, limit=size)
        tally.kills += code == 2
        if code not in (0, 2):
            tally.problems.append(f"exit code {code} with files of at most {size} bytes")
        _finish(out, expected, model, budget, tally)
    return tally


def truncated(folder: Path, *, times: int, model: str, budget: int, seed: int) -> Tally:
    """Audits that go on from stores that were cut off at random lengths.

    Args:
        folder: Where audits are written.
        times: How many.
        model: Model specification.
        budget: Pairs of each audit.
        seed: Decides the lengths.
    """
    draw, tally = random.Random(seed), Tally()
    _run(folder / "undisturbed", model, budget, until=None)
    expected = results(folder / "undisturbed")
    for number in range(times):
        out = folder / f"cut-{number}"
        shutil.copytree(folder / "undisturbed", out)
        with (out / "audit.sqlite").open("r+b") as file:
            file.truncate(draw.randrange(file.seek(0, os.SEEK_END)))
        tally.kills += 1
        _finish(out, expected, model, budget, tally)
    return tally


def _finish(out: Path, expected: tuple[Any, bytes], model: str, budget: int, tally: Tally) -> None:
    """Let an audit go on, and compare what it ends with."""
    code = _run(out, model, budget, until=None)
    tally.audits += 1
    if code or results(out) != expected:
        tally.different += 1
        tally.problems.append(f"{out.name}: exit code {code} or different results")


def results(folder: Path) -> tuple[Any, bytes]:
    """What must be equal between two runs of an audit: ``audit.json`` but for two keys, and ``pairs.csv``."""
    audit = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    lasting = {key: value for key, value in audit.items() if key not in ("run", "timing")}
    return lasting, (folder / "pairs.csv").read_bytes()


def stored(path: Path) -> int | None:
    """Number of answers in a store, 0 without one; None when it is not sound."""
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return None
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            asked = "SELECT count(*) FROM answers"
            return int(connection.execute(asked).fetchone()[0]) if tables else 0
    except sqlite3.DatabaseError:
        return None


def _run(
    out: Path, model: str, budget: int, *, until: float | None, polite: bool = False, limit: int = 0
) -> int | None:
    """Run an audit in a process of its own; kill it after some seconds. Returns its exit code."""
    out.parent.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    arguments = [
        *("audit", "--model", model, "--drugs", DRUGS, "--budget", str(budget)),
        *("--fail-under", "0", "--repeats", "5", "--cache", "none", "--out", str(out)),
    ]
    process = context.Process(target=audit, args=(arguments, f"{out}.log", limit))
    process.start()
    process.join(until)
    if process.is_alive() and process.pid:
        os.kill(process.pid, signal.SIGINT if polite else signal.SIGKILL)
        process.join()
    return process.exitcode


def audit(arguments: list[str], log: str, limit: int) -> None:
    """The command line in this process, its output in a file; with a limit on the size of files, in none."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    with Path(os.devnull if limit else log).open("a", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        from robustness.cli import main as command_line

        sys.argv = ["robustness", *arguments]
        command_line()


if __name__ == "__main__":
    main()
