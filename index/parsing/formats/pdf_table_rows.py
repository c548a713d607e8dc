"""Rows of a PDF's table out of its lines: columns, wrapped cells, and what is header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import numpy as np

from index.parsing.characters import header_likely
from index.parsing.formats.pdf_page import Box, PageTable, Word
from index.parsing.formats.pdf_table_pieces import Piece, TextLine, text_of
from index.parsing.grid import GridCell

__all__ = ["Columns", "Row", "columns_of", "header_rows_in", "rows_of", "table_of", "widen_groups"]

_MOST_HEADER_ROWS = 6
_MOST_LINES = 6  # of one row
_UNIT = re.compile(r"\(?\s*(?:in |unaudited|amounts|except|EUR|USD|[$€£]|’000|%)", re.IGNORECASE)
_UNFINISHED = re.compile(r"(?:,|-|–|\b(?:and|or|of|the|to|for|in|on|by|with|from|und|et|de))$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table begin and end, from the left."""

    spans: list[tuple[float, float]]

    @property
    def edges(self) -> tuple[float, ...]:
        return (*(left for left, _ in self.spans), self.spans[-1][1])

    def covered(self, left: float, right: float) -> tuple[int, int]:
        """Return the first of the columns that lie at a piece, and how many there are."""
        over = [
            number
            for number, (start, end) in enumerate(self.spans)
            if min(right, end) - max(left, start) > 0.5 * min(end - start, right - left) + 0.01
        ]
        if over:
            return over[0], over[-1] - over[0] + 1
        middle = (left + right) / 2
        apart = [max(start - middle, middle - end) for start, end in self.spans]
        return apart.index(min(apart)), 1


@dataclass(slots=True)
class Row:
    """The words of each cell, by its first column; `covers` is how many columns one has.

    `crowded` counts the pieces that share a column with another on the same line.
    """

    top: float
    bottom: float
    cells: dict[int, list[Word]] = field(default_factory=dict)
    covers: dict[int, int] = field(default_factory=dict)
    values: set[int] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    lines: int = 1
    crowded: int = 0

    @property
    def is_label(self) -> bool:
        return set(self.cells) == {0}

    def text(self, column: int) -> str:
        return text_of(self.cells.get(column, ()))


