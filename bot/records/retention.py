"""Retention: removes records that are older than the settings allow."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import utc_now
from bot.config.settings import Settings
from bot.errors import RecordsUnavailable
from bot.records import Records

_EVERY = 3_600.0
"""Seconds."""
_JUMP, _SILENCE, _DOUBT = timedelta(hours=1), timedelta(days=30), 86_400.0
"""A clock may be wrong if it moved by _JUMP more or less than the time that passed, or is _SILENCE
after the last record. Then nothing is removed for its age for _DOUBT seconds: long enough for a
person, or NTP, to correct it."""
_log = logging.getLogger(__name__)


def _passed() -> float:
    """Return seconds that passed, including sleep of the machine where the system counts it."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ClockTrust:
    """Decides whether the clock can be trusted to say that something is old.

    What is removed does not come back, so a clock that jumps ahead must not remove everything.
    """

    def __init__(self, newest: datetime | None, passed: Callable[[], float] = _passed) -> None:
        """`newest` is the moment of the last record before this process began."""
        self._newest = newest
        self._passed = passed
        self._last: tuple[datetime, float] | None = None
        self._doubted_until = float("-inf")

    def in_clock(self, now: datetime) -> bool:
        passed = self._passed()
        if self._last is None:
            strange = self._newest is not None and now - self._newest > _SILENCE
        else:
            expected = self._last[0] + timedelta(seconds=passed - self._last[1])
            strange = abs(now - expected) > _JUMP
        if strange:
            self._doubted_until = passed + _DOUBT
            _log.warning(
                "It is %s by this machine's clock, which is unexpected. If that is wrong, put it "
                "right within a day: until then nothing is removed for its age",
                f"{now:%Y-%m-%d %H:%M}",
            )
        self._last = now, passed
        return passed >= self._doubted_until


async def remove_in_time(
    records: Records,
    settings: Settings,
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
) -> None:
    """Remove what is too old, now and then every hour, until cancelled; log what goes wrong."""
    trust = None
    while True:
        try:
            trust = trust or ClockTrust(await asyncio.to_thread(records.newest))
            aged = trust.in_clock(now := utc_now())
            removed = await asyncio.to_thread(remove_old, records, settings, now, aged=aged)
            if removed:
                _log.info("Removed %d answers that were kept for as long as was set", removed)
        except RecordsUnavailable as exc:
            _log.error("What should no longer be kept could not be removed: %s", exc)
        except Exception:
            _log.exception("What should no longer be kept could not be removed")
        await pause(_EVERY)


def remove_old(
    records: Records, settings: Settings, now: datetime | None = None, *, aged: bool = True
) -> int:
    """Remove exchanges, words and audit entries that are too old; return how many exchanges.

    All words go if the settings say that none are kept. With `aged` false, nothing is removed for
    its age. Raises RecordsUnavailable.
    """
    now = now or utc_now()
    days, never = settings.keep_questions_days, datetime.min.replace(tzinfo=UTC)
    if days is None:
        words_before = datetime.max.replace(tzinfo=UTC)
    else:
        words_before = now - timedelta(days=days) if aged else never
    before = now - timedelta(days=settings.keep_answers_days) if aged else never
    audit_before = never
    if aged and settings.keep_audit_days is not None:
        audit_before = now - timedelta(days=settings.keep_audit_days)
    return records.prune(before, words_before=words_before, audit_before=audit_before)
