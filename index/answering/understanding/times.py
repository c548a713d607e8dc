"""The times that a question names, such as "since June" or "last week", as days.

Own rules, since dateparser and parsedatetime give moments and no periods ("June" is the 29th), know
no quarters, and read the verb "may" as a month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from index.document import Span
from index.number_words import NUMBERS, WEEKDAYS
from index.parsing.text.dates import Period, WrittenDate, dates_in

_FIRST, _LAST = date.min, date.max
_RELATIVE = re.compile(
    r"(?:the\s+)?\b(?:(?P<which>last|past|previous|this|current|next|coming)\s+"
    r"(?:(?P<number>\d{1,3}|two|three|four|five|six|seven|ten|few|couple of)\s+)?"
    r"(?P<unit>day|week|month|quarter|year)s?"
    r"|(?P<ago_number>\d{1,3}|a|an|one|two|three|four|five|six)\s+"
    r"(?P<ago_unit>day|week|month|year)s?\s+ago"
    r"|(?P<day>today|yesterday|tomorrow)"
    r"|(?P<season_ago>last|this)\s+(?P<season>winter|spring|summer|autumn|fall)"
    rf"|\b(?P<weekday_last>last\s+)?(?P<weekday>{'|'.join(WEEKDAYS)}))\b",
    re.IGNORECASE,
)
_NUMBERS = NUMBERS | {"a": 1, "an": 1, "couple of": 2, "few": 3}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SEASONS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}
_SINCE = re.compile(
    r"\b(?:since|from|starting(?: from| in)?|as of|later than|newer than|not before)"
    r"(?P<rest>\s+(?:the\s+)?(?:start of\s+|beginning of\s+|end of\s+)?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:after|past)(?P<rest>\s+(?:the\s+)?(?:end of\s+)?)$", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:before|earlier than|older than|prior to)(?P<rest>\s+(?:the\s+)?)$", re.I
)
_UNTIL = re.compile(
    r"\b(?:until|till|up to|by)(?P<rest>\s+(?:the\s+)?(?:end of\s+)?)$", re.IGNORECASE
)
_WITHIN = re.compile(
    r"\b(?:in|on|during|within|over|of|for|from|between|dated|around|throughout)"
    r"(?P<rest>\s+(?:the\s+)?)$",
    re.IGNORECASE,
)
_LAST_MONTH = re.compile(r"\b(?:last|past)\s+$", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|and|-|–|until|till|through)\s*(?:the\s+)?(?:end of\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedTime:
    """A time in a question: its days, and the words that name it.

    `since` is true where it has a beginning and goes on until today.
    """

    period: Period
    span: Span
    since: bool = False

    def days(self) -> dict[str, str]:
        """Return the `first` and the `last` day in ISO 8601, as far as the time has them."""
        return self.period.ends()

    def without(self, question: str) -> str:
        """Return the question without the words of the time."""
        rest = f"{question[: self.span.start].rstrip()} {question[self.span.end :].lstrip()}"
        return re.sub(r"\s+([?.!,])", r"\1", rest).strip()


@dataclass(frozen=True, slots=True)
class _Named:
    """A time as it is named, without the preposition before it."""

    start: int
    end: int
    period: Period


def asked_time(question: str, today: date, *, ahead: bool = False) -> AskedTime | None:
    """Return the time that a question names, the last one where it names several.

    A month or day without a year is the latest one that has begun; `ahead`, the next that has not
    ended.
    """
    named = _named(question, today, ahead)
    if not named:
        return None
    last = named[-1]
    before = named[-2] if len(named) > 1 else None
    if before and _TO.fullmatch(question, before.end, last.start):
        return _range(question, before, last)
    return _with_preposition(question, last)


def _range(question: str, first: _Named, last: _Named) -> AskedTime:
    begins = first.period.first
    while begins > last.period.last:
        begins = _years_before(begins, 1)
    opening = re.search(
        r"\b(?:between|from)\s+(?:the\s+)?$", question[: first.start], re.IGNORECASE
    )
    start = opening.start() if opening else first.start
    return AskedTime(Period(begins, last.period.last), Span(start, last.end))


def _with_preposition(question: str, each: _Named) -> AskedTime:
    head = question[: each.start]
    period = each.period
    if match := _AFTER.search(head):
        after = period.last + timedelta(days=1)
        return AskedTime(Period(after, _LAST), Span(match.start(), each.end), since=True)
    if match := _BEFORE.search(head):
        before = period.first - timedelta(days=1)
        return AskedTime(Period(_FIRST, before), Span(match.start(), each.end))
    if match := _UNTIL.search(head):
        return AskedTime(Period(_FIRST, period.last), Span(match.start(), each.end))
    if (match := _SINCE.search(head)) and not (
        match[0].lower().startswith("from") and not _goes_on(question, each)
    ):
        begins = period.last if "end of" in match["rest"].lower() else period.first
        return AskedTime(Period(begins, _LAST), Span(match.start(), each.end), since=True)
    is_adverb = question[each.start : each.end].lower() in ("today", "yesterday", "tomorrow")
    match = None if is_adverb else _WITHIN.search(head)
    return AskedTime(period, Span(match.start() if match else each.start, each.end))


def _goes_on(question: str, each: _Named) -> bool:
    """Return whether "from June" means until today: "from June on", "from June onwards"."""
    return re.match(r"\s+(?:on|onwards?|until now)\b", question[each.end :], re.I) is not None


def _named(question: str, today: date, ahead: bool) -> list[_Named]:
    relative = [
        _Named(match.start(), match.end(), period)
        for match in _RELATIVE.finditer(question)
        if (period := _relative(match, today))
    ]
    taken = [Span(each.start, each.end) for each in relative]
    written = dates_in(question)
    named = [
        _last(question, each, today) or _Named(each.start, each.end, period)
        for place, each in enumerate(written)
        if not any(Span(each.start, each.end).overlaps(span) for span in taken)
        if (period := _period(question, written, place, today, ahead))
    ]
    return sorted([*relative, *named], key=lambda each: each.start)


def _last(question: str, each: WrittenDate, today: date) -> _Named | None:
    """Return "last December": the latest that is over; None for any other date."""
    said = _LAST_MONTH.search(question[: each.start])
    if said is None or each.year or each.day:
        return None
    periods = (each.period(year) for year in (today.year, today.year - 1))
    over = next((period for period in periods if period and period.last < today), None)
    return _Named(said.start(), each.end, over) if over else None


def _period(
    question: str, written: list[WrittenDate], place: int, today: date, ahead: bool
) -> Period | None:
    each = written[place]
    if each.year:
        return each.period()
    following = written[place + 1] if place + 1 < len(written) else None
    if following and _TO.fullmatch(question, each.end, following.start):
        last = following.period() or _nearest(following, today, ahead)
        if last is None:
            return None
        period = each.period(last.last.year)
        is_after = period is not None and period.first > last.last  # from November to February
        return each.period(last.last.year - 1) if is_after else period
    return _nearest(each, today, ahead)


def _nearest(each: WrittenDate, today: date, ahead: bool) -> Period | None:
    """Return the latest period of a date without a year that has begun, or the next to end."""
    years = range(today.year, today.year + 9) if ahead else range(today.year, today.year - 9, -1)
    periods = [period for year in years if (period := each.period(year))]
    fitting = (p for p in periods if (p.last >= today if ahead else p.first <= today))
    return next(fitting, None)


def _relative(match: re.Match[str], today: date) -> Period | None:
    if day := match["day"]:
        at = today + timedelta(days={"yesterday": -1, "tomorrow": 1}.get(day.lower(), 0))
        return Period(at, at)
    if weekday := match["weekday"]:
        back = (today.weekday() - WEEKDAYS.index(weekday.lower())) % 7 or 7
        at = today - timedelta(days=back)
        return Period(at, at)
    if season := match["season"]:
        return _season(_SEASONS[season.lower()], match["season_ago"].lower() == "last", today)
    if unit := match["ago_unit"]:
        return _calendar(unit.lower(), _number(match["ago_number"]), today)
    which, unit = match["which"].lower(), match["unit"].lower()
    is_ahead = which in ("next", "coming")
    if match["number"] or (which == "past" and unit != "quarter"):
        number = _number(match["number"] or "one") * (-1 if is_ahead else 1)
        other = (
            today - timedelta(days=_DAYS[unit] * number)
            if unit in _DAYS
            else _months_before(today, _MONTHS[unit] * number)
        )
        return Period(*sorted((other, today)))
    back = -1 if is_ahead else int(which not in ("this", "current"))
    return _calendar(unit, back, today) if unit != "day" else None


def _calendar(unit: str, back: int, today: date) -> Period | None:
    """Return the day, week, month, quarter or year that is `back` of them before the present."""
    if unit in _DAYS:
        begins = today - timedelta(days=0 if unit == "day" else today.weekday())
        first = begins - timedelta(days=_DAYS[unit] * back)
        return Period(first, first + timedelta(days=_DAYS[unit] - 1))
    months = _MONTHS[unit]
    begins = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    first = _months_before(begins, months * back)
    return Period(first, _months_before(first, -months) - timedelta(days=1))


def _season(month: int, is_last: bool, today: date) -> Period | None:
    """Return a season of three months; a winter begins in December."""
    year = today.year if date(today.year, month, 1) <= today else today.year - 1
    first = date(year, month, 1)
    ends = _months_before(first, -3) - timedelta(days=1)
    if is_last and ends >= today:
        first = _years_before(first, 1)
        ends = _months_before(first, -3) - timedelta(days=1)
    return Period(first, ends)


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    month_end = WrittenDate(0, 0, number // 12, number % 12 + 1).period()
    last = month_end.last.day if month_end else 28
    return date(number // 12, number % 12 + 1, min(day.day, last))


def _years_before(day: date, years: int) -> date:
    return _months_before(day, 12 * years)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.lower()]
