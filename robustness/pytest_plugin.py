"""pytest plugin: choose the model that tests ask, and share it between them.

Registers ``--robustness-model`` and ``--robustness-seed`` (ini: ``robustness_model``, ``robustness_seed``)
and the fixtures `robustness_model` and `robustness_seed`. Nothing heavy is imported when it is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from robustness.models import QAModel

_OPTIONS = (
    ("model", "reader", "model to test: reader, a folder or hub id, planted:NAME"),
    ("seed", "0", "decides leaflets and phrasings"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and their ini twins."""
    group = parser.getgroup("robustness", "robustness of medical question answering")
    for name, default, text in _OPTIONS:
        group.addoption(
            f"--robustness-{name}", default=None, metavar=name.upper(), help=f"{text} [{default}]"
        )
        parser.addini(f"robustness_{name}", help=text, default=default)


@pytest.fixture(scope="session")
def robustness_model(pytestconfig: pytest.Config) -> QAModel:
    """The model of ``--robustness-model``, loaded once; it is asked the same prompt only once."""
    from robustness.errors import RobustnessError
    from robustness.hardening.guard.loading import load_guardable
    from robustness.properties import Remembering

    try:
        return Remembering(load_guardable(_option(pytestconfig, "model")))
    except RobustnessError as error:
        raise pytest.UsageError(str(error)) from error


@pytest.fixture(scope="session")
def robustness_seed(pytestconfig: pytest.Config) -> int:
    """The seed of ``--robustness-seed``."""
    value = _option(pytestconfig, "seed")
    try:
        return int(value)
    except ValueError as error:
        raise pytest.UsageError(
            f"--robustness-seed must be a whole number, not {value!r}"
        ) from error


def _option(config: pytest.Config, name: str) -> str:
    given = config.getoption(f"--robustness-{name}")
    return str(config.getini(f"robustness_{name}") if given is None else given)
