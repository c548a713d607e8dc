"""The clock: the time now, in UTC. Tests give another function in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

__all__ = ["Clock", "utc_now"]

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time now, with UTC as its time zone."""
    return datetime.now(UTC)
