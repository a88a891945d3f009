"""How near to the hardware an audit asks, next to other ways to ask the same prompts, in one run.

The embedded reader: the audit's own way (`answer_prompts`: sorted batches by tokens, the next one tokenized
meanwhile, answers put together) next to (a) the bare forward pass over the same batches, tokenized before;
(b) a plain loop over prompts, one by one, in float32; (c) batches of 32 in the order of the plan, in float32.

A causal model that chooses options (``--causal``): the audit's way next to (a) the scoring of its rows alone,
(b) one prompt after another, (c) unsorted batches, and (d) lm-evaluation-harness on the same options, where
installed (pip install lm-eval), whose log-likelihoods are compared with ours.

All ways take turns, ``--rounds`` times; the best time of each counts, by the clock on the wall and by the
processor's, which other work on the machine disturbs less. Ratios travel, absolute times do not.

    python benchmarks/throughput.py [--quick] [--pairs 400] [--rounds 3] [--causal gguf:FILE]
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console

from robustness.answers.asking import answer_prompts
from robustness.answers.batches import cut_batches
from robustness.audit import make_plan
from robustness.models import load_model
from robustness.models.device import fit_threads
from robustness.models.extractive.reader import ExtractiveReader
from robustness.models.language.causal import LanguageModelAnswers
from robustness.models.language.choice import option_rows
from robustness.models.language.likelihood import scores
from robustness.models.precision import native_bfloat16
from robustness.questions.loading import embedded_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robustness.models import Prompt, QAModel
    from robustness.models.language.likelihood import Row

    Way = Callable[[], Any]
    Seconds = tuple[float, float]

UNSORTED = 32
_PLAIN_SHARE = 4
"""The plain loop asks every fourth prompt, and its time is multiplied."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="40 pairs, one round")
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--causal", help="a causal model, for example gguf:FILE")
    parser.add_argument("--no-reader", action="store_true", help="the causal model alone")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.rounds = 40, 1
    console = Console(highlight=False, width=110)
    console.print(f"{fit_threads()} threads, {options.pairs} pairs")
    if not options.no_reader:
        reader(console, options.pairs, options.rounds)
    if options.causal:
        causal(console, options.causal, options.pairs, options.rounds)


def reader(console: Console, pairs: int, rounds: int) -> None:
    """Measure the embedded reader."""
    plain = load_model("reader")
    assert isinstance(plain, ExtractiveReader)
    model = plain.at("bfloat16") if native_bfloat16(plain.model.device.type) else plain
    prompts = planned(pairs, kind="extractive")
    few = prompts[::_PLAIN_SHARE]
    batches = [model.prepare(batch.prompts)[0] for batch in cut_batches(model, prompts)]
    for one in (model, plain):
        one.answer(prompts[:UNSORTED])  # the first pass of a process is slow
    seconds = measured(
        {
            "audit": lambda: answer_prompts(model, prompts, None, _nobody),
            "(a) bare forward pass": lambda: forward(model, batches),
            "(b) one by one, float32": lambda: [plain.answer([one]) for one in few],
            "(c) unsorted, float32": lambda: in_order(plain, prompts),
        },
        rounds,
    )
    name, factor = "(b) one by one, float32", len(prompts) / len(few)
    seconds[name] = scaled(seconds[name], factor)
    show(console, f"embedded reader, {str(model.model.dtype)[6:]}", seconds, pairs)


