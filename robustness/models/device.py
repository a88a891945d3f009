"""Where torch models of this process compute: the first graphics card, or the processor.

Also how many threads they use there, and how many tokens they take at once.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

TOKENS_ON_CPU = 4096
"""Tokens of a batch on the processor: larger ones gain nothing there."""
_BYTES_PER_ACTIVATION = 64
"""Bytes of the graphics card's memory for each token, layer and hidden unit: a cautious estimate."""


def device() -> str:
    """``cuda`` where torch sees a graphics card, else ``cpu``."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def on(model: Any) -> AbstractContextManager[Any]:
    """A context in which new tensors are made where a model is."""
    place = model.device
    return nullcontext() if place.type == "cpu" else place


def tokens_at_once(model: Any) -> int:
    """Tokens of a batch that fit, padding counted: on a graphics card a power of two by its free memory."""
    import torch

    if model.device.type != "cuda":
        return TOKENS_ON_CPU
    free, _ = torch.cuda.mem_get_info(model.device)
    config = model.config
    each = _BYTES_PER_ACTIVATION * int(config.hidden_size) * int(config.num_hidden_layers)
    return tokens_for(free // 2, each)


def tokens_for(memory: int, each: int) -> int:
    """The power of two of tokens that fits into a memory, at least 512 and at most 65,536.

    Args:
        memory: Bytes.
        each: Bytes that a token needs.

    >>> tokens_for(10_000_000, 1_000)
    8192
    """
    return int(1 << max(9, min(16, (memory // each).bit_length() - 1)))


def fit_threads() -> int:
    """Let torch use the cores that this process may, one thread each; returns their number.

    ``OMP_NUM_THREADS`` wins. Cores are physical ones that the process is allowed on, bounded by the share of
    the machine that its control group grants.
    """
    import torch

    if not os.environ.get("OMP_NUM_THREADS"):
        torch.set_num_threads(cores())
    return int(torch.get_num_threads())


def cores(root: Path = Path("/sys")) -> int:
    """Physical cores that this process may use, at least 1.

    Args:
        root: Where Linux describes processors and control groups; elsewhere all processors count.
    """
    allowed = (
        os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    )
    siblings = set()
    for cpu in allowed:
        place = root / f"devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
        siblings.add(_text(place) or str(cpu))
    quota, _, period = _text(root / "fs/cgroup/cpu.max").partition(" ")
    granted = int(quota) / int(period) if quota.isdigit() and period.isdigit() else len(siblings)
    return max(1, min(len(siblings), round(granted)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
