"""What the bot does by itself every few seconds."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.documents.reindexing.upkeep import now_and_then


async def test_it_goes_on_after_a_failure_that_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    called: list[int] = []

    async def work() -> None:
        called.append(len(called))
        if called[-1] in (1, 2):
            raise KeyError("x")

    async def pause(_: float) -> None:
        if len(called) == 4:
            raise asyncio.CancelledError

    with caplog.at_level(logging.ERROR), pytest.raises(asyncio.CancelledError):
        await now_and_then("digest", work, pause)
    assert called == [0, 1, 2, 3]
    assert [record.getMessage() for record in caplog.records] == ["digest failed"]
