"""What is kept for how long, while the bot runs and when it starts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import RecordsBlocked
from bot.records import Exchange, Kind, Records
from bot.retention import remove_in_time, remove_old
from bot.settings import Settings

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(settings: Settings, clock: Clock) -> Iterator[Records]:
    path = settings.records / "records.sqlite"
    with closing(Records(path, clock, keep_questions=True)) as opened:
        yield opened


def ask(records: Records) -> Exchange:
    return records.add(
        kind=Kind.ASK, person=1, guild=2, channel=3, question="Canary?", generation=1,
        confidence=0.5, answered=False,
    )  # fmt: skip


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def keeping(settings: Settings, questions: int | None, answers: int = 365) -> Settings:
    return settings.model_copy(
        update={"keep_questions_days": questions, "keep_answers_days": answers}
    )


def test_words_and_answers_each_for_their_days(records: Records, settings: Settings) -> None:
    asked = ask(records)
    kept = keeping(settings, 30, 90)
    assert remove_old(records, kept, NOON + timedelta(days=30)) == 0
    assert records.exchange(asked.id) == asked
    assert remove_old(records, kept, NOON + timedelta(days=30, seconds=1)) == 0
    assert b"Canary" not in on_disk(settings.records)
    assert records.exchange(asked.id) is not None
    assert remove_old(records, kept, NOON + timedelta(days=90, seconds=1)) == 1
    assert records.exchange(asked.id) is None


def test_switched_off_all_words_go_at_once(
    records: Records, settings: Settings, clock: Clock
) -> None:
    clock.now += timedelta(days=3)  # by a clock that was wrong
    asked = ask(records)
    assert remove_old(records, keeping(settings, None), NOON) == 0
    assert b"Canary" not in on_disk(settings.records)
    assert records.exchange(asked.id) is not None


async def test_at_the_start_and_every_hour(records: Records, settings: Settings) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        assert b"Canary" not in on_disk(settings.records)
        if len(pauses) == 3:
            raise asyncio.CancelledError
        ask(records)

    ask(records)
    with pytest.raises(asyncio.CancelledError):
        await remove_in_time(records, keeping(settings, None), pause)
    assert pauses == [3600.0] * 3


async def test_what_the_disk_prevents_is_tried_again(
    records: Records,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def prune(*_: object, **__: object) -> int:
        raise RecordsBlocked(records.path, "database or disk is full")

    async def pause(_: float) -> None:
        if not caplog.records:
            raise AssertionError("nothing was said")
        if b"Canary" not in on_disk(settings.records):
            raise asyncio.CancelledError
        monkeypatch.undo()

    ask(records)
    monkeypatch.setattr(records, "prune", prune)
    with pytest.raises(asyncio.CancelledError):
        await remove_in_time(records, keeping(settings, None), pause)
    assert "disk is full" in caplog.text
