"""Watchdog: measures how long the event loop is held up, and logs by what."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections import deque

_RECENT = 60.0
"""Seconds."""
_log = logging.getLogger(__name__)


class Watchdog:
    """Schedules an empty call on the loop again and again, and measures the time until it runs.

    From a thread of its own: a task in the loop would never let it be idle.
    """

    def __init__(
        self, *, every: float = 0.05, alarm: float = 0.5, remembered: int = 20_000
    ) -> None:
        """Measure `every` so many seconds, and remember the last measurements.

        Where the loop is held up for longer than `alarm` seconds, its stack is logged.
        """
        self._every = every
        self._alarm = alarm
        self._lags: deque[float] = deque(maxlen=remembered)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def lags(self) -> list[float]:
        """Return the seconds of each remembered delay, the oldest first."""
        return list(self._lags)

    @property
    def worst_seconds(self) -> float:
        """Return the longest remembered delay in seconds; 0.0 before the first."""
        return max(self.lags, default=0.0)

    @property
    def recent_worst_seconds(self) -> float:
        """Return the longest delay of about the last minute in seconds; 0.0 before the first."""
        return max(self.lags[-max(1, round(_RECENT / self._every)) :], default=0.0)

    def start(self) -> None:
        """Watch the running loop until `stop`."""
        loop = asyncio.get_running_loop()
        self._stop.clear()
        self._thread = threading.Thread(
            target=self._watch, args=(loop, threading.get_ident()), name="watchdog", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(1)

    def _watch(self, loop: asyncio.AbstractEventLoop, loops_thread: int) -> None:
        while not self._stop.wait(self._every):
            look = _Look()
            try:
                loop.call_soon_threadsafe(look.reach)
            except RuntimeError:  # the loop is closed
                return
            if not look.reached.wait(self._alarm):
                _log.warning(
                    "The event loop has been held up for %.2f s",
                    time.monotonic() - look.asked,
                    extra={"stack": _stack(loops_thread)},
                )
            # Wait until it ran, so that one long delay counts once.
            while not look.reached.wait(0.1) and not self._stop.is_set():
                pass
            self._remember(look.lag)

    def _remember(self, lag: float) -> None:
        self._lags.append(lag)


class _Look:
    def __init__(self) -> None:
        self.reached = threading.Event()
        self.asked = time.monotonic()
        self._ran: float | None = None

    def reach(self) -> None:
        # In the loop, since this thread may wake late, which is not the loop's fault.
        self._ran = time.monotonic()
        self.reached.set()

    @property
    def lag(self) -> float:
        """Return the delay in seconds; the delay so far, if the call has not run yet."""
        return (self._ran or time.monotonic()) - self.asked


def _stack(thread: int) -> str:
    frame = sys._current_frames().get(thread)
    return "".join(traceback.format_stack(frame)) if frame else "(it has ended)"
