"""The face of the package: what a notebook calls, and what the command line is written on.

Models, tokenizers and audits are loaded by what names them; nothing here prints. A saved audit is read and
shown, and never acted on.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.answers.asking import Asking
from robustness.answers.cache import open_cache
from robustness.answers.engines.choose import open_engine
from robustness.answers.engines.replicas import Recipe
from robustness.answers.precision_check import forget, settle_precision
from robustness.answers.store import Store, store_key
from robustness.audit import Record, Wanted, gate_preview, make_plan, run_audit
from robustness.drugs import load_drugs, select_drugs
from robustness.files import make_folder
from robustness.gate import DEFAULT_RULES
from robustness.guard import Guard, repair
from robustness.guard.guarded_model import PREFIX
from robustness.guard.loading import load_guardable as load_model
from robustness.misspellings import rank as misspell
from robustness.models import Answer, capabilities
from robustness.models.device import fit_threads
from robustness.questions import UserDataSource
from robustness.questions.loading import check_answerable, embedded_source
from robustness.questions.prompt import Prompt
from robustness.results.audit_json import load_results
from robustness.results.comparison import compare_audits
from robustness.tokenizers import load_tokenizer, xray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.answers.events import Event, Listener
    from robustness.audit import Plan
    from robustness.config import Options
    from robustness.drugs import Drug
    from robustness.gate import Rule
    from robustness.models import QAModel

__all__ = [
    "Answer",
    "Audit",
    "Guard",
    "Prompt",
    "audit_model",
    "audit_options",
    "compare_audits",
    "load_audit",
    "load_model",
    "load_tokenizer",
    "misspell",
    "repair",
    "search_model",
    "xray",
]


@dataclass(frozen=True, slots=True)
class Audit:
    """The results of an audit; in a notebook it shows its report."""

    results: dict[str, Any] = field(repr=False)
    """What ``audit.json`` holds."""

    @property
    def rates(self) -> dict[str, Any]:
        """Rates with their intervals: ``rates["overall"]["flip_rate"]["estimate"]``."""
        found: dict[str, Any] = self.results["rates"]
        return found

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Every pair that was not consistent, the most severe first."""
        found: list[dict[str, Any]] = self.results["failures"]
        return found

    @property
    def gate(self) -> str:
        """The decision: ``pass``, ``fail`` or ``inconclusive``."""
        return str(self.results["gate"]["decision"])

    def save(self, folder: Path | str) -> Path:
        """Write ``audit.json``, ``pairs.csv`` and all reports into a folder; returns the HTML report.

        Raises:
            OutputError: They cannot be written.
        """
        from robustness.reporting import write_reports

        path = Path(folder)
        make_folder(path)
        return write_reports(self.results, path)[0]

    def to_html(self) -> str:
        """The HTML report."""
        from robustness.reporting.html import html_report

        return html_report(self.results)

    def _repr_html_(self) -> str:
        from html import escape

        page = escape(self.to_html(), quote=True)
        return f'<iframe srcdoc="{page}" style="width:100%;height:40em;border:0"></iframe>'


def audit_model(
    model: str | QAModel,
    *,
    drugs: Sequence[str] | None = None,
    data: Path | str | None = None,
    budget: int = 2500,
    seed: int = 0,
    channels: Sequence[str] = ("observed", "noisy"),
    rules: Sequence[Rule] = DEFAULT_RULES,
    out: Path | str | None = None,
) -> Audit:
    """Find out which misspelled drug names change a model's answers.

    >>> import robustness
    >>> found = robustness.audit_model("planted:fragile", drugs=["warfarin"], budget=4)
    >>> found.rates["overall"]["flip_rate"]["n"]
    4

    Args:
        model: A specification as ``--model`` takes it, or an object with the methods of `QAModel`.
        drugs: Names of the drugs to audit; None for all.
        data: File of your own questions; None for the embedded ones.
        budget: Largest number of pairs; 0 for all there are.
        seed: Decides leaflets, phrasings and order.
        channels: Where misspellings come from.
        rules: Thresholds of the gate.
        out: Folder of the store and of the reports; None to write nothing.

    Raises:
        RobustnessError: An option or the model is of no use; the message says what to do.
    """
    questions = UserDataSource(Path(data)) if data is not None else None
    chosen = select_drugs(tuple(drugs), load_drugs()) if drugs is not None else None
    folder = Path(out) if out is not None else None
    if folder:
        make_folder(folder)
    loaded = load_model(model) if isinstance(model, str) else model
    plan = _plan(loaded, chosen, questions, seed=seed, budget=budget, channels=tuple(channels))
    with _store(loaded, folder, None) if folder else nullcontext() as store:
        found = Audit(run_audit(plan, loaded, rules=rules, asking=Asking(store)))
    if folder:
        found.save(folder)
    return found


