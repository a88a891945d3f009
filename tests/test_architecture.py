"""The rooms and their order, read from the imports: no circle, no arrow back up, no name with two meanings."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import robustness

ROOT = Path(robustness.__file__).parent
ORDER = [
    "version",
    "errors",
    "visible",
    "files",
    "drugs",
    "tokenizers",
    "misspellings",
    "questions",
    "models",
    "verdicts",
    "statistics",
    "gate",
    "guard",
    "answers",
    "results",
    "attribution",
    "audit",
    "search",
    "training",
    "properties",
    "strategies",
    "reporting",
    "config",
    "progress",
    "api",
    "suite",
    "pytest_plugin",
    "cli",
    "__init__",
    "__main__",
]
"""Every room imports from rooms before it alone, for type checking too."""
SHARED_NAMES = {"protocol", "loading", "registry", "options", "__init__", "__main__"}
"""File names that mean the same job in every room."""
MODULES = {
    ".".join(("robustness", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): path
    for path in sorted(ROOT.rglob("*.py"))
}


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(path: Path) -> set[str]:
    """The modules that a module imports, those for type checking among them."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name in MODULES}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            if node.module.split(".")[0] == "robustness":
                parts = {f"{node.module}.{alias.name}" for alias in node.names}
                names |= parts & MODULES.keys() or {node.module}
    return names


IMPORTS = {module: imported(path) - {module} for module, path in MODULES.items()}


def test_no_file_imports_itself_through_others() -> None:
    assert circle(IMPORTS) == []


def test_no_room_imports_itself_through_others() -> None:
    rooms: dict[str, set[str]] = {}
    for module, found in IMPORTS.items():
        rooms.setdefault(room(module), set()).update({room(n) for n in found} - {room(module)})
    assert circle(rooms) == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_come_from_rooms_before_its_own(module: str) -> None:
    own = ORDER.index(room(module))
    assert {name for name in IMPORTS[module] if ORDER.index(room(name)) > own} == set()


def test_circles_and_names_are_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []


def test_no_room_holds_more_than_twenty_modules() -> None:
    sizes = Counter(str(path.parent.relative_to(ROOT)) for path in MODULES.values())
    assert {folder: size for folder, size in sizes.items() if size > 21} == {}  # __init__ and 20


def test_a_file_name_has_one_meaning() -> None:
    """The modules of the command line are named like its commands, which are named like what they call."""
    names = Counter(p.stem for p in MODULES.values() if p.parent.name != "cli")
    assert {name for name, count in names.items() if count > 1} - SHARED_NAMES == set()


def test_no_name_of_the_face_is_a_room() -> None:
    assert set(robustness.__all__) & set(ORDER) == set()


def test_only_strategies_imports_hypothesis() -> None:
    users = {
        path.name
        for path in MODULES.values()
        if "from hypothesis" in path.read_text(encoding="utf-8")
    }
    assert users == {"strategies.py"}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_does_and_stays_small(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) != "cli"])
def test_no_function_takes_more_than_eight_parameters(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert {f.name for f in functions if _parameters(f) > 8} == set()


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return len([one for one in every if one.arg not in {"self", "cls"}])


def circle(graph: dict[str, set[str]]) -> list[str]:
    """A circle of a graph, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []
