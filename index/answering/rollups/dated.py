"""Gathers dated statements, and of these the deadlines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from index.answering.excerpts.quoting import heading_above
from index.answering.rollups.statements import Gathering
from index.answering.rollups.topic import HeadingContext
from index.chunking.passage import Passage, Unit
from index.parsing.text.dates import Period, dates_in
from index.store.catalog.particulars import DatedStatement

ALL_TIME = Period(date.min, date.max)

_FILLERS = (
    r"(?:[\s:|*_(,–-]+(?:is|are|was|were|of|on|by|in|at|the|date|dates|for|end|close|before|noon"
    r"|midnight|\d{1,2}[:.]\d\d|\w{3,6}day|falls?|set|to|or)\b)*[\s:|*_(,–-]*$"
)
_BY = re.compile(rf"\b(?:by|before|until|till|from now to)\b{_FILLERS}", re.IGNORECASE)
"""What stands right before a day by which something is to be done, or was."""
_TO_DO = re.compile(
    r"\b(?:must|should|shall|will|is to|are to|has to|have to|needs?|can|may|please|to be|submit\w*"
    r"|send|sends?|apply|applications?|register|registration|open|deliver\w*|return|reports?|files?"
    r"|complete\w*|due|promised|if|let|reply|respond|pay|sign|finish|book|valid|tried|not later)\b",
    re.IGNORECASE,
)
_DONE = re.compile(r"\b(?:had|was|were|became|stayed|lived|reigned|been|died|did)\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|before)\b[^.]{0,30}$", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:no later than|not later than|at the latest|latest|due|deadlines?|expires?|expiry|closes"
    rf"|closing date|cut-?off)\b{_FILLERS}",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(?:deadlines?|due|cut-?off|closing date)\b", re.IGNORECASE)
_NOT_DUE = re.compile(r"\b(?:due to|overdue since)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"[\s,)]*(?:(?:is|as|was|being|remains|\w+ly) )*(?:(?:the|our|its|a|final|last) )*"
    r"(?:deadline|due date|cut-?off|at the latest)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\b(?:deadlines?|due dates?|due|dates? due)\b", re.IGNORECASE)
_REACH = 90
"""Characters before a date in which what it is stands, and after it."""


def add_dated(gathering: Gathering, keys: Sequence[int] | None, period: Period) -> None:
    """Add the statements with a date in a period."""
    for key, unit, passage, found in _read(gathering, keys, period):
        gathering.add(key, passage, unit, span=found.span, day=found.period)


def add_deadlines(gathering: Gathering, keys: Sequence[int] | None, period: Period) -> None:
    """Add the statements that name a day in a period by which something is to be done."""
    for key, unit, passage, found in _read(gathering, keys, period):
        if day := _deadline(unit, passage, found, period, gathering.above):
            gathering.add(key, passage, unit, span=found.span, day=day)


def _read(
    gathering: Gathering, keys: Sequence[int] | None, period: Period
) -> Iterator[tuple[int, Unit, Passage, DatedStatement]]:
    """Yield the dated statements of a period, each with the unit that it is or is part of."""
    scope = gathering.scope
    number, found = scope.catalog.particulars.dated_in(period, gathering.most, scope.names, keys)
    gathering.is_whole = number <= len(found)
    in_passage: defaultdict[int, list[DatedStatement]] = defaultdict(list)
    for each in found:
        in_passage[each.passage].append(each)
    for key, passage in gathering.passages(sorted(in_passage)):
        for each in in_passage[key]:
            unit = next((one for one in passage.units if one.span.contains(each.span)), None)
            if unit and gathering.is_on_topic(unit, passage):
                yield key, unit, passage, each


def _deadline(
    unit: Unit, passage: Passage, found: DatedStatement, period: Period, above: HeadingContext
) -> Period | None:
    """Return the first day of a period that is a deadline by the words around it."""
    text = passage.text_of(found.span)
    below = any(_HEADING.search(each) for each in heading_above(passage, unit.span.start)[-1:])
    table = above.row(unit, passage)
    due = (
        [
            cell.span
            for label, cell in zip(table.headers, table.rows[0].cells, strict=True)
            if _LABEL.search(label)
        ]
        if table
        else []
    )
    for written in dates_in(text):
        day = written.period(found.period.first.year)
        if day is None or not period.holds(day):
            continue
        if due:
            at = found.span.start + written.start
            if any(span.start <= at < span.end for span in due):
                return day
            continue
        before = text[max(0, written.start - _REACH) : written.start]
        after = text[written.end : written.end + _REACH]
        if _NOT_DUE.search(before):
            continue
        is_labelled = _LABEL.search(before) or _BEFORE.search(before)
        is_by = written.month and _BY.search(before) and _is_to_do(text, before)
        if is_labelled or is_by or _AFTER.match(after) or below:
            return day
    return None


def _is_to_do(text: str, before: str) -> bool:
    """Return whether what a sentence has by a day is to be done, as far as its verbs tell."""
    return _TO_DO.search(text) is not None or not (_DONE.search(text) or _UNTIL.search(before))
