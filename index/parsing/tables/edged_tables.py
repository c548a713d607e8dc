"""Tables whose rows name the edges of their cells, as in old Word documents and rich text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.tables.grid import GridCell, header_rows_of, spread
from index.parsing.tables.written_tables import MOST_INNER_CELLS, NestedTable, write_table

P = TypeVar("P")
"""A paragraph of a format."""

_ROUGHLY = 30
"""Twips by which the edges of one column may differ from row to row."""
_MOST_DEPTH = 20
"""Tables in cells of one another."""


@dataclass(slots=True)
class EdgedRow:
    """A row: its cells' texts, their edges from left to right, and which go on from above.

    `edges` may be missing; otherwise there is one more than there are cells.
    """

    cells: list[str] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    goes_on: list[bool] = field(default_factory=list)
    is_header: bool = False
    merged: frozenset[int] = frozenset()
    """The numbers of cells that are only parts of the ones before them, and have no edges."""


@dataclass(frozen=True, slots=True)
class TableWriter(Generic[P]):
    """How paragraphs of cells are written that are no part of a row.

    `write` writes one that stands alone, in a frame; `write_unseen` what nobody sees of one, which
    comes behind its table.
    """

    builder: DocumentBuilder
    write: Callable[[P], None]
    write_unseen: Callable[[P], None]


class EdgedTables(Generic[P]):
    """The tables that are open while a file is read: one, and those in its cells."""

    def __init__(self, writer: TableWriter[P]) -> None:
        self._writer = writer
        self._open: list[EdgedTable[P]] = []

    def at(self, depth: int) -> EdgedTable[P]:
        """Return the table that is open at a depth, from 1; deeper ones end."""
        depth = min(depth, _MOST_DEPTH)
        self.end(depth)
        while len(self._open) < depth:
            self._open.append(EdgedTable(self._writer))
        return self._open[-1]

    def end(self, depth: int = 0) -> None:
        """End the tables that are deeper than this; the outermost is written with all in it."""
        while len(self._open) > depth:
            table = self._open.pop()
            if self._open:
                self._open[-1].nest(table)
            else:
                table.write()


class EdgedTable(Generic[P]):
    """A table whose rows are being collected."""

    def __init__(self, writer: TableWriter[P]) -> None:
        self._writer = writer
        self._rows: list[EdgedRow] = []
        self._cells: list[str] = []
        self._pieces: list[str] = []
        self._parts: list[P | EdgedTable[P]] = []
        self._nested: list[NestedTable] = []

    def add(self, text: str, paragraph: P) -> None:
        """Add a paragraph with its text in the cell."""
        self._pieces.append(text)
        self._parts.append(paragraph)

    def nest(self, table: EdgedTable[P]) -> None:
        """Take a table in the open cell; a small one becomes a part of its text."""
        table.end_row()
        texts = [text for row in table._rows for text in row.cells]
        if len(texts) <= MOST_INNER_CELLS:
            self._pieces += texts
            self._parts += table._parts
        else:
            self._nested.append(NestedTable(len(self._rows), table.write))
            self._parts.append(table)

    def end_cell(self) -> None:
        self._cells.append(one_line(" ".join(self._pieces)))
        self._pieces = []

    def end_row(self, known: EdgedRow | None = None) -> None:
        """End a row of which this is known; without it, one that the file leaves open."""
        if any(map(str.strip, self._pieces)):
            self.end_cell()
        if known is None and not self._cells:
            return
        row = known or EdgedRow()
        row.cells = [text for at, text in enumerate(self._cells) if at not in row.merged]
        self._rows.append(row)
        self._cells, self._pieces = [], []

    def write(self) -> None:
        self.end_row()
        table, marked, numbers = _table_of(self._rows)
        if len(table) < 2 and len({text for row in table for text in row}) < 2:
            # A frame around a text.
            for part in self._parts:
                part.write() if isinstance(part, EdgedTable) else self._writer.write(part)
            return
        header_rows = header_rows_of(table, marked)
        write_table(self._writer.builder, table, header_rows, numbers=numbers, nested=self._nested)
        for part in self._parts:
            if not isinstance(part, EdgedTable):
                self._writer.write_unseen(part)


def _table_of(rows: Sequence[EdgedRow]) -> tuple[list[list[str]], int, list[int]]:
    """Return the rows that have texts, how many of them are marked as headers, and their numbers.

    Cells are in one column where their left edges are, and cover those up to their right edges.
    """
    own = [number for number, row in enumerate(rows) if any(row.cells)]
    grid = spread(_grid(rows))
    table = [grid[number] for number in own]
    while table and table[0] and not any(row[-1] for row in table):
        table = [row[:-1] for row in table]
    return table, sum(rows[number].is_header for number in own), own


def _grid(rows: Sequence[EdgedRow]) -> Iterator[GridCell]:
    lefts: list[int] = []
    for edge in sorted({edge for row in rows for edge in row.edges[:-1]}):
        if not lefts or edge - lefts[-1] > _ROUGHLY:
            lefts.append(edge)
    open_cells: dict[int, GridCell] = {}
    for number, row in enumerate(rows):
        is_defined = len(row.edges) == len(row.cells) + 1
        for at, text in enumerate(row.cells):
            left = max(0, bisect_right(lefts, row.edges[at]) - 1) if is_defined else at
            right = bisect_left(lefts, row.edges[at + 1] - _ROUGHLY) if is_defined else at + 1
            above = open_cells.get(left)
            if above is not None and not text and at < len(row.goes_on) and row.goes_on[at]:
                cell = GridCell(above.text, number, left, 1, above.columns)
            else:
                cell = GridCell(text, number, left, 1, max(1, right - left))
            open_cells[left] = cell
            yield cell
