"""Gathers figures: numbers in sentences, in cells of tables, and those that stand alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

from index.answering.excerpts.quoting import heading_above
from index.answering.finding.key_figures import key_figures, with_label
from index.answering.rollups.rows import ListedFigure
from index.answering.rollups.statements import Gathering
from index.answering.rollups.topic import HeadingContext, Topic
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.parsing.text.dates import dates_in
from index.tables.table import Table
from index.tables.units import canonical_unit, is_unit_word, unit_words
from index.tables.values import CellKind, Value, has_decimal_commas, value_of
from index.text import WORD, words_of

_NUMBER = re.compile(
    r"(?<![\w.,:/'’@-])(?:(?:[€$£¥]|(?:EUR|USD|GBP|NOK|SEK|DKK|CHF|UAH)\b)\s?)?"
    r"\d+(?:[.,'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*(?![\w:/])"
    r"(?:\s?[%‰]|\s(?:per cent|percent|thousand|million|billion|bn)\b)?(?:\s[^\W\d_]+)?"
)
_STARTS_LINE = re.compile(r"\s*(?:[-*•]\s*)?\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s")
"""The number of an item or of a section, which is no figure."""
_YEAR = re.compile(r"1\d{3}|20\d\d|2100")
_OF_TIME = re.compile(
    r"\b(?:years?|dates?|seasons?|since|from|to|until|built|founded|est\w*|when|period|day|month)\b",
    re.IGNORECASE,
)
_FARTHEST_WORDS = 8
"""Words between a number and what it is of, at most."""
_IN_TEXT = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_NO_UNITS = frozenset(
    "of in at on the a an to and or by for with from per is are was were has have had as than that"
    " when while each after before until between".split()
)
_NUMBERS = (CellKind.NUMBER, CellKind.MONEY, CellKind.PERCENTAGE, CellKind.DURATION)


def add_figures(gathering: Gathering, about: str, topic: Topic, keys: Sequence[int]) -> None:
    """Add the statements with a figure on a topic, of the passages that may hold it.

    Where `about` names a unit, as "litres of diesel" does, only figures of that unit count.
    """
    above, units = gathering.above, _units_in(about)
    for key, passage in _with_rows(gathering, keys):
        alone = key_figures(passage)
        for unit in passage.units:
            if (passage.document, unit.span) in gathering.found:
                continue
            span, values = unit.span, list[ListedFigure]()
            if unit in alone:
                span = with_label(unit, passage) or unit.span
                if topic.held(passage.text_of(span), partial(above.of, unit, passage)) is not None:
                    values = [_figure(passage.text_of(unit.span).lstrip("# "), unit, passage)]
            elif unit.kind is BlockKind.ROW:
                values = list(_in_row(topic, unit, passage, above))
            elif unit.kind in _IN_TEXT and gathering.is_on_topic(unit, passage):
                values = _in_sentence(topic, unit, passage)
            values = [value for value in values if not units or _is_of(value, units)]
            if values:
                rank = (int(unit.kind is BlockKind.ROW), unit.span.start)
                gathering.add(key, passage, unit, span=span, rank=rank, values=values)


def _with_rows(gathering: Gathering, keys: Sequence[int]) -> Iterator[tuple[int, Passage]]:
    """Yield passages, and then those with the rows of a header that ends one of them.

    A header that leaves no room for its rows is not repeated with them.
    """
    known, more = set(keys), dict[int, None]()
    for key, passage in gathering.passages(keys):
        yield key, passage
        last = passage.units[-1]
        if last.kind is BlockKind.HEADER:
            of_group = gathering.scope.catalog.keys_of_group(passage.document, last.group)
            more |= dict.fromkeys(of_group)
    yield from gathering.passages([key for key in more if key not in known], read=len(keys))


def _is_of(value: ListedFigure, units: Collection[str]) -> bool:
    """Return whether a figure is of one of these units, by its own or by that of its column."""
    if value.unit:
        return value.unit in units
    return any(canonical_unit(word) in units for word in words_of(value.label))


def _units_in(about: str) -> frozenset[str]:
    """Return the units that words in the plural name."""
    words = [word for word in words_of(about) if word.endswith("s") and is_unit_word(word)]
    return frozenset(
        unit for word in words if (unit := canonical_unit(word)) and unit.lower() != word
    )


def _figure(text: str, unit: Unit, passage: Passage) -> ListedFigure:
    start = passage.text.index(text, unit.span.start - passage.span.start) + passage.span.start
    value = value_of(text)
    return ListedFigure(text, Span(start, start + len(text)), value.number, value.unit)


def _in_sentence(topic: Topic, unit: Unit, passage: Passage) -> list[ListedFigure]:
    """Return the numbers nearest to the words of a topic, and others of the same unit."""
    text = passage.text_of(unit.span)
    dates = [Span(each.start, each.end) for each in dates_in(text)]
    begins = (
        match.end() if (match := _STARTS_LINE.match(text)) and unit.kind is BlockKind.ITEM else 0
    )
    numbers = [
        found
        for match in _NUMBER.finditer(text, begins)
        if (found := _number(match)) and not any(each.overlaps(found.span) for each in dates)
    ]
    places = topic.places(text)
    if not numbers or not places:
        return []
    starts = [match.start() for match in WORD.finditer(text)]

    def word_at(offset: int) -> int:
        return sum(1 for start in starts if start < offset)

    at = [word_at(number.span.start) for number in numbers]
    chosen: set[int] = set()
    for place in places:
        word = word_at(place.start)
        nearest = min(range(len(numbers)), key=lambda n: (abs(at[n] - word), at[n] > word))
        if abs(at[nearest] - word) <= _FARTHEST_WORDS or len(numbers) == 1:
            chosen.add(nearest)
    units = {numbers[n].unit for n in chosen} - {""}
    return [
        replace(n, span=n.span.moved(unit.span.start))
        for number, n in enumerate(numbers)
        if number in chosen or n.unit in units
    ]


def _number(match: re.Match[str]) -> ListedFigure | None:
    """Return a number with the word after it, which is its unit unless it is one of grammar."""
    text = match[0]
    last = text.rpartition(" ")[2]
    if last.lower() in _NO_UNITS:
        text = text[: -len(last)].rstrip()
    value = value_of(text)
    if value.kind is CellKind.DATE or _YEAR.fullmatch(text):
        return None
    return ListedFigure(
        text, Span(match.start(), match.start() + len(text)), value.number, value.unit
    )


def _in_row(
    topic: Topic, unit: Unit, passage: Passage, above: HeadingContext
) -> Iterator[ListedFigure]:
    """Yield the numbers of a row that are of a topic, by their column, their row and its heading.

    Where columns are called so, these alone count.
    """
    table = above.row(unit, passage)
    if table is None:
        return
    cells = table.rows[0].cells
    commas = has_decimal_commas(cell.text for cell in cells)
    values = [value_of(cell.text, decimal_commas=commas) for cell in cells]
    labels = [cell.text for cell, value in zip(cells, values, strict=True) if _is_label(value)]
    numeric = [
        number
        for number, value in enumerate(values)
        if value.kind in _NUMBERS or _may_be_count(value, table.headers[number])
    ]
    heading = heading_above(passage, unit.span.start)[-1:]
    beside = " | ".join((*labels, *heading))
    called = {number: _called(table, number) for number in numeric}
    of_columns = [number for number in numeric if topic.places(called[number])]
    if not of_columns and not topic.places(beside):
        return
    for number in of_columns or numeric:
        text = f"{beside} | {called[number]}"
        if topic.held(text, partial(above.of, unit, passage)) is not None:
            cell, value = cells[number], values[number]
            named = " · ".join(filter(None, (*labels[:1], table.headers[number])))
            yield ListedFigure(
                cell.text, cell.span, value.number, value.unit or table.column(number).unit, named
            )


def _may_be_count(value: Value, header: str) -> bool:
    """Return whether what looks like a year alone is a number, by the header of its column."""
    return value.number is not None and bool(header) and not _OF_TIME.search(header)


def _is_label(value: Value) -> bool:
    return value.kind is CellKind.TEXT


def _called(table: Table, number: int) -> str:
    """Return what a column is called, with the words for its unit."""
    return " ".join((table.headers[number], *unit_words(table.column(number).unit)))
