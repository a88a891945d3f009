"""Keep the case pattern of a name in its misspellings: capitals, a first capital, Tall Man letters.

This module makes no misspellings.
"""

from __future__ import annotations

import re

from robustness.misspellings.edits import Edit

_WORD = re.compile("[A-Za-z]+")


def recase(name: str, edits: tuple[Edit, ...]) -> tuple[str, tuple[Edit, ...]]:
    """What edits make of a name whose case pattern is kept, and the edits in that pattern.

    A word in capitals stays in capitals, a word with a first capital goes on beginning with one. In other
    patterns (Tall Man) places keep their case, and a new letter is a capital between capitals.
    """
    text = _letterwise(name, edits)
    words, written = _WORD.findall(name), _WORD.findall(text)
    if len(words) == len(written):
        patterns = iter(words)
        text = _WORD.sub(lambda word: _like(word[0], next(patterns)), text)
    shift, changed = 0, []
    for edit in edits:
        at, end = edit.position, edit.position + len(edit.before)
        after = text[at + shift : at + shift + len(edit.after)]
        changed.append(Edit(edit.operator, at, name[at:end], after))
        shift += len(edit.after) - len(edit.before)
    return text, tuple(changed)


def _like(word: str, pattern: str) -> str:
    if pattern.isupper():
        return word.upper() if len(pattern) > 1 else word.capitalize()
    return word.capitalize() if pattern == pattern.capitalize() else word


def _letterwise(name: str, edits: tuple[Edit, ...]) -> str:
    parts, end = [], 0
    for edit in edits:
        at = edit.position
        model = name[at : at + len(edit.before)]
        if not model:
            around = [letter for letter in name[max(at - 1, 0) : at + 1] if letter.isalpha()]
            model = "A" if all(letter.isupper() for letter in around) else "a"
        new = "".join(
            letter.upper() if old.isupper() else letter
            for letter, old in zip(edit.after, model, strict=False)
        )
        parts += [name[end:at], new]
        end = at + len(edit.before)
    return "".join([*parts, name[end:]])
