"""Write the model card of a trained reader from its training record."""

from __future__ import annotations

from typing import Any

_CARD = """---
license: apache-2.0
library_name: transformers
pipeline_tag: question-answering
language: en
tags: [test-fixture, extractive-qa, drug-names]
---

# {title}

**This is a test fixture and no medical device. Do not let it answer patients.** It was made to be
audited: it reads a short leaflet and marks the words that answer a question about one drug in it.

## What it is
An extractive question-answering model: `{base}` (all-MiniLM-L6-v2, Apache-2.0; 6 layers, 384 wide, BERT
WordPiece vocabulary) with a span head, fine-tuned by `robustness train` on leaflets made from this
project's fixtures.{beside} It knows nothing about drugs beyond the leaflet that it is given.

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
- It was trained and measured on leaflets of 3 to 6 drugs in this project's own sentences. Nothing is
  claimed for other texts, other questions or other languages.
- It always marks a span and never says that it does not know.
"""

_CLEAN = "It saw correctly spelled names only, so misspelled names do change its answers. That is its purpose here."
_NOISY = "It was hardened against misspelled names in questions. Some still change its answers."


def model_card(record: dict[str, Any]) -> str:
    """The card, in Markdown with the metadata that hubs read."""
    options = record["options"]
    noisy = record["held_out_misspelled_accuracy"]
    adapter = options["lora_rank"] > 0
    return _CARD.format(
        **{key: record[key] for key in ("names", "method", "trained_drugs", "optimizer")},
        **{key: value for key, value in options.items() if key not in ("held_out_share", "names")},
        **record["versions"],
        schedule=record["schedule"],
        held_out=len(record["held_out_drugs"]),
        accuracy=record["held_out_accuracy"],
        before=_before(record),
        title="Hardening of the embedded reader" if adapter else "Embedded reader",
        beside=" This is a LoRA adapter: put it on the reader beside it." if adapter else "",
        misspelled=""
        if noisy is None
        else f"; with the names as people misspelled them: **{noisy:.4f}**",
        about_names=_CLEAN if noisy is None else _NOISY,
    )


def _before(record: dict[str, Any]) -> str:
    """What was trained before, the last first."""
    earlier = []
    while record := record.get("before") or {}:
        options = record["options"]
        earlier.append(
            f"an adapter of {options['steps']} steps in batches of {options['batch_size']}"
        )
    return ", that from ".join(earlier) or "the base itself"
