"""What the disk does not take waits in memory, is found there, and is written afterwards."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RecordsBlocked
from bot.records import CONVERSATION, Exchange, Fault, Kind, Mark, Records, waiting
from bot.records.databases.database import Place
from bot.records.writing_later import write_in_time
from index.answering.answer import Choice
from testing.disks import no_room, small_disk
from testing.exchanges import ask
from testing.samples import ANSWER

ANN, BEN = 1, 2
NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)


def opened(path: Place, **options: Any) -> Records:
    """Records by a clock that stands still now and then, as ids are made of its milliseconds."""
    moments = iter(NOON + timedelta(seconds=number // 4) for number in range(40_000))
    options = {"keep_questions": True, "ids_by_time": True, "may_wait": True, **options}
    return Records(path, lambda: next(moments), **options)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with closing(opened(tmp_path / "records.sqlite")) as found:
        yield found


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each table."""
    with closing(sqlite3.connect(path)) as db:
        tables = ("exchanges", "replies", "wordings", "feedback", "reasons", "audit", "facts")
        return {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}


def test_a_file_that_was_taken_away_or_replaced_gets_nothing_more(
    records: Records, tmp_path: Path
) -> None:
    """SQLite itself goes on in the file that nobody finds again."""
    path, away = tmp_path / "records.sqlite", tmp_path / "away.sqlite"
    ask(records)
    path.rename(away)
    ask(records)
    assert (records.waiting, records.counts().exchanges) == (1, 1)
    assert "was removed or replaced while it was in use; start the bot" in str(records.problem)
    with pytest.raises(RecordsBlocked, match="start the bot again"):
        records.forget_person(ANN)
    shutil.copy(away, path)
    with pytest.raises(RecordsBlocked):
        records.write_waiting()
    away.replace(path)
    records.write_waiting()
    assert (records.waiting, records.problem, records.counts().exchanges) == (0, None, 2)


# What may be done while the disk is full; each takes the exchange from before.
DONE: dict[str, Callable[[Records, Exchange], object]] = {
    "a question": lambda records, _: ask(records, excerpts=ANSWER.excerpts, replies=(7, 8)),
    "a follow-up": lambda records, before: ask(records, follows=before.id, person=BEN),
    "two, one after the other": lambda records, _: ask(records, follows=ask(records).id),
    "choices": lambda records, _: ask(records, choices=(Choice("A", "What of A?"),)),
    "a claim": lambda records, _: ask(records, kind=Kind.CLAIM),
    "its answer": lambda records, before: records.set_replies(before.id, [21, 22]),
    "an answer just given": lambda records, _: records.set_replies(ask(records).id, [31]),
    "another answer": lambda records, before: records.set_replies(before.id, [11, 41]),
    "a mark": lambda records, before: records.rate(before.id, BEN, Mark.DOWN, "Wrong."),
    "another mark": lambda records, before: records.rate(before.id, ANN, Mark.UP),
    "a fault": lambda records, before: records.rate(before.id, BEN, Mark.DOWN, fault=Fault.UNFIT),
    "the same mark": lambda records, before: bool(records.rate(before.id, ANN, Mark.DOWN)),
    "a mark just after": lambda records, _: records.rate(ask(records).id, BEN, Mark.DOWN, "No."),
    "a mark of nothing": lambda records, _: records.rate(99, BEN, Mark.DOWN, "No."),
    "what an admin did": lambda records, _: records.audit(ANN, 1, "remove", "why", "a.md"),
    "a fact": lambda records, _: records.remember("commands", "new"),
}


@pytest.mark.parametrize("name", DONE)
def test_it_ends_as_if_there_had_been_room(name: str, tmp_path: Path) -> None:
    kept: dict[bool, object] = {}
    seen: dict[bool, object] = {}
    for full in (False, True):
        path = tmp_path / str(full) / "records.sqlite"
        with closing(opened(path)) as records:
            before = ask(records, replies=(11, 12))
            records.rate(before.id, ANN, Mark.DOWN, "Why?")
            records.remember("commands", "old")
            if full:
                with no_room():
                    result = DONE[name](records, before)
                    assert records.problem or name == "a mark of nothing"
                    seen[full] = result, records.recall("commands"), records.audits(9)
                    if isinstance(result, Exchange) and result.kind is Kind.ASK:
                        assert records.exchange(result.id) == result
                        assert records.last(result.person, 2, NOON) in (result, before)
                        for message in result.replies:
                            assert records.by_reply(message) == result
                assert content(path)["exchanges"][1:] == []
                records.write_waiting()
                assert (records.problem, records.waiting) == (None, 0)
            else:
                result = DONE[name](records, before)
                seen[full] = result, records.recall("commands"), records.audits(9)
        kept[full] = content(path)
    assert seen[True] == seen[False]
    assert kept[True] == kept[False]