def causal(console: Console, spec: str, pairs: int, rounds: int) -> None:
    """Measure choosing by likelihood."""
    model = load_model(spec, task="choice")
    assert isinstance(model, LanguageModelAnswers)
    prompts = planned(pairs, kind="choice")
    few = prompts[::_PLAIN_SHARE]
    language = model.language
    rows = [
        list(
            dict.fromkeys(
                r for p in batch.prompts for both in option_rows(language, p) for r in both
            )
        )
        for batch in cut_batches(model, prompts)
    ]
    model.answer(prompts[:2])
    ways: dict[str, Way] = {
        "audit": lambda: answer_prompts(model, prompts, None, _nobody),
        "(a) scoring alone": lambda: [scores(language, some) for some in rows],
        "(b) one by one": lambda: [model.answer([one]) for one in few],
        "(c) unsorted": lambda: in_order(model, prompts),
    }
    asked = [row for p in prompts for row, _ in option_rows(language, p)]
    harness = lm_eval_ways(language, asked)
    seconds = measured(ways | harness, rounds)
    seconds["(b) one by one"] = scaled(seconds["(b) one by one"], len(prompts) / len(few))
    show(console, f"{spec.rpartition('/')[2]}, choice, float32", seconds, pairs)
    if harness:
        # the harness scores options after the question alone; so does ours here, without the premise
        ours = measured({"ours": lambda: scores(language, asked)}, rounds)["ours"]
        theirs = next(iter(harness.values()))()
        apart = max(abs(a - b) for a, b in zip(scores(language, asked), theirs, strict=True))
        console.print(
            f"  the same {len(asked)} options: ours {ours[0]:.1f} s; largest difference {apart:.1e}"
        )
        for name in harness:
            console.print(
                f"  {name}: wall {seconds[name][0] / ours[0]:.2f}, CPU {seconds[name][1] / ours[1]:.2f} times ours"
            )


def lm_eval_ways(language: Any, rows: Sequence[Row]) -> dict[str, Way]:
    """lm-evaluation-harness scoring rows, in batches of one (its default) and of 32; nothing where it is not installed."""
    try:
        from lm_eval.models.huggingface import HFLM
    except ImportError:
        return {}
    ways: dict[str, Way] = {}
    for size in (32, 1):
        harness = HFLM(
            pretrained=language.model, tokenizer=language.tokenizer, batch_size=size, device="cpu"
        )
        requests = [(("", ""), list(prefix), list(end)) for prefix, end in rows]

        def score(harness: Any = harness, requests: Any = requests) -> list[float]:
            found = harness._loglikelihood_tokens(requests, disable_tqdm=True)  # noqa: SLF001
            return [value for value, _ in found]

        ways[f"(d) lm-eval, batches of {size}"] = score
    return ways


def planned(pairs: int, *, kind: str) -> list[Prompt]:
    """The distinct prompts of a plan, in its order."""
    plan = make_plan(None, seed=0, budget=pairs, source=embedded_source(0, kind=kind))
    cases = (case for pair in plan.pairs for case in (pair.baseline, pair.case))
    return list(dict.fromkeys(case.prompt for case in cases))


def forward(model: ExtractiveReader, batches: Sequence[Any]) -> None:
    """The forward pass over tokenized batches, and nothing else."""
    import torch

    with torch.inference_mode():
        for encoded in batches:
            model.model(**{k: v for k, v in encoded.items() if k != "offset_mapping"})


def in_order(model: QAModel, prompts: Sequence[Prompt]) -> None:
    """Batches in the order of the plan."""
    for start in range(0, len(prompts), UNSORTED):
        model.answer(prompts[start : start + UNSORTED])


def measured(ways: dict[str, Way], rounds: int) -> dict[str, Seconds]:
    """The best times of each way; they take turns."""
    best = dict.fromkeys(ways, (float("inf"), float("inf")))
    for _ in range(rounds):
        for name, way in ways.items():
            started, used = time.perf_counter(), time.process_time()
            way()
            now = time.perf_counter() - started, time.process_time() - used
            best[name] = min(best[name][0], now[0]), min(best[name][1], now[1])
    return best


def scaled(times: Seconds, factor: float) -> Seconds:
    """Times of a part, for the whole."""
    return times[0] * factor, times[1] * factor


def show(console: Console, title: str, seconds: dict[str, Seconds], pairs: int) -> None:
    """Print times, pairs a second, and how many times the audit's each way takes, by both clocks."""
    wall, used = seconds["audit"]
    console.print(f"{title}: the audit asks {pairs / wall:.1f} pairs a second")
    for name, each in seconds.items():
        console.print(
            f"  {name:<28} wall {each[0]:6.1f} s, {each[0] / wall:5.2f} times the audit's; "
            f"CPU {each[1]:6.1f} s, {each[1] / used:5.2f} times"
        )


def _nobody(event: object) -> None:
    """Hears nothing."""


if __name__ == "__main__":
    main()
