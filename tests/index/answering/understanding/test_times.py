from __future__ import annotations

from datetime import date

import pytest

from index.answering.understanding.times import asked_time

TODAY = date(2026, 11, 29)  # a Sunday


@pytest.mark.parametrize(
    ("typed", "first", "last", "rest"),
    [
        ("anything new since June?", "2026-06-01", "9999-12-31", "anything new?"),
        ("anything new since december", "2025-12-01", "9999-12-31", "anything new"),
        ("what happened in March 2026", "2026-03-01", "2026-03-31", "what happened"),
        ("documents in may", "2026-05-01", "2026-05-31", "documents"),
        ("documents before 3 May", "0001-01-01", "2026-05-02", "documents"),
        ("notes after 5 March 2026", "2026-03-06", "9999-12-31", "notes"),
        ("until the end of June", "0001-01-01", "2026-06-30", ""),
        ("between April and June", "2026-04-01", "2026-06-30", ""),
        ("between november and february", "2025-11-01", "2026-02-28", ""),
        ("from 3 March to 6 April 2026", "2026-03-03", "2026-04-06", ""),
        ("april to june 2025", "2025-04-01", "2025-06-30", ""),
        ("Q2 2026", "2026-04-01", "2026-06-30", ""),
        ("in the third quarter", "2026-07-01", "2026-09-30", ""),
        ("in 2025", "2025-01-01", "2025-12-31", ""),
        ("events of 22 May", "2026-05-22", "2026-05-22", "events"),
        ("since 1.9.2026", "2026-09-01", "9999-12-31", ""),
        ("this year", "2026-01-01", "2026-12-31", ""),
        ("last year", "2025-01-01", "2025-12-31", ""),
        ("last month", "2026-10-01", "2026-10-31", ""),
        ("last quarter", "2026-07-01", "2026-09-30", ""),
        ("last week", "2026-11-16", "2026-11-22", ""),
        ("this week", "2026-11-23", "2026-11-29", ""),
        ("next week", "2026-11-30", "2026-12-06", ""),
        ("next month", "2026-12-01", "2026-12-31", ""),
        ("curfew last december?", "2025-12-01", "2025-12-31", "curfew?"),
        ("budget last november", "2025-11-01", "2025-11-30", "budget"),
        ("since last may", "2026-05-01", "9999-12-31", ""),
        ("last winter", "2025-12-01", "2026-02-28", ""),
        ("in the last two weeks", "2026-11-15", "2026-11-29", ""),
        ("in the past 30 days", "2026-10-30", "2026-11-29", ""),
        ("three weeks ago", "2026-11-02", "2026-11-08", ""),
        ("what came in yesterday?", "2026-11-28", "2026-11-28", "what came in?"),
        ("since monday", "2026-11-23", "9999-12-31", ""),
    ],
)
def test_the_days_of_a_time(typed: str, first: str, last: str, rest: str) -> None:
    time = asked_time(typed, TODAY)
    assert time
    assert (time.period.first.isoformat(), time.period.last.isoformat()) == (first, last)
    assert time.without(typed) == rest


@pytest.mark.parametrize(
    "typed",
    ["what may I carry in 3 bags", "who may march", "seats of Heron 4", "2,000 litres", "the day"],
)
def test_other_words_and_numbers_are_no_time(typed: str) -> None:
    assert asked_time(typed, TODAY) is None


def test_what_is_planned_lies_ahead() -> None:
    ahead = asked_time("what is planned for december", TODAY, ahead=True)
    assert ahead is not None
    assert ahead.period.first == date(2026, 12, 1)
    before = asked_time("what happened in december", TODAY)
    assert before is not None
    assert before.period.first == date(2025, 12, 1)


def test_the_end_of_february_a_year_before_a_leap_year() -> None:
    time = asked_time("on 29 february", TODAY)
    assert time is not None
    assert time.period.first == date(2024, 2, 29)
