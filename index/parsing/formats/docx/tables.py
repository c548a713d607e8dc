"""Tables of a Word document as grids of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml.etree import _Element as Element

from index.parsing.formats.docx.styles import fill_of
from index.parsing.formats.docx.xml import W, child, children_of, integer, switched_on
from index.parsing.tables.coloured_cells import ColouredCells
from index.parsing.tables.grid import GridCell
from index.parsing.text.characters import is_column_name
from index.parsing.unread.looks import WHITE

_MOST_COLUMNS = 100
"""Columns that a cell may say that it covers; Word allows 63."""
_DRAWN = (f"{W}drawing", f"{W}pict", f"{W}object")
_CHANGED = ("del", "moveFrom", "hidden")
_CONTAINERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")}


class CellText(NamedTuple):
    """A cell's text, whether all of it is bold, and the tables in it that are no part of it."""

    text: str
    is_bold: bool
    tables: tuple[Element, ...] = ()


_NO_TEXT = CellText("", is_bold=False)


@dataclass(slots=True)
class DocxTable:
    """A table's cells; `deleted` and `hidden` are the texts of the rows that are not shown.

    `nested` are the tables in cells, with the numbers of their rows.
    """

    cells: list[GridCell] = field(default_factory=list)
    nested: list[tuple[int, Element]] = field(default_factory=list)
    coloured: ColouredCells = field(default_factory=ColouredCells)
    deleted: list[list[str]] = field(default_factory=list)
    hidden: list[list[str]] = field(default_factory=list)


def cells_of_table(table: Element, text_of: Callable[[Element], CellText]) -> DocxTable:
    """Return the cells of a table; `text_of` reads each of them, once and in order.

    Where no row is marked as a header, bold ones at the top that hold no figures are taken for it.
    """
    found = DocxTable()
    open_cells: dict[int, int] = {}
    plain: set[int] = set()
    number = headers = 0
    for row in _children(table, "tr"):
        properties = children_of(child(row, "trPr"))
        cells = list(_children(row, "tc"))
        if f"{W}moveFrom" in properties:
            continue
        if f"{W}del" in properties:
            found.deleted.append([_whole_text(cell) for cell in cells])
            continue
        if switched_on(properties.get(f"{W}hidden")):
            found.hidden.append([_with_tables(text_of(cell)) for cell in cells])
            continue
        is_header = headers == number and bool(switched_on(properties.get(f"{W}tblHeader")))
        headers += is_header
        column = _size(properties.get(f"{W}gridBefore"), least=0)
        filled: list[tuple[int, str, bool]] = []
        for cell in cells:
            look = children_of(child(cell, "tcPr"))
            width = _size(look.get(f"{W}gridSpan"), least=1)
            text, is_bold, tables = _NO_TEXT if f"{W}cellDel" in look else text_of(cell)
            found.nested += ((number, each) for each in tables)
            if text and not (is_bold and is_column_name(text)):
                plain.add(number)
            if column in open_cells and _goes_on(look.get(f"{W}vMerge")):
                above = open_cells[column]
                found.cells[above] = _longer(found.cells[above], number)
                found.hidden += [[text]] if text else []
            elif _goes_on(look.get(f"{W}hMerge")) and found.cells and found.cells[-1].row == number:
                last = found.cells[-1]
                found.cells[-1] = replace(last, columns=last.columns + width)
            else:
                open_cells[column] = len(found.cells)
                shading = look.get(f"{W}shd")
                fill = "" if shading is None else fill_of(shading)
                has_text = bool(text or tables or next(cell.iter(*_DRAWN), None) is not None)
                filled.append((column, "" if fill == WHITE else fill, has_text))
                found.cells.append(
                    GridCell(text, number, column, columns=width, is_header=is_header)
                )
            column += width
        found.coloured.add_row(number, filled)
        number += 1
    if not headers and plain:
        first = min(plain)
        found.cells = [replace(cell, is_header=cell.row < first) for cell in found.cells]
    return found


def _size(element: Element | None, least: int) -> int:
    columns = least if element is None else integer(element.get(f"{W}val"))
    return max(least, min(columns, _MOST_COLUMNS))


def flowing_cells(table: Element) -> list[Element]:
    """Return the cells of a table that only places texts: a frame, or columns of paragraphs."""
    rows = list(_children(table, "tr"))
    columns = [list(_children(row, "tc")) for row in rows]
    if len(rows) > 1 and any(len(cells) != 1 for cells in columns):
        return []
    if any(child(row, "trPr", name) is not None for row in rows for name in _CHANGED):
        return []
    cells = [cell for row in columns for cell in row]
    texts = 1 if len(rows) > 1 else 2
    if len(cells) == 1 or any(_paragraphs(cell) > texts for cell in cells):
        return cells
    return []


def _paragraphs(cell: Element) -> int:
    """Return how many paragraphs with text a cell has; a table in it counts as many."""
    if next(cell.iter(f"{W}tbl"), None) is not None:
        return _MOST_COLUMNS
    return sum(next(each.iter(f"{W}t"), None) is not None for each in cell.iter(f"{W}p"))


def _whole_text(cell: Element) -> str:
    """Return a cell's text with what was deleted in it."""
    return "\n".join(
        "".join(str(each.text or "") for each in paragraph.iter(f"{W}t", f"{W}delText"))
        for paragraph in cell.iter(f"{W}p")
    )


def _with_tables(cell: CellText) -> str:
    return "\n".join(filter(None, (cell.text, *map(_whole_text, cell.tables))))


def _longer(cell: GridCell, row: int) -> GridCell:
    """Return a merged cell that also covers this row; Word shows only what its first part holds."""
    return replace(cell, rows=max(cell.rows, row - cell.row + 1))


def _goes_on(merged: Element | None) -> bool:
    return merged is not None and merged.get(f"{W}val", "continue") != "restart"


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Yield rows of a table or cells of a row, also from content controls."""
    for each in parent.iterchildren():
        if each.tag == W + name:
            yield each
        elif each.tag in _CONTAINERS:
            yield from _children(each, name)
