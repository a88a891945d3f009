"""Copies of a model in Ray actors: start them, give them batches, notice that one is lost, start another.

Knows actors and nodes, nothing of what is done with answers. A lost actor is not restarted by Ray but
replaced here, and only one that has loaded the model gets batches: so an actor that finds no room in a
shrunken cluster keeps nobody waiting.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.answers.engines.local import LocalEngine
from robustness.answers.store import store_key
from robustness.errors import ModelError, ModelRefusedError, RobustnessError
from robustness.models import load_model
from robustness.models.precision import at_precision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from robustness.answers.batches import Batch
    from robustness.answers.events import Event
    from robustness.models import QAModel

AT_ONCE = 2
"""Batches that a replica has at most: one that it computes, and the next one."""
PATIENCE = 600.0
"""Seconds without any replica before the audit gives up: a cluster may have to start machines first."""
FALSE_STARTS = 3
"""No more replicas are started once this many, plus one for each that is wanted, were lost in a row while loading."""
_LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a replica loads, the same as the driver."""

    spec: str
    task: str | None = None
    adapter: Path | None = None
    precision: str = "float32"
    wrap: Callable[[QAModel], QAModel] | None = None
    """What is put around the model once it is loaded, a guard for one; must be importable where replicas run."""

    def absolute(self) -> Recipe:
        """With paths that hold in another working directory."""
        scheme, _, rest = self.spec.partition(":")
        spec = self.spec
        if scheme == "gguf":
            spec = f"gguf:{Path(rest).expanduser().resolve()}"
        elif spec != "reader" and Path(spec).expanduser().is_dir():
            spec = str(Path(spec).expanduser().resolve())
        adapter = self.adapter.resolve() if self.adapter else None
        return replace(self, spec=spec, adapter=adapter)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a replica cannot go on, in a form that travels."""

    what: str
    hint: str


class Replica:
    """A copy of the model, in an actor's process."""

    def __init__(self) -> None:
        self._engine = LocalEngine()
        self._model: QAModel | None = None

    def load(self, recipe: Recipe) -> str | Refusal:
        """Load the model; returns what its answers belong to, see `robustness.answers.store.store_key`."""
        try:
            model = load_model(recipe.spec, task=recipe.task, adapter=recipe.adapter)
        except RobustnessError as error:
            return Refusal(error.what, error.hint)
        model = recipe.wrap(model) if recipe.wrap else model
        rounded = at_precision(model, "bfloat16") if recipe.precision == "bfloat16" else None
        self._model = rounded or model
        return store_key(self._model)

    def answer(self, batch: Batch) -> tuple[Event, ...] | Refusal:
        """What the local engine says of a batch."""
        assert self._model is not None
        try:
            return tuple(self._engine.run(self._model, [batch]))
        except ModelRefusedError as error:
            return Refusal(error.what, error.hint)


@dataclass(frozen=True, slots=True)
class Done:
    """A replica has answered a batch."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """A replica is gone, and what it had not answered; it was at work on the first of these."""

    batches: tuple[Batch, ...]
    why: str


@dataclass(eq=False, slots=True)
class _Actor:
    handle: Any
    batches: dict[Any, Batch] = field(default_factory=dict)
    """What it was given, by the reference to the result, in order."""


class Replicas:
    """A number of replicas that is kept up.

    Args:
        recipe: What they load.
        key: What `store_key` says of the driver's model; a replica must agree.
        workers: How many there shall be.
    """

    def __init__(self, recipe: Recipe, key: str, *, workers: int) -> None:
        self._recipe, self._key = recipe, key
        self._loading: dict[Any, _Actor] = {}
        self._ready: list[_Actor] = []
        self._false_starts, self._most_false_starts = 0, workers + FALSE_STARTS
        self._last_seen = time.monotonic()
        for _ in range(workers):
            self._start()

    @property
    def has_work(self) -> bool:
        """Whether a batch is under way."""
        return any(actor.batches for actor in self._ready)

    @property
    def has_room(self) -> bool:
        """Whether a batch can be given."""
        return any(len(actor.batches) < AT_ONCE for actor in self._ready)

    def give(self, batch: Batch) -> None:
        """Give a batch to the replica that has the least to do."""
        actor = min(self._ready, key=lambda one: len(one.batches))
        actor.batches[actor.handle.answer.remote(batch)] = batch

    def wait(self) -> Iterator[Done | Lost]:
        """Wait until something happens, and say what.

        Raises:
            ModelRefusedError: A replica says that no prompt can be answered.
            ModelError: Replicas cannot load the same model, or there are none for `PATIENCE` seconds.
        """
        import ray

        if self._ready:
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > PATIENCE:
            raise ModelError(
                "No node of the cluster has room for the model",
                hint="Look at ray status, or lower --workers.",
            )
        under_way = [*self._loading, *(ref for actor in self._ready for ref in actor.batches)]
        done, _ = ray.wait(under_way, num_returns=1, timeout=_LOOK_SECONDS)
        for reference in done:
            if reference in self._loading:
                yield from self._loaded(reference)
            elif actor := next((one for one in self._ready if reference in one.batches), None):
                yield self._answered(actor, reference)

    def close(self) -> None:
        """End all replicas."""
        for actor in (*self._loading.values(), *self._ready):
            _kill(actor)
        self._loading, self._ready = {}, []

    def _start(self) -> None:
        import ray

        wants_card = self._key.endswith("/cuda")
        made: Any = ray.remote(Replica)
        handle = made.options(
            num_cpus=1,
            num_gpus=1 if wants_card else 0,
            max_restarts=0,
            scheduling_strategy="SPREAD",
        ).remote()
        self._loading[handle.load.remote(self._recipe)] = _Actor(handle)

    def _loaded(self, reference: Any) -> Iterator[Lost]:
        actor = self._loading.pop(reference)
        said = _result(reference)
        if isinstance(said, Lost):
            _kill(actor)
            self._false_starts += 1
            if self._false_starts < self._most_false_starts:
                self._start()
            elif not (self._ready or self._loading):
                raise ModelError(
                    f"Replicas of the model cannot be started ({said.why})",
                    hint="Is the same medqa-robustness installed on every node?",
                )
            yield said
            return
        key = _accepted(said)
        if key != self._key:
            raise ModelError(
                f"A replica loads another model ({key}) than this process ({self._key})",
                hint="Give all nodes the same files, and start the audit on a machine like theirs.",
            )
        self._false_starts = 0
        self._ready.append(actor)

    def _answered(self, actor: _Actor, reference: Any) -> Done | Lost:
        said = _result(reference)
        if isinstance(said, Lost):
            self._ready.remove(actor)
            _kill(actor)
            self._start()
            return Lost(tuple(actor.batches.values()), said.why)
        del actor.batches[reference]
        return Done(_accepted(said))


def _result(reference: Any) -> Any:
    """What an actor returned, or `Lost`; an error of its code is raised here as it was there."""
    import ray
    from ray.exceptions import RayError, RayTaskError

    try:
        return ray.get(reference)
    except RayTaskError:
        raise
    except RayError as error:
        lines = deque((str(error) or type(error).__name__).strip().splitlines(), maxlen=1)
        return Lost((), f"{type(error).__name__}: {lines[0].strip()[:160]}")


def _accepted(said: Any) -> Any:
    if isinstance(said, Refusal):
        raise ModelRefusedError(f"A replica says: {said.what}", hint=said.hint)
    return said


def _kill(actor: _Actor) -> None:
    import ray

    ray.kill(actor.handle, no_restart=True)
