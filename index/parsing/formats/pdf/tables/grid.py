"""Tables of a PDF's page out of the grid that their rules make."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.parsing.formats.pdf.tables.headers import header_rows_in, marked_rows
from index.parsing.formats.pdf.tables.pieces import Piece, is_mark, lines_of, text_of
from index.parsing.formats.pdf.tables.rows import Row
from index.parsing.formats.pdf.tables.ruled import Grid
from index.parsing.page_content import Box, PageTable, Word
from index.parsing.tables.grid import GridCell, header_rows_of, spread

_PROSE = 45  # words: where most stand in cells of so many, the rules lay out a page
_LEAST_HEIGHT = 0.06  # of the grid, that has text beside it: with less, it frames a page
_MANY = 7
_LEAST_FILLED = 0.25
_LEAST_SEPARATE = 4  # lines, of which all have a label: fewer may be an address in one cell
_OPEN_STEP = 1.6  # of the type size, from line to line: they are rows, and no text that wraps


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    rows: int
    columns: int
    words: list[Word] = field(default_factory=list)


def table_in(grid: Grid, words: Sequence[Word]) -> PageTable | None:
    """Return the table of a grid's words; None where its rules part no text into columns."""
    cells = _filled(grid, words)
    if not cells or _is_layout(cells, len(words)):
        return None
    cells = _rows_opened(_columns_opened(cells, grid), grid)
    cells, edges = _closed(cells, grid)
    columns = len(edges) - 1
    if columns < 2 or len({cell.row for cell in cells}) < 2:
        return None
    height = max(cell.row + cell.rows for cell in cells)
    area = sum(cell.rows * cell.columns for cell in cells)
    beside = sum(len(each) > 1 for each in _by_row(cells).values())
    if area < _LEAST_FILLED * height * columns or not beside:
        return None
    if _height_of_text(cells) < _LEAST_HEIGHT * (grid.ys[-1] - grid.ys[0]):
        return None
    if len(grid.xs) > _MANY and (beside < 0.5 * height or columns < 0.35 * (len(grid.xs) - 1)):
        return None  # a chart, or boxes with arrows between them
    return _table(cells, edges, grid.box)


def _filled(grid: Grid, words: Sequence[Word]) -> list[_Cell]:
    """Return the cells with text, each with its words."""
    owners: dict[tuple[int, int], _Cell] = {}
    for (row, column), (rows, columns) in grid.spans.items():
        cell = _Cell(row, column, rows, columns)
        for down in range(row, row + rows):
            for across in range(column, column + columns):
                owners[down, across] = cell
    for word in words:
        row = _place(grid.ys, (word.box.top + word.box.bottom) / 2)
        column = _place(grid.xs, (word.box.left + word.box.right) / 2)
        owners[row, column].words.append(word)
    unique = {id(cell): cell for cell in owners.values()}
    return [cell for cell in unique.values() if cell.words]


def _place(places: Sequence[float], value: float) -> int:
    return min(max(bisect_right(places, value) - 1, 0), len(places) - 2)


def _is_layout(cells: Sequence[_Cell], words: int) -> bool:
    return sum(len(cell.words) for cell in cells if len(cell.words) > _PROSE) > 0.6 * words


