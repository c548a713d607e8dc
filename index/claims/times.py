"""Times in running text: dates, weekdays, times of day, and how often something happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from index.claims.measures import Amount, rate_per_year
from index.claims.written_numbers import small_number
from index.document import Span
from index.parsing.text.dates import dates_in

_CLOCK = r"(?:[01]?\d|2[0-4])"
_HOUR = (
    rf"(?:{_CLOCK}[:.][0-5]\d(?!\d|[.,]\d)(?:\s?(?:[ap]\.?m\b\.?|h\b|hrs\b|o['’]clock))?"
    rf"|{_CLOCK}\s?(?:[ap]\.?m\b\.?|o['’]clock\b)|(?:[01]\d|2[0-4])[0-5]\d\s?(?:hrs|hours|h)\b"
    r"|noon\b|midnight\b)"
)
_TO = r"\s?(?:[-–]|to|until|till|and|bis|til)\s?"
_TIME = re.compile(
    rf"(?<![\w.,:-])(?:(?P<bare_from>{_CLOCK}){_TO}(?={_HOUR}))?(?P<first>{_HOUR})"
    rf"(?:{_TO}(?P<last>{_HOUR}|{_CLOCK}(?![\w:%.,€-])))?"
    rf"|\b(?:at|from|opens|closes|by|until|before|after)\s(?P<at>{_CLOCK})"
    rf"(?:{_TO}(?P<at_last>{_CLOCK}))?(?=\s*(?:[.;,)]|$|on\b|every\b|each\b|in\sthe\b|and\b))",
    re.IGNORECASE,
)
_BEFORE_TIME = re.compile(
    r"(?:\b(?:at|from|until|till|to|by|before|after|between|and|kl|klokken|um|opens|closes)\.?|[-–])\s?$",
    re.IGNORECASE,
)
"""Before a time that is written with a point, as a price may be."""
PER_YEAR = {
    "hourly": 8760,
    "daily": 365,
    "weekly": 52,
    "fortnightly": 26,
    "biweekly": 26,
    "monthly": 12,
    "quarterly": 4,
    "annually": 1,
    "yearly": 1,
}
_EVERY = re.compile(
    rf"\b(?:(?P<adverb>{'|'.join(PER_YEAR)})(?=\s*(?:[.;,)]|$|by\b|and\b|in\b|on\b|at\b|for\b|before\b))"
    r"|every\s(?:(?P<second>second|other)\s)?(?:(?P<number>\d{1,3}|two|three|four|five|six)\s)?"
    r"(?P<every>hour|day|week|month|quarter|year)s?"
    r"|(?P<once>once|twice|(?:\d{1,3}|two|three|four|five|six|ten)\stimes)\s(?:an?|per|each|every)\s"
    r"(?P<unit>hour|day|week|month|quarter|year))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?P<first>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?"
    r"(?:\s?(?:to|-|–|until|through)\s?(?P<last>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?)?\b",
    re.IGNORECASE,
)
_DAYS = "mon tue wed thu fri sat sun".split()


def find_dates(text: str) -> Iterator[Amount]:
    for date in dates_in(text):
        period = date.period(date.year or 2000)
        if period is None:
            continue
        dimension = "date" if date.year and date.month else "year" if date.year else "day"
        low, high = period.first.toordinal(), period.last.toordinal()
        written = text[date.start : date.end].rstrip(" .")
        span = Span(date.start, date.start + len(written))
        yield Amount("date", dimension, Decimal(low), Decimal(high), span)


def find_weekdays(text: str) -> Iterator[Amount]:
    for match in _WEEKDAY.finditer(text):
        first = _DAYS.index(match["first"][:3].lower())
        last = _DAYS.index(match["last"][:3].lower()) if match["last"] else first
        span = Span(*match.span())
        yield Amount("date", "weekday", Decimal(first), Decimal(last), span)


def find_times(text: str) -> Iterator[Amount]:
    for match in _TIME.finditer(text):
        names = ("first", "last") if match["first"] else ("at", "at_last")
        first, last = match[names[0]], match[names[1]]
        half = re.search(r"[ap]\.?m", last or "", re.IGNORECASE)
        low = _minutes(match["bare_from"] or first, half[0] if half else "")
        if match["bare_from"] and not last:
            last = first
        high = _minutes(last, "") if last else low
        is_dotted = "." in (first or "") and ":" not in first and "m" not in first.lower()
        if (
            low is None
            or high is None
            or (is_dotted and not _BEFORE_TIME.search(text, 0, match.start()))
        ):
            continue
        start = match.start("bare_from") if match["bare_from"] else match.start(names[0])
        span = Span(start, match.start() + len(match[0].rstrip(" .")))
        yield Amount("date", "clock", Decimal(low), Decimal(high), span)


def _minutes(written: str, half: str) -> int | None:
    low = written.lower().strip()
    if low in ("noon", "midnight"):
        return 720 if low == "noon" else 1440
    digits = re.findall(r"\d+", low)
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if len(digits) == 1 and len(digits[0]) == 4:
        hour, minute = divmod(hour, 100)
    is_told = re.search(r"[ap]\.?m", low)
    half_day = is_told[0] if is_told else half.lower()
    if half_day.startswith("p") and hour < 12:
        hour += 12
    elif half_day.startswith("a") and hour == 12:
        hour = 0
    return hour * 60 + minute if minute < 60 and hour <= 24 else None


def find_frequencies(text: str) -> Iterator[Amount]:
    for match in _EVERY.finditer(text):
        if match["adverb"]:
            often = Decimal(PER_YEAR[match["adverb"].lower()])
        elif match["every"]:
            number = 2 if match["second"] else small_number(match["number"] or "1")
            often = (rate_per_year(match["every"]) or Decimal(1)) / number
        else:
            word = match["once"].lower().split()[0]
            number = {"once": 1, "twice": 2}.get(word) or small_number(word)
            often = (rate_per_year(match["unit"]) or Decimal(1)) * number
        yield Amount("duration", "frequency", often, often, Span(*match.span()))
