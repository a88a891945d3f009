"""Engineer around failures: fine-tune a reader by gradient descent, put a guard in front of a model.

Training is not re-exported, so that torch is imported only when training is asked for.
"""

from robustness.hardening.guard import Guard

__all__ = ["Guard"]