def columns_of(lines: Sequence[TextLine]) -> Columns:
    """Return the columns that the lines' pieces leave free space between."""
    many = [line for line in lines if len(line.pieces) > 1]
    valued = [line for line in many if line.has_value]
    body = valued if len(valued) > 1 and 3 * len(valued) >= len(many) else many
    if not body:
        return Columns([])
    left = min(line.left for line in body)
    width = int(max(line.right for line in body) - left) * 2 + 4
    if width > 20_000:
        return Columns([])
    change = np.zeros(width + 2, np.int32)
    for line in body:
        for piece in line.pieces:
            change[int(2 * (piece.left - left))] += 1
            change[int(2 * (piece.right - left)) + 1] -= 1
    cover = np.cumsum(change)
    best, least = Columns([]), -1
    for most in range(1 + max(len(body) // 14, len(body) > 3)):
        columns = _without_halves(Columns(_spans(cover > most, left)), lines)
        wrong = _misfits(body, columns)
        if least < 0 or wrong < least:
            best, least = columns, wrong
        if not wrong:
            break
    return best


def _misfits(lines: Sequence[TextLine], columns: Columns) -> int:
    """Return how many pieces share a column with another on their line, or lie at two columns."""
    wrong = 0
    for line in lines:
        taken = -1
        for piece in line.pieces:
            first, count = columns.covered(piece.left, piece.right)
            wrong += (first <= taken) + (count > 1)
            taken = first + count - 1
    return wrong


def _spans(filled: np.ndarray, left: float) -> list[tuple[float, float]]:
    steps = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    return [
        (left + start / 2, left + end / 2)
        for start, end in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True)
    ]


def _without_halves(columns: Columns, lines: Sequence[TextLine]) -> Columns:
    """Join columns beside each other of which each line fills only one: a dash, say, set off."""
    filled = [
        {columns.covered(piece.left, piece.right)[0] for piece in line.pieces}
        for line in lines
        if len(line.pieces) > 1
    ]
    spans: list[tuple[float, float]] = []
    last: list[int] = []
    size = median(line.size for line in lines)
    for number, span in enumerate(columns.spans):
        both = spans and any(number in row and not row.isdisjoint(last) for row in filled)
        if spans and not both and span[0] - spans[-1][1] < 2 * size:
            spans[-1] = (spans[-1][0], span[1])
            last.append(number)
        else:
            spans.append(span)
            last = [number]
    return Columns(spans)


def placed(line: TextLine, columns: Columns) -> Row:
    """Return a line's pieces in their columns."""
    row = Row(line.top, line.bottom)
    for piece in line.pieces:
        for part in _parts(piece, columns):
            first, count = columns.covered(part.left, part.right)
            if first in row.cells:
                row.cells[first].extend(part.words)
                row.values.discard(first)
                row.crowded += 1
                continue
            if first == 0 and len(line.pieces) == 1 and count < len(columns.spans):
                count = 1  # a long label
            row.cells[first] = list(part.words)
            row.covers[first] = count
            if part.has_value:
                row.values.add(first)
            if part.is_year:
                row.years.add(first)
    return row


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
        if number and first != last and gaps[number - 1] >= max(1.3 * usual, 0.3 * word.size):
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
    return close[-1] if wide and len(close) + wide >= 0.85 * len(steps) else 0.0


def _wraps(last: Row, row: Row, columns: Columns, *, step: float, near: float) -> bool:
    """Return whether a line goes on with the row above it."""
    if last.values & row.values or (row.values and row.years):
        return False
    size = max(word.size for words in row.cells.values() for word in words)
    if step > 1.75 * size or any(count > 1 for each in (last, row) for count in each.covers.values()):
        return False
    if row.is_label or (last.is_label and 0 in row.cells):
        return last.lines < _MOST_LINES and _label_goes_on(last, row, columns.spans[0][1])
    if row.values or 0 in row.cells:
        is_close = step <= near * 1.02 and not row.values and len(last.cells) > 1
        return is_close and set(row.cells) <= set(last.cells) and _is_full(last, row, columns)
    return set(row.cells) <= set(last.cells) and not last.years.intersection(row.cells)


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
    last.lines += 1


def widen_groups(rows: Sequence[Row], columns: Columns) -> None:
    """Let each header that stands in the middle above several columns cover all of them."""
    for row, below in pairwise(rows):
        if 0 in row.cells and len(row.cells) > 1 and len(row.cells) >= len(below.cells):
            continue
        for column in sorted(row.cells):
            if not column:
                continue
            words = row.cells[column]
            covered = _widest(words, column, row, below, columns)
            if covered[1] > row.covers[column]:
                del row.cells[column], row.covers[column]
                row.cells[covered[0]], row.covers[covered[0]] = words, covered[1]


def _widest(
    words: Sequence[Word], column: int, row: Row, below: Row, columns: Columns
) -> tuple[int, int]:
    """Return the first of the columns that a text is the middle of, and how many there are."""
    middle = (words[0].box.left + words[-1].box.right) / 2
    end = column + row.covers[column]
    free = [
        number
        for number in range(1, len(columns.spans))
        if number in (below.years or below.cells)
        and (
            column <= number < end
            or not any(each <= number < each + row.covers[each] for each in row.cells)
        )
    ]
    best = (column, row.covers[column])
    for first in free:
        for last in free:
            if not (first <= column and end - 1 <= last and last - first + 1 > best[1]):
                continue
            left, right = columns.spans[first][0], columns.spans[last][1]
            if abs((left + right) / 2 - middle) < 1.6 * words[0].size:
                best = (first, last - first + 1)
    return best


def header_rows_in(rows: Sequence[Row], ys: Sequence[float] = ()) -> int:
    """Return how many rows at the top name the columns."""
    first = next((number for number, row in enumerate(rows) if row.values), len(rows))
    if 0 < first < len(rows):
        while first and rows[first - 1].is_label and not _names(rows[first - 1]):
            first -= 1  # the heading of the first rows
        top = rows[:first]
        if 0 < first <= _MOST_HEADER_ROWS and any(not row.is_label for row in top):
            return _before_text(rows, first)
    if first == 0:
        return 0
    return _header_of_text(rows, ys)


def _names(row: Row) -> bool:
    """Return whether a row of the first column only belongs to the header: a unit."""
    return _UNIT.match(row.text(0)) is not None


def _before_text(rows: Sequence[Row], first: int) -> int:
    """Return the end of the header where rows of text come before the first of figures."""
    for number in range(1, first):
        row, above = rows[number], rows[number - 1]
        dated = bool(row.years) or 0 not in row.cells or _is_bold(row)
        grouped = any(count > 1 for count in above.covers.values()) or row.is_label
        if not dated and not grouped and len(above.cells) > 1:
            return number
    return first


def _is_bold(row: Row) -> bool:
    return all(word.is_bold for words in row.cells.values() for word in words)


def _header_of_text(rows: Sequence[Row], ys: Sequence[float]) -> int:
    if len(rows) < 2:
        return 0
    bold = 0
    while bold < len(rows) and _is_bold(rows[bold]):
        bold += 1
    if 0 < bold < min(len(rows), _MOST_HEADER_ROWS):
        return bold
    ruled = [y for y in ys if rows[0].bottom - 2 <= y <= rows[-1].top + 2]
    if ruled and len(ruled) == 1:
        return min(sum(row.bottom - 2 <= ruled[0] for row in rows), _MOST_HEADER_ROWS)
    return int(header_likely([[row.text(c) for c in range(_width(rows))] for row in rows]))


def _width(rows: Sequence[Row]) -> int:
    return max(c + row.covers[c] for row in rows for c in row.cells)


def table_of(rows: Sequence[Row], columns: Columns, header_rows: int) -> PageTable:
    """Return the rows as a table of the page."""
    words = [word for row in rows for cell in row.cells.values() for word in cell]
    box = Box(
        min(word.box.left for word in words),
        min(word.box.top for word in words),
        max(word.box.right for word in words),
        max(word.box.bottom for word in words),
    )
    cells = [
        GridCell(text, number, column, 1, row.covers[column], number < header_rows)
        for number, row in enumerate(rows)
        for column, words in sorted(row.cells.items())
        if (text := text_of(words))
    ]
    return PageTable(box, tuple(cells), header_rows, columns.edges)
