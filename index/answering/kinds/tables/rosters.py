"""Rosters: tables whose rows hold from a day on, asked for today, tomorrow or next week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from index.answering.answer import QuestionKind
from index.answering.kinds.tables.candidates import PlacedRow, PlacedTable, placed_tables
from index.answering.kinds.tables.query_parser import parse_table_query
from index.answering.kinds.tables.solving.solution import Solution
from index.answering.kinds.tables.tables import row_excerpt
from index.answering.kinds.tables.words import is_content
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.times import asked_time
from index.parsing.text.dates import Period, dates_in
from index.store.words.tokens import tokens_of
from index.tables.dates import PartialDate
from index.text import words_of

_NEAR_TODAY = re.compile(
    r"\b(?:today|tonight|tomorrow|(?:this|next|the coming) (?:week|weekend|month)|right now|now"
    r"|currently|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_AT_PRESENT = re.compile(r"\b(?:right now|now|currently|tonight)\b", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:from|starts?|starting|begins?|beginning|date|day|week|as of|since)\b", re.I
)
_OF_WEEKS = re.compile(r"\W*(?:calendar |iso )?(?:weeks?|wk|kw|woche|kalenderwoche|uke)\b", re.I)
_SHORTENED = re.compile(r"(?<=who)(?:['’]s|s)\b", re.IGNORECASE)
_OF_WEEK = re.compile(r"(?<!last )\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_WEEK = timedelta(days=7)
_LONGEST = timedelta(days=31)
_LEAST_ROWS, _MOST_ROWS = 2, 4
_MOST_WEEKS = 53


def answer_roster(question: str, found: Findings, scope: Scope) -> Findings | None:
    """Return the rows that hold at a time, of a table whose rows follow each other.

    Every word of the question but the time must stand in its headers, or above it.
    """
    is_near = bool(_NEAR_TODAY.search(question))
    if not is_near and not any(each.day for each in dates_in(question)):
        return None
    text = _AT_PRESENT.sub("today", _SHORTENED.sub("", question))
    time = asked_time(text, scope.today, ahead=True)
    if time is None or time.since or time.period.last - time.period.first > _LONGEST:
        return None
    period = time.period
    if period.last < scope.today and _OF_WEEK.search(question):
        period = Period(period.first + _WEEK, period.last + _WEEK)
    rest = time.without(text)
    wanted = {tokens_of(word) for word in words_of(rest) if is_content(word)}
    if not wanted:
        return None
    for placed in placed_tables(rest, parse_table_query(rest), found, scope):
        headed = {tokens_of(word) for header in placed.table.headers for word in words_of(header)}
        above = {tokens_of(word) for text in placed.context for word in words_of(text)}
        if not wanted & headed or wanted - headed - above:
            continue
        rows = list(_rows_at(placed, period, is_near))
        if 0 < len(rows) <= _MOST_ROWS:
            return _shown(placed, rows, wanted, found, scope)
    return None


def _rows_at(placed: PlacedTable, period: Period, is_near: bool) -> Iterator[PlacedRow]:
    """Yield the rows that hold at some time of a period: each until the next one begins.

    For a day that is not near, they must follow each other at even steps.
    """
    starts = next(filter(None, (_starts(placed, n, period) for n in range(placed.table.width))), [])
    if not starts:
        return
    steps = sorted(new - old for old, new in pairwise(starts))
    if not is_near and steps[0] != steps[-1]:
        return
    ends = [*starts[1:], starts[-1] + steps[len(steps) // 2]]
    for row, start, end in zip(placed.rows, starts, ends, strict=True):
        if start <= period.last and end > period.first:
            yield row


def _starts(placed: PlacedTable, number: int, period: Period) -> list[date]:
    """Return the days of a column from which the rows hold, or nothing where it is none."""
    column = placed.table.column(number)
    is_of_weeks = _OF_WEEKS.match(column.header)
    if len(placed.rows) < _LEAST_ROWS or not (is_of_weeks or _FROM.search(column.header)):
        return []
    days = [
        _day(value.date, period.first)
        or (_monday(value.number, period.first) if is_of_weeks else None)
        for value in column.values
    ]
    known = [day for day in days if day]
    is_one = len(known) == len(placed.rows) and all(old < new for old, new in pairwise(known))
    return known if is_one else []


def _monday(number: Decimal | None, near: date) -> date | None:
    """Return the day on which the week of a number begins, of the year in which it is nearest."""
    if number is None or number % 1 or not 1 <= number <= _MOST_WEEKS:
        return None
    years = range(near.year - 1, near.year + 2)
    mondays = (date.fromisocalendar(year, 1, 1) + (int(number) - 1) * _WEEK for year in years)
    return min(mondays, key=lambda day: abs(day - near))


def _day(written: PartialDate | None, near: date) -> date | None:
    """Return the day that is written; of one without a year, that which is nearest."""
    if written is None or written.day is None or written.month is None:
        return None
    years = [written.year] if written.year else [near.year - 1, near.year, near.year + 1]
    days = []
    for year in years:
        try:
            days.append(date(year, written.month, written.day))
        except ValueError:
            continue
    return min(days, key=lambda day: abs(day - near), default=None)


def _shown(
    placed: PlacedTable,
    rows: list[PlacedRow],
    wanted: set[tuple[str, ...]],
    found: Findings,
    scope: Scope,
) -> Findings:
    cells = tuple(
        number
        for number, header in enumerate(placed.table.headers)
        if wanted & {tokens_of(word) for word in words_of(header)}
    )
    solution = Solution(placed, tuple(rows), {row.number: cells for row in rows}, frozenset())
    excerpts = (
        row_excerpt(solution, row, number, found, scope) for number, row in enumerate(rows, start=1)
    )
    table = Findings(QuestionKind.TABLE, TUNING.table_confidence, excerpts=tuple(excerpts))
    return replace(table, candidates=found.candidates)
