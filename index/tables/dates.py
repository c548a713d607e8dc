"""Dates of which a part may be left open, as cells and questions write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from index.number_words import MONTH_NUMBERS

_ABROAD = {
    name: number
    for number, names in {
        1: "januar",
        2: "februar",
        3: "märz mars mär",
        5: "mai",
        6: "juni",
        7: "juli",
        10: "oktober okt",
        12: "desember dezember des dez",
    }.items()
    for name in names.split()
}
"""Months in German and Norwegian, which count only beside a day or a year."""
_NUMBERS = MONTH_NUMBERS | _ABROAD
_MONTH = "|".join(sorted(_NUMBERS, key=lambda name: -len(name)))
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?P<y1>{_YEAR})-(?P<m1>0[1-9]|1[0-2])(?:-(?P<d1>[0-3]\d))?(?![-\d])"
    rf"|(?:(?P<d2>[0-3]?\d)(?:st|nd|rd|th|\.)?\s+(?:of\s+)?)?\b(?P<n2>{_MONTH})\b\.?"
    rf"(?:,?\s+(?:of\s+)?(?P<y2>{_YEAR})\b)?"
    rf"|(?P<n3>{_MONTH})\b\.?\s+(?P<d3>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s+(?P<y3>{_YEAR})\b)?"
    rf"|(?P<d4>[0-3]?\d)\.(?P<m4>0?[1-9]|1[0-2])\.(?P<y4>{_YEAR})"
    rf"|(?P<d5>1[3-9]|2\d|3[01])/(?P<m5>0?[1-9]|1[0-2])/(?P<y6>{_YEAR})"
    rf"|(?P<m6>0?[1-9]|1[0-2])/(?P<d6>1[3-9]|2\d|3[01])/(?P<y7>{_YEAR})"
    rf"|Q(?P<q1>[1-4])[\s/-]?\s?(?:of\s+)?(?P<y8>{_YEAR})|(?P<y9>{_YEAR})[\s/-]?Q(?P<q2>[1-4])"
    rf"|(?P<q3>[1-4])\.\s(?:kvartal|quartal)\s(?P<y10>{_YEAR})"
    rf"|(?P<y5>{_YEAR}))(?![\w%])",
    re.IGNORECASE,
)
_MONTH_GROUPS = ("m1", "n2", "n3", "m4", "m5", "m6")
_MONTH_FIRST = re.compile(
    rf"\b(?P<n>{_MONTH})\b\.?\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s+(?P<y>{_YEAR})\b)?",
    re.IGNORECASE,
)
_LONGEST = 200
"""Characters of a cell that is a date."""
_WEEKDAY = re.compile(r"^(?:mon|tues|wednes|thurs|fri|satur|sun)[a-z]*,?\s+", re.IGNORECASE)
_TIME = re.compile(r",?\s*(?:at\s+)?\d{1,2}:\d\d(?::\d\d)?(?:\s*(?:h|[ap]m))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month, a quarter or a year; what is not stated is None.

    `months` is 3 for a quarter, of which `month` is the first.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    months: int = 1

    def holds(self, other: PartialDate) -> bool:
        """Return whether `other` lies in this day, month or year; these may be left open."""
        if self.month is None:
            return self.year == other.year if self.day is None else self.day == other.day
        return (
            other.month is not None
            and self.month <= other.month
            and other.month + other.months <= self.month + self.months
            and self.day in (None, other.day)
            and (self.year == other.year or None in (self.year, other.year))
        )

    @property
    def first(self) -> date:
        """The first day of it; a year that is not stated counts as the year 1."""
        return date(self.year or 1, self.month or 1, self.day or 1)

    @property
    def last_key(self) -> tuple[int, int, int]:
        """What orders by the last day of it."""
        last = self.month + self.months - 1 if self.month else 12
        return (self.year or 1, last, self.day or 31)


def dates_in(text: str) -> Iterator[tuple[int, int, PartialDate]]:
    """Yield the dates of a text with their beginnings and ends."""
    at = 0
    while match := _DATE.search(text, at):
        other = _MONTH_FIRST.match(text, match.start())
        if other and not match["d2"] and _MONTH_FIRST.fullmatch(other.group()):
            found, match = _partial(other["y"], other["n"], other["d"]), other
        else:
            groups = match.groupdict()
            year = next((groups[f"y{n}"] for n in range(1, 11) if groups[f"y{n}"]), None)
            month = next((groups[key] for key in _MONTH_GROUPS if groups[key]), None)
            day = next((groups[f"d{n}"] for n in range(1, 7) if groups[f"d{n}"]), None)
            quarter = groups["q1"] or groups["q2"] or groups["q3"]
            found = _partial(year, month, day)
            if quarter and year:
                found = PartialDate(int(year), 3 * int(quarter) - 2, months=3)
        at = match.end()
        if found is not None and not _is_verb(text, match):
            yield match.start(), match.end(), found


def date_of(text: str) -> PartialDate | None:
    """Return the date that a whole text is, a time of day aside; None for any other text."""
    if len(text) > _LONGEST:
        return None
    text = _TIME.sub("", _WEEKDAY.sub("", text.strip()))
    found = next(iter(dates_in(text)), None)
    if found is None or (found[0], found[1]) != (0, len(text)):
        return None
    return found[2]


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """Return whether "may" or "march" is a verb: in small letters, and without day and year."""
    return match.group().lower() in ("may", "march", "mar", "dec", "sept", "sep", "jan") and (
        match.group().islower()
    )


def _partial(year: str | None, month: str | None, day: str | None) -> PartialDate | None:
    name = month.lower() if month else ""
    if name in _ABROAD and not (year or day):
        return None
    number = _NUMBERS.get(name) if month else None
    if month and number is None:
        number = int(month)
    found = PartialDate(int(year) if year else None, number, int(day) if day else None)
    try:
        date(found.year or 2000, found.month or 1, found.day or 1)
    except ValueError:
        return None
    return found
