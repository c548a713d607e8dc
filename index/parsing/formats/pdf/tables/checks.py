"""Whether rows and columns on a PDF's page are a table, or prose that only looks like one."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from index.parsing.formats.pdf.tables.columns import Columns
from index.parsing.formats.pdf.tables.rows import Row

_MOST_ACROSS = 0.15  # of the rows
_MOST_GROUPS = 2  # headers over several columns


def lies_across(rows: Sequence[Row]) -> bool:
    """Return whether so many texts lie across columns, or share one, that these are none."""
    first = next((number for number, row in enumerate(rows) if row.values), 0)
    below = sum(
        row.is_wide or (len(row.cells) > 1 and any(count > 1 for count in row.covers.values()))
        for row in rows[first:]
    )
    crowded = sum(row.crowded for row in rows[first:])
    most = _MOST_ACROSS * len(rows)
    return (
        below > most or crowded > most or sum(row.is_wide for row in rows) > max(_MOST_GROUPS, most)
    )


def filled_in(rows: Sequence[Row], column: int) -> int:
    """Return how many rows have a cell in a column."""
    return sum(column in row.cells for row in rows)


def valued_in(rows: Sequence[Row], column: int) -> int:
    """Return how many rows have a figure in a column."""
    return sum(column in row.values for row in rows)


def has_figures(rows: Sequence[Row], columns: Columns, is_ruled: bool) -> bool:
    """Return whether labels stand beside columns of figures."""
    width = len(columns.spans)
    numeric = []
    for column in range(width):
        valued, filled = valued_in(rows, column), filled_in(rows, column)
        if valued > 1 and 2 * valued > filled - 2 and _is_aligned(rows, column):
            numeric.append(column)
    if not numeric:
        return False
    valued_rows = [row for row in rows if row.values]
    if len(valued_rows) < (2 if len(numeric) > 1 or is_ruled else 3):
        return False
    texts = [column for column in range(1, width) if column not in numeric]
    longest = max((_words(rows, column) for column in texts), default=0.0)
    if longest > (12 if is_ruled else 9):
        return False
    if longest > 5 and len(valued_rows) < 0.6 * len(rows):
        return False  # prose beside the figures
    alone = sum(len(row.cells) == 1 for row in rows)
    if alone > (0.6 if is_ruled else 0.5) * len(rows) or 4 * len(valued_rows) < len(rows):
        return False
    if numeric[0] == 0 and not is_ruled:  # numbered lines or a list, unless all of it is figures
        return len(numeric) > 1 and len(valued_rows) > 2
    return len(numeric) > 0 and max(filled_in(rows, 0), filled_in(rows, 1)) >= 0.5 * len(rows)


def _is_aligned(rows: Sequence[Row], column: int) -> bool:
    """Return whether most figures of a column share an edge, or their middle."""
    cells = [row.cells[column] for row in rows if column in row.values]
    rights = [cell[-1].box.right for cell in cells]
    lefts = [cell[0].box.left for cell in cells]
    near = 0.6 * cells[0][0].size
    for places in (rights, lefts, [(a + b) / 2 for a, b in zip(lefts, rights, strict=True)]):
        middle = median(places)
        if sum(abs(place - middle) <= near for place in places) >= 0.6 * len(places):
            return True
    return False


def _words(rows: Sequence[Row], column: int) -> float:
    """Return how many words a line of a column has."""
    cells = [(len(row.cells[column]), row.lines) for row in rows if column in row.cells]
    return sum(words for words, _ in cells) / max(1, sum(lines for _, lines in cells))


def has_texts(rows: Sequence[Row], columns: Columns, is_ruled: bool) -> bool:
    """Return whether short texts stand in columns."""
    width = len(columns.spans)
    many = [row for row in rows if len(row.cells) > 1]
    if len(many) < (2 if is_ruled else 3) or len(many) < 0.7 * len(rows):
        return False
    if width < (2 if is_ruled else 3):
        return False
    if 2 * max(filled_in(many, 0), filled_in(many, 1)) < len(many):  # the first may be merged
        return False
    cells = sum(len(row.cells) for row in many)
    if cells < (0.5 if is_ruled else 0.75) * width * len(many):
        return False
    longest = 9.0 if is_ruled else 5.0
    if any(_words(rows, column) > longest for column in range(width)):
        return False
    return is_ruled or all(_begins_together(many, column) for column in range(width))


def _begins_together(rows: Sequence[Row], column: int) -> bool:
    """Return whether most cells of a column share an edge, or their middle."""
    cells = [row.cells[column] for row in rows if column in row.cells]
    near = 0.3 * cells[0][0].size if cells else 0.0
    lefts = [cell[0].box.left for cell in cells]
    rights = [cell[-1].box.right for cell in cells]
    for places in (lefts, rights, [(a + b) / 2 for a, b in zip(lefts, rights, strict=True)]):
        middle = median(places) if places else 0.0
        if sum(abs(place - middle) <= near for place in places) >= 0.7 * len(places):
            return True
    return False
