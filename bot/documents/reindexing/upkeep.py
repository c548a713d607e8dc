"""Upkeep: what the bot does by itself after a reindex, or once a day.

Each kind of work has a name, under which the records keep how far it has come, so that nothing is
left out or done twice over restarts; after a crash the last step may be done again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.clock import Clock, utc_now
from bot.config.shard import Shard
from bot.errors import Busy
from bot.records import Records
from index.errors import BriefingError
from index.store.current import CurrentGeneration

_EVERY = 5.0
"""Seconds between two looks at which generation answers."""
_TRIES, _AGAIN = 3, 300.0
"""How often work on one generation is tried, and the seconds between two tries."""
_log = logging.getLogger(__name__)
_WHOLE_BOT = Shard()
_Pause = Callable[[float], Awaitable[None]]


async def after_each_reindex(
    name: str,
    work: Callable[[int | None, int], Awaitable[None]],
    records: Records,
    current: CurrentGeneration,
    pause: _Pause = asyncio.sleep,
    *,
    shard: Shard = _WHOLE_BOT,
) -> None:
    """Call `work` with the generation that it was done for last and the one that answers now.

    Until cancelled, and of each share of the servers for itself. The first ever call has None.
    Generations that were replaced meanwhile are left out. What fails is logged, and tried again
    some minutes later, a few times, and then with the next generation.
    """
    key, generation, tries, due = _key(name, shard), -1, 0, 0.0
    while True:
        has_begun = False
        try:
            now = await asyncio.to_thread(lambda: current.generation().number)
            done = await asyncio.to_thread(records.recall, key)
            if now != generation:
                generation, tries, due = now, 0, 0.0
            if str(now) != done and tries < _TRIES and time.monotonic() >= due:
                tries, has_begun = tries + 1, True
                await work(int(done) if done else None, now)
                await asyncio.to_thread(records.remember, key, str(now))
        except BriefingError as exc:  # no index yet, or one that is being repaired
            if has_begun and not isinstance(exc, Busy):  # which says that the bot ends
                _log.warning("%s failed, at try %d of %d: %s", name, tries, _TRIES, exc)
            else:
                _log.debug("%s waits: %s", name, exc)
        except Exception:
            _log.exception("%s failed, at try %d of %d", name, tries, _TRIES)
        if has_begun:
            due = time.monotonic() + _AGAIN
        await pause(_EVERY)


async def once_a_day(
    name: str,
    work: Callable[[date], Awaitable[None]],
    records: Records,
    timezone: Callable[[], str],
    *,
    shard: Shard = _WHOLE_BOT,
    hour: int = 8,
    clock: Clock = utc_now,
    pause: _Pause = asyncio.sleep,
) -> None:
    """Call `work` with the day once it is `hour` o'clock (0 to 23) there, until cancelled.

    A day on which the bot did not run is left out. What fails is logged, and tried again a day
    later.
    """
    key = _key(name, shard)
    while True:
        has_begun = False
        try:
            now: datetime = clock().astimezone(ZoneInfo(timezone()))
            today = now.date().isoformat()
            if now.hour >= hour and await asyncio.to_thread(records.recall, key) != today:
                await asyncio.to_thread(records.remember, key, today)
                has_begun = True
                await work(now.date())
        except BriefingError as exc:  # no index yet, or one that is being repaired
            if has_begun:
                _log.warning("%s is left out today: %s", name, exc)
            else:
                _log.debug("%s waits: %s", name, exc)
        except Exception:
            _log.exception("%s failed", name)
        await pause(_EVERY)


def _key(name: str, shard: Shard) -> str:
    return f"upkeep {name}" if shard == _WHOLE_BOT else f"upkeep {name} {shard}"


async def now_and_then(
    name: str, work: Callable[[], Awaitable[None]], pause: _Pause = asyncio.sleep
) -> None:
    """Call `work`, which knows by itself what is due, every few seconds until cancelled.

    What fails is logged, the same only once, and tried again the next time.
    """
    failed = ""
    while True:
        try:
            await work()
            failed = ""
        except BriefingError as exc:  # no index yet, or one that is being repaired
            _log.debug("%s waits: %s", name, exc)
        except Exception as exc:
            if failed != (failed := repr(exc)):
                _log.exception("%s failed", name)
        await pause(_EVERY)
