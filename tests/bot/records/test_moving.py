"""Records that go from a file to a server and back, whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import RecordsNotMoved
from bot.records import Exchange, Fault, Mark, Records
from bot.records.databases.database import Database, Place
from bot.records.databases.opening import open_database
from bot.records.moving import copy, move
from bot.records.parts.notices import Notice
from bot.records.schema import FIRST_VERSION, MIGRATIONS, TABLES
from index.answering.answer import Choice
from index.decisions import Review
from testing.exchanges import ask
from testing.samples import ANSWER

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
ANN, BEN = 1, 2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite"


def asked(records: Records, question: str = "Who?", person: int = ANN) -> Exchange:
    return ask(
        records,
        question,
        person=person,
        confidence=0.1 + 0.2,
        excerpts=ANSWER.excerpts,
        choices=(Choice("A", "Of A, Å or \U0001f600?"),),
        replies=(person * 10,),
        since=date(2026, 1, 1),
    )


def fill(place: Place) -> int:
    """Put something into each table, and forget the newest exchange; return its id."""
    with closing(Records(place, lambda: NOON, keep_questions=True)) as records:
        one = asked(records)
        records.rate(one.id, BEN, Mark.DOWN, "No.", Fault.UNFIT)
        records.audit(ANN, 1, "remove", "why", "a.md")
        records.remember("commands", "new")
        decided = records.decided
        decided.decide_succession("a", "b", confirmed=False, person=ANN, sketches=(b"\0a", b"\xff"))
        decided.review("a", Review("ab", "2026-05-04", None, by_owner=True), person=ANN)
        decided.remind(ANN, ["a"], NOON, 5)
        records.settled.settle(["aa"], ["a"], ANN)
        records.visits.come(ANN, NOON)
        records.withheld.withhold("a", "2026")
        records.closed_gaps.put(one.id, "w", frozenset("u"), ["a"])
        records.closed_gaps.settle([one.id], ANN)
        records.marked.mark(one.id)
        records.notices.put(Notice(one.id, BEN, 3, 4))
        for number in range(210):
            asked(records, f"Question {number}?", person=1000 + number)
        last = asked(records, person=BEN)
        records.forget_person(BEN)
        return last.id


def content(place: Place) -> dict[str, list[dict[str, object]]]:
    with (
        closing(open_database(place, MIGRATIONS, first_version=FIRST_VERSION)) as database,
        database.snapshot() as there,
    ):
        return {table: list(there.rows(table, TABLES[table])) for table in TABLES}


@pytest.mark.slow
def test_there_and_back_again(path: Path, postgres_url: str, tmp_path: Path) -> None:
    last, server, back = fill(path), SecretStr(postgres_url), tmp_path / "back.sqlite"
    before, told = content(path), []
    first = move(path, server, lambda table, rows: told.append((table, rows)))
    assert told == [(table, len(rows)) for table, rows in before.items()]
    assert first.rows == sum(map(len, before.values()))
    assert move(path, server) == first  # nothing more is to be done
    assert content(server) == before
    with closing(Records(server)) as records:
        assert asked(records).id == last + 1
        assert records.audit(ANN, 1, "reindex").action == "reindex"
        assert [entry.action for entry in records.audits(9)] == ["reindex", "remove"]
    moved = content(server)
    move(server, back)
    assert content(back) == moved
    with closing(Records(back)) as records:
        assert asked(records).id == last + 2


class Killed(BaseException):
    """The process ended there."""


@pytest.mark.parametrize("after", ["exchanges", "wordings", "audit", "facts"])
def test_what_was_interrupted_goes_on(after: str, path: Path, tmp_path: Path) -> None:
    fill(path)
    target = tmp_path / "target.sqlite"

    def killed(table: str, _rows: int) -> None:
        if table == after:
            raise Killed

    with pytest.raises(Killed):
        move(path, target, killed)
    move(path, target)
    assert content(target) == content(path)


def test_records_that_are_there_already_stay(path: Path, tmp_path: Path) -> None:
    fill(path)
    target = tmp_path / "target.sqlite"
    with closing(Records(target)) as records:
        asked(records)
    before = content(target)
    with pytest.raises(RecordsNotMoved, match="nothing is written over"):
        move(path, target)
    assert content(target) == before


def test_what_came_otherwise_is_said(path: Path, tmp_path: Path) -> None:
    fill(path)

    def opened(at: Path) -> Database:
        return open_database(at, MIGRATIONS, first_version=FIRST_VERSION)

    def altered(table: str, _rows: int) -> None:
        if table == "reviews":
            with closing(sqlite3.connect(tmp_path / "target.sqlite")) as db, db:
                db.execute("UPDATE exchanges SET confidence = 0.3 WHERE id = 1")

    with closing(opened(path)) as source, closing(opened(tmp_path / "target.sqlite")) as target:
        with pytest.raises(RecordsNotMoved, match="exchanges came otherwise"):
            copy(source, target, altered)
        assert copy(source, target).rows


def test_each_table_is_moved_but_what_lasts_minutes(path: Path) -> None:
    Records(path).close()
    with closing(sqlite3.connect(path)) as db:
        found = {
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        }
    assert found == {*TABLES, "claims", "turns"}
