"""Number formats that a model computes in, and which of them this machine computes natively.

A model that can change its format has a method ``at``, which gives the same model in another one under
another fingerprint. Weights are read in float32, so bfloat16 is a rounding of them.
"""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from robustness.models.protocol import QAModel

Precision = Literal["float32", "bfloat16"]
_CPU_SUPPORT = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")


def at_precision(model: QAModel, precision: Precision) -> QAModel | None:
    """The same model in another number format; None where it has no choice of them."""
    at = getattr(model, "at", None)
    found: QAModel | None = at(precision) if at else None
    return found


def native_bfloat16(device: str) -> bool:
    """Whether a device multiplies bfloat16 numbers natively: otherwise they are slower than float32.

    Args:
        device: ``cpu`` or ``cuda``.
    """
    import torch

    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return any(getattr(torch.cpu, name, bool)() for name in _CPU_SUPPORT)


def native_precision() -> Precision:
    """The fastest format of this processor for matrix products."""
    return "bfloat16" if native_bfloat16("cpu") else "float32"


def converted(model: Any, precision: Precision) -> Any:
    """A copy of a torch model in another format, the original untouched."""
    import torch

    return copy.deepcopy(model).to(getattr(torch, precision)).eval()


def precise_fingerprint(fingerprint: str, precision: Precision) -> str:
    """The fingerprint of a float32 model in a format: another one for every format.

    >>> precise_fingerprint("0123456789abcdef", "float32")
    '0123456789abcdef'
    """
    if precision == "float32":
        return fingerprint
    return hashlib.sha256(f"{fingerprint}/{precision}".encode()).hexdigest()[:16]
