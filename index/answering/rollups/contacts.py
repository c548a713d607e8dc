"""Gathers telephone numbers and mail addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.answering.rollups.rows import ListedFigure
from index.answering.rollups.statements import Gathering
from index.answering.rollups.topic import HeadingContext
from index.chunking.passage import Passage, Unit
from index.document import Span
from index.parsing.text.dates import dates_in

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,5}")
_INTERNATIONAL = re.compile(
    r"(?<![\w+])(?:\+\d|00[1-9]\d{0,2}[ \u00a0]\d)[\d \u00a0().–/-]{4,20}\d(?![\w])"
)
_LABELLED = re.compile(
    r"\b(?:tel|tlf|telephone|telefon|phone|mobile|mob|cell|call|fax|hotline|dial|whatsapp"
    r"|switchboard|(?:duty|phone|telephone|mobile) number)\b[.:|]?(?:\s(?:is|on|no|number|us"
    r"|at)\b[.:]?){0,2}[\s|:*]{0,4}(?P<number>\(?\d[\d \u00a0()./–-]{3,18}\d)(?![\d:])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d \u00a0()./–-]{3}")
_COLUMN = re.compile(r"\b(?:tel|tlf|telephone|telefon|phone|mobile|mob|cell|fax|hotline)\b", re.I)
_LABEL_AT_END = re.compile(r"(?:tel|tlf|ph|mob|fax)\.", re.IGNORECASE)
_IN_CELL = re.compile(r"(?:\+|\()?\d[\d \u00a0()./–-]{3,20}\d")
_FEWEST, _MOST = 5, 15
"""Digits of a telephone number: https://www.itu.int/rec/T-REC-E.164."""


def add_addresses(gathering: Gathering, keys: Sequence[int]) -> None:
    """Add the statements with a mail address."""
    _add(gathering, keys, _addresses_in, lambda text: "@" in text)


def add_phones(gathering: Gathering, keys: Sequence[int]) -> None:
    """Add the statements with a telephone number."""
    _add(gathering, keys, _phones_in, lambda text: _DIGITS.search(text) is not None)


def _add(
    gathering: Gathering,
    keys: Sequence[int],
    found_in: Callable[[str], list[ListedFigure]],
    may_hold: Callable[[str], bool],
) -> None:
    holding = [key for key, text in gathering.texts(keys) if may_hold(text)]
    for key, passage in gathering.passages(holding):
        before = ""
        for unit in passage.units:
            text = passage.text_of(unit.span)
            values = found_in(text)
            if found_in is _phones_in and not values:
                values = _in_cells(unit, passage, gathering.above) or _after_label(before, text)
            before = text
            if values and gathering.is_on_topic(unit, passage):
                placed = [replace(each, span=each.span.moved(unit.span.start)) for each in values]
                gathering.add(key, passage, unit, values=placed)


def _addresses_in(text: str) -> list[ListedFigure]:
    return [ListedFigure(match[0], Span(*match.span())) for match in _ADDRESS.finditer(text)]


def _phones_in(text: str) -> list[ListedFigure]:
    spans = [Span(*match.span()) for match in _INTERNATIONAL.finditer(text)]
    for match in _LABELLED.finditer(text):
        span = Span(*match.span("number"))
        if not any(span.overlaps(other) for other in spans):
            spans.append(span)
    found = sorted(span for span in spans if _is_phone(span.of(text)))
    return [ListedFigure(span.of(text), span) for span in found]


def _after_label(before: str, text: str) -> list[ListedFigure]:
    """Return the number that begins a text after "tel.", with which a sentence seems to end."""
    label = before[-12:].rpartition(" ")[2]
    if not _LABEL_AT_END.fullmatch(label):
        return []
    found = _phones_in(f"{label} {text[:40]}")[:1]
    shift = len(label) + 1
    return [
        replace(each, span=each.span.moved(-shift)) for each in found if each.span.start == shift
    ]


def _in_cells(unit: Unit, passage: Passage, above: HeadingContext) -> list[ListedFigure]:
    """Return the numbers in the cells of a row whose column is one of telephone numbers."""
    table = above.row(unit, passage)
    if table is None:
        return []
    return [
        ListedFigure(cell.text, cell.span.moved(-unit.span.start))
        for label, cell in zip(table.headers, table.rows[0].cells, strict=True)
        if _COLUMN.search(label) and _IN_CELL.fullmatch(cell.text) and _is_phone(cell.text)
    ]


def _is_phone(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return _FEWEST <= digits <= _MOST and not any(each.day for each in dates_in(text))
