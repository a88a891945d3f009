"""Repair the drug names of a text: the guard as a plain function on texts.

Known names and ordinary words stay as they are, letter by letter, and so does everything between words.
Of the rest, what is meant to be a drug name is corrected or asked about. A `Repair` tells all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from robustness.drugs import load_finder, load_known_names
from robustness.guard.candidate_names import NameIndex, load_index
from robustness.guard.confusions import ConfusionModel, load_confusions
from robustness.guard.decision import Action, Thresholds, decide, offered
from robustness.guard.english import EnglishWords, load_words
from robustness.guard.posterior import Weights, posterior
from robustness.guard.text_words import Token, in_case_of, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.drugs import NameFinder

SHORTEST = 4
"""Words with fewer letters are never taken for a name."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done about one word."""

    start: int
    """Character offset of the word in the text that was given."""
    end: int
    """Where it ends, exclusive."""
    written: str
    """The word as it was written."""
    action: Action
    replacement: str
    """What stands in its place; the word itself where it was asked about."""
    names: tuple[str, ...]
    """The drug names that it was taken for, the most probable first; those that are asked about."""
    probability: float
    """Posterior of the first one, 0 to 1."""

    def as_dict(self) -> dict[str, Any]:
        """The change as JSON values."""
        return {
            "start": self.start,
            "end": self.end,
            "written": self.written,
            "action": self.action.value,
            "replacement": self.replacement,
            "names": list(self.names),
            "probability": round(self.probability, 6),
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of a text."""

    text: str
    """The text with its corrections."""
    changes: tuple[Change, ...]
    """All that was corrected or asked about, from left to right."""

    @property
    def corrected(self) -> tuple[Change, ...]:
        """The corrections."""
        return tuple(one for one in self.changes if one.action is Action.CORRECTED)

    @property
    def asked(self) -> tuple[Change, ...]:
        """The words that somebody must be asked about."""
        return tuple(one for one in self.changes if one.action is Action.ASKED)

    @property
    def question(self) -> str:
        """What to ask back; empty when nothing is unclear."""
        return " ".join(map(_question, self.asked))


@dataclass(frozen=True)
class Repairer:
    """Repairs texts; every part can be replaced, as a benchmark does."""

    index: NameIndex = field(default_factory=load_index)
    finder: NameFinder = field(default_factory=load_finder)
    """Finds the known names that stay as they are."""
    channel: ConfusionModel = field(default_factory=load_confusions)
    words: EnglishWords = field(default_factory=load_words)
    weights: Weights = field(default_factory=Weights)
    thresholds: Thresholds = field(default_factory=Thresholds)

    def repair(self, text: str, *, context: str = "", options: Sequence[str] = ()) -> Repair:
        """Correct the drug names of a text, and find those that one must ask about.

        Args:
            text: Any text, for example a question.
            context: What is read together with it; drugs that it names are more probable. What the text
                itself names says nothing: who writes of two drugs does not write the same name twice.
            options: What can be chosen as an answer; as `context`.
        """
        words = list(tokens(text))
        suspects = self._suspects(text, words)
        if not suspects:
            return Repair(text, ())
        named = _named_in(context, *options)
        changes = [self._change(words, place, named) for place in suspects]
        return _apply(text, [change for change in changes if change])

    def _suspects(self, text: str, words: Sequence[Token]) -> list[int]:
        """Which words are neither a known name, nor within one, nor an ordinary word."""
        unknown = [place for place, word in enumerate(words) if self._is_unknown(word)]
        if not unknown:
            return []
        mentions = self.finder.find(text)
        return [
            place
            for place in unknown
            if not any(
                m.start <= words[place].start and words[place].end <= m.end for m in mentions
            )
        ]

    def _is_unknown(self, word: Token) -> bool:
        if len(word.key) < SHORTEST or not word.is_spelled_out:
            return False
        if word.key in self.words.dictionary or word.key in self.index:
            return False
        if self.words.inflects(word.key) or word.key.removesuffix("s") in self.index:
            return False
        return len(word.parts) == 1 or not all(
            part in self.words.dictionary or part in self.index for part in word.parts
        )

    def _change(
        self, words: Sequence[Token], place: int, named: Sequence[frozenset[str]]
    ) -> Change | None:
        word = words[place]
        before = [one.text.lower() for one in words[max(place - 1, 0) : place]]
        after = [one.text.lower() for one in words[place + 1 : place + 2]]
        candidates = self.index.candidates(word.key, before, after)
        if not candidates:
            return None
        found = posterior(
            word.key,
            candidates,
            channel=self.channel,
            words=self.words,
            names=self.index,
            weights=self.weights,
            named=named,
        )
        action = decide(found, self.thresholds)
        if action is None:
            return None
        best = found.drugs[0]
        corrected = action is Action.CORRECTED
        names = (best.best.name,) if corrected else offered(found, self.thresholds)
        replacement = in_case_of(best.best.written, word.text) if corrected else word.text
        return Change(word.start, word.end, word.text, action, replacement, names, best.probability)


@cache
def load_repairer() -> Repairer:
    """The repairer of all shipped names."""
    return Repairer()


def repair(text: str, *, context: str = "", options: Sequence[str] = ()) -> Repair:
    """Repair the drug names of a text with the shipped tables, see `Repairer.repair`.

    >>> repair("What is metfomin used for?").text
    'What is metformin used for?'
    """
    return load_repairer().repair(text, context=context, options=options)


def _named_in(*texts: str) -> list[frozenset[str]]:
    """The substances of the drugs that some texts name."""
    names = {mention.name for text in texts for mention in load_finder().find(text)}
    return [load_known_names().substances(name) for name in sorted(names)]


def _apply(text: str, changes: Sequence[Change]) -> Repair:
    parts, end = [], 0
    for change in changes:
        parts += [text[end : change.start], change.replacement]
        end = change.end
    return Repair("".join([*parts, text[end:]]), tuple(changes))


def _question(change: Change) -> str:
    names = " or ".join(change.names)
    return f'Did you mean {names}? It is not clear which drug "{change.written}" is.'
