"""Scripted misfortune, and the rate limits that hold without a script."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass
class Fault:
    """What happens to the next `times` requests that match, before or instead of an answer."""

    method: str
    path: str  # a glob; `*` also crosses slashes
    status: int | None = None  # None: answered as usual, after `delay`
    times: int = 1
    retry_after: float = 0.05
    delay: float = 0.0
    drop: bool = False
    carried_out: bool = False  # before the connection is cut: only the answer is lost
    everywhere: bool = False  # a 429 of the global limit
    by_discord: bool = True  # False: a 429 without Via, as from Cloudflare

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in (method, "*") and fnmatchcase(path, self.path)


@dataclass
class Limit:
    """So many requests in so many seconds, for each route and its major parameters."""

    method: str
    path: str  # a glob
    requests: int
    seconds: float
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def matches(self, method: str, path: str) -> bool:
        return self.method in (method, "*") and fnmatchcase(path, self.path)

    def take(self, bucket: str) -> tuple[int, float]:
        """How many are left after this one (-1: it was one too many), and seconds to the reset."""
        now = time.monotonic()
        end, used = self._windows.get(bucket, (0.0, 0))
        if now >= end:
            end, used = now + self.seconds, 0
        self._windows[bucket] = (end, min(used + 1, self.requests))
        return self.requests - used - 1, end - now

    def forget(self) -> None:
        """Lets go of the windows that are over."""
        now = time.monotonic()
        self._windows = {name: one for name, one in self._windows.items() if one[0] > now}
