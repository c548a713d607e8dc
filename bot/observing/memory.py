"""Memory: returns unused memory, which the C library keeps, to the system.

The models allocate and free tens of MB for each question, in other sizes each time. Free memory
between used blocks stays with the process (docs/SOAK.md), unless the library is asked to return it.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
from collections.abc import Callable, Coroutine
from typing import Any

_EVERY = 60.0
"""Seconds."""


def give_back() -> bool:
    """Return whether memory was given back; False where the C library is not glibc."""
    library = ctypes.CDLL(None) if os.name == "posix" else None
    trim = getattr(library, "malloc_trim", None)
    return trim is not None and bool(trim(0))


async def give_back_in_time(
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
) -> None:
    """Give memory back every minute, until cancelled."""
    while True:
        await pause(_EVERY)
        await asyncio.to_thread(give_back)
