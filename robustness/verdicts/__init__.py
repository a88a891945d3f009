"""Compare answers, without a judge model: the same texts always get the same verdict.

Re-exports only; the work is in the modules of this room.
"""

from robustness.verdicts.abstention import abstains
from robustness.verdicts.equivalence import holds, same, token_f1
from robustness.verdicts.judging import agree, drug_of, gives_none, is_right, judge, named_instead
from robustness.verdicts.options import chosen_option
from robustness.verdicts.text import clinical_tokens, normalise
from robustness.verdicts.verdict import Judgement, Verdict

__all__ = [
    "Judgement",
    "Verdict",
    "abstains",
    "agree",
    "chosen_option",
    "clinical_tokens",
    "drug_of",
    "gives_none",
    "holds",
    "is_right",
    "judge",
    "named_instead",
    "normalise",
    "same",
    "token_f1",
]
