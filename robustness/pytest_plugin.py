"""pytest plugin: options, fixtures, and the hooks of the shipped suite.

A user's own test takes the fixtures `qa_model`, `tokenizer`, `robustness_seed` and `assert_consistent`;
``--pyargs robustness.suite`` runs the shipped tests. Nothing heavy is imported when it is loaded: hooks do
nothing until a test of the suite was collected.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from robustness.suite.options import MARKERS, OPTIONS, option

if TYPE_CHECKING:
    from collections.abc import Callable

    from robustness.models import QAModel
    from robustness.properties import Batch
    from robustness.suite.parts import Part
    from robustness.suite.session import SuiteSession
    from robustness.tokenizers import Tokenizer

_SUITE = Path(__file__).resolve().parent / "suite"
_SUMMARIES = pytest.StashKey[list[dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and their ini twins."""
    group = parser.getgroup("robustness", "robustness of medical question answering")
    for name, default, text in OPTIONS:
        shown = f"{text} [{default}]" if default else text
        group.addoption(f"--robustness-{name}", default=None, metavar=name.upper(), help=shown)
        parser.addini(f"robustness_{name.replace('-', '_')}", help=shown, default=default)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line("markers", "robustness: a test of the shipped suite")
    for name in MARKERS:
        config.addinivalue_line("markers", f"{name}: tests of this property")
    config.stash[_SUMMARIES] = []


def pytest_report_header(config: pytest.Config) -> str | None:
    """Model, data version and seed, when the suite is asked for."""
    if not _is_asked_for(config):
        return None
    import hashlib

    from robustness.drugs import table_versions

    data = hashlib.sha256(json.dumps(table_versions(), sort_keys=True).encode()).hexdigest()[:12]
    return (
        f"robustness: model {option(config, 'model')}, data {data}, seed {option(config, 'seed')}, "
        f"budget {option(config, 'budget')}"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect the suite only when it is asked for, and not with the rest of a source tree."""
    is_suite = collection_path == _SUITE or _SUITE in collection_path.parents
    return True if is_suite and not _is_asked_for(config) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What failed last time runs first."""
    session = _session(config)
    if session:
        failing = session.failing.parts
        items.sort(key=lambda item: _part(item) not in failing)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Ask everything that the selected tests need, before the first of them runs."""
    suite = _session(session.config)
    if suite is None or session.config.getoption("collectonly"):
        return
    parts = [part for item in session.items if (part := _part(item))]
    claims = suite.worker and Path(suite.worker["robustness_claims"])
    suite.ask(parts, claims or None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep failing cases; a worker hands its summary to the controller."""
    suite = _session(session.config)
    if suite is None or not suite.findings:
        return
    from robustness.suite.report import summarised

    summary = summarised(suite)
    if suite.worker is None or suite.worker["workerid"] == "gw0":
        suite.remember()
    if suite.worker is not None:
        config: Any = session.config  # pytest-xdist adds what a worker hands over
        config.workeroutput["robustness"] = json.dumps(summary)
    else:
        session.config.stash[_SUMMARIES].append(summary)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give every worker the cache and the folder of claims of this run."""
    if not _is_asked_for(node.config):
        return
    import tempfile

    from robustness.suite.session import cache_folder

    stash = node.config.stash
    if _CLAIMS not in stash:
        stash[_CLAIMS] = (str(cache_folder(node.config)), tempfile.mkdtemp(prefix="robustness-"))
    node.workerinput["robustness_cache"], node.workerinput["robustness_claims"] = stash[_CLAIMS]


_CLAIMS = pytest.StashKey[tuple[str, str]]()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take a worker's summary."""
    handed = getattr(node, "workeroutput", {}).get("robustness")
    if handed:
        node.config.stash[_SUMMARIES].append(json.loads(handed))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the claims."""
    if _CLAIMS in config.stash:
        import shutil

        shutil.rmtree(config.stash[_CLAIMS][1], ignore_errors=True)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Rates, smallest counterexamples and where the report is."""
    summaries = config.stash[_SUMMARIES]
    if not summaries:
        return
    from robustness.config import Options
    from robustness.errors import RobustnessError
    from robustness.suite.report import merged, summary_lines, write_summary

    summary = merged(summaries)
    terminalreporter.section("robustness")
    for line in summary_lines(summary):
        terminalreporter.write_line(line)
    given = option(config, "out")
    folder = Path(given) if given else Options(model=option(config, "model")).folder
    try:
        terminalreporter.write_line(f"report: {write_summary(summary, folder)}")
    except RobustnessError as error:
        terminalreporter.write_line(f"no report: {error}", red=True)


@pytest.fixture(scope="session")
def qa_model(pytestconfig: pytest.Config) -> QAModel:
    """The model of ``--robustness-model``, loaded once; it is asked the same prompt only once."""
    from robustness.errors import RobustnessError
    from robustness.guard.loading import load_guardable
    from robustness.properties import Remembering

    try:
        return Remembering(load_guardable(option(pytestconfig, "model")))
    except RobustnessError as error:
        raise pytest.UsageError(str(error)) from error


@pytest.fixture(scope="session")
def robustness_model(qa_model: QAModel) -> QAModel:
    """Another name of `qa_model`."""
    return qa_model


@pytest.fixture(scope="session")
def tokenizer(qa_model: QAModel) -> Tokenizer:
    """The tokenizer of `qa_model`; tests that ask for it are skipped where the model shows none."""
    from robustness.tokenizers import load_tokenizer

    if qa_model.tokenizer_path is None:
        pytest.skip("the model shows no tokenizer")
    return load_tokenizer(qa_model.tokenizer_path)


@pytest.fixture(scope="session")
def robustness_seed(pytestconfig: pytest.Config) -> int:
    """The seed of ``--robustness-seed``."""
    value = option(pytestconfig, "seed")
    try:
        return int(value)
    except ValueError as error:
        raise pytest.UsageError(
            f"--robustness-seed must be a whole number, not {value!r}"
        ) from error


@pytest.fixture(scope="session")
def assert_consistent(qa_model: QAModel, robustness_seed: int) -> Callable[..., Batch]:
    """Asserts that misspellings of drugs do not change answers: ``assert_consistent("metformin")``.

    Names of drugs, none for all; further options as for `robustness.strategies.assert_batched`.
    """
    from robustness.properties import assert_batched

    def check(*names: str, **options: Any) -> Batch:
        options = {"seed": robustness_seed, "drugs": names or None} | options
        return assert_batched(qa_model, **options)

    return check


@pytest.fixture
def robustness_judge(request: pytest.FixtureRequest) -> Callable[[Part], None]:
    """Judges a part of the shipped suite."""
    session = _session(request.config)
    assert session is not None, "there is one where a part was collected"
    return lambda part: session.judge(part, request.node)


def _session(config: pytest.Config) -> SuiteSession | None:
    """The running session of the suite, without importing it where there is none."""
    module = sys.modules.get("robustness.suite.session")
    return module.running_session(config) if module else None


def _part(item: pytest.Item) -> Part | None:
    spec = getattr(item, "callspec", None)
    part: Any = spec.params.get("robustness_part") if spec else None
    # pytest's own mark stands for no parts
    found: Part | None = cast("Part", part) if isinstance(part, tuple) else None
    return found


def _is_asked_for(config: pytest.Config) -> bool:
    """Whether an argument of the command line names the suite."""
    return any("robustness.suite" in str(arg).replace(os.sep, ".") for arg in config.args)
