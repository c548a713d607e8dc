"""Tables of web pages: which hold data and which only lay out the page, and their cells."""

from __future__ import annotations

import enum
from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby, islice, takewhile

from lxml import etree

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.formats.html.text import GatheredText
from index.parsing.tables.compact_rows import CompactRows
from index.parsing.tables.grid import GridCell, clipped, header_rows_of, rows_of, without_captions
from index.parsing.tables.packed_cells import PackedCells
from index.parsing.tables.written_tables import NestedTable, write_table

_LAYOUT_ROLES = ("presentation", "none")
_DATA_ROLES = ("grid", "table", "treegrid")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MOST_PARAGRAPHS = 3
"""In a cell of a table that says nothing of its columns; with more, it is a page's column."""
_MOST_COLUMNS, _MOST_ROWS = 1_000, 65_534  # as in browsers
_MOST_COVERED = 4_000_000
_MANY = 5_000
"""Cells from which they are packed."""


class TableKind(enum.Enum):
    LAYOUT = "it lays out the page"
    SMALL = "it can be read as a part of the cell around it"
    LARGE = "it stands alone"


@dataclass(slots=True)
class _Facts:
    """What is known of a table before its text is read."""

    has_header: bool = False
    nested: int = 0
    rows: int = 0
    columns: int = 0
    headings: int = 0
    paragraphs: int = 0
    """Of the cell that has most."""
    _in_row: int = 0
    _in_cell: int = 0

    def add(self, tag: str) -> None:
        match tag:
            case "tr":
                self.rows += 1
                self._in_row = 0
            case "td" | "th":
                self._in_row += 1
                self._in_cell = 0
                self.columns = max(self.columns, self._in_row)
                self.has_header |= tag == "th"
            case "thead" | "caption":
                self.has_header = True
            case "p":
                self._in_cell += 1
                self.paragraphs = max(self.paragraphs, self._in_cell)
            case _:
                self.headings += 1

    def kind(self, role: str | None) -> TableKind:
        if self.has_header:
            lays_out = self.nested > 0 and min(self.rows, self.columns) <= 1
        else:
            lays_out = self.columns <= 1 or self.nested + self.headings > 0
            lays_out |= self.paragraphs > _MOST_PARAGRAPHS
        if role in _LAYOUT_ROLES or (lays_out and role not in _DATA_ROLES):
            return TableKind.LAYOUT
        return TableKind.LARGE if self.has_header or self.rows > 2 else TableKind.SMALL


def kinds_of_tables(root: etree._Element) -> dict[etree._Element, TableKind]:
    """Return for each table below an element whether it holds data or lays out the page."""
    found: dict[etree._Element, TableKind] = {}
    open_tables: list[_Facts] = []
    tags = ("table", "tr", "td", "th", "thead", "caption", "p", *_HEADINGS)
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=tags):
        tag = str(element.tag)
        if event == "start" and tag == "table":
            if open_tables:
                open_tables[-1].nested += 1
            open_tables.append(_Facts())
        elif event == "start" and open_tables:
            open_tables[-1].add(tag)
        elif event == "end" and tag == "table":
            found[element] = open_tables.pop().kind(element.get("role"))
    return found


