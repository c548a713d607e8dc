"""What the bot does by itself every few seconds."""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bot.documents.reindexing import upkeep
from bot.documents.reindexing.upkeep import after_each_reindex, now_and_then, once_a_day
from bot.errors import RecordsBlocked
from bot.records import Records
from index.store.current import CurrentGeneration


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


async def test_a_day_is_not_left_out_while_the_records_are_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    records, done = Records(tmp_path / "records.sqlite", keep_questions=False), []
    recall = records.recall

    def away(_key: str) -> str | None:
        raise RecordsBlocked("records", "gone")

    async def work(day: date) -> None:
        done.append(day)

    async def pause(_: float) -> None:
        if done:
            raise asyncio.CancelledError
        monkeypatch.setattr(records, "recall", recall)

    monkeypatch.setattr(records, "recall", away)
    with caplog.at_level(logging.WARNING), pytest.raises(asyncio.CancelledError):
        await once_a_day("overdue", work, records, lambda: "UTC", hour=0, pause=pause)
    assert len(done) == 1
    assert "overdue" not in caplog.text
    records.close()


@pytest.mark.parametrize("error", [RecordsBlocked("records", "gone"), KeyError("x")])
@pytest.mark.parametrize("failures", [2, 9])
async def test_work_on_a_generation_is_tried_again_a_few_times_and_logged(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    failures: int,
) -> None:
    """Failures of any kind are tried again soon: the next reindex may be weeks away."""
    monkeypatch.setattr(upkeep, "_AGAIN", 0.0)
    records, tried = Records(tmp_path / "records.sqlite", keep_questions=False), []
    generation = SimpleNamespace(number=7)
    current = cast(CurrentGeneration, SimpleNamespace(generation=lambda: generation))
    rounds = iter(range(12))

    async def work(before: int | None, now: int) -> None:
        tried.append((before, now))
        if now == 7 and len(tried) <= failures:
            raise error

    async def pause(_: float) -> None:
        if (number := next(rounds, None)) is None:
            raise asyncio.CancelledError
        if number == 8:
            generation.number = 8

    with caplog.at_level(logging.WARNING), pytest.raises(asyncio.CancelledError):
        await after_each_reindex("watches", work, records, current, pause)
    done = None if failures > 2 else 7
    assert tried == [(None, 7)] * 3 + [(done, 8)]
    said = [f"at try {number} of 3" in caplog.text for number in (1, 2, 3)]
    assert said == [True, True, failures > 2]
    records.close()
