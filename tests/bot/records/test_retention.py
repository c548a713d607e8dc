"""What is kept for how long, while the bot runs and when it starts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.errors import RecordsBlocked
from bot.records import Records
from bot.records.retention import ClockTrust, remove_in_time, remove_old
from index.answering.answer import Verdict
from testing.clock import Clock
from testing.exchanges import ask

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)


@pytest.fixture
def records(settings: Settings, clock: Clock) -> Iterator[Records]:
    path = settings.records / "records.sqlite"
    with closing(Records(path, clock, keep_questions=True)) as opened:
        yield opened


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def keeping(settings: Settings, questions: int | None, answers: int = 365) -> Settings:
    return settings.model_copy(
        update={"keep_questions_days": questions, "keep_answers_days": answers}
    )


def test_words_and_answers_each_for_their_days(records: Records, settings: Settings) -> None:
    asked = ask(records, "Canary?", verdict=Verdict.SILENT)
    kept = keeping(settings, 30, 90)
    assert remove_old(records, kept, NOON + timedelta(days=30)) == 0
    assert records.exchange(asked.id) == asked
    assert remove_old(records, kept, NOON + timedelta(days=30, seconds=1)) == 0
    assert b"Canary" not in on_disk(settings.records)
    assert records.exchange(asked.id) is not None
    assert remove_old(records, kept, NOON + timedelta(days=90, seconds=1)) == 1
    assert records.exchange(asked.id) is None


def test_what_admins_did_for_its_days_or_for_good(
    records: Records, settings: Settings, clock: Clock
) -> None:
    records.audit(1, 2, "remove", "the oldest canary")
    clock.now += timedelta(days=40)
    newer = records.audit(1, 2, "reindex")
    for_days = settings.model_copy(update={"keep_audit_days": 90})
    remove_old(records, settings, NOON + timedelta(days=3_000))
    remove_old(records, for_days, NOON + timedelta(days=90))
    remove_old(records, for_days, NOON + timedelta(days=3_000), aged=False)
    assert len(records.audits(9)) == 2
    remove_old(records, for_days, NOON + timedelta(days=90, seconds=1))
    assert records.audits(9) == [newer]
    assert b"oldest canary" not in on_disk(settings.records)
    added = records.audit(1, 2, "rollback")
    assert records.audits(9) == [added, newer]


def test_switched_off_all_words_go_at_once(
    records: Records, settings: Settings, clock: Clock
) -> None:
    clock.now += timedelta(days=3)  # by a clock that was wrong
    asked = ask(records, "Canary?", verdict=Verdict.SILENT)
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
        ask(records, "Canary?", verdict=Verdict.SILENT)

    ask(records, "Canary?", verdict=Verdict.SILENT)
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
        raise RecordsBlocked(settings.records, "database or disk is full")

    async def pause(_: float) -> None:
        if not caplog.records:
            raise AssertionError("nothing was said")
        if b"Canary" not in on_disk(settings.records):
            raise asyncio.CancelledError
        monkeypatch.undo()

    ask(records, "Canary?", verdict=Verdict.SILENT)
    monkeypatch.setattr(records, "prune", prune)
    with pytest.raises(asyncio.CancelledError):
        await remove_in_time(records, keeping(settings, None), pause)
    assert "disk is full" in caplog.text


async def test_whatever_else_prevents_it_is_told_and_tried_again(
    records: Records,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pauses = 0

    def broken() -> None:
        raise ZeroDivisionError

    async def pause(_: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 2:
            raise asyncio.CancelledError
        monkeypatch.undo()

    ask(records, "Canary?", verdict=Verdict.SILENT)
    monkeypatch.setattr(records, "newest", broken)
    with pytest.raises(asyncio.CancelledError):
        await remove_in_time(records, keeping(settings, None), pause)
    assert "ZeroDivisionError" in caplog.text
    assert b"Canary" not in on_disk(settings.records)


# A clock that is wrong


class Machine:
    """A clock, and what passes beside it, in hours."""

    def __init__(self, newest: datetime | None = None) -> None:
        self.now, self.seconds = NOON, 0.0
        self.trust = ClockTrust(newest, lambda: self.seconds)

    def look(self, hours: float, jump: timedelta = timedelta(0)) -> bool:
        self.seconds += hours * 3600
        self.now += timedelta(hours=hours) + jump
        return self.trust.in_clock(self.now)


def test_a_clock_that_goes_as_time_does_is_believed() -> None:
    machine = Machine(newest=NOON - timedelta(days=29))
    assert all(machine.look(hours) for hours in (0, 1, 1, 500, 1))


@pytest.mark.parametrize("jump", [timedelta(days=800), timedelta(hours=-2)])
def test_a_clock_that_jumps_is_not_believed_for_a_day(
    jump: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine()
    assert machine.look(1)
    assert not machine.look(1, jump)
    assert "by this machine's clock, which is unexpected" in caplog.text
    assert not machine.look(23)
    assert machine.look(1)


def test_a_clock_that_is_put_right_is_believed_a_day_later() -> None:
    machine = Machine()
    assert machine.look(0)
    assert not machine.look(1, timedelta(days=800))
    assert not machine.look(1, timedelta(days=-800))
    assert machine.look(24)


def test_a_start_long_after_the_last_record_may_be_a_wrong_clock() -> None:
    machine = Machine(newest=NOON - timedelta(days=31))
    assert not machine.look(0)
    assert machine.look(24)


async def test_a_clock_that_is_wrong_at_the_start_removes_nothing_for_its_age(
    records: Records, settings: Settings, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.now = datetime.now(UTC) - timedelta(days=800)
    asked = ask(records, "Canary?", verdict=Verdict.SILENT)

    async def pause(_: float) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await remove_in_time(records, keeping(settings, 30), pause)
    assert records.exchange(asked.id) == asked
    assert "put it right within a day" in caplog.text
    with pytest.raises(asyncio.CancelledError):
        await remove_in_time(records, keeping(settings, None), pause)  # which asks no clock
    found = records.exchange(asked.id)
    assert found is not None
    assert found.question == ""
