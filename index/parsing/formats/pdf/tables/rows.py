"""Rows of a PDF's table out of its lines, those of a cell that wraps as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from index.parsing.formats.pdf.tables.columns import Columns
from index.parsing.formats.pdf.tables.pieces import Piece, TextLine, text_of
from index.parsing.page_content import Box, PageTable, Word
from index.parsing.tables.grid import GridCell

_MOST_LINES = 6  # of one row
_WIDE = 3
_ITEM = "•▪■◦●○–"
_UNFINISHED = re.compile(r"(?:,|-|–|\b(?:and|or|of|the|to|for|in|on|by|with|from|und|et|de))$")


@dataclass(slots=True)
class Row:
    """The words of each cell, by its first column; `covers` is how many columns one has.

    `crowded` counts the pieces that share a column with another on the same line. One is wide that
    has a text of several words across columns.
    """

    top: float
    bottom: float
    cells: dict[int, list[Word]] = field(default_factory=dict)
    covers: dict[int, int] = field(default_factory=dict)
    values: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    lines: int = 1
    crowded: int = 0
    is_wide: bool = False

    @property
    def is_label(self) -> bool:
        return set(self.cells) == {0}

    def text(self, column: int) -> str:
        return text_of(self.cells.get(column, ()))


def placed(line: TextLine, columns: Columns) -> Row:
    """Return a line's pieces in their columns."""
    row = Row(line.top, line.bottom)
    for piece in line.pieces:
        for part in _parts(piece, columns):
            first, count = columns.covered(part.left, part.right)
            if columns.is_of_sheet and _is_of_next(part, row.cells.get(first), first, columns):
                first, count = first + 1, 1
            if first in row.cells:
                row.cells[first].extend(part.words)
                row.values.discard(first)
                row.crowded += 1
                continue
            row.is_wide |= count > 1 and len(part.words) >= _WIDE
            if first == 0 and len(line.pieces) == 1 and count < len(columns.spans):
                count = 1  # a long label
            row.cells[first] = list(part.words)
            row.covers[first] = count
            if part.has_value:
                row.values.add(first)
            if part.is_year:
                row.years.add(first)
    return row


def _is_of_next(part: Piece, before: Sequence[Word] | None, at: int, columns: Columns) -> bool:
    """Return whether a piece stands in another cell than what its column has on this line."""
    if not before or at + 1 == len(columns.spans):
        return False
    return 0 != before[-1].cell != part.words[0].cell != 0


def _parts(piece: Piece, columns: Columns) -> list[Piece]:
    """Return the piece, or its parts where a gap between its words lies between two columns."""
    if len(piece.words) < 2 or columns.covered(piece.left, piece.right)[1] < 2:
        return [piece]
    parts: list[list[Word]] = [[]]
    last = -1
    gaps = [
        two.box.left - one.box.right for one, two in zip(piece.words, piece.words[1:], strict=False)
    ]
    usual = min(gaps)
    for number, word in enumerate(piece.words):
        first, count = columns.covered(word.box.left, word.box.right)
        if count > 1:
            return [piece]
        is_apart = columns.is_of_sheet or gaps[number - 1] >= max(1.3 * usual, 0.3 * word.size)
        if number and first != last and is_apart:
            parts.append([])
        elif number and first != last:
            return [piece]
        last = first
        parts[-1].append(word)
    return [Piece.of(words) for words in parts]


def rows_of(lines: Sequence[TextLine], columns: Columns, ys: Sequence[float] = ()) -> list[Row]:
    """Return the rows, the lines of a cell that wraps as one; `ys` are rules between rows."""
    rows: list[Row] = []
    near = _close_pitch(lines)
    bands = np.searchsorted(np.array(ys), [(line.top + line.bottom) / 2 for line in lines])
    whole = _bands_are_rows(lines, bands.tolist(), columns)
    for number, line in enumerate(lines):
        row = placed(line, columns)
        last = rows[-1] if rows else None
        if last is None or bands[number] != bands[number - 1]:
            rows.append(row)
        elif (whole and not last.values & row.values) or _wraps(
            last, row, columns, step=line.bottom - lines[number - 1].bottom, near=near
        ):
            _add(last, row)
        else:
            rows.append(row)
    return rows


