"""Make `channel.json` again: what `robustness misspell --fit` does.

The table is made from the shipped tables alone and holds what it was made from and how well its like
foresees drugs that it never saw. The fit itself is in `fitting`, the measure in `validation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robustness.drugs import load_known_names, table_versions
from robustness.files import write_text
from robustness.misspellings.noisy_channel.fitting import fit
from robustness.misspellings.noisy_channel.table import CHANNEL_PATH, describe_channel
from robustness.misspellings.noisy_channel.validation import FOLDS, cross_validate
from robustness.misspellings.observed import load_observed

if TYPE_CHECKING:
    from pathlib import Path

    from robustness.misspellings.noisy_channel.validation import Recall

COMMAND = "robustness misspell --fit"
SOURCES = ("misspellings", "names", "stems")


def fit_table(path: Path = CHANNEL_PATH) -> str:
    """Fit the noisy channel, cross-validate it and write its table; takes about two minutes.

    Returns:
        What was written where, in one line.

    Raises:
        OutputError: The table cannot be written.
    """
    score = cross_validate(load_observed())
    write_text(path, make_table(score))
    return (
        f"Recall on held-out drugs: {score.one_edit[10]:.3f} at 10 and {score.one_edit[100]:.3f} at 100 "
        f"(one edit), {score.all_edits[100]:.3f} at 100 (all). Written to {path}"
    )


def make_table(score: Recall) -> str:
    """The text of the fitted table, with a score that was measured before."""
    observed = load_observed()
    misspellings = [one for group in observed.values() for one in group]
    record: dict[str, Any] = {
        "fitted_with": COMMAND,
        "sources": {f"{name}.csv": table_versions()[name] for name in SOURCES},
        "counts": {
            "names": len(observed),
            "one_edit": sum(one.distance == 1 for one in misspellings),
            "two_edits": sum(one.distance == 2 for one in misspellings),
        },
        "held_out": {
            "method": f"recall, {FOLDS}-fold cross-validation that leaves substances out",
            "one_edit": {str(k): round(share, 4) for k, share in score.one_edit.items()},
            "all": {str(k): round(share, 4) for k, share in score.all_edits.items()},
        },
    }
    return describe_channel(fit(observed, load_known_names().names), record)
