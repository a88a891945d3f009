"""A Python function as a model: the way to audit a whole pipeline, retrieval and all.

``python:MODULE:CALLABLE`` names a plain or async callable; the working directory is searched first. It is
called with the question, and with ``context`` and ``options`` where its signature has parameters of these
names. It returns the answer as a text, or a dict with ``text`` or ``answer`` and, if it likes, ``score``;
a plain callable may also return something to await. Whatever it raises, ``sys.exit`` included, and None are
an error of that one prompt.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import inspect
import sys
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustness.errors import ModelError, nearest
from robustness.models.protocol import Answer, all_answers, clean_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from robustness.questions.prompt import Prompt

CONCURRENCY = 8
"""Calls of an async function under way at once."""
_EXTRAS = ("context", "options")


@dataclass(frozen=True, slots=True)
class CallableModel:
    """A callable that answers one question at a time."""

    spec: str
    """How the command line names it."""
    call: Callable[..., Any]
    extras: tuple[str, ...]
    """What it takes in addition to the question: ``context``, ``options``, both or neither."""
    fingerprint: str
    """SHA-256 over the specification and the module's source; what it imports is not looked at."""
    kind: str = "python"
    """Kind of model."""
    tokenizer_path: str | None = None
    """Its own affair."""
    held_out_drugs: frozenset[str] | None = None
    """Nothing is known of its training."""

    def answer(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Answer prompts one by one, or an async callable's several at once.

        Every batch of an async callable runs in an event loop of its own.

        Raises:
            PartlyAnsweredError: The callable raised, or returned no answer, for some of them.
        """
        if inspect.iscoroutinefunction(self.call) or inspect.iscoroutinefunction(
            getattr(self.call, "__call__", None)  # noqa: B004 - an object whose call is async
        ):
            return all_answers(asyncio.run(self._all(prompts)))
        return all_answers([self._one(prompt) for prompt in prompts])

    async def _all(self, prompts: Sequence[Prompt]) -> list[Answer | ModelError]:
        places = asyncio.Semaphore(CONCURRENCY)

        async def ask(prompt: Prompt) -> Answer | ModelError:
            async with places:
                try:
                    return _answer(await self.call(prompt.question, **self._given(prompt)))
                except (Exception, SystemExit) as error:  # noqa: BLE001 - it is code of the user's
                    return _failed(error)

        return list(await asyncio.gather(*map(ask, prompts)))

    def _one(self, prompt: Prompt) -> Answer | ModelError:
        try:
            returned = self.call(prompt.question, **self._given(prompt))
            if inspect.isawaitable(returned):
                returned = asyncio.run(_awaited(returned))
            return _answer(returned)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is code of the user's
            return _failed(error)

    def _given(self, prompt: Prompt) -> dict[str, Any]:
        given = {"context": prompt.context, "options": list(prompt.options)}
        return {name: given[name] for name in self.extras}


def load_callable(spec: str) -> CallableModel:
    """The model of a specification such as ``python:my_pipeline:answer``.

    Raises:
        ModelError: The module cannot be imported, or holds no such callable.
    """
    module_name, _, name = spec.partition(":")[2].partition(":")
    if not module_name or not name:
        raise ModelError("Not a callable", value=spec, hint="Write python:MODULE:CALLABLE.")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        raise ModelError(
            f"The module cannot be imported ({type(error).__name__}: {error})",
            value=module_name,
            hint="Run from the folder that holds it, or install it.",
        ) from error
    call: Any = module
    for part in name.split("."):
        call = getattr(call, part, None)
    if not callable(call):
        raise ModelError("No such callable", value=spec, hint=nearest(name, _callables(module)))
    return CallableModel(spec, call, _extras(call, spec), _fingerprint(spec, module))


def _extras(call: Callable[..., Any], spec: str) -> tuple[str, ...]:
    try:
        parameters = inspect.signature(call).parameters
    except (TypeError, ValueError):
        return ()
    takes_question = any(
        p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL)
        for p in parameters.values()
    )
    if not takes_question:
        raise ModelError("The callable takes no question", value=spec, hint="Give it one argument.")
    first = next(iter(parameters))
    everything = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    return tuple(name for name in _EXTRAS if (name in parameters and name != first) or everything)


def _answer(returned: object) -> Answer | ModelError:
    """What a callable returned, as an answer."""
    text, score = returned, None
    if isinstance(returned, dict):
        text, score = returned.get("text", returned.get("answer")), returned.get("score")
    if not isinstance(text, str):
        return ModelError(
            "The callable returned no answer",
            value=returned,
            hint="Return a text, or a dict with text and score.",
        )
    if score is not None:
        is_number = isinstance(score, Real) and not isinstance(score, bool)
        if not is_number or not 0 <= score <= 1:
            return ModelError(
                "Not a score", value=score, hint="Give a number from 0 to 1, or none."
            )
        score = float(score)
    return Answer(clean_text(text), score)


async def _awaited(returned: Awaitable[Any]) -> Any:
    return await returned


def _failed(error: BaseException) -> ModelError:
    lines = str(error).strip().splitlines() or [""]
    return ModelError(f"The callable raised {type(error).__name__}: {clean_text(lines[0])[:160]}")


def _callables(module: object) -> list[str]:
    return [name for name, each in vars(module).items() if callable(each) and name[0] != "_"]


def _fingerprint(spec: str, module: object) -> str:
    digest = hashlib.sha256(spec.encode())
    source = getattr(module, "__file__", None)
    if source and Path(source).is_file():
        digest.update(Path(source).read_bytes())
    return digest.hexdigest()[:16]
