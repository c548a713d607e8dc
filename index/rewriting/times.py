"""Finds times in a question, so that one can replace another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.number_words import ALSO_WORDS, MONTHS, WEEKDAYS

Shape: TypeAlias = Literal["year", "month", "season", "ordinal", "day"]

_MONTH = "|".join(MONTHS)
_ONLY_MONTH = "|".join(name for name in MONTHS if name not in ALSO_WORDS)
_HOLIDAY = (
    r"\b(?:(?:christmas|xmas)(?: eve| day)?|boxing day|(?:the )?new year(?:['’]?s)?(?: eve| day)?"
    r"|good friday|easter(?: sunday| monday)?)\b"
)
_TIME = re.compile(
    r"(?P<core>(?:\bthe\s+)?\b(?:first|second|third|fourth|last|next|previous)\s+"
    r"(?:quarter|half|week|month|year|winter|summer|spring|autumn)"
    rf"|(?<!^)\b(?:\d{{1,2}}\s+)?(?:{_MONTH})\b"
    rf"|\b(?:\d{{1,2}}\s+)?(?:{_ONLY_MONTH})\b"
    rf"|\b(?:winter|summer|spring|autumn|{'|'.join(WEEKDAYS)})s?"
    rf"|{_HOLIDAY}"
    r"|\b(?:today|yesterday|tomorrow|tonight|night)\b)\b(?P<year>(?:\s+of)?\s+(?:19|20)\d\d\b)?"
    r"|\b(?P<only>(?:19|20)\d\d)\b",
    re.I,
)
_MAY_BE_ASKED = re.compile(r"\s+(?:i|we|you|he|she|it|they|one|people|the|an?|my|our)\b", re.I)
"""What follows the "may" of a permission: "when may I drill?"."""
_SEASONS = frozenset("winter summer spring autumn winters summers springs autumns".split())


@dataclass(frozen=True, slots=True)
class Time:
    """A time in a text, which can replace one of the same `shape`; its year begins at `year`."""

    start: int
    end: int
    year: int
    shape: Shape
    month: int = 0


def times(text: str) -> list[Time]:
    """Return the times in a text, in order."""
    found = []
    for match in _TIME.finditer(text):
        core = (match["core"] or "").lower()
        if core == "may" and _MAY_BE_ASKED.match(text, match.end()):
            continue
        words = core.split()
        month = next((n for n, name in enumerate(MONTHS, 1) if name in words), 0)
        shape: Shape
        if match["only"]:
            shape = "year"
        elif month or re.fullmatch(_HOLIDAY, core):
            shape = "month"
        elif words[-1] in _SEASONS and len(words) == 1:
            shape = "season"
        else:
            shape = "ordinal" if len(words) > 1 else "day"
        year = match.start("year") if match["year"] else match.end()
        found.append(Time(match.start(), match.end(), year, shape, month))
    return found
