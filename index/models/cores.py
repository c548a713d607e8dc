"""How many processor cores this process may use."""

from __future__ import annotations

import os

__all__ = ["cores"]


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
