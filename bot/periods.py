"""Periods that people type, such as "May 2026", by their first day."""

from __future__ import annotations

import re
from datetime import date

from bot.errors import BadPeriod
from bot.localization import _
from index.parsing.dates import iso_date

__all__ = ["first_day"]

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_NAMED_MONTH = re.compile(r"[^\W\d]{3,}\.?,? \d{4}")


def first_day(typed: str) -> date:
    """Return the first day of a day, a month or a year: "2026-05-01", "May 2026", "2026".

    Raises BadPeriod where it is none, or may be one of several.
    """
    written = " ".join(typed.split())
    found = None
    try:
        if _YEAR.fullmatch(written):
            return date(int(written), 1, 1)
        if match := _MONTH.fullmatch(written):
            return date(int(match[1]), int(match[2]), 1)
        found = iso_date(f"1 {written}" if _NAMED_MONTH.fullmatch(written) else written)
    except ValueError:  # there is no such month, or no year 0
        pass
    if found is None:
        raise BadPeriod(
            _(
                "I do not understand that date. Write a day, a month or a year: 2026-05-01, "
                "12 May 2026, May 2026 or 2026."
            )
        )
    return date.fromisoformat(found[:10])
