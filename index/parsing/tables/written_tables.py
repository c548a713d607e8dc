"""Tables as they are written: lines above and below them, and tables that stand in their cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.parsing.builder import DocumentBuilder
from index.parsing.tables.grid import GridCell

MOST_INNER_CELLS = 2
"""Cells of a table in a cell, up to which its text is part of that cell."""


@dataclass(frozen=True, slots=True)
class NestedTable:
    """A table in a cell of the row of this number; `write` adds it to the document."""

    row: int
    write: Callable[[], None]


def write_table(
    builder: DocumentBuilder,
    rows: Sequence[list[str]],
    header_rows: int,
    *,
    numbers: Sequence[int] = (),
    above: Sequence[GridCell] = (),
    below: Sequence[GridCell] = (),
    nested: Sequence[NestedTable] = (),
) -> None:
    """Add a table with the lines around it, and each nested table behind the row that it is in.

    `numbers` are those of the rows, which only nested tables need, in their order. A table that
    goes on behind one of these has its header once more.
    """
    waiting = list(reversed(nested))

    def write_nested(before: float) -> None:
        while waiting and waiting[-1].row < before:
            waiting.pop().write()

    for line in above:
        write_nested(line.row)
        builder.paragraph(line.text)
    start = 0
    while waiting and (end := bisect_right(numbers, waiting[-1].row)) < len(rows):
        if end > max(start, header_rows):
            _write_rows(builder, rows, start, end, header_rows)
            start = end
        waiting.pop().write()
    _write_rows(builder, rows, start, len(rows), header_rows)
    for line in below:
        write_nested(line.row)
        builder.paragraph(line.text)
    write_nested(float("inf"))


def _write_rows(
    builder: DocumentBuilder, rows: Sequence[list[str]], start: int, end: int, header_rows: int
) -> None:
    if start < end:
        part = rows if (start, end) == (0, len(rows)) else rows[start:end]
        builder.table(part if not start else [*rows[:header_rows], *part], header_rows=header_rows)
