"""Gathers telephone numbers and mail addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.answering.rollups.cells import row_of
from index.answering.rollups.rows import ListedFigure
from index.answering.rollups.statements import GatheredStatements, ListedStatement, PassageReader
from index.answering.rollups.topic import HeadingContext, Topic
from index.answering.scope import Scope
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.parsing.text.dates import dates_in

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,5}")
_INTERNATIONAL = re.compile(
    r"(?<![\w+])(?:\+\d|00[1-9]\d{0,2}[ \u00a0]\d)[\d \u00a0().–/-]{4,20}\d(?![\w])"
)
_LABELLED = re.compile(
    r"\b(?:tel|tlf|telephone|telefon|phone|mobile|mob|cell|call|fax|hotline|dial|whatsapp|switchboard"
    r"|(?:duty|phone|telephone|mobile) number)\b[.:|]?"
    r"(?:\s(?:is|on|no|number|us|at)\b[.:]?){0,2}[\s|:*]{0,4}"
    r"(?P<number>\(?\d[\d \u00a0()./–-]{3,18}\d)(?![\d:])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d \u00a0()./–-]{3}")
_COLUMN = re.compile(r"\b(?:tel|tlf|telephone|telefon|phone|mobile|mob|cell|fax|hotline)\b", re.I)
_LABEL_AT_END = re.compile(r"(?:tel|tlf|ph|mob|fax)\.", re.IGNORECASE)
_IN_CELL = re.compile(r"(?:\+|\()?\d[\d \u00a0()./–-]{3,20}\d")
_FEWEST, _MOST = 5, 15
"""Digits of a telephone number: https://www.itu.int/rec/T-REC-E.164."""


def addresses(
    topic: Topic | None, keys: Sequence[int], scope: Scope, most: int
) -> GatheredStatements:
    """Return the statements with a mail address."""
    return _gathered(topic, keys, scope, most, _addresses_in, lambda text: "@" in text)


def phones(topic: Topic | None, keys: Sequence[int], scope: Scope, most: int) -> GatheredStatements:
    """Return the statements with a telephone number."""
    return _gathered(topic, keys, scope, most, _phones_in, _has_digits)


def _gathered(
    topic: Topic | None,
    keys: Sequence[int],
    scope: Scope,
    most: int,
    found_in: Callable[[str], list[ListedFigure]],
    may_hold: Callable[[str], bool],
) -> GatheredStatements:
    reader, above, gathered = (
        PassageReader(scope.catalog, most),
        HeadingContext(scope.catalog, topic),
        GatheredStatements(),
    )
    holding = [key for key, text in reader.texts(keys) if may_hold(text)]
    for key, passage in PassageReader(scope.catalog, most).passages(holding):
        before = ""
        for unit in passage.units:
            text = passage.text_of(unit.span)
            values = found_in(text)
            if found_in is _phones_in and not values:
                values = _in_cells(unit, passage, above) or _after_label(before, text)
            before = text
            if not values or (topic and topic.is_in(unit, passage, above) is None):
                continue
            at = unit.span.start
            placed = tuple(
                replace(each, span=Span(each.span.start + at, each.span.end + at))
                for each in values
            )
            rank = (int(unit.kind is BlockKind.ROW), at)
            gathered.add(ListedStatement(passage.document, key, unit.span, rank, None, placed))
    gathered.is_whole = reader.is_whole
    return gathered


def _has_digits(text: str) -> bool:
    return _DIGITS.search(text) is not None


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
        replace(each, span=Span(each.span.start - shift, each.span.end - shift))
        for each in found
        if each.span.start == shift
    ]


def _in_cells(unit: Unit, passage: Passage, above: HeadingContext) -> list[ListedFigure]:
    """Return the numbers in the cells of a row whose column is one of telephone numbers."""
    table = row_of(unit, passage, above)
    if table is None:
        return []
    return [
        ListedFigure(
            cell.text, Span(cell.span.start - unit.span.start, cell.span.end - unit.span.start)
        )
        for label, cell in zip(table.headers, table.rows[0].cells, strict=True)
        if _COLUMN.search(label) and _IN_CELL.fullmatch(cell.text) and _is_phone(cell.text)
    ]


def _is_phone(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return _FEWEST <= digits <= _MOST and not any(each.day for each in dates_in(text))
