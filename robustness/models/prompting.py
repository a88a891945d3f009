"""How a prompt is put to a model that reads plain text, and how its reply is read.

One wording for models in this process and behind an endpoint, so that both can be compared. Nothing here
knows a tokenizer or a chat template. A change of wording changes answers: raise `WORDING` with it.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import TYPE_CHECKING

from robustness.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.questions.prompt import Prompt

WORDING = "wording/1"
"""Part of the fingerprint of every model that is asked in these words."""
PLAIN_STOPS = ("\nQuestion:", "\n\n")
"""Where the answer of a model without a chat template ends: it likes to go on with a question."""
_LETTER = re.compile(
    r"""^(?:the\ )?(?:(?:correct|right|best)\ )?(?:answer|option)?(?:\ is)?\s*:?\s*
    [(\[*"']*([A-Z])(?:[)\].:*"',]|\s*$|\s+[-\u2013:]\s)""",
    re.IGNORECASE | re.VERBOSE,
)


def instruction(prompt: Prompt) -> str:
    """What a chat model is told.

    Raises:
        ModelError: There are more options than letters.
    """
    parts = [f"{prompt.context}\n"] if prompt.context else []
    parts.append(prompt.question)
    if prompt.options:
        parts += [f"{letter}. {option}" for letter, option in lettered(prompt.options).items()]
        parts.append("Answer with the letter of one option.")
    elif prompt.context:
        parts.append("Answer in a few words, from the text above alone.")
    else:
        parts.append("Answer in a few words.")
    return "\n".join(parts)


def plain(prompt: Prompt) -> str:
    """What a model without a chat template goes on from.

    Raises:
        ModelError: There are more options than letters.
    """
    lines = [f"{prompt.context}\n"] if prompt.context else []
    lines.append(f"Question: {prompt.question}")
    lines += [f"{letter}. {option}" for letter, option in lettered(prompt.options).items()]
    return "\n".join([*lines, "Answer:"])


def lettered(options: Sequence[str]) -> dict[str, str]:
    """Options by the letters that they are listed under, in the order they came in.

    The order is the prompt's own, the same for both halves of a pair: another order for the misspelled
    half would let a preference for a letter pass for an effect of the spelling.

    Raises:
        ModelError: There are more options than letters.

    >>> lettered(["asthma", "gout"])
    {'A': 'asthma', 'B': 'gout'}
    """
    if len(options) > len(ascii_uppercase):
        raise ModelError("More options than letters", value=len(options), hint="Give at most 26.")
    return dict(zip(ascii_uppercase, options, strict=False))


def chosen(reply: str, options: Sequence[str]) -> str:
    """The option that a reply chooses; the reply itself where that is not clear.

    A letter at its beginning counts first, then the one option whose text it holds. Among options that
    hold one another the longest counts.

    >>> chosen("B. Gout", ["asthma", "gout"]), chosen("It treats gout.", ["asthma", "gout"])
    ('gout', 'gout')
    >>> chosen("Both are possible", ["asthma", "gout"])
    'Both are possible'
    """
    reply = reply.strip()
    folded = reply.casefold().rstrip(".")
    for option in options:
        if folded == option.casefold().rstrip("."):
            return option
    letter = _LETTER.match(reply)
    listed = lettered(options)
    if letter and letter[1].upper() in listed:
        return listed[letter[1].upper()]
    held = [option for option in options if _holds(reply, option)]
    longest = [a for a in held if not any(a != b and _holds(b, a) for b in held)]
    return longest[0] if len(longest) == 1 else reply


def cut_at_stops(text: str, stops: Sequence[str]) -> str:
    """A text up to the first stop string in it.

    >>> cut_at_stops("tablet. Question: What", [" Question:"])
    'tablet.'
    """
    ends = [found for stop in stops if (found := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text


def _holds(text: str, option: str) -> bool:
    words = rf"(?<!\w){re.escape(option.strip())}(?!\w)"
    return bool(option.strip()) and re.search(words, text, re.IGNORECASE) is not None
