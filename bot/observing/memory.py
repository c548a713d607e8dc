"""Gives memory back to the system that the C library keeps although nobody uses it.

Readers and the embedder take and return tens of MB a question, of other sizes each time. What lies
free between what is in use stays with the process for good, some 2 MB more for every 1,000
questions (docs/SOAK.md), unless the library is asked.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
from collections.abc import Callable, Coroutine
from typing import Any

__all__ = ["give_back", "give_back_in_time"]

_EVERY = 60.0
"""Seconds."""


def give_back() -> bool:
    """Whether there was anything that could be given; False where the C library is not glibc."""
    library = ctypes.CDLL(None) if os.name == "posix" else None
    trim = getattr(library, "malloc_trim", None)
    return trim is not None and bool(trim(0))


async def give_back_in_time(
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
) -> None:
    """Every minute, until it is cancelled."""
    while True:
        await pause(_EVERY)
        await asyncio.to_thread(give_back)
