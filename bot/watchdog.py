"""Measures how long the event loop keeps others waiting."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque

__all__ = ["Watchdog"]


class Watchdog:
    """Asks the loop, from a thread of its own, to run nothing, and takes the time until it has.

    From outside, since a task inside the loop would keep it from ever being idle.
    """

    def __init__(self, *, every: float = 0.05, remembered: int = 20_000) -> None:
        """Looks `every` so many seconds and remembers that many looks."""
        self._every = every
        self._lags: deque[float] = deque(maxlen=remembered)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def worst_seconds(self) -> float:
        """The longest that the loop was held up, of all looks remembered; 0.0 before the first."""
        return max(self._lags, default=0.0)

    def start(self) -> None:
        """Watches the running loop until `stop`."""
        loop = asyncio.get_running_loop()
        self._stop.clear()
        self._thread = threading.Thread(
            target=self._watch, args=(loop,), name="watchdog", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(1)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._stop.wait(self._every):
            asked = time.monotonic()
            reached = threading.Event()
            try:
                loop.call_soon_threadsafe(reached.set)
            except RuntimeError:  # the loop is closed
                return
            # Waiting for the answer, so that one long hold-up counts once and not once a look.
            while not reached.wait(1) and not self._stop.is_set():
                pass
            self._lags.append(time.monotonic() - asked)
