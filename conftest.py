"""Root configuration of pytest: the tools that every test may use."""

from __future__ import annotations

pytest_plugins = ["pytester"]
