"""Gathers deadlines without a day: so long after something, or by the end of each month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answering.rollups.statements import Gathering
from index.chunking.passage import Unit
from index.document import BlockKind
from index.parsing.text.dates import Period

TIME_WORDS = "hour day week month quarter year".split()
_NUMBER = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty"
    r"|thirty|sixty|ninety)"
)
_TIME = (
    r"(?:(?:full|working|business|calendar|clear|bank) )?(?:hours?|days?|weeks?|months?|quarters?"
    r"|years?)"
)
_SPAN = rf"{_NUMBER}(?: \({_NUMBER}\))? {_TIME}"
_RELATIVE = re.compile(
    rf"\bwithin (?:the (?:first|next|following) )?{_SPAN}"
    r" (?:of|after|from|before|following|prior to|once)\b"
    rf"|\b(?:must|shall|should|has to|have to|needs? to|please)\b[^.;]{{0,80}} within {_SPAN}"
    rf"|\b(?:no|not) later than {_SPAN} (?:after|before|from|following|prior to|ahead|in advance)\b"
    rf"|\bat (?:least|the latest) {_SPAN} (?:before|prior to|ahead|in advance|beforehand|after)\b"
    rf"|\b{_SPAN} (?:before|prior to|after|in advance|ahead)\b[^.;:]{{0,60}}\bat the latest\b",
    re.IGNORECASE,
)
_EVER_AGAIN = re.compile(
    r"\b(?:by|before|until|no later than|not later than|at the latest(?: by| on)?|due(?: by| on)?)"
    r" (?:(?!each\b|every\b|by\b|before\b|until\b)[\w:.]{1,12} ){0,5}(?:each|every)"
    r" (?:calendar |working |second |other )?(?P<time>day|week|month|quarter|year|\w{3,6}day)\b",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "month": 31, "quarter": 92, "year": 366}
_WEEK = 7
_OVER = re.compile(r"\b(?:was|were|had|did|became|arrived)\b", re.IGNORECASE)
_MOST = 1_000
"""Characters of a statement that are looked through."""
_STATING = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW)


def add_standing(gathering: Gathering, keys: Sequence[int], period: Period | None) -> None:
    """Add the deadlines without a day; of a period, only those that come round in it for sure."""
    if period and period.last < gathering.scope.today:
        return
    for key, passage in gathering.passages(keys):
        for unit in passage.units:
            is_one = _is_deadline(unit, passage.text_of(unit.span), period)
            if is_one and gathering.is_on_topic(unit, passage):
                gathering.add(key, passage, unit)


def _is_deadline(unit: Unit, text: str, period: Period | None) -> bool:
    """Return whether a statement says by when something is to be done, whenever that is."""
    text = text[:_MOST]
    again = _EVER_AGAIN.search(text)
    if unit.kind not in _STATING or not (again or (_RELATIVE.search(text) and period is None)):
        return False
    if _OVER.search(text):
        return False
    if period is None:
        return True
    days = (period.last - period.first).days + 1
    return again is not None and days >= _DAYS.get(again["time"].lower(), _WEEK)
