"""The rooms and their order, read from the imports: nothing imports from a row below its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import robustness

ROOT = Path(robustness.__file__).parent
ROWS = {
    "errors": 0,
    "files": 0,
    "__init__": 0,
    "drugs": 1,
    "misspellings": 2,
    "tokenizers": 2,
    "questions": 3,
    "models": 3,
    "verdicts": 4,
    "statistics": 4,
    "gate": 4,
    "audit": 5,
    "search": 5,
    "properties": 6,
    "strategies": 6,
    "suite": 7,
    "hardening": 6,
    "reporting": 6,
    "progress": 6,
    "config": 7,
    "cli": 7,
    "pytest_plugin": 7,
    "__main__": 8,
}
MODULES = sorted(ROOT.rglob("*.py"))


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module)
    return {name for name in names if name.split(".")[0] == "robustness"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_come_from_the_same_row_or_above(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    below = {name for name in imported(path) if ROWS[room(name)] > ROWS[own]}
    assert not below


def test_only_strategies_imports_hypothesis() -> None:
    users = {path.name for path in MODULES if "from hypothesis" in path.read_text(encoding="utf-8")}
    assert users == {"strategies.py"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_does_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400