def test_what_waits_is_written_before_what_comes_next(records: Records) -> None:
    first = ask(records)
    with no_room():
        waits = [ask(records, f"{number}?") for number in range(3)]
        assert records.waiting == 3
        assert records.counts_of_person(ANN).exchanges == 4
    last = ask(records)
    with no_room():
        assert ask(records, person=BEN).id > last.id
    records.write_waiting()
    assert records.waiting == 0
    ids = [one.id for one in (first, *waits, last)]
    assert ids == sorted(set(ids))
    assert [records.exchange(one.id) for one in waits] == waits
    assert records.of_person(ANN).exchanges == (first, *waits, last)


def test_at_the_end_what_waits_is_written_if_it_can_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "records.sqlite"
    records = opened(path)
    with no_room():
        ask(records)
    records.close()
    assert len(content(path)["exchanges"]) == 1
    records = opened(path)
    with no_room():
        ask(records)
        records.close()
    assert "1 records that waited are lost" in caplog.text


def test_nothing_is_forgotten_by_halves(records: Records) -> None:
    """Who asks to be forgotten is told that it was not done, since it could come back."""
    asked = ask(records)
    with no_room():
        waits = ask(records)
        changes: list[Callable[[], object]] = [
            lambda: records.forget_person(ANN),
            lambda: records.forget_document("a.md"),
            lambda: records.prune(NOON + timedelta(days=1)),
        ]
        for change in changes:
            with pytest.raises(RecordsBlocked):
                change()
        assert (records.exchange(asked.id), records.exchange(waits.id)) == (asked, waits)
    assert records.forget_person(ANN) == 2
    assert records.counts_of_person(ANN).exchanges == 0


def test_what_was_forgotten_meanwhile_stays_forgotten(records: Records) -> None:
    asked = ask(records, person=BEN)
    with no_room():
        ask(records, follows=asked.id)
        records.rate(asked.id, ANN, Mark.UP)
        records.set_replies(asked.id, [5])
    with closing(opened(records.place)) as other:  # the command line
        other.forget_person(BEN)
    records.write_waiting()
    assert records.exchange(asked.id) is None
    assert records.by_reply(5) is None
    (left,) = records.of_person(ANN).exchanges
    assert left.follows is None


def test_no_word_waits_on_any_disk_where_none_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    with closing(opened(path, keep_questions=False)) as records:
        with no_room():
            asked = ask(records, "A canary?")
            assert records.exchange(asked.id) == asked
        records.write_waiting()
        assert records.exchange(asked.id) == asked
    assert b"canary" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting.waiting_room, "__kwdefaults__", {"most_bytes": 400_000})
    with closing(opened(tmp_path / "records.sqlite")) as records:
        kept: list[Exchange] = []
        with no_room(), pytest.raises(RecordsBlocked):
            kept.extend(iter(lambda: ask(records, "long " * 500), None))
        assert 20 < len(kept) < 120
        records.write_waiting()
        assert list(records.of_person(ANN).exchanges) == kept


async def test_it_is_tried_again_every_few_seconds(records: Records) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            assert records.waiting == 0
            raise asyncio.CancelledError

    with no_room():
        ask(records)
    with pytest.raises(asyncio.CancelledError):
        await write_in_time(records, pause)
    assert pauses == [5.0] * 3


async def test_words_that_are_only_in_memory_go_after_a_conversation(tmp_path: Path) -> None:
    now = [NOON]

    async def pause(_: float) -> None:
        if now[0] > NOON:
            raise asyncio.CancelledError
        now[0] += 2 * CONVERSATION

    path = tmp_path / "records.sqlite"
    with closing(Records(path, lambda: now[0], ids_by_time=True, may_wait=True)) as records:
        ask(records)
        with pytest.raises(asyncio.CancelledError):
            await write_in_time(records, pause)
        assert not records._recent._by_exchange


def test_who_is_forgotten_at_the_terminal_is_forgotten_by_the_bot(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    with (
        closing(Records(path, ids_by_time=True, may_wait=True)) as bot,
        closing(Records(path)) as terminal,
    ):
        person = ask(bot).person
        bot.forget_person(person + 1)
        bot.forget_old_words()
        assert bot._recent.of_person(person) == 1
        terminal.forget_person(person)
        bot.forget_old_words()
        assert not bot._recent.of_person(person)


def test_on_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", 1) as disk,
        closing(opened(disk / "records.sqlite")) as records,
    ):
        kept = [ask(records)]
        filler = disk / "filler"
        with suppress(OSError):
            filler.write_bytes(bytes(2_000_000))
        while not records.problem:
            kept.append(ask(records, "long " * 500))
        kept.append(ask(records))
        assert records.waiting == 2
        assert [records.exchange(one.id) for one in kept] == kept
        filler.unlink()
        records.write_waiting()
        assert list(records.of_person(ANN).exchanges) == kept
