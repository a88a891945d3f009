"""Options from configuration files and the environment.

Command line > environment (``ROBUSTNESS_*``) > file > default. The file is ``robustness.toml``, or the
table ``[tool.robustness]`` of ``pyproject.toml``, in the working directory; keys are the option names in
kebab case. An unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from robustness.audit.repeats import DEFAULT_REPEATS
from robustness.errors import InputError, nearest
from robustness.gate import DEFAULT_RULES, MetricName, Rule, Severity
from robustness.misspellings import DEFAULT_CHANNELS

DEFAULT_BUDGET = 2500
_PREFIX = "ROBUSTNESS_"


def _kebab(name: str) -> str:
    return name.replace("_", "-")


_STRICT = ConfigDict(extra="forbid", frozen=True, alias_generator=_kebab, populate_by_name=True)


class RuleOptions(BaseModel):
    """One rule, as ``[[tool.robustness.gate.rules]]`` writes it; see `robustness.gate.Rule`."""

    model_config = _STRICT

    metric: MetricName
    threshold: Annotated[float, Field(ge=0, le=1)]
    slice: str = ""
    confidence: Annotated[float, Field(ge=0.5, lt=1)] = 0.95
    severity: Severity = "error"


class GateOptions(BaseModel):
    """The table ``[tool.robustness.gate]``."""

    model_config = _STRICT

    rules: tuple[RuleOptions, ...] | None = None
    """Rules in place of the default ones; an empty list for none."""


class Options(BaseModel):
    """Options of an audit, after all sources were merged."""

    model_config = _STRICT

    model: str = "reader"
    """Model specification."""
    data: Path | None = None
    """File of the user's own questions; the embedded ones when it is not given."""
    skip_bad_rows: bool = False
    """Leave out rows of `data` that cannot be used, and list them."""
    task: Literal["extractive", "choice", "generate"] | None = None
    """What the model is asked to do; None for what its configuration says."""
    adapter: Path | None = None
    """Folder of a PEFT adapter to put on the model."""
    guard: bool = False
    """Whether the guard stands in front of the model; ``guard:MODEL`` says the same."""
    drugs: tuple[str, ...] = ()
    """Names of the drugs to audit; empty for all."""
    out: Path | None = None
    """Folder of the results; ``reports/MODEL`` when it is not given."""
    budget: Annotated[int, Field(ge=0)] | Literal["auto"] = DEFAULT_BUDGET
    """Largest number of pairs; 0 for all there are; ``auto`` for the default one, stopping early."""
    channels: tuple[str, ...] = DEFAULT_CHANNELS
    """Where misspellings come from."""
    seed: int = 0
    """Decides leaflets, phrasings and order."""
    fail_under: Annotated[float, Field(ge=0, le=1)] | None = None
    """Lowest consistency that the gate lets pass, 0 to 1; in place of all other rules."""
    gate: GateOptions = GateOptions()
    """Rules of the gate."""
    inconclusive: Literal["pass", "fail"] | None = None
    """What an inconclusive gate counts as; a result of its own (exit code 4) when not given."""
    repeats: Annotated[int, Field(ge=0)] = DEFAULT_REPEATS
    """How many questions with the correct name are asked twice, for the noise floor."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """Numbers that a model in this process computes with."""
    cache: str | None = None
    """Folder of the answers that all audits share, or ``none``; the user's cache when it is not given."""
    engine: Literal["local", "ray"] = "local"
    """Where the model computes."""
    workers: Annotated[int, Field(ge=0)] = 0
    """Copies of the model on a Ray cluster; 0 for one a graphics card or, without any, one a node."""
    address: str | None = None
    """Address of the Ray cluster; ``RAY_ADDRESS``, or a Ray of this machine, when it is not given."""

    extras: bool = True
    """Also ask about look-alikes that must be told apart and about invented names."""

    @property
    def pairs(self) -> int:
        """The budget as a number of pairs."""
        return DEFAULT_BUDGET if self.budget == "auto" else self.budget

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of the gate."""
        if self.fail_under is not None:
            return (Rule("consistency", self.fail_under),)
        if self.gate.rules is None:
            return DEFAULT_RULES
        return tuple(Rule(**rule.model_dump()) for rule in self.gate.rules)

    @property
    def guarded_model(self) -> str:
        """The specification of the model, with ``guard:`` in front of it where a guard is asked for."""
        missing = self.guard and not self.model.startswith("guard:")
        return f"guard:{self.model}" if missing else self.model

    @property
    def folder(self) -> Path:
        """Where results go."""
        if self.out is not None:
            return self.out
        readable = "".join(c if c.isalnum() or c in "-_." else "-" for c in self.guarded_model)
        return Path("reports") / (readable.strip("-.") or "model")


def load_options(given: dict[str, Any], *, folder: Path | None = None) -> Options:
    """Merge the command line with environment, file and defaults.

    Args:
        given: Options of the command line, by field name; None means that it was not given.
        folder: Where the configuration file is looked for; the working directory when not given.

    Raises:
        InputError: An unknown key or a bad value, with where it stands.
    """
    merged: dict[str, tuple[Any, str]] = {}
    for values, where in (
        *_file_values(folder or Path()),
        (_environment(), "environment"),
        ({_kebab(k): v for k, v in given.items() if v is not None}, "command line"),
    ):
        merged |= {key: (value, where) for key, value in values.items()}
    known = {_kebab(name) for name in Options.model_fields}
    for key, (_, where) in merged.items():
        if key not in known:
            raise InputError("Unknown option", where=where, value=key, hint=nearest(key, known))
    for key, (value, where) in merged.items():
        if "\0" in str(value):
            raise InputError(f"Bad value for {key!r}", where=where, hint="It holds a zero byte.")
    try:
        return Options.model_validate({key: value for key, (value, _) in merged.items()})
    except ValidationError as error:
        raise _complaint(error, merged) from error


def _complaint(error: ValidationError, merged: dict[str, tuple[Any, str]]) -> InputError:
    """What is wrong, by the name that the user knows it by."""
    first = error.errors()[0]
    key, *inner = first["loc"]
    places = [str(part) for part in inner if key == "gate"]
    name = ".".join([str(key), *places])
    hint = f"{first['msg']}."
    if first["type"] == "extra_forbidden":
        known = RuleOptions.model_fields if "rules" in places else GateOptions.model_fields
        hint = nearest(str(inner[-1]), map(_kebab, known))
    return InputError(
        f"Bad value for {name!r}", where=merged[str(key)][1], value=first["input"], hint=hint
    )


def _environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in Options.model_fields.keys() - {"gate"}:
        value = os.environ.get(_PREFIX + name.upper())
        if value is not None:
            found[_kebab(name)] = value.split(",") if name in ("drugs", "channels") else value
    return found


def _file_values(folder: Path) -> list[tuple[dict[str, Any], str]]:
    own, shared = folder / "robustness.toml", folder / "pyproject.toml"
    if own.is_file():
        return [(_read(own), str(own))]
    if shared.is_file():
        table: Any = _read(shared)
        for key in ("tool", "robustness"):
            table = table.get(key, {})
            if not isinstance(table, dict):
                raise InputError(
                    f"{key!r} is no table", where=shared, hint="Write [tool.robustness]."
                )
        return [(table, f"{shared}, [tool.robustness]")]
    return []


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"Bad configuration file ({error})", where=path, hint="Mend it."
        ) from error
