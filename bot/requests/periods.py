"""Periods that people type, such as "May 2026" or "last week", by their first or last day."""

from __future__ import annotations

import re
from datetime import date

from bot.errors import BadPeriod
from bot.localization import LazyText, _
from index.answering.understanding.times import asked_time
from index.parsing.text.dates import Period, WrittenDate, iso_date

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_GENERATION = re.compile(r"(?:generation|gen\.?|#) ?(\d{1,9})", re.IGNORECASE)
_NAMED_MONTH = re.compile(r"[^\W\d]{3,}\.?,? \d{4}")


_PHRASES = (
    *(LazyText("today"), LazyText("yesterday"), LazyText("this week"), LazyText("last week")),
    *(LazyText("this month"), LazyText("last month"), LazyText("this year"), LazyText("last year")),
)
"""What people also say in their own language."""


def beginning(typed: str, today: date) -> date:
    """Return the day since which something is asked: "June", "last week", "3 days ago", or what
    `first_day` understands.

    Raises BadPeriod where it is none, or lies ahead.
    """
    words = " ".join(typed.split())
    words = words[len("since ") :] if words.casefold().startswith("since ") else words
    said = words.casefold()
    words = next((each.message for each in _PHRASES if str(each).casefold() == said), words)
    asked = asked_time(f"since {words}", today)
    if (
        asked
        and len(asked.span) == len(f"since {words}")
        and date.min < asked.period.first <= today
    ):
        return asked.period.first
    return first_day(words)


def generation_in(typed: str) -> int | None:
    """Return the number of a generation that was typed: "generation 7", "#7"; None for others."""
    found = _GENERATION.fullmatch(typed.strip())
    return int(found[1]) if found else None


def first_day(typed: str) -> date:
    """Return the first day of a day, a month or a year: "2026-05-01", "May 2026", "2026".

    Raises BadPeriod where it is none, or may be one of several.
    """
    return _days(typed).first


def last_day(typed: str) -> date:
    """Return the last day of a day, a month or a year, as `first_day` does the first."""
    return _days(typed).last


def _days(typed: str) -> Period:
    written = " ".join(typed.split())
    found: Period | None = None
    if _YEAR.fullmatch(written):
        found = WrittenDate(0, 0, int(written)).period()
    elif match := _MONTH.fullmatch(written):
        found = WrittenDate(0, 0, int(match[1]), int(match[2])).period()
    else:
        is_month = _NAMED_MONTH.fullmatch(written)
        if iso := iso_date(f"1 {written}" if is_month else written):
            day = date.fromisoformat(iso[:10])
            month = WrittenDate(0, 0, day.year, day.month).period()
            found = month if is_month else Period(day, day)
    if found is None:
        raise BadPeriod(
            _(
                "I do not understand that date. Write a day, a month or a year: 2026-05-01, "
                "12 May 2026, May 2026 or 2026."
            )
        )
    return found
