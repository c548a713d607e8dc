"""Finds the tables that may answer a question, and reads them from the catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from weakref import WeakKeyDictionary

from index.answering.kinds.tables.query import TableQuery
from index.answering.kinds.tables.words import (
    GENERIC,
    QuestionWord,
    is_content,
    start_of,
    synonyms,
)
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING, Tuning
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.store.catalog.catalog import Catalog
from index.tables.table import Table, TableLine, TableRow, read_table
from index.tables.units import is_unit_word
from index.text import fold


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row, and the passage and the header that it stands under."""

    row: TableRow
    number: int
    passage: Passage
    header: TableLine | None
    folded: str
    """Its text without accents and capitals."""


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table with where it stands; one that goes on over pages or documents is one table.

    `context` holds the titles, headings and captions above it.
    """

    table: Table
    rows: tuple[PlacedRow, ...]
    context: tuple[str, ...]
    documents: tuple[str, ...]


def placed_tables(
    question: str,
    asked: TableQuery,
    found: Findings,
    scope: Scope,
    tuning: Tuning = TUNING,
    *,
    holding_version: Callable[[str], str] = str,
) -> list[PlacedTable]:
    """Return the tables with rows that bear on the question, the nearest first.

    One of a document is left out beside one of the version that holds, by `holding_version`.
    """
    needed = _needed(asked)
    catalog = scope.catalog
    keys = [key for key, _ in catalog.search(question, tuning.table_passages, scope.allowed)]
    keys += [candidate.key for candidate in found.candidates]
    places = _places(keys, catalog)
    if not places and (asked.superlative or asked.comparison or asked.operation):
        # Words such as "article" stand in many texts, and once above the table.
        most = tuning.table_passages * tuning.wide_search
        keys = [key for key, _ in catalog.search(question, most, scope.allowed)]
        places = _places(keys, catalog)
    documents = {document for document, _ in places}
    outdated = {each for each in documents if holding_version(each) in documents - {each}}
    tables: list[PlacedTable] = []
    read: list[_Stored] = []
    for (document, group), offset in places.items():
        if len(read) == tuning.tables:
            break
        if document in outdated:
            continue
        stored = _stored(catalog, document, group, offset, tuning)
        if any(other is stored for other in read):
            continue
        read.append(stored)
        if _lacks(stored.text, needed) or (placed := stored.placed) is None:
            continue
        same = next((other for other in tables if _goes_on(other, placed)), None)
        if same is None:
            tables.append(placed)
        else:
            tables[tables.index(same)] = _joined(same, placed)
    return tables


def _places(keys: Iterable[int], catalog: Catalog) -> dict[tuple[str, int], int]:
    """Return where the tables of passages are, the nearest first."""
    places: dict[tuple[str, int], int] = {}
    for document, group, offset in catalog.table_places(list(dict.fromkeys(keys))):
        places.setdefault((document, group), offset)
    return places


def _needed(asked: TableQuery) -> list[QuestionWord]:
    """Return the words that a table cannot do without, for a first look at its text."""
    dated = {at for mention in asked.dates for at in mention.positions}
    return [
        word
        for word in asked.words
        if word.at not in asked.operators | dated
        and word.low not in GENERIC
        and (word.is_number or is_content(word.low))
        and not synonyms(word.low)
        and not is_unit_word(word.low)
    ]


def _lacks(text: str, needed: Sequence[QuestionWord]) -> bool:
    """Return whether a table of these words surely leaves open what is asked."""
    missing = [word for word in needed if start_of(word.low) not in text]
    return len(missing) > 1 or any(word.is_number for word in missing)


class _Stored:
    """A table as the catalog has it, which becomes a table when it is needed."""

    def __init__(
        self, catalog: Catalog, document: str, group: int, offset: int, tuning: Tuning
    ) -> None:
        self._document = document
        parts = _parts(catalog, document, group, offset, tuning)
        self.groups = tuple(part.group for part in parts)
        self.is_whole = all(part.is_whole for part in parts)
        self._header: TableLine | None = None
        self._lines: list[tuple[TableLine, Passage]] = []
        for part in parts:
            for passage, units in _blocks(part.passages, part.group):
                line = _line(catalog, passage, units)
                if units[0].kind is BlockKind.HEADER:
                    self._header = self._header or line
                else:
                    self._lines.append((line, passage))
        if self._header is None:
            self._header = _header_above(catalog, parts[0].passages)
        self.text = ""
        """All of its words and those above it, without accents and capitals."""
        if not self._lines:
            return
        first = self._header or self._lines[0][0]
        self._caption = _caption(catalog, document, first.span.start, tuning)
        passage = self._lines[0][1]
        self._context = tuple(filter(None, (passage.title, *passage.heading, self._caption)))
        header = self._header.text if self._header else ""
        lines = (line.text for line, _ in self._lines)
        self.text = fold(" ".join((document, *self._context, header, *lines)))

    @cached_property
    def placed(self) -> PlacedTable | None:
        """The table; None where it has one column only."""
        lines = [line for line, _ in self._lines]
        if not lines:
            return None
        table = read_table(
            self._document, self._caption, self._header, lines, is_whole=self.is_whole
        )
        if table is None:
            return None
        rows = tuple(
            PlacedRow(row, number, passage, table.header, fold(row.line.text))
            for number, (row, (_, passage)) in enumerate(zip(table.rows, self._lines, strict=True))
        )
        return PlacedTable(table, rows, self._context, (self._document,))


_MOST_READ = 128
_read: WeakKeyDictionary[Catalog, dict[tuple[str, int, int | None], _Stored]] = WeakKeyDictionary()
"""The tables of each generation that were read last, or the parts of long ones by their offset.