def _by_row(cells: Sequence[_Cell]) -> dict[int, list[_Cell]]:
    rows: dict[int, list[_Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return rows


def _height_of_text(cells: Sequence[_Cell]) -> float:
    """Return how high all rows are that have upright text."""
    rows = (
        [w.box for c in band for w in c.words if not w.turned] for band in _by_row(cells).values()
    )
    return sum(max(b.bottom for b in row) - min(b.top for b in row) for row in rows if row)


def _columns_opened(cells: Sequence[_Cell], grid: Grid) -> list[_Cell]:
    """Return the cells; one across columns is parted where its texts stand in single ones."""
    opened = []
    for cell in cells:
        if cell.columns == 1 or len(cell.words) < 2:
            opened.append(cell)
            continue
        parted: dict[int, list[Word]] = {}
        pieces = [piece for line in lines_of(cell.words) for piece in line.pieces]
        for piece in pieces:
            column = _place(grid.xs, piece.left + 1)
            if column != _place(grid.xs, piece.right - 1):
                parted.clear()
                break
            parted.setdefault(column, []).extend(piece.words)
        if len(parted) < 2:
            opened.append(cell)
        else:
            opened += [_Cell(cell.row, c, cell.rows, 1, words) for c, words in parted.items()]
    return opened


def _rows_opened(cells: list[_Cell], grid: Grid) -> list[_Cell]:
    """Return the cells with rows of their own for lines that no rules part, and no empty rows."""
    places = [0]
    by_row = _by_row(cells)
    covered = {
        row for cell in cells if cell.rows > 1 for row in range(cell.row, cell.row + cell.rows)
    }
    opened: list[_Cell] = []
    for row in range(len(grid.ys) - 1):
        band = by_row.get(row, [])
        parts = [band] if row in covered else _opened(band, grid)
        for number, part in enumerate(parts):
            for cell in part:
                start = places[-1] + number if cell.rows == 1 else row
                opened.append(_Cell(start, cell.column, cell.rows, cell.columns, cell.words))
        places.append(places[-1] + (len(parts) if band or row in covered else 0))
    for cell in opened:
        if cell.rows > 1:
            end = places[cell.row + cell.rows]
            cell.row = places[cell.row]
            cell.rows = max(end - cell.row, 1)
    return opened


def _opened(band: list[_Cell], grid: Grid) -> list[list[_Cell]]:
    """Return a band's cells by row, where its lines are rows of a table without rules between."""
    boxes = [word.box for cell in band for word in cell.words]
    if len(band) < 2 or max(box.top for box in boxes) < min(_down(box) for box in boxes):
        return [band]
    lines = [
        {
            cell.column: words
            for cell in band
            if (words := [word for word in cell.words if top < _down(word.box) <= bottom])
        }
        for top, bottom in _between([word for cell in band for word in cell.words])
    ]
    if len(lines) < 2:
        return [band]
    label = min(cell.column for cell in band)
    covers = {cell.column: cell.columns for cell in band}
    separate = _are_separate(lines, label, covers, grid)
    rows: list[dict[int, _Cell]] = []
    last = float("-inf")
    for line in lines:
        words = [word for part in line.values() for word in part]
        bottom, size = max(word.box.bottom for word in words), max(word.size for word in words)
        valued = any(c != label and Piece.of(part).has_value for c, part in line.items())
        starts = bottom - last >= _OPEN_STEP * size or (label in line and (valued or separate))
        last = bottom
        if starts:
            rows.append({})
        for column, part in line.items():
            cell = rows[-1].setdefault(column, _Cell(0, column, 1, covers[column]))
            cell.words.extend(part)
    full = sum(len(row) > 1 and label in row for row in rows)
    if len(rows) < 2 or full < max(2, 0.6 * len(rows)):
        return [band]
    return [list(row.values()) for row in rows]


def _down(box: Box) -> float:
    """Return where the middle of a box is, from above."""
    return (box.top + box.bottom) / 2


def _between(words: Sequence[Word]) -> list[tuple[float, float]]:
    """Return the heights between which each line's words have their middle."""
    lines = lines_of(words)
    middles = [(line.top + line.bottom) / 2 for line in lines]
    parts = [(one + two) / 2 for one, two in pairwise(middles)]
    return list(pairwise([float("-inf"), *parts, float("inf")])) if lines else []


def _are_separate(
    lines: Sequence[dict[int, list[Word]]], label: int, covers: dict[int, int], grid: Grid
) -> bool:
    """Return whether lines do not wrap: the first word of each would fit onto the one before."""
    if len(lines) < _LEAST_SEPARATE or any(label not in line or len(line) < 2 for line in lines):
        return False
    separate = 0
    for one, two in pairwise(lines):
        separate += all(
            one[column][-1].box.right + 0.3 * first.size + first.box.right - first.box.left
            < grid.xs[column + covers[column]] - 0.3 * first.size
            for column in one.keys() & two.keys()
            if (first := two[column][0])
        )
    return separate >= 0.8 * (len(lines) - 1)


def _closed(cells: list[_Cell], grid: Grid) -> tuple[list[_Cell], tuple[float, ...]]:
    """Return the cells without empty columns, with signs of currency beside their figures.

    Also returns the edges of the columns that are left.
    """
    width = max(cell.column + cell.columns for cell in cells)
    texts: list[list[str]] = [[] for _ in range(width)]
    for cell in cells:
        if cell.columns == 1:
            texts[cell.column].append(text_of(cell.words))
    group: list[int] = []
    number = -1
    opened = True
    for column in range(width):
        opens, closes = is_mark(texts[column])
        empty = not texts[column]
        if opened and not closes and not (empty and group):
            number += 1
        opened = not opens and not (empty and not group)
        group.append(max(number, 0))
    joined: dict[tuple[int, int], _Cell] = {}
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        first, last = group[cell.column], group[cell.column + cell.columns - 1]
        known = joined.get((cell.row, first))
        if known is None:
            joined[cell.row, first] = _Cell(
                cell.row, first, cell.rows, last - first + 1, list(cell.words)
            )
        else:
            known.words.extend(cell.words)
            known.columns = max(known.columns, last - first + 1)
    edges = {number: grid.xs[column] for column, number in reversed(list(enumerate(group)))}
    return list(joined.values()), (*(edges[number] for number in sorted(edges)), grid.xs[-1])


def _table(cells: Sequence[_Cell], edges: tuple[float, ...], box: Box) -> PageTable:
    rows = []
    for _, band in sorted(_by_row(cells).items()):
        row = Row(
            min(word.box.top for cell in band for word in cell.words),
            max(word.box.bottom for cell in band for word in cell.words),
        )
        for cell in band:
            row.cells[cell.column] = cell.words
            row.covers[cell.column] = cell.columns
            piece = Piece.of(cell.words)
            if piece.has_value:
                row.values.add(cell.column)
            if piece.is_year:
                row.years.add(cell.column)
        rows.append(row)
    header = header_rows_in(rows)
    marked = marked_rows(rows, header)
    placed = [
        GridCell(
            text_of(cell.words), cell.row, cell.column, cell.rows, cell.columns, cell.row < marked
        )
        for cell in sorted(cells, key=lambda cell: (cell.row, cell.column))
    ]
    if header:
        header = max(header, header_rows_of(spread(placed)))
        tops = [cell.row + cell.rows for cell in cells if cell.row == 0]
        if not any(row.values for row in rows[: max(tops)]):
            header = max(header, max(tops) if max(tops) < len(rows) else header)
    return PageTable(box, tuple(placed), header, edges)
