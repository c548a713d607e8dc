"""Headers of a PDF's table: which rows they are, and which columns each covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.parsing.formats.pdf.tables.columns import Columns
from index.parsing.formats.pdf.tables.rows import Row
from index.parsing.page_content import Word
from index.parsing.tables.sheet_headers import are_labelled
from index.parsing.text.characters import header_likely

_MOST_HEADER_ROWS = 6
_UNIT = re.compile(r"\(?\s*(?:in |unaudited|amounts|except|EUR|USD|[$€£]|’000|%)", re.IGNORECASE)


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
    if not (rows and _is_bold(rows[0])) and are_labelled(_texts(rows)):
        return 0
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
    return int(header_likely(_texts(rows)))


def marked_rows(rows: Sequence[Row], header_rows: int) -> int:
    """Return how many header rows are surely none of the body: bold, of years, or above figures."""
    if any(row.values for row in rows[header_rows:]):
        return header_rows
    top = rows[:header_rows]
    return header_rows if all(row.years or _is_bold(row) for row in top) else 0


def _texts(rows: Sequence[Row]) -> list[list[str]]:
    width = max((c + row.covers[c] for row in rows for c in row.cells), default=0)
    return [[row.text(c) for c in range(width)] for row in rows]
