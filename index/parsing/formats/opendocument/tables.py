"""Rows and cells of the tables in OpenDocument files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from lxml.etree import _Element as Element

from index.errors import UnreadableDocument
from index.parsing.formats.opendocument.package import Package, attribute, count_of, names
from index.parsing.tables.coloured_cells import ColouredCells
from index.parsing.tables.grid import GridCell, spread
from index.parsing.unread.looks import WHITE

(_TABLE, _ROW, _HEADER_ROWS, _CELL, _COVERED, _FRAME, _COLUMN) = names(
    "table:table", "table:table-row", "table:table-header-rows", "table:table-cell",
    "table:covered-table-cell", "draw:frame", "table:table-column",
)  # fmt: skip
_GROUPS = frozenset(
    names(
        "table:table-rows", "table:table-row-group", "table:table-columns",
        "table:table-column-group", "table:table-header-columns",
    )
) | {_HEADER_ROWS}  # fmt: skip
_MOST_COLUMNS = 1 << 14
_MOST_ALIKE = 10_000
"""Rows or cells that are alike and hold text."""
_MOST_FILLED = 100
"""Cells alike beside each other whose colour may say something; more are the rest of the sheet."""


def read_table(
    table: Element, text_of: Callable[[Element, int], str]
) -> tuple[list[list[str]], int, list[int]]:
    """Return the rows with text of a table, how many are its header, and their numbers.

    `text_of` gives the text of a cell in the row of a number.
    """
    cells: list[GridCell] = []
    headers = 0
    own: list[int] = []
    for number, (row, is_header) in enumerate(rows_of(table)):
        found = [
            _grid_cell(text, cell, number, column, alike)
            for column, cell, alike in cells_of_row(row)
            if (text := text_of(cell, number))
        ]
        cells += found
        own += [number] if found else []
        headers += bool(found) and is_header
    rows = spread(cells)
    return [rows[number] for number in own], headers, own


def coloured_in(table: Element, package: Package) -> ColouredCells:
    """Return the blank cells of a table that say something by their colour."""
    found = ColouredCells()
    for number, (row, _) in enumerate(rows_of(table)):
        texts = {
            column
            for column, cell, _ in cells_of_row(row)
            if "".join(map(str, cell.itertext())).strip()
            or next(cell.iter(_FRAME), None) is not None
        }
        found.add_row(number, fills_of_row(row, package, texts))
    return found


def fills_of_row(
    row: Element, package: Package, texts: Collection[int]
) -> Iterator[tuple[int, str, bool]]:
    """Yield the columns and fills of cells, and whether their columns are among `texts`."""
    column = 0
    for cell in row.iterchildren(_CELL, _COVERED):
        alike = count_of(cell, "table:number-columns-repeated", _MOST_COLUMNS)
        if cell.tag == _CELL:
            name = attribute(cell, "table:style-name")
            fill = package.style("table-cell", name).look.background if name else None
            fill = "" if fill is None or fill == WHITE else fill
            for each in range(column, column + min(alike, _MOST_FILLED)):
                yield each, fill, column in texts
        column += alike


def only_cell(table: Element) -> Element | None:
    """Return the one cell of a table that holds anything, if there is just one."""
    cells = (cell for row, _ in rows_of(table) for _, cell, _ in cells_of_row(row))
    first, second = next(cells, None), next(cells, None)
    return first if second is None else None


def is_out_of_sight(row_or_column: Element) -> bool:
    """Return whether a row or column is hidden, by hand or by a filter."""
    return attribute(row_or_column, "table:visibility") in ("collapse", "filter")


def hidden_columns(table: Element) -> set[int]:
    """Return which columns of a table are hidden."""
    found, column = set[int](), 0
    for each, _ in _parts_of(table, _COLUMN):
        alike = count_of(each, "table:number-columns-repeated", _MOST_COLUMNS)
        if is_out_of_sight(each):
            found.update(range(column, min(column + alike, _MOST_COLUMNS)))
        column += alike
    return found


def empty_hidden(table: Element) -> int:
    """Empty the cells of hidden rows and columns, also of tables inside; return how many."""
    emptied = 0
    for each in list(table.iter(_TABLE)):
        columns = hidden_columns(each)
        for row, _ in rows_of(each):
            is_hidden = is_out_of_sight(row)
            for column, cell, _ in cells_of_row(row):
                if (is_hidden or column in columns) and len(cell):
                    emptied += bool("".join(map(str, cell.itertext())).strip())
                    del cell[:]
    return emptied


def _grid_cell(text: str, cell: Element, row: int, column: int, alike: int) -> GridCell:
    down = count_of(cell, "table:number-rows-spanned", _MOST_ALIKE)
    across = count_of(cell, "table:number-columns-spanned", _MOST_COLUMNS)
    return GridCell(text, row, column, down, across if alike == 1 else alike)


def rows_of(table: Element) -> Iterator[tuple[Element, bool]]:
    """Yield the rows of a table, and whether each is marked as a header."""
    return _parts_of(table, _ROW)


def _parts_of(table: Element, kind: str) -> Iterator[tuple[Element, bool]]:
    waiting = [(child, False) for child in reversed(table)]
    while waiting:
        element, in_header = waiting.pop()
        if element.tag == kind:
            yield element, in_header
        elif element.tag in _GROUPS:
            below = in_header or element.tag == _HEADER_ROWS
            waiting += [(child, below) for child in reversed(element)]


def table_of_row(row: Element) -> Element | None:
    """Return the table that `rows_of` yields a row of."""
    above = row.getparent()
    while above is not None and above.tag in _GROUPS:
        above = above.getparent()
    return above if above is not None and above.tag == _TABLE else None


def cells_of_row(row: Element) -> Iterator[tuple[int, Element, int]]:
    """Yield the column of each cell that holds anything, the cell, and how often it is repeated."""
    column = 0
    for cell in row:
        if cell.tag not in (_CELL, _COVERED):
            continue
        alike = count_of(cell, "table:number-columns-repeated", _MOST_COLUMNS)
        if cell.tag == _CELL and (len(cell) or attribute(cell, "office:value-type")):
            if alike > _MOST_ALIKE:
                raise UnreadableDocument(f"a table has more than {_MOST_ALIKE:,} cells alike")
            yield column, cell, alike
        column += alike
        if column > _MOST_COLUMNS:
            return
