"""Requests for lists, as people choose and type them."""

from __future__ import annotations

from datetime import date

from bot.requests.lists import list_request
from index.answering.list_requests import Lists
from index.parsing.text.dates import Period

TODAY = date(2026, 11, 29)


def period(lists: Lists, since: str | None, until: str | None) -> Period | None:
    return list_request("", lists, since, until, TODAY).period


def test_deadlines_until_a_day_to_come_are_not_those_that_are_past() -> None:
    assert period(Lists.DEADLINES, None, "2026-12-30") == Period(TODAY, date(2026, 12, 30))
    assert period(Lists.DEADLINES, "2026-11-01", "2026-12-30") == Period(
        date(2026, 11, 1), date(2026, 12, 30)
    )
    assert period(Lists.DEADLINES, None, "2026-10-31") == Period(date.min, date(2026, 10, 31))
    assert period(Lists.DATES, None, "2026-12-30") == Period(date.min, date(2026, 12, 30))
    assert period(Lists.DEADLINES, None, None) is None
