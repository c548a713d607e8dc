"""Open questions that are settled or taken back, and what is kept of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.records import Exchange, Records
from bot.records.databases.database import Place
from index.answering.answer import Verdict
from testing.exchanges import ask

EVER = datetime(2020, 1, 1, tzinfo=UTC)
ADA, ANN = 1, 2


@pytest.fixture
def records(place: Place) -> Iterator[Records]:
    records = Records(place, keep_questions=True)
    yield records
    records.close()


def asked(records: Records, question: str, *, person: int = ANN) -> Exchange:
    return ask(records, question, person=person, guild=7, verdict=Verdict.SILENT)


def still_open(records: Records) -> list[str]:
    return [each.exchange.question for each in records.unsatisfied(7, EVER)]


def settlers(records: Records) -> list[int]:
    return records._database.read(lambda row: int(row[0]), "SELECT person FROM settled_gaps")


def test_what_is_settled_is_open_no_longer(records: Records) -> None:
    first = asked(records, "who dug the well?")
    asked(records, "who built the pier?")
    records.closed_gaps.settle([first.id, 12345], ADA)
    assert still_open(records) == ["who built the pier?"]
    assert [each.exchange.id for each in records.unsatisfied_anywhere(EVER)] != [first.id]
    assert settlers(records) == [ADA]
    asked(records, "who dug the well?")
    assert still_open(records) == ["who built the pier?", "who dug the well?"]


def test_who_settled_it_is_forgotten_and_what_was_settled_stays(records: Records) -> None:
    records.closed_gaps.settle([asked(records, "who dug the well?").id], ADA)
    records.forget_person(ADA)
    assert settlers(records) == [0]
    assert still_open(records) == []


@pytest.mark.parametrize("way", ["forget", "prune"])
def test_it_goes_with_its_question(records: Records, way: str) -> None:
    records.closed_gaps.settle([asked(records, "who dug the well?").id], ADA)
    if way == "forget":
        records.forget_person(ANN)
    else:
        records.prune(datetime.now(UTC) + timedelta(days=1))
    assert settlers(records) == []
