"""The engine of a Ray cluster: one copy of the model an actor, the same batches as on one machine.

Batches are those that the local engine would compute, and each is computed by a local engine in an actor;
so results are the same but for times. What a lost actor or node had not answered is given to another one.
Nothing is started before there is a batch to ask: an audit whose answers are all in its store needs no
cluster.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from robustness.answers.engines.replicas import Done, Lost, Recipe, Replicas
from robustness.answers.events import BatchAnswered, Setback
from robustness.answers.store import store_key
from robustness.errors import InputError
from robustness.models.weight_files import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from robustness.answers.batches import Batch
    from robustness.answers.events import Event
    from robustness.models import QAModel

LOSSES = 3
"""Replicas that may be lost over one batch before it counts as their cause."""


class RayEngine:
    """Asks copies of a model in the actors of a cluster; a context that ends what it started.

    Args:
        recipe: What the copies are loaded from; the same as the model that `run` is given.
        workers: How many copies; 0 for one a graphics card or, without any, one a node.
        address: Of the cluster, as ``ray.init`` takes it. Without it ``RAY_ADDRESS`` counts; without that
            one too, or with ``local``, a Ray of this machine alone is started.

    Raises:
        MissingPackageError: Ray is not installed.
    """

    def __init__(self, recipe: Recipe, *, workers: int = 0, address: str | None = None) -> None:
        require("ray", extra="ray")
        self._recipe, self._workers, self._address = recipe.absolute(), workers, address
        self._replicas: Replicas | None = None
        self._is_owner = False

    def __enter__(self) -> RayEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._replicas:
            self._replicas.close()
        if self._is_owner:
            import ray

            ray.shutdown()
        self._replicas, self._is_owner = None, False

    def run(self, model: QAModel, batches: Iterable[Batch]) -> Iterator[Event]:
        """Answer batches in the order that they come back, see `robustness.answers.engines.engine.Engine`.

        Raises:
            ModelRefusedError: The model cannot answer anything.
            ModelError: The copies cannot be started, or differ from the model.
            InputError: There is no cluster at the address.
        """
        waiting = _Waiting(batches)
        while waiting.has_next() or (self._replicas and self._replicas.has_work):
            replicas = self._replicas or self._started(model)
            while replicas.has_room and waiting.has_next():
                replicas.give(waiting.next())
            for heard in replicas.wait():
                yield from heard.events if isinstance(heard, Done) else waiting.again(heard)

    def _started(self, model: QAModel) -> Replicas:
        import ray

        if not ray.is_initialized():
            _connect(self._address, self._workers)
            self._is_owner = True
        workers = self._workers or _places()
        self._replicas = Replicas(self._recipe, store_key(model), workers=workers)
        return self._replicas


class _Waiting:
    """Batches that nobody has: those that came back first, then new ones, taken only when needed."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._new = iter(batches)
        self._next: deque[Batch] = deque()
        self._losses: Counter[Batch] = Counter()

    def has_next(self) -> bool:
        if not self._next:
            self._next.extend(islice(self._new, 1))
        return bool(self._next)

    def next(self) -> Batch:
        return self._next.popleft()

    def again(self, lost: Lost) -> Iterator[Event]:
        """Take the batches of a lost replica back, unless the first of them has cost too many."""
        batches = list(lost.batches)
        yield Setback(
            f"A replica was lost ({lost.why}); its {len(batches)} batches are asked again."
        )
        if batches:
            self._losses[batches[0]] += 1
            if self._losses[batches[0]] >= LOSSES:
                batch = batches.pop(0)
                for prompt in batch.prompts:
                    yield Setback(f"No answer to {prompt.question[:200]!r}: its replicas were lost")
                yield BatchAnswered((), (), 0.0, from_store=False, key=batch.key)
        self._next.extendleft(reversed(batches))


def _connect(address: str | None, workers: int) -> None:
    import ray

    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    wanted = address or os.environ.get("RAY_ADDRESS") or "local"
    if wanted == "local":
        ray.init(
            address="local",
            num_cpus=max(workers, os.cpu_count() or 1),
            include_dashboard=False,
            **quiet,
        )
        return
    try:
        ray.init(address=wanted, **quiet)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise InputError(
            "No Ray cluster can be reached",
            where="--address",
            value=wanted,
            hint="Start one with ray start --head, or leave the address out.",
        ) from error


def _places() -> int:
    """One a graphics card, or one a node."""
    import ray

    cards = int(ray.cluster_resources().get("GPU", 0))
    return cards or sum(bool(node["Alive"]) for node in ray.nodes())
