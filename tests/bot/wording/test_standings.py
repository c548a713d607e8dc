from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.standings import age, marks, short_day, written_day
from index.answering.answer import Standing, Successor
from index.store.catalog.particulars import Origin

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-11-29", "of today"),
        ("2026-11-28", "of yesterday"),
        ("2026-11-19", "ten days old"),
        ("2026-11-08", "three weeks old"),
        ("2026-01-19", "ten months old"),
        ("2026-01-30T08:00:00+01:00", "nine months old"),
        ("2025-10-29", "13 months old"),
        ("2024-11-30", "23 months old"),
        ("2024-11-29", "two years old"),
        ("2008-01", "18 years old"),
        ("2024", "22 months old"),
        ("2026", ""),
        ("2026-11", ""),
        ("2027-01-01", ""),
        ("soon", ""),
        ("2026-02-31", ""),
    ],
)
def test_ages(iso: str, said: str) -> None:
    assert age(iso, TODAY) == said


def test_days_are_as_precise_as_they_are_stated() -> None:
    assert written_day("2026-04-28T10:00:00") == "28 April 2026"
    assert written_day("2026-04") == "April 2026"
    assert short_day("2026-04-28") == "28 Apr 2026"
    assert short_day("2026") == "2026"
    assert short_day("sometime") == "sometime"


@given(st.dates(), st.dates(min_value=date(1900, 1, 1)))
def test_every_day_can_be_shown(day: date, today: date) -> None:
    assert str(day.year) in short_day(day.isoformat())
    assert bool(age(day.isoformat(), today)) == (day <= today)


def said(**known: object) -> list[str]:
    standing = Standing("a.md", "A", **known)  # type: ignore[arg-type]
    return list(marks(standing, TODAY, str.upper))


def test_a_citation_says_how_old_its_document_is() -> None:
    assert said() == []
    assert said(date="2026-01-19") == ["19 Jan 2026, ten months old"]
    assert said(date="2026-01-19", date_from=Origin.PROPERTIES) == [
        "19 Jan 2026 by its file, ten months old"
    ]
    assert said(date="2027", classification="secret") == ["2027", "SECRET"]


def test_a_citation_says_that_its_document_no_longer_holds() -> None:
    def replaced(since: str | None, title: str = "New rules") -> list[str]:
        return said(replaced_by=Successor("b.md", title, since), is_withdrawn=True)

    assert replaced("2026-04-28") == ["replaced on 28 Apr 2026 by NEW RULES"]
    assert replaced("2026-04") == ["replaced in Apr 2026 by NEW RULES"]
    assert replaced("2026") == ["replaced in 2026 by NEW RULES"]
    assert replaced("2026-04-28", title="a") == ["replaced on 28 Apr 2026 by a newer version"]
    assert replaced(None) == ["replaced by NEW RULES"]
    assert replaced("2027-01-01") == ["until NEW RULES replaces it on 1 Jan 2027"]
    assert said(is_withdrawn=True) == ["no longer holds"]
    assert said(until="2026-11-28") == ["was valid until 28 Nov 2026"]
    assert said(until="2026-11-29") == ["valid until 29 Nov 2026"]
    assert said(until="2026-11") == ["valid until Nov 2026"]
    assert said(since="2027-01-01") == ["holds from 1 Jan 2027"]
    assert said(since="2026-01-01") == []


def test_without_a_day_no_age_is_told() -> None:
    standing = Standing("a.md", "A", date="2026-01-19", until="2026-11-28")
    days = timedelta(days=1)
    assert list(marks(standing, None, str)) == ["19 Jan 2026", "valid until 28 Nov 2026"]
    assert list(marks(standing, TODAY - days, str))[1] == "valid until 28 Nov 2026"
