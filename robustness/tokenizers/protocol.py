"""The port that every tokenizer is reached through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tokenizer(Protocol):
    """Cuts texts into pieces of a vocabulary."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def fingerprint(self) -> str:
        """Changes when any of its files does."""

    def pieces(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text, without special tokens, as the vocabulary writes them."""
