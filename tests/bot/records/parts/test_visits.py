"""When people last looked, and what is not to be shown: kept, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.records import Records
from bot.records.databases.database import Place

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def records(place: Place) -> Iterator[Records]:
    with closing(Records(place, keep_questions=False, clock=lambda: NOW)) as opened:
        yield opened


def test_the_last_visit_is_kept_until_its_person_is_forgotten(records: Records) -> None:
    assert records.visits.last(1) is None
    records.visits.come(1, NOW - timedelta(days=1))
    records.visits.come(1, NOW)
    records.visits.come(2, NOW)
    assert records.visits.last(1) == NOW
    assert records.of_person(1).visited == NOW
    records.forget_person(1)
    assert records.visits.last(1) is None
    assert records.visits.last(2) == NOW


def test_old_visits_go_in_time(records: Records) -> None:
    records.visits.come(1, NOW - timedelta(days=400))
    records.visits.come(2, NOW)
    records.prune(NOW - timedelta(days=365))
    assert records.visits.last(1) is None
    assert records.visits.last(2) == NOW


def test_withheld_changes_go_with_their_document(records: Records) -> None:
    at = "2026-05-01T00:00:00+00:00"
    for name in ("a.zip/b.md", "a.zip2", "c.md"):
        records.withheld.withhold(name, at)
    records.forget_document("a.zip")
    assert records.withheld.all() == {("a.zip2", at), ("c.md", at)}
    records.withheld.show_again("c.md", at)
    assert records.withheld.all() == {("a.zip2", at)}
