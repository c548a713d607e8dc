"""Reads one row of a table with its headers, wherever the table began."""

from __future__ import annotations

from index.answering.rollups.topic import HeadingContext
from index.chunking.passage import Passage, Unit
from index.document import BlockKind
from index.tables.table import Table, TableLine, read_table


def row_of(unit: Unit, passage: Passage, above: HeadingContext) -> Table | None:
    """Return the table that has only this row; None where it has one cell."""
    if unit.kind is not BlockKind.ROW:
        return None
    row = TableLine(passage.text_of(unit.span), unit.span)
    return read_table(passage.document, "", above.header(unit, passage), [row], is_whole=False)
