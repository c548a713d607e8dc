"""Sheets of workbooks as pages: what is seen, and what is hidden in rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.options import HiddenContent
from index.parsing.tables.sheet_tables import Area, SheetHints, write_tables
from index.parsing.unread.hidden import HiddenParts

__all__ = ["SheetCells", "write_sheet"]

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
    hints: SheetHints | None = None
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
    """Add a sheet as a page, with its name as a heading."""
    if sheet.is_hidden and any(map(any, sheet.rows)):
        with hidden.part(HiddenContent.HIDDEN, "hidden sheet", f"“{sheet.name}”") as read:
            if read:
                builder.heading(sheet.name, 2)
                write_tables(
                    builder,
                    sheet.rows,
                    merged=sheet.merged,
                    hints=sheet.hints,
                    numbers=range(1, len(sheet.rows) + 1),
                )
    elif not sheet.is_hidden:
        seen, unseen = _parted(sheet)
        if any(map(any, seen)):
            builder.heading(sheet.name, 2)
        numbers = range(1, len(seen) + 1)
        write_tables(builder, seen, merged=sheet.merged, hints=sheet.hints, numbers=numbers)
        _write_unseen(sheet, unseen, builder, hidden)
    builder.page_break()


def _parted(sheet: SheetCells) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows with the texts that are seen, and with those that are not."""
    columns, cells = sheet.hidden_columns, sheet.hidden_cells
    if not sheet.hidden_rows and not columns and not cells:
        return list(sheet.rows), []
    seen: list[list[str]] = []
    unseen: list[list[str]] = []
    for number, row in enumerate(sheet.rows):
        if number in sheet.hidden_rows:
            seen.append([])
            unseen.append(row)
            continue
        hidden = [column in columns or (number, column) in cells for column in range(len(row))]
        seen.append(["" if is_so else text for text, is_so in zip(row, hidden, strict=True)])
        unseen.append([text if is_so else "" for text, is_so in zip(row, hidden, strict=True)])
    return seen, unseen


def _write_unseen(
    sheet: SheetCells, unseen: list[list[str]], builder: DocumentBuilder, hidden: HiddenParts
) -> None:
    if not any(map(any, unseen)):
        return
    if hidden.reads(HiddenContent.HIDDEN):
        with hidden.part(HiddenContent.HIDDEN, ""):
            write_tables(builder, unseen, numbers=range(1, len(unseen) + 1))
        return
    used = {column for row in unseen for column, text in enumerate(row) if text}
    rows = sum(1 for number in sheet.hidden_rows if number < len(unseen) and any(unseen[number]))
    place = f"sheet {sheet.name}"
    if rows:
        hidden.left_out(HiddenContent.HIDDEN, "hidden row", rows, place=place)
    if columns := len(used & sheet.hidden_columns):
        hidden.left_out(HiddenContent.HIDDEN, "hidden column", columns, place=place)
    if cells := sum(1 for row, column in sheet.hidden_cells if _has(unseen, row, column)):
        hidden.left_out(HiddenContent.HIDDEN, "hidden cell", cells, place=place)


def _has(rows: Sequence[Sequence[str]], row: int, column: int) -> bool:
    return row < len(rows) and column < len(rows[row]) and bool(rows[row][column])