def _bands_are_rows(lines: Sequence[TextLine], bands: Sequence[int], columns: Columns) -> bool:
    """Return whether rules part each row from the next, so that all between two is one row."""
    if bands[-1] - bands[0] < 3:
        return False
    filled: dict[int, list[Row]] = {}
    for line, band in zip(lines, bands, strict=True):
        filled.setdefault(band, []).append(placed(line, columns))
    single = sum(
        sum(0 in row.cells for row in rows) <= 1 and sum(bool(row.values) for row in rows) <= 1
        for rows in filled.values()
    )
    most = max(map(len, filled.values()))
    return most <= _MOST_LINES and single >= 0.7 * len(filled)


def _close_pitch(lines: Sequence[TextLine]) -> float:
    """Return the distance of lines within a row, where rows are further apart; else 0."""
    steps = sorted(
        step for one, two in pairwise(lines) if 0 < (step := two.bottom - one.bottom) < 5 * two.size
    )
    if len(steps) < 3 or steps[0] > 1.6 * lines[0].size:
        return 0.0
    close = [step for step in steps if step <= 1.15 * steps[0]]
    wide = sum(step > 1.3 * steps[0] for step in steps)
    return close[-1] if wide > 1 and len(close) + wide >= 0.85 * len(steps) else 0.0


def _wraps(last: Row, row: Row, columns: Columns, *, step: float, near: float) -> bool:
    """Return whether a line goes on with the row above it."""
    if last.values & row.values or (row.values and row.years):
        return False
    size = max(word.size for words in row.cells.values() for word in words)
    if step > 1.75 * size or any(
        count > 1 for each in (last, row) for count in each.covers.values()
    ):
        return False
    if row.is_label or (last.is_label and 0 in row.cells):
        return last.lines < _MOST_LINES and _label_goes_on(last, row, columns.spans[0][1])
    if row.values or 0 in row.cells or 0 not in last.cells:
        is_close = step <= near * 1.02 and not row.values and len(last.cells) > 1
        return is_close and set(row.cells) <= set(last.cells) and _is_full(last, row, columns)
    if not set(row.cells) <= set(last.cells) or last.years.intersection(row.cells):
        return False
    begins = [words[0].text[:1] for words in row.cells.values()]
    if all(one.islower() or one in _ITEM for one in begins):
        return True
    # Several texts that begin with capitals are a row below a merged cell, unless rows are apart.
    is_row = len(begins) > 1 and all(map(str.isupper, begins)) and step > near * 1.02
    return not is_row and _is_full(last, row, columns)


def _is_full(last: Row, row: Row, columns: Columns) -> bool:
    """Return whether the first word of each cell would not fit onto the line above it."""
    return all(
        last.cells[column][-1].box.right + words[0].box.right - words[0].box.left
        > columns.spans[column][1] - 0.5 * words[0].size
        for column, words in row.cells.items()
    )


def _label_goes_on(last: Row, row: Row, right: float) -> bool:
    if 0 not in last.cells:
        return False
    above, below = last.text(0), row.text(0)
    end = max(word.box.right for word in last.cells[0])
    first = row.cells[0][0]
    if above.endswith(":") or below.startswith(("•", "-", "–")):
        return False
    if last.cells[0][0].is_bold != first.is_bold:
        return False
    if _UNFINISHED.search(above):
        return True
    if not (below[:1].islower() or below[:1] in "(&/"):
        return False
    width = first.box.right - first.box.left
    return end + width + 0.2 * first.size > 0.8 * right or below[:1].islower()


def _add(last: Row, row: Row) -> None:
    for column, words in row.cells.items():
        last.cells.setdefault(column, []).extend(words)
        last.covers[column] = max(last.covers.get(column, 1), row.covers[column])
    last.values |= row.values
    last.years |= row.years
    last.bottom = row.bottom
    last.crowded += row.crowded
    last.is_wide |= row.is_wide
    last.lines += 1


def table_of(
    rows: Sequence[Row], columns: Columns, header_rows: int = 0, marked: int = 0
) -> PageTable:
    """Return the rows as a table of the page; of its headers, `marked` are surely such."""
    words = [word for row in rows for cell in row.cells.values() for word in cell]
    box = Box(
        min(word.box.left for word in words),
        min(word.box.top for word in words),
        max(word.box.right for word in words),
        max(word.box.bottom for word in words),
    )
    cells = [
        GridCell(text, number, column, 1, row.covers[column], number < marked)
        for number, row in enumerate(rows)
        for column, words in sorted(row.cells.items())
        if (text := text_of(words))
    ]
    return PageTable(box, tuple(cells), header_rows, columns.edges)
