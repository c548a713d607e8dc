"""The watchdog sees what holds the loop up, and nothing where nothing does."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator

import pytest

from bot.observing.watchdog import Watchdog


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    watchdog = Watchdog(every=0.005, alarm=0.1)
    yield watchdog
    watchdog.stop()


async def looks(watchdog: Watchdog, count: int) -> None:
    """Waits until it has looked so many times more."""
    enough = len(watchdog.lags) + count
    while len(watchdog.lags) < enough:
        await asyncio.sleep(0.002)


async def test_a_blocked_loop_is_seen(watchdog: Watchdog) -> None:
    watchdog.start()
    await looks(watchdog, 3)
    time.sleep(1)  # as nothing on a loop must
    await looks(watchdog, 3)
    assert 0.25 <= watchdog.worst_seconds == max(watchdog.lags)


async def test_one_block_counts_once(watchdog: Watchdog) -> None:
    watchdog.start()
    await looks(watchdog, 3)
    before = len(watchdog.lags)
    time.sleep(0.3)
    await looks(watchdog, 1)
    assert len(watchdog.lags) - before < 30  # of the sixty looks there was time for


async def test_an_idle_loop_is_not_held_up(watchdog: Watchdog) -> None:
    watchdog.start()
    await looks(watchdog, 30)
    assert min(watchdog.lags) < 0.1  # the others may be those of a busy machine


async def test_it_logs_what_holds_the_loop_up(
    watchdog: Watchdog, caplog: pytest.LogCaptureFixture
) -> None:
    watchdog.start()
    await looks(watchdog, 3)
    _dawdle()
    await looks(watchdog, 3)
    found = [record for record in caplog.records if "in _dawdle" in vars(record).get("stack", "")]
    assert [record.levelno for record in found] == [logging.WARNING]


async def test_it_remembers_only_so_much() -> None:
    watchdog = Watchdog(every=0.001, remembered=5)
    watchdog.start()
    while len(watchdog.lags) < 5:
        await asyncio.sleep(0.002)
    await asyncio.sleep(0.02)
    watchdog.stop()
    assert len(watchdog.lags) == 5


async def test_it_ends_when_it_is_told(watchdog: Watchdog) -> None:
    watchdog.start()
    await looks(watchdog, 1)
    await asyncio.to_thread(watchdog.stop)
    assert "watchdog" not in [thread.name for thread in threading.enumerate()]


def test_it_ends_with_its_loop() -> None:
    watchdog = Watchdog(every=0.001)

    async def begin() -> None:
        watchdog.start()

    asyncio.run(begin())
    assert watchdog._thread is not None
    watchdog._thread.join(60)
    assert not watchdog._thread.is_alive()


def test_before_it_has_looked_there_is_nothing() -> None:
    assert Watchdog().worst_seconds == 0.0


def _dawdle() -> None:
    time.sleep(1)
