"""One session of the suite: plan at collection, ask before the first test, judge in the tests.

Options come from `robustness.pytest_plugin`. This module writes nothing; `robustness.suite.report` does.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from robustness.answers.store import Store
from robustness.errors import InputError, RobustnessError, VacuousPropertyViolation
from robustness.guard.loading import load_guardable
from robustness.properties import PROPERTIES, Request, Subject, check_trials, plan_trials
from robustness.suite.failing import Failing
from robustness.suite.options import SHIPPED, option
from robustness.suite.parts import (
    NOTHING,
    SHOWN,
    Part,
    counterexample_lines,
    own_outcomes,
    rate_words,
)
from robustness.suite.sharing import GroupedAsker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from robustness.properties import Finding, Trial

_KEY = pytest.StashKey["SuiteSession"]()
_SHIPPED = frozenset(name for names in SHIPPED.values() for name in names)


def session_of(config: pytest.Config) -> SuiteSession:
    """The session of a pytest run; made, and its model loaded, on the first call."""
    if _KEY not in config.stash:
        try:
            config.stash[_KEY] = SuiteSession(config)
        except RobustnessError as error:
            pytest.exit(f"robustness: {error}", returncode=error.exit_code)
    return config.stash[_KEY]


def running_session(config: pytest.Config) -> SuiteSession | None:
    """The session of a pytest run, or None when no test of the suite was collected."""
    return config.stash.get(_KEY, None)


class SuiteSession:
    """Plans, asks and judges.

    Args:
        config: Of the pytest run.

    Raises:
        RobustnessError: An option is wrong or the model cannot be loaded.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        self.seed = _whole(option(config, "seed"), "seed")
        self.budget = _whole(option(config, "budget"), "budget")
        self.threshold = _share(option(config, "fail_under"))
        self.model = load_guardable(option(config, "model"))
        if self.worker:
            _share_cores(int(self.worker["workercount"]))
        self.folder = cache_folder(config)
        self.failing = Failing(self.folder / "failing.json", self.model.fingerprint)
        self.request = Request(seed=self.seed, budget=self.budget, kind=self.model.kind)
        self.replayed = option(config, "replay")
        self.subject = Subject(self.model)
        self.planned = self._planned()
        self.findings: dict[str, Finding] = {}

    def parts(self, names: Sequence[str]) -> list[Part]:
        """The parts of some properties; without names those of the user's own."""
        chosen = names or [name for name in self.planned if name not in _SHIPPED]
        found = []
        for name in chosen:
            trials = self.planned.get(name)
            if trials is None:
                continue
            drugs = dict.fromkeys(trial.drug for trial in trials)
            found += [Part(name, drug) for drug in drugs] or [Part(name, NOTHING)]
        return found

    def ask(self, parts: Iterable[Part], claims: Path | None) -> None:
        """Ask all trials of some parts in one go and judge them.

        Args:
            parts: What was selected.
            claims: Folder that workers share; None for one process.
        """
        wanted = set(parts)
        chosen = {
            name: tuple(t for t in self.planned[name] if Part(name, t.drug) in wanted)
            for name in dict.fromkeys(part.property for part in wanted)
        }
        ordered = {name: chosen[name] for name in self.planned if name in chosen}
        with ExitStack() as stack:
            store = stack.enter_context(
                Store(self.folder / "answers.sqlite", self.model.fingerprint)
            )
            self.subject = Subject(self.model, store=store, asker=GroupedAsker(claims))
            self.findings = check_trials(ordered, self.subject, threshold=self.threshold)

    def judge(self, part: Part, item: pytest.Item) -> None:
        """Pass or fail the test of a part, with its counterexamples in its report."""
        finding = self.findings[part.property]
        own = own_outcomes(part, finding)
        failing = [one for one in own if one.violation]
        _record(item, part, finding, len(own), [one.trial.id for one in failing])
        if finding.skipped:
            pytest.skip(finding.skipped)
        if finding.vacuous or all(one.error for one in own):
            reason = finding.vacuous or f"none of {len(own)} trials got an answer"
            vacuous = VacuousPropertyViolation(property=part.property, reason=reason)
            pytest.fail(str(vacuous), pytrace=False)
        shown = [
            line
            for one in failing[:SHOWN]
            for line in counterexample_lines(one, spec=self.model.spec, seed=self.seed)
        ]
        text = "\n".join([f"{finding.of.description}: {rate_words(finding)}", *shown])
        if failing and not finding.passed:
            pytest.fail(text, pytrace=False)
        if failing:
            item.add_report_section("call", "counterexamples", text)

    def remember(self) -> None:
        """Keep the failing trials, so that they run first next time."""
        self.failing.update(self.findings, self.seed, self.budget)

    def _planned(self) -> dict[str, tuple[Trial, ...]]:
        unfit = [name for name, one in PROPERTIES.items() if one.unfit(self.subject)]
        fit = [one for name, one in PROPERTIES.items() if name not in unfit]
        trials = plan_trials(fit, self.request)
        planned = {name: trials.get(name, ()) for name in PROPERTIES}
        if self.replayed:
            return self._one_trial(self.replayed, planned)
        for name, trial in self.failing.trials(self.request):
            known = {one.id for one in planned[name]}
            if trial.id not in known:
                planned[name] = (trial, *planned[name])
        return planned

    def _one_trial(
        self, wanted: str, planned: dict[str, tuple[Trial, ...]]
    ) -> dict[str, tuple[Trial, ...]]:
        kept = list(self.failing.trials(self.request))
        kept += [(name, trial) for name, trials in planned.items() for trial in trials]
        for name, trial in kept:
            if trial.id == wanted:
                return {name: (trial,)}
        raise InputError(
            "No such case",
            value=wanted,
            hint="Give an id that this suite printed for this model, and the same seed and budget.",
        )


def cache_folder(config: pytest.Config) -> Path:
    """Where answers and failing cases are kept between runs."""
    worker = getattr(config, "workerinput", None)
    if worker:
        return Path(worker["robustness_cache"])
    given = option(config, "cache")
    if given:
        folder = Path(given)
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    if config.pluginmanager.hasplugin("cacheprovider") and hasattr(config, "cache"):
        return Path(config.cache.mkdir("robustness"))
    import tempfile

    return Path(tempfile.mkdtemp(prefix="robustness-"))


def _whole(value: str, name: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise InputError(f"--robustness-{name} must be a whole number", value=value) from error


def _share(value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError("--robustness-fail-under must be a number from 0 to 1", value=value)
    return share


def _share_cores(workers: int) -> None:
    """Give each worker its part of the cores, so that they do not wait for one another."""
    import sys

    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(max(1, (os.cpu_count() or 1) // workers))


def _record(
    item: pytest.Item, part: Part, finding: Finding, trials: int, failing: list[str]
) -> None:
    """Properties of the test in JUnit XML."""
    rate = finding.rate
    item.user_properties += [
        ("robustness_property", part.property),
        ("drug", part.drug),
        ("trials", trials),
        ("counterexamples", " ".join(failing)),
        ("rate", f"{rate.estimate:.6f}" if rate else ""),
        ("gate", finding.decision.value),
    ]
