"""Audits on a real Ray cluster of two nodes on this machine: actors and a node are killed under way."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from robustness.answers.asking import Asking
from robustness.answers.batches import Batch
from robustness.answers.engines.choose import open_engine
from robustness.answers.engines.local import LocalEngine
from robustness.answers.engines.ray import LOSSES, RayEngine, _Waiting
from robustness.answers.engines.replicas import Lost, Recipe
from robustness.answers.events import BatchAnswered, Event, Setback
from robustness.answers.store import Store, store_key
from robustness.audit import make_plan, run_audit
from robustness.drugs import load_drugs
from robustness.errors import InputError, MissingPackageError, ModelError
from robustness.guard import Guard
from robustness.models import Prompt, load_model
from robustness.results.audit_json import save_results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SLOW = Recipe("planted:slow")


def lasting(results: dict[str, Any], folder: Path) -> bytes:
    """The file of an audit without what may differ between two runs."""
    folder.mkdir(exist_ok=True)
    save_results(dict(results) | {"run": 0, "timing": 0}, folder)
    return (folder / "audit.json").read_bytes()


def after(batches: int, strike: Callable[[], None]) -> Callable[[Event], None]:
    """A listener that strikes once, when so many batches have their answers."""
    seen: list[Event] = []

    def listen(event: Event) -> None:
        if isinstance(event, BatchAnswered):
            seen.append(event)
            if len(seen) == batches:
                strike()

    return listen


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cluster of two nodes with room for two replicas each; nothing is written to the home folder."""
    monkeypatch.setenv("RAY_AUTH_TOKEN", os.urandom(16).hex())
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    monkeypatch.setenv(
        "RAY_worker_niceness", "0"
    )  # 15 by default: starved where others compute too
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ray
        from ray.cluster_utils import Cluster

        made = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False}
        )
        made.second = made.add_node(num_cpus=2)
        ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
        yield made
        ray.shutdown()
        made.shutdown()


@pytest.mark.models
@pytest.mark.timeout(900)  # a dozen processes start, and a killed node is noticed after a while
def test_results_are_the_local_ones_though_an_actor_and_a_node_die(
    cluster: Any, tmp_path: Path
) -> None:
    plan = make_plan(load_drugs()[:20], seed=0, budget=300)
    model = load_model(SLOW.spec)
    expected = lasting(run_audit(plan, load_model("planted:robust")), tmp_path / "local")
    heard: list[Event] = []

    def kill_an_actor() -> None:
        actor = next(iter(engine._replicas._ready))  # type: ignore[union-attr]
        import ray

        ray.kill(actor.handle)

    def kill_a_node() -> None:
        cluster.remove_node(cluster.second, allow_graceful=False)

    with (
        RayEngine(SLOW, workers=4) as engine,
        Store(tmp_path / "s.sqlite", store_key(model)) as store,
    ):
        replicas = engine._started(model)
        while len(replicas._ready) < 4:  # then the second node has work when it dies
            assert list(replicas.wait()) == []
        strikes = [after(2, kill_an_actor), after(5, kill_a_node)]
        results = run_audit(
            plan,
            model,
            asking=Asking(
                store=store,
                engine=engine,
                listeners=(
                    *strikes,
                    heard.append,
                ),
            ),
        )
        again = run_audit(plan, model, asking=Asking(store=store))
    got = lasting(results, tmp_path / "ray")
    assert got == expected.replace(b"planted:robust", b"planted:slow")
    lost = [event.message for event in heard if isinstance(event, Setback)]
    assert len(lost) >= 2
    assert all("lost" in message for message in lost)
    asked = [p for event in heard if isinstance(event, BatchAnswered) for p in event.prompts]
    assert len(asked) == len(set(asked)) == results["counts"]["model_calls"]
    assert again["timing"]["prompts_asked"] == 0
    assert lasting(again, tmp_path / "again") == got

    # a real model behind a guard, whose answers depend on the batch to the last bit
    reader, few = Guard(load_model("reader")), make_plan(load_drugs()[:20], seed=1, budget=10)
    with RayEngine(Recipe("reader", wrap=Guard), workers=1) as engine:
        there = run_audit(few, reader, asking=Asking(engine=engine))
    assert lasting(there, tmp_path / "there") == lasting(run_audit(few, reader), tmp_path / "here")

    other = Recipe("planted:fragile")
    with RayEngine(other, workers=1) as engine, pytest.raises(ModelError, match="another model"):
        list(engine.run(model, [Batch((Prompt("What?"),))]))


def test_a_batch_that_kills_its_replicas_is_given_up_and_the_others_are_not() -> None:
    deadly, fine, late = (Batch((Prompt(word),)) for word in ("deadly", "fine", "late"))
    waiting = _Waiting([deadly, fine, late])
    heard: list[Event] = []
    for _ in range(LOSSES):
        given = [waiting.next() for _ in range(2) if waiting.has_next()]
        assert given == [deadly, fine]
        heard += waiting.again(Lost((deadly, fine), "killed"))
    assert [waiting.next() for _ in range(2) if waiting.has_next()] == [fine, late]
    assert not waiting.has_next()
    given_up = [event for event in heard if isinstance(event, BatchAnswered)]
    assert [event.prompts for event in given_up] == [()]
    assert any("deadly" in event.message for event in heard if isinstance(event, Setback))


def test_batches_are_taken_no_sooner_than_needed() -> None:
    taken: list[str] = []

    def batches() -> Iterator[Batch]:
        for word in "abc":
            taken.append(word)
            yield Batch((Prompt(word),))

    waiting = _Waiting(batches())
    assert taken == []
    assert waiting.has_next()
    waiting.next()
    assert taken == ["a"]


def test_an_engine_that_has_nothing_to_ask_starts_nothing() -> None:
    with RayEngine(Recipe("planted:robust"), address="ray://nowhere:1") as engine:
        assert list(engine.run(load_model("planted:robust"), [])) == []


def test_the_engine_of_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_engine("local", SLOW) as engine:
        assert isinstance(engine, LocalEngine)
    with pytest.raises(InputError, match="--engine ray"):
        open_engine("local", SLOW, workers=2)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"medqa-robustness\[ray\]"):
        open_engine("ray", SLOW)


def test_recipes_hold_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").mkdir()
    monkeypatch.chdir(tmp_path)
    found = Recipe("model").absolute()
    assert found.spec == str(tmp_path / "model")
    assert Recipe("gguf:m.gguf").absolute().spec == f"gguf:{tmp_path / 'm.gguf'}"
    assert Recipe("python:m:f").absolute().spec == "python:m:f"