@dataclass(slots=True)
class DataTable:
    """A table whose cells are being collected."""

    in_cell: bool = False
    in_head: bool = False
    unfolded: int = 0
    """How many tables are open in the cell that become a part of its text."""
    around: GatheredText = field(default_factory=GatheredText)
    """The text that was gathered of the cell around this table, where it stands in one."""
    _nested: list[tuple[int, DataTable]] = field(default_factory=list)
    """The tables in its cells, and the rows of these."""
    _cells: PackedCells = field(default_factory=PackedCells)
    _covered: list[tuple[int, int, int]] = field(default_factory=list)
    """The columns that cells above cover, from left to right: first, end, and the row below."""
    _reaching: list[tuple[int, int, int]] = field(default_factory=list)
    """Those of this row that cover some of the rows below."""
    _has_merged: bool = False
    _passed: int = 0
    _looked_at: int = 0
    _row: int = -1
    _column: int = 0
    _tall: list[int] = field(default_factory=list)
    """The numbers of the cells in this section of the table that cover several rows."""

    def begin_row(self) -> None:
        self._row += 1
        self._column = self._passed = 0
        covered = sorted(self._covered + self._reaching)
        self._covered = [one for one in covered if one[2] > self._row]
        self._reaching = []
        self._looked_at += len(covered)
        if self._looked_at > _MOST_COVERED:
            self._covered.clear()

    def begin_section(self) -> None:
        """Begin a head, a body or a foot, into which no cell reaches from above."""
        for number in self._tall:
            self._cells.end_at(number, self._row + 1)
        self._tall.clear()
        self._covered.clear()
        self._reaching.clear()

    def add_cell(self, element: etree._Element, text: str) -> None:
        if self._row < 0:
            self.begin_row()
        covered = self._covered
        while self._passed < len(covered) and covered[self._passed][0] <= self._column:
            self._column = max(self._column, covered[self._passed][1])
            self._passed += 1
        columns = _count(element.get("colspan"), _MOST_COLUMNS)
        rows = _count(element.get("rowspan"), _MOST_ROWS)
        is_header = self.in_head or element.tag == "th"
        if rows > 1:
            self._reaching.append((self._column, self._column + columns, self._row + rows))
            self._tall.append(len(self._cells))
        self._has_merged |= rows > 1 or columns > 1
        self._cells.append(GridCell(text, self._row, self._column, rows, columns, is_header))
        self._column += columns

    def nest(self, table: DataTable) -> None:
        """Take a table that stands in the open cell."""
        self._nested.append((self._row, table))

    def write(self, builder: DocumentBuilder) -> None:
        """Add the table, and those that stand in its cells."""
        self.begin_section()
        above, below = list[GridCell](), list[GridCell]()
        is_long = len(self._cells) > _MANY  # and takes much memory as it is
        kept = PackedCells if is_long else list[GridCell]
        cells: Collection[GridCell] = self._cells if is_long else list(self._cells)
        self._cells = PackedCells()
        if self._has_merged:
            above, inner, below = without_captions(kept(clipped(cells, self._row + 1)))
            cells = kept(inner)
        numbers = array("I")

        def saying(rows: Iterable[list[str]]) -> Iterator[list[str]]:
            for number, row in enumerate(rows):
                if any(cell.strip() for cell in row):
                    numbers.append(number)
                    yield row

        try:
            rows = CompactRows(saying(rows_of(cells)))
        except UnreadableDocument:
            builder.remark("The merged cells of a very large table were not spread.")
            del numbers[:]
            rows = CompactRows(saying(_as_written(cells)))
        write_table(
            builder,
            rows,
            _header_rows(cells, rows),
            numbers=numbers,
            above=above,
            below=below,
            nested=[NestedTable(row, partial(table.write, builder)) for row, table in self._nested],
        )


def _header_rows(cells: Iterable[GridCell], rows: CompactRows) -> int:
    """Return how many rows name the columns, by the marks of the cells that have a text."""
    texts = (cell for cell in cells if cell.text.strip())
    marks = ([cell.is_header for cell in row] for _, row in groupby(texts, lambda cell: cell.row))
    first = list(islice(marks, 2))
    leading = sum(1 for _ in takewhile(all, chain(first, marks)))
    if leading:
        return header_rows_of(rows, leading if leading < len(rows) else 1)
    if all(marked[0] for marked in first):
        return 0  # each row has a name of its own
    return header_rows_of(rows)


def _as_written(cells: Iterable[GridCell]) -> Iterator[list[str]]:
    return ([cell.text for cell in row] for _, row in groupby(cells, lambda cell: cell.row))


def _count(written: object, most: int) -> int:
    """Return how many rows or columns a cell covers; none stands for all that there are."""
    text = str(written or "1").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return 1
    return min(int(text), most) or (most if most == _MOST_ROWS else 1)
