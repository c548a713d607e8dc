"""Tables as grids of cells, before they are text: what a merged cell covers, and what is header."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.errors import UnreadableDocument
from index.parsing.tables.sheet_headers import header_rows_in
from index.parsing.text.characters import is_sentence

_MOST_CELLS = 4_000_000
_MOST_HEADER_ROWS = 5


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table at `row` and `column`, from 0, with the rows and columns that it covers.

    `is_header` says that the file itself marks it as a header.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    is_header: bool = False


def spread(cells: Iterable[GridCell]) -> list[list[str]]:
    """Return the rows of a table, a merged cell's text in every place that it covers.

    So each row can be quoted alone, and each column knows all that stands above it; a sentence
    stands once in its row. Where two cells cover the same place, the first one keeps it. Raises
    UnreadableDocument for a table that unfolds to millions of cells.
    """
    return list(rows_of(sorted(cells, key=lambda cell: cell.row)))


def rows_of(cells: Collection[GridCell]) -> Iterator[list[str]]:
    """Yield what `spread` returns, for cells that are in the order of their rows."""
    height = width = covered = 0
    for cell in cells:
        covered += cell.rows * cell.columns
        height = max(height, cell.row + cell.rows)
        width = max(width, cell.column + cell.columns)
        if max(covered, height * width) > _MOST_CELLS:
            raise UnreadableDocument(f"a table unfolds to more than {_MOST_CELLS:,} cells")
    left = iter(cells)
    following = next(left, None)
    below: list[tuple[int, GridCell]] = []
    for number in range(height):
        row = [""] * width
        taken = [False] * width
        here = [cell for end, cell in below if end > number]
        while following is not None and following.row == number:
            here.append(following)
            following = next(left, None)
        for cell in here:
            text = cell.text
            once = cell.columns > 1 and is_sentence(text)
            for column in range(cell.column, cell.column + cell.columns):
                if not taken[column]:
                    row[column], taken[column] = text, True
                    text = "" if once else text
        below = [(end, cell) for cell in here if (end := cell.row + cell.rows) > number + 1]
        yield row


def clipped(cells: Collection[GridCell], height: int) -> Iterator[GridCell]:
    """Yield the cells without the columns that no cell begins in, and the rows below `height`.

    So a cell that covers "100" columns, as in many web pages, covers those that there are.
    """
    columns = sorted({cell.column for cell in cells})
    for cell in cells:
        first = bisect_left(columns, cell.column)
        end = bisect_left(columns, cell.column + cell.columns, lo=first + 1)
        rows = max(1, min(cell.rows, height - cell.row))
        yield replace(cell, column=first, columns=end - first, rows=rows)


def without_captions(
    cells: Collection[GridCell],
) -> tuple[list[GridCell], Iterable[GridCell], list[GridCell]]:
    """Return the lines above a table, its cells, and the lines below it.

    A line is a cell that covers all columns of its row: a title, a unit, a note. One between other
    rows, such as "Europe" above its countries, stays in its row, and stands there once.
    """
    width = max((cell.column + cell.columns for cell in cells), default=0)
    if width < 2:
        return [], cells, []
    wide = {cell.row: cell for cell in cells if cell.columns == width and cell.rows == 1}
    rows = sorted({cell.row for cell in cells})
    first, last = 0, len(rows)
    while first < last and rows[first] in wide:
        first += 1
    while last > first and rows[last - 1] in wide:
        last -= 1
    inner = rows[first:last]
    if not inner:
        return [wide[row] for row in rows], [], []
    kept = (
        replace(cell, columns=1) if cell.row in wide else cell
        for cell in cells
        if inner[0] <= cell.row <= inner[-1]
    )
    return [wide[row] for row in rows[:first]], kept, [wide[row] for row in rows[last:]]


def header_rows_of(rows: Sequence[Sequence[str]], marked: int = 0) -> int:
    """Return how many rows at the top name the columns.

    `marked` are those that the file itself says are headers.
    """
    if len(rows) < 2:
        return 0
    if marked:
        return min(marked, len(rows) - 1, _MOST_HEADER_ROWS)
    return header_rows_in(rows)
