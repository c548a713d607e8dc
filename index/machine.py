"""What of this machine the process may use: its processor cores and its memory."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


def cores() -> int:
    """Return how many cores this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_memory() -> int | None:
    """Return how many bytes of memory may still be taken; None where the system does not tell.

    A container's limit counts, by cgroup v2 (docs.kernel.org/admin-guide/cgroup-v2.html). What it
    holds of files is given back when it is needed, so it counts as free.
    """
    free: list[int] = []
    with suppress(OSError, ValueError, AttributeError):
        found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
        free += [int(found[1]) * 1024] if found else []
    with suppress(OSError, ValueError):
        limit = (_CGROUP / "memory.max").read_text().strip()
        if limit != "max":
            used = int((_CGROUP / "memory.current").read_text())
            cached = re.search(r"^inactive_file (\d+)", (_CGROUP / "memory.stat").read_text(), re.M)
            free.append(int(limit) - used + (int(cached[1]) if cached else 0))
    return min(free, default=None)


def resident_memory() -> int:
    """Return how many bytes of memory this process has; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
