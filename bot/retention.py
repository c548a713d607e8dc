"""Removes from the records what has been kept for as long as the settings say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import RecordsUnavailable
from bot.records import Records
from bot.settings import Settings

__all__ = ["remove_in_time", "remove_old"]

_EVERY = 3_600.0
"""Seconds."""
_log = logging.getLogger(__name__)


async def remove_in_time(
    records: Records,
    settings: Settings,
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
) -> None:
    """At once and then every hour, until it is cancelled; what the disk prevents is tried again."""
    while True:
        try:
            await asyncio.to_thread(remove_old, records, settings)
        except RecordsUnavailable as exc:
            _log.error("What should no longer be kept could not be removed: %s", exc)
        await pause(_EVERY)


def remove_old(records: Records, settings: Settings, now: datetime | None = None) -> int:
    """Exchanges that are too old, and words of questions: those, or all if none are to be kept;
    the number of exchanges removed. Raises RecordsUnavailable."""
    now = now or datetime.now(UTC)
    days = settings.keep_questions_days
    return records.prune(
        now - timedelta(days=settings.keep_answers_days),
        words_before=datetime.max.replace(tzinfo=UTC)
        if days is None
        else now - timedelta(days=days),
    )
