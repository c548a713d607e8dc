"""Tables whose rows name the edges of their cells, as in old Word documents and rich text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.parsing.tables.grid import GridCell, spread

_ROUGHLY = 30
"""Twips by which the edges of one column may differ from row to row."""


@dataclass(slots=True)
class EdgedRow:
    """A row: its cells' texts, their edges from left to right, and which go on from above.

    `edges` may be missing; otherwise there is one more than there are cells.
    """

    cells: list[str] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    goes_on: list[bool] = field(default_factory=list)
    is_header: bool = False


def table_of(rows: Sequence[EdgedRow]) -> tuple[list[list[str]], int]:
    """Return the rows that have texts, and how many of them the file marks as headers.

    Cells are in one column where their left edges are, and cover those up to their right edges.
    """
    own = [number for number, row in enumerate(rows) if any(row.cells)]
    grid = spread(_grid(rows))
    table = [grid[number] for number in own]
    while table and table[0] and not any(row[-1] for row in table):
        table = [row[:-1] for row in table]
    return table, sum(rows[number].is_header for number in own)


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
