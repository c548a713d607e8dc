"""Sheets of workbooks as pages: what is seen, and what is hidden in rows and columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.options import HiddenContent
from index.parsing.tables.coloured_cells import ColouredCells
from index.parsing.tables.sheet_tables import Area, SheetHints, write_tables
from index.parsing.unread.hidden import HiddenParts

_MOST_CELLS = 20_000_000


@dataclass(slots=True)
class SheetCells:
    """The texts of a sheet's cells, all rows from the first one, with what is said of them."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_cells: set[tuple[int, int]] = field(default_factory=set)
    """Rows and columns of cells that nobody sees, such as white on white."""
    is_hidden: bool = False
    charts: list[str] = field(default_factory=list)
    """The titles of charts, whose figures stand in the cells."""
    hints: SheetHints | None = None
    coloured: ColouredCells = field(default_factory=ColouredCells)
    count: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Place a text; raises UnreadableDocument for a sheet that unfolds to too much."""
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        self.count += max(0, column + 1 - len(cells))
        if self.count > _MOST_CELLS:
            raise UnreadableDocument(f"a sheet spreads over more than {_MOST_CELLS:,} cells")
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text


def write_sheet(sheet: SheetCells, builder: DocumentBuilder, hidden: HiddenParts) -> None:
    """Add a sheet with its name as a heading; hidden rows stay in their places."""
    rows: list[list[str]] = sheet.rows
    hints = sheet.hints or SheetHints()
    if sheet.is_hidden:
        if any(map(any, rows)) or any(sheet.charts):
            with hidden.part(HiddenContent.HIDDEN, "hidden sheet", f"“{sheet.name}”") as read:
                if read:
                    _write(sheet, rows, hints, builder)
        return
    sheet.coloured.remark(hidden, f"sheet {sheet.name}", sheet.merged)
    unseen = dict(_unseen(sheet))
    if unseen and hidden.reads(HiddenContent.HIDDEN):
        hints = replace(hints, hidden=frozenset(unseen))
    elif unseen:
        _leave_out(sheet, unseen, hidden)
        nothing: set[int] = set()
        rows = [
            [
                "" if column in unseen.get(number, nothing) else text
                for column, text in enumerate(row)
            ]
            for number, row in enumerate(rows)
        ]
    _write(sheet, rows, hints, builder)


def _write(
    sheet: SheetCells, rows: list[list[str]], hints: SheetHints, builder: DocumentBuilder
) -> None:
    if any(map(any, rows)) or any(sheet.charts):
        builder.heading(sheet.name, 2)
    numbers = range(1, len(rows) + 1)
    write_tables(builder, rows, merged=sheet.merged, hints=hints, numbers=numbers)
    for title in sheet.charts:
        builder.paragraph(title)


def _unseen(sheet: SheetCells) -> Iterator[tuple[int, set[int]]]:
    """Yield the rows in which there are texts that nobody sees, with the columns of these."""
    rows, columns, cells = sheet.hidden_rows, sheet.hidden_columns, sheet.hidden_cells
    for number, row in enumerate(sheet.rows if rows or columns or cells else ()):
        found = {
            column
            for column, text in enumerate(row)
            if text and (number in rows or column in columns or (number, column) in cells)
        }
        if found:
            yield number, found


def _leave_out(sheet: SheetCells, unseen: dict[int, set[int]], hidden: HiddenParts) -> None:
    used = set().union(*unseen.values())
    for name, count in (
        ("hidden row", sum(number in sheet.hidden_rows for number in unseen)),
        ("hidden column", len(used & sheet.hidden_columns)),
        ("hidden cell", sum(column in unseen.get(row, ()) for row, column in sheet.hidden_cells)),
    ):
        hidden.left_out(HiddenContent.HIDDEN, name, count, place=f"sheet {sheet.name}")
