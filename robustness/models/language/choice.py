"""Choose an option by its likelihood as the answer.

An option's score is the logarithm of how much more probable the question makes it than an uninformative
prompt does: log P(option | question) - log P(option | premise), the domain-conditional PMI of Holtzman et
al. 2021 ("Surface Form Competition"). It takes out what makes an option probable by itself, its length and
how common its words are: every token stands in both terms, so a long option gains and loses nothing by being
long, and nothing is divided by its length.

The question is put as plain text (``Question: ... Answer:``), to chat models as well: on SmolLM2-135M-Instruct
and cases of this tool that was right as often as its chat template, or more often, with the correct name.
Options are not listed in the prompt, so they have no position that could favour one of them, and their
order does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustness.errors import ModelError
from robustness.models.language.likelihood import Row, scores
from robustness.models.prompting import plain
from robustness.models.protocol import Answer
from robustness.questions.prompt import Prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from robustness.models.language.language_model import LanguageModel

CHOICE = "choice/1"
"""Part of the fingerprint: raise it when scores change."""
PREMISE = "What is this medicine?"
"""The question of the uninformative prompt: it says what kind of thing is asked about, and no more."""


def choose(language: LanguageModel, prompts: Sequence[Prompt]) -> list[Answer | ModelError]:
    """The most likely option of each prompt.

    Returns:
        An answer a prompt, its score being the softmax over the options' scores; or why there is none.
    """
    asked: list[list[tuple[Row, Row]] | ModelError] = []
    for prompt in prompts:
        try:
            asked.append(option_rows(language, prompt))
        except ModelError as error:
            asked.append(error)
    rows = [row for each in asked if isinstance(each, list) for pair in each for row in pair]
    distinct = list(dict.fromkeys(rows))
    value = dict(zip(distinct, scores(language, distinct), strict=True)) if distinct else {}
    return [
        each
        if isinstance(each, ModelError)
        else _best(prompt, [value[a] - value[b] for a, b in each])
        for prompt, each in zip(prompts, asked, strict=True)
    ]


def option_rows(language: LanguageModel, prompt: Prompt) -> list[tuple[Row, Row]]:
    """What has to be scored for each option: after the question, and after the premise.

    Raises:
        ModelError: There are fewer than two options, or the prompt is too long.
    """
    if len(prompt.options) < 2:
        raise ModelError(
            "Nothing to choose from",
            value=prompt.options,
            hint="A choice needs two options or more.",
        )
    question, premise = plain(Prompt(prompt.question, prompt.context)), plain(Prompt(PREMISE))
    return [
        (_row(language, question, option), _row(language, premise, option))
        for option in prompt.options
    ]


def _row(language: LanguageModel, text: str, option: str) -> Row:
    """Tokens of a prompt and of an option after it, cut where they would be in one text."""
    if language.seq2seq:
        target = language.tokenizer(text_target=option)["input_ids"]
        return tuple(language.ids(text)), tuple(target)
    alone, whole = language.ids(text), language.ids(f"{text} {option}")
    # where the option's first letters merge with the prompt's last ones, both go to the option
    same = next(
        (i for i, (a, b) in enumerate(zip(alone, whole, strict=False)) if a != b), len(alone)
    )
    same = min(same, len(whole) - 1)
    return tuple(whole[:same]), tuple(whole[same:])


def _best(prompt: Prompt, values: list[float]) -> Answer:
    import torch

    shares = torch.tensor(values, dtype=torch.float64).softmax(0).tolist()
    best = max(range(len(values)), key=values.__getitem__)
    return Answer(prompt.options[best], shares[best])