They are the same for everyone, and nobody comes to one but by a passage that they may see."""


def _stored(catalog: Catalog, document: str, group: int, offset: int, tuning: Tuning) -> _Stored:
    read = _read.setdefault(catalog, {})
    stored = read.get((document, group, None)) or read.get((document, group, offset))
    if stored is None:
        stored = _Stored(catalog, document, group, offset, tuning)
        while len(read) >= _MOST_READ:
            read.pop(next(iter(read), (document, group, offset)), None)
        place = None if stored.is_whole else offset
        read.update(((document, part, place), stored) for part in stored.groups)
    return stored


class _Part:
    """What stands of a table on one page: its rows, and whether a header begins it."""

    def __init__(
        self, catalog: Catalog, document: str, group: int, offset: int, tuning: Tuning
    ) -> None:
        self.group = group
        self.passages, self.is_whole = catalog.passages_of_group(
            document, group, offset, tuning.passages_of_table
        )
        rows = [(unit, p) for p in self.passages for unit in p.units if unit.group == group]
        self.is_headed = any(unit.kind is BlockKind.HEADER for unit, _ in rows) or (
            _header_above(catalog, self.passages) is not None
        )
        self._ends = (rows[0], rows[-1]) if rows else None

    def is_followed_by(self, other: _Part) -> bool:
        """Return whether the rows of another part, without a header, go on with these."""
        if self._ends is None or other._ends is None or other.is_headed:
            return False
        (last, passage), (first, beside) = self._ends[1], other._ends[0]
        pipes = passage.text_of(last.span).count("|")
        is_as_wide = pipes > 0 and pipes == beside.text_of(first.span).count("|")
        return is_as_wide and first.kind is BlockKind.ROW and first.block == last.block + 1

    @property
    def starts(self) -> int:
        return self.passages[0].span.start

    @property
    def goes_on_at(self) -> int:
        """Where the passage begins that has the next table: its last, if it has two."""
        last = self.passages[-1]
        is_shared = any(unit.group == self.group + 1 for unit in last.units)
        return last.span.start if is_shared else last.span.end


def _parts(catalog: Catalog, document: str, group: int, offset: int, tuning: Tuning) -> list[_Part]:
    """Return the parts of a table, which page ends divide, in order.

    Only where a header begins the first of them: rows without one may be anything.
    """
    asked = _Part(catalog, document, group, offset, tuning)
    parts = [asked]
    while not parts[0].is_headed and parts[0].passages and len(parts) < tuning.pages_of_table:
        first = parts[0]
        before = _Part(catalog, document, first.group - 1, first.starts, tuning)
        if not before.is_followed_by(first):
            break
        parts.insert(0, before)
    if not parts[0].is_headed:
        return [asked]
    while len(parts) < tuning.pages_of_table:
        last = parts[-1]
        after = _Part(catalog, document, last.group + 1, last.goes_on_at, tuning)
        if not last.is_followed_by(after):
            break
        parts.append(after)
    return parts


def _blocks(passages: Sequence[Passage], group: int) -> Iterator[tuple[Passage, list[Unit]]]:
    """Yield the rows of a table, each with its units: a long row is divided into several."""
    current: list[Unit] = []
    first: Passage | None = None
    for passage in passages:
        for unit in passage.units:
            if unit.group != group:
                continue
            if current and unit.block != current[-1].block:
                assert first is not None
                yield first, current
                current = []
            if not current:
                first = passage
            current.append(unit)
    if current and first is not None:
        yield first, current


def _line(catalog: Catalog, passage: Passage, units: Sequence[Unit]) -> TableLine:
    if len(units) == 1:
        return TableLine(passage.text_of(units[0].span), units[0].span)
    span = Span(units[0].span.start, units[-1].span.end)
    return TableLine(catalog.quote(passage.document, span) or "", span)


def _header_above(catalog: Catalog, passages: Sequence[Passage]) -> TableLine | None:
    """Return the header that a part of a very long table carries along."""
    lead = next((unit for p in passages for unit in p.lead if unit.kind is BlockKind.HEADER), None)
    if lead is None:
        return None
    return TableLine(catalog.quote(passages[0].document, lead.span) or "", lead.span)


def _caption(catalog: Catalog, document: str, start: int, tuning: Tuning) -> str:
    """Return the last sentences before a table, where a paragraph introduces it."""
    units = catalog.units_before(document, start)
    if not units or units[-1].kind is not BlockKind.PARAGRAPH:
        return ""
    span = Span(units[0].span.start, units[-1].span.end)
    text = catalog.quote(document, span) or ""
    return text[-tuning.caption_characters :]


def _goes_on(one: PlacedTable, other: PlacedTable) -> bool:
    """Return whether two tables have the same columns."""
    if not any(one.table.headers) or one.table.header is None or other.table.header is None:
        return False
    return [fold(h) for h in one.table.headers] == [fold(h) for h in other.table.headers]


def _joined(one: PlacedTable, other: PlacedTable) -> PlacedTable:
    documents = list(dict.fromkeys((*one.documents, *other.documents)))
    placed = sorted(
        (*one.rows, *other.rows),
        key=lambda row: (documents.index(row.passage.document), row.row.span),
    )
    rows = tuple(replace(row, number=number) for number, row in enumerate(placed))
    table = Table(
        one.table.document,
        one.table.caption or other.table.caption,
        one.table.header,
        one.table.headers,
        tuple(row.row for row in rows),
        one.table.is_whole and other.table.is_whole,
    )
    context = tuple(dict.fromkeys((*one.context, *other.context)))
    return PlacedTable(table, rows, context, tuple(documents))
