"""The clock: the time now, in UTC, and the date somewhere. Tests give another clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time now, with UTC as its time zone."""
    return datetime.now(UTC)


def date_in(timezone: str, clock: Clock = utc_now) -> date:
    """Return the date now in a time zone, by its IANA name."""
    return clock().astimezone(ZoneInfo(timezone)).date()


def is_timezone(name: str) -> bool:
    """Return whether it is the IANA name of a time zone, such as Europe/Oslo."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError for the name of a folder
        return False
    return True
