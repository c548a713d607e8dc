"""Dates, as people and programs write them, turned into ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

__all__ = ["date_near_top", "iso_date", "iso_moment"]

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)} | {
    "mai": 5,
    "okt": 10,
    "des": 12,
}  # Norwegian
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_DAY_FIRST = re.compile(r"(?:\w+day,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(
    r"(?:\w+day,?\s+)?([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE
)
_PDF = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?'?)?.*")
_LABELLED = re.compile(
    r"^[ \t]*(?:date|dated|dato|published|updated)[ \t]*:[ \t]*([^\r\n]{1,60}?)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


def iso_moment(moment: date | datetime) -> str:
    """Return a moment as ISO 8601; at midnight only its day, since files store days like that."""
    if isinstance(moment, datetime):
        moment = moment.replace(microsecond=0)
        if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return moment.date().isoformat()
    return moment.isoformat()


def iso_date(written: str) -> str | None:
    """Return a date as ISO 8601, or None where it may mean two days (as 06/01/2026 may)."""
    written = " ".join(written.split())
    if not 8 <= len(written) <= 60:
        return None
    try:
        if _ISO.fullmatch(written):
            return iso_moment(datetime.fromisoformat(written))
        if match := _DAY_FIRST.fullmatch(written):
            day, month, year = match.groups()
            return _named(year, month, day)
        if match := _MONTH_FIRST.fullmatch(written):
            month, day, year = match.groups()
            return _named(year, month, day)
        if match := _PDF.fullmatch(written):
            return _pdf_date(match)
        if written[-1].isalnum() and ":" in written:
            return iso_moment(parsedate_to_datetime(written))
    except (ValueError, OverflowError, TypeError):
        return None
    return None


def date_near_top(text: str) -> str | None:
    """Return the date of a line like "Date: 6 January 2026" in the first 1,500 characters."""
    for match in _LABELLED.finditer(text[:1500]):
        if found := iso_date(match[1]):
            return found
    return None


def _named(year: str, month: str, day: str) -> str | None:
    number = _MONTHS.get(month[:3].lower())
    return None if number is None else date(int(year), number, int(day)).isoformat()


def _pdf_date(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, zulu, zone_hours, zone_minutes = match.groups()
    if hour is None:
        return date(int(year), int(month or 1), int(day or 1)).isoformat()
    zone = "+00:00" if zulu else f"{zone_hours}:{zone_minutes or '00'}" if zone_hours else ""
    stamp = f"{year}-{month}-{day}T{hour}:{minute or '00'}:{second or '00'}{zone}"
    return iso_moment(datetime.fromisoformat(stamp))
