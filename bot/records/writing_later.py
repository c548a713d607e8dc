"""Writes records that wait in memory as soon as the disk takes them; forgets old words there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from bot.errors import RecordsBlocked, RecordsUnavailable
from bot.records import Records

_EVERY = 5.0
"""Seconds."""
_log = logging.getLogger(__name__)


async def write_in_time(
    records: Records, pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep
) -> None:
    """Try every few seconds while records wait, until cancelled.

    Each bot of several has words in its own memory, which others do not reach.
    """
    while True:
        await pause(_EVERY)
        with suppress(RecordsUnavailable):
            await asyncio.to_thread(records.forget_old_words)
        if records.problem is None:
            continue
        try:
            with suppress(RecordsBlocked):  # it was said when they began to wait
                await asyncio.to_thread(records.write_waiting)
        except RecordsUnavailable as exc:
            _log.error("The records that wait in memory could not be written: %s", exc)