def audit_options(
    options: Options,
    *,
    fresh: bool = False,
    listener: Listener | None = None,
    say: Callable[[str], None] = lambda _: None,
    command: Sequence[str] = (),
) -> Audit:
    """An audit as the command line describes it, answers kept in the folder of its results.

    Args:
        options: All options, see `robustness.config`.
        fresh: Forget what was answered before.
        listener: Hears of every batch.
        say: Takes one line for the user.
        command: The command line, for the record.
    """
    chosen, questions = _asked_about(options)
    make_folder(options.folder)
    loaded = load_model(options.guarded_model, task=options.task, adapter=options.adapter)
    plan = _plan(
        loaded,
        chosen,
        questions,
        seed=options.seed,
        budget=options.pairs,
        channels=options.channels,
    )
    say(gate_preview(plan, loaded, options.rules))
    hear = listener or _ignore
    with _store(loaded, options.folder, options.cache) as store:
        if store.set_aside:
            say(f"warning: {store.set_aside.name} was no store of answers and is set aside.")
        if fresh:
            forget(loaded, store)
        loaded, checked = settle_precision(
            plan.pairs, loaded, options.precision, store, hear, seed=plan.seed
        )
        used = checked["used"] if checked else "float32"
        if options.precision == "bfloat16" and used == "float32" and checked:
            say("warning: bfloat16 changes too many verdicts; going on with float32.")
        with open_engine(
            options.engine,
            _recipe(options, used),
            workers=options.workers,
            address=options.address,
        ) as engine:
            results = run_audit(
                plan,
                loaded,
                rules=options.rules,
                wanted=Wanted(options.budget == "auto", options.repeats, options.extras),
                asking=Asking(store.of(store_key(loaded)), engine, (hear,)),
                record=Record(options.task, options.adapter, checked, command),
            )
    return Audit(results)


def load_audit(folder: Path | str) -> Audit:
    """Read the results of an audit; nothing that they name is loaded or opened.

    Raises:
        InputError: There is none, or it cannot be read.
    """
    return Audit(load_results(Path(folder)))


def search_model(
    model: str | QAModel,
    *,
    drugs: Sequence[str] | None = None,
    budget: int = 200,
    seed: int = 0,
) -> dict[str, Any]:
    """The smallest misspelling that changes each answer, as ``search.json`` holds it.

    Args:
        model: A specification as ``--model`` takes it, or an object with the methods of `QAModel`.
        drugs: Names of the drugs to ask about; None for a draw.
        budget: Largest number of queries a question.
        seed: Decides leaflets, phrasings and the draw.

    Raises:
        RobustnessError: An option or the model is of no use.
    """
    from robustness.search import LearnedOrder, assemble, draw_drugs, search

    loaded = load_model(model) if isinstance(model, str) else model
    every = load_drugs()
    chosen = select_drugs(tuple(drugs), every) if drugs else tuple(draw_drugs(every, seed=seed))
    source = embedded_source(seed, kind=loaded.kind)
    tokenizer = load_tokenizer(loaded.tokenizer_path) if loaded.tokenizer_path else None
    done = search(source, source.slots(chosen), loaded, LearnedOrder(tokenizer), budget=budget)
    return assemble(done, loaded, source=source, seed=seed)


def _asked_about(options: Options) -> tuple[Sequence[Drug] | None, UserDataSource | None]:
    chosen = select_drugs(options.drugs, load_drugs()) if options.drugs else None
    if options.data is None:
        return chosen, None
    return chosen, UserDataSource(options.data, skip_bad_rows=options.skip_bad_rows)


def _plan(
    loaded: QAModel,
    chosen: Sequence[Drug] | None,
    questions: UserDataSource | None,
    *,
    seed: int,
    budget: int,
    channels: tuple[str, ...],
) -> Plan:
    """What a loaded model is asked; it gets the cores that it can use."""
    if questions:
        check_answerable(questions, loaded.kind)
    if capabilities(loaded).depends_on_batch:
        fit_threads()
    return make_plan(
        chosen,
        seed=seed,
        budget=budget,
        channels=channels,
        source=questions or embedded_source(seed, kind=loaded.kind),
    )


def _store(loaded: QAModel, folder: Path, cache: str | None) -> Store:
    shared = open_cache(loaded, cache)
    return Store(folder / "audit.sqlite", store_key(loaded), spec=loaded.spec, cache=shared)


def _recipe(options: Options, precision: str) -> Recipe:
    """How a copy of the model is made on another machine."""
    spec = options.guarded_model
    guarded = Guard if spec.startswith(PREFIX) else None
    plain = spec.removeprefix(PREFIX)
    return Recipe(plain, options.task, options.adapter, precision, wrap=guarded)


def _ignore(_: Event) -> None:
    return
