"""A clock that a test sets, and waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Clock:
    """Stands still at `now`, until a test moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def wait_until(condition: Callable[[], object], seconds: float = 120) -> None:
    """Wait until `condition()` holds; a busy machine is given minutes."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.005)
