"""What people decided about documents, as the records keep it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.records import Records
from bot.records.databases.database import Place
from bot.records.parts.decisions import DeciderData, decisions_in
from index.decisions import Decisions, Review
from testing.clock import Clock

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ANN, BEN = 1, 2
RIGHT = Review("ab", "2026-05-04", "2027-05-04", by_owner=True)


@pytest.fixture
def records(place: Place, clock: Clock) -> Iterator[Records]:
    with closing(Records(place, clock)) as opened:
        yield opened


def test_the_newest_decision_counts(records: Records) -> None:
    decided = records.decided
    decided.decide_succession("a", "b", confirmed=True, person=ANN)
    assert decided.decisions() == Decisions(frozenset({("a", "b")}))
    decided.decide_succession("a", "b", confirmed=False, person=BEN)
    assert decided.decisions() == Decisions(refused=frozenset({("a", "b")}))
    assert decided.undo_succession("a", "b")
    assert not decided.undo_succession("a", "b")
    assert decided.decisions() == Decisions()


def test_who_confirms_the_opposite_takes_back_the_first(records: Records) -> None:
    records.decided.decide_succession("a", "b", confirmed=True, person=ANN)
    records.decided.decide_succession("b", "a", confirmed=True, person=ANN)
    assert records.decided.decisions().confirmed == {("b", "a")}


def test_only_refusals_with_sketches_can_lapse(records: Records) -> None:
    decided = records.decided
    decided.decide_succession("a", "b", confirmed=False, person=ANN, sketches=(b"12", b"34"))
    decided.decide_succession("c", "d", confirmed=False, person=ANN)
    decided.decide_succession("e", "f", confirmed=True, person=ANN, sketches=(b"", b""))
    ((old, new, *sketches),) = [
        (each.old, each.new, each.old_sketch, each.new_sketch) for each in decided.refusals()
    ]
    assert (old, new, *sketches) == ("a", "b", b"12", b"34")


def test_a_review_counts_for_the_document_as_it_was(records: Records) -> None:
    records.decided.review("a", RIGHT, person=ANN)
    decisions = records.decided.decisions()
    assert decisions.review_of("a", "ab") == RIGHT
    assert decisions.review_of("a", "cd") is decisions.review_of("b", "ab") is None
    assert records.decided.withdraw_review("a")
    assert not records.decided.withdraw_review("a")
    assert not records.decided.decisions().reviews


def test_a_reminder_once_in_a_while(records: Records, clock: Clock) -> None:
    week = timedelta(days=7)

    def remind(*documents: str, person: int = ANN) -> list[str]:
        return records.decided.remind(person, documents, clock.now - week, 2)

    assert remind("a", "b", "c") == ["a", "b"]
    assert remind("a", "b", "c") == ["c"]
    assert remind("a", person=BEN) == ["a"]
    records.decided.not_reminded(ANN, ["a"])
    assert remind("a", "b", "c") == ["a"]
    clock.now += timedelta(days=6)
    assert remind("a", "b", "c") == []
    clock.now += timedelta(days=1)
    assert remind("a", "b", "c") == ["a", "b"]


def test_of_a_forgotten_person_what_was_decided_stays(records: Records) -> None:
    decided = records.decided
    decided.decide_succession("a", "b", confirmed=True, person=ANN)
    decided.review("a", RIGHT, person=ANN)
    decided.remind(ANN, ["a"], NOON, 5)
    before = decided.decisions()
    assert decided.of_person(ANN) == DeciderData((("a", "b", True, NOON),), (("a", True, NOON),))
    records.forget_person(ANN)
    assert decided.of_person(ANN) == DeciderData()
    assert decided.decisions() == before
    assert decided.remind(ANN, ["a"], NOON - timedelta(days=1), 5) == ["a"]


def test_nothing_is_left_of_a_purged_document(records: Records) -> None:
    decided = records.decided
    for old, new in (("x.zip/a", "b"), ("b", "x.zip"), ("b", "x.zipper")):
        decided.decide_succession(old, new, confirmed=True, person=ANN)
    for name in ("x.zip", "x.zip/a", "x.zipper"):
        decided.review(name, RIGHT, person=ANN)
        decided.remind(ANN, [name], NOON, 5)
    records.forget_document("x.zip")
    assert decided.decisions() == Decisions(
        frozenset({("b", "x.zipper")}), reviews={"x.zipper": RIGHT}
    )
    assert decided.remind(ANN, ["x.zip", "x.zipper"], NOON - timedelta(1), 5) == ["x.zip"]


def test_old_reminders_go(records: Records) -> None:
    records.decided.remind(ANN, ["a"], NOON, 5)
    records.prune(NOON + timedelta(days=1))
    assert records.decided.remind(ANN, ["a"], NOON - timedelta(1), 5) == ["a"]


class TestReadAlone:
    """At the terminal, where nothing may be made, or wait."""

    def test_nothing_is_made(self, tmp_path: Path) -> None:
        assert decisions_in(tmp_path / "none" / "records.sqlite") == Decisions()
        assert not list(tmp_path.iterdir())

    def test_what_is_decided_now(self, records: Records) -> None:
        records.decided.decide_succession("a", "b", confirmed=True, person=ANN)
        records.decided.review("a", RIGHT, person=ANN)
        expected = Decisions(frozenset({("a", "b")}), reviews={"a": RIGHT})
        assert decisions_in(records.place) == records.decided.decisions() == expected

    def test_while_somebody_writes(self, records: Records) -> None:
        records.decided.decide_succession("a", "b", confirmed=True, person=ANN)
        with records._database.transaction() as db:
            db.execute("DELETE FROM decided_successions")
            assert decisions_in(records.place).confirmed == {("a", "b")}

    def test_what_cannot_be_read_says_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "records.sqlite"
        path.write_bytes(b"no database" * 100)
        assert decisions_in(path) == Decisions()

    def test_records_of_an_older_version_say_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "records.sqlite"
        with closing(Records(path)) as records, records._database.transaction() as db:
            db.execute("DROP TABLE reviews")
        assert decisions_in(path) == Decisions()


def test_where_it_cannot_be_read_the_last_known_counts(records: Records) -> None:
    records.decided.decide_succession("a", "b", confirmed=True, person=ANN)
    known = records.decided.decisions()
    with records._database.transaction() as db:
        db.execute("ALTER TABLE reviews RENAME TO views")
    assert records.decided.decisions() == known
    with records._database.transaction() as db:
        db.execute("ALTER TABLE views RENAME TO reviews")
