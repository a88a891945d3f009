"""Root configuration of pytest: the tools that every test may use."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

pytest_plugins = ["pytester"]

# no test may read or fill the cache of whoever runs it
os.environ["ROBUSTNESS_CACHE"] = str(Path(tempfile.mkdtemp(prefix="robustness-cache-")))
