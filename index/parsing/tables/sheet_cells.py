"""Cells of one sheet, taken row by row, so that long sheets need little memory, and its tables."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.tables.coloured_cells import ColouredCells
from index.parsing.tables.compact_rows import CompactRows
from index.parsing.tables.sheet_tables import Area, SheetHints, write_tables
from index.parsing.unread.hidden import HiddenParts

MOST_ROWS = 1 << 20  # Excel's own limit
MOST_COLUMNS = 1 << 14
_MOST_CELLS = 20_000_000
"""Counts empty cells too: a row with only its last column filled has 16,384 of them."""

Cell = tuple[int, str, bool]
"""The column of a cell, its text, and whether it is bold or filled."""


class SheetCells:
    """The rows with text, an empty one between those that are apart, and what is said of them.

    `merged` are areas, `filtered` the rows with the buttons of a filter, and `frozen` says how many
    rows at the top stay in sight; all by their numbers in the sheet, from 0. Hidden rows, columns
    and cells are counted, and kept only if they are to be read.
    """

    def __init__(self, options: ParsingOptions) -> None:
        self.merged: list[Area] = []
        self.filtered: list[int] = []
        self.frozen = self.characters = 0
        self._reads_hidden = HiddenContent.HIDDEN in options.hidden
        self._rows = CompactRows()
        self._numbers = array("I")
        self._coloured = ColouredCells()
        self._marked: set[int] = set()
        """Places in the rows."""
        self._hidden: set[int] = set()
        """The numbers of rows that are hidden and kept."""
        self._hidden_rows = self._hidden_cells = 0
        self._hidden_columns: set[int] = set()
        self._sorted: list[int] = []
        self._columns_with_text: set[int] = set()
        """Hidden ones."""
        self._number = -1
        self._has_gap = False
        self._counted = 0

    @property
    def has_text(self) -> bool:
        return len(self._rows) > 0

    def hide_columns(self, columns: Iterable[int]) -> None:
        """Note hidden columns, before the rows are added."""
        self._hidden_columns.update(columns)

    def shows_hidden_cell(self, row: int) -> bool:
        """Count a cell of the row that comes next, whose text nobody sees; say if it is kept."""
        self._hidden_cells += 1
        if self._reads_hidden:
            self._hidden.add(row)
        return self._reads_hidden

    def add_row(
        self,
        number: int,
        cells: Sequence[Cell],
        fills: Iterable[tuple[int, str, bool]] = (),
        *,
        is_hidden: bool = False,
    ) -> None:
        """Add a row; one that comes at a place where there is one already is left out.

        `fills` are the columns of cells, their colours, and whether they have a text. Raises
        UnreadableDocument for a sheet that unfolds to too much.
        """
        before, self._number = self._number, number
        if number >= MOST_ROWS:
            raise UnreadableDocument(f"a sheet has more than {MOST_ROWS:,} rows")
        if fills and not is_hidden:
            self._coloured.add_row(
                number, (fill for fill in fills if fill[0] not in self._hidden_columns)
            )
        texts = self._placed(number, cells)
        self._has_gap |= number > before + 1 or not (texts or is_hidden)
        if not texts or number <= before:
            return
        if is_hidden:
            self._hidden_rows += 1
            if not self._reads_hidden:
                return
            self._hidden.add(number)
        if self._has_gap and self.has_text:
            self._rows.append(())
            self._numbers.append(number - 1)
        self._has_gap = False
        if all(is_marked for _, _, is_marked in cells):
            self._marked.add(len(self._rows))
        self._rows.append(texts)
        self._numbers.append(number)
        self._counted += len(texts)
        self.characters += sum(map(len, texts))
        if self._counted > _MOST_CELLS:
            raise UnreadableDocument(f"a sheet spreads over more than {_MOST_CELLS:,} cells")

    def _placed(self, number: int, cells: Sequence[Cell]) -> list[str]:
        """Return the texts of a row up to its last one."""
        texts: list[str] = []
        for column, text, _ in cells:
            if self._hidden_columns:
                if column in self._hidden_columns:
                    self._columns_with_text.add(column)
                    if not self._reads_hidden:
                        continue
                    self._hidden.add(number)
                else:
                    column = self._column(column)
            if column >= len(texts):
                texts += [""] * (column + 1 - len(texts))
            texts[column] = text
        return texts

    def place(self, area: Area) -> Area | None:
        """Return where an area of the sheet is in its rows; None where nothing of it is."""
        top = bisect_left(self._numbers, area.top)
        bottom = bisect_right(self._numbers, area.bottom) - 1
        left, right = self._column(area.left), self._column(area.right + 1) - 1
        return Area(top, left, bottom, right) if top <= bottom and left <= right else None

    def _column(self, column: int) -> int:
        """Return where a column stands among those that are kept."""
        if self._reads_hidden:
            return column
        if len(self._sorted) < len(self._hidden_columns):
            self._sorted = sorted(self._hidden_columns)
        return column - bisect_left(self._sorted, column)

    def remark(self, hidden: HiddenParts, name: str) -> None:
        """Note what of the sheet of this name is hidden, or said by colours alone."""
        place = f"sheet {name}"
        if not self._reads_hidden:
            for what, count in (
                ("hidden row", self._hidden_rows),
                ("hidden column", len(self._columns_with_text)),
                ("hidden cell", self._hidden_cells),
            ):
                hidden.left_out(HiddenContent.HIDDEN, what, count, place=place)
        self._coloured.remark(hidden, place, self.merged)

    def write(
        self, builder: DocumentBuilder, tables: Sequence[tuple[Area, int]] = (), title_rows: int = 0
    ) -> None:
        """Add the tables. `tables` are areas that the file calls so, with their header rows."""
        frozen = max(self.frozen, title_rows)
        numbers = self._numbers
        hints = SheetHints(
            tables=tuple((place, n) for area, n in tables if (place := self.place(area))),
            filtered=frozenset(
                place.top for row in self.filtered if (place := self.place(Area(row, 0, row, 0)))
            ),
            marked=frozenset(self._marked),
            frozen=sum(number < frozen for number in numbers[:frozen]),
            hidden=frozenset(
                at for at, number in enumerate(numbers if self._hidden else ())
                if number in self._hidden
            ),
        )  # fmt: skip
        write_tables(
            builder,
            self._rows,
            merged=[place for area in self.merged if (place := self.place(area))],
            hints=hints,
            numbers=array("I", (number + 1 for number in numbers)),
        )


def write_sheet(
    name: str,
    cells: SheetCells,
    builder: DocumentBuilder,
    hidden: HiddenParts,
    *,
    charts: Sequence[str] = (),
    is_hidden: bool = False,
) -> None:
    """Add a sheet with its name as a heading, and the titles of charts of its figures."""
    if not cells.has_text and not any(charts):
        return
    if is_hidden:
        with hidden.part(HiddenContent.HIDDEN, "hidden sheet", f"“{name}”") as read:
            if read:
                _write(name, cells, builder, charts)
        return
    cells.remark(hidden, name)
    _write(name, cells, builder, charts)


def _write(name: str, cells: SheetCells, builder: DocumentBuilder, charts: Sequence[str]) -> None:
    builder.heading(name, 2)
    cells.write(builder)
    for title in charts:
        builder.paragraph(title)
