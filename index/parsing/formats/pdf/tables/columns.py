"""Columns of a PDF's table: where its lines leave free space."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from statistics import median

import numpy as np
from numpy.typing import NDArray

from index.parsing.formats.pdf.tables.pieces import TextLine

_MOST_COLUMNS = 80
_WIDEST = 20_000  # half points


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table begin and end, from the left."""

    spans: list[tuple[float, float]]
    is_of_sheet: bool = False
    """Whether they are those of a spreadsheet, whose cells may stand as near as words do."""

    @property
    def edges(self) -> tuple[float, ...]:
        return (*(left for left, _ in self.spans), self.spans[-1][1])

    def covered(self, left: float, right: float) -> tuple[int, int]:
        """Return the first of the columns that lie at a piece, and how many there are."""
        first = bisect_left(self.spans, left, key=itemgetter(1))
        last = bisect_right(self.spans, right, key=itemgetter(0))
        over = [
            number
            for number in range(first, last)
            if min(right, self.spans[number][1]) - max(left, self.spans[number][0])
            > 0.5 * min(self.spans[number][1] - self.spans[number][0], right - left) + 0.01
        ]
        if over:
            return over[0], over[-1] - over[0] + 1
        middle = (left + right) / 2
        apart = [max(start - middle, middle - end) for start, end in self.spans]
        return apart.index(min(apart)), 1


def columns_of(lines: Sequence[TextLine]) -> Columns:
    """Return the columns that the lines' pieces leave free space between."""
    many = [line for line in lines if len(line.pieces) > 1]
    valued = [line for line in many if line.has_value]
    body = valued if len(valued) > 1 and 3 * len(valued) >= len(many) else many
    if not body:
        return Columns([])
    left = min(line.left for line in body)
    width = int(max(line.right for line in body) - left) * 2 + 4
    if width > _WIDEST:
        return Columns([])
    change = np.zeros(width + 2, np.int32)
    for line in body:
        for piece in line.pieces:
            change[int(2 * (piece.left - left))] += 1
            change[int(2 * (piece.right - left)) + 1] -= 1
    cover = np.cumsum(change)
    best, least = Columns([]), -1
    of_sheet = any(word.cell for line in lines for piece in line.pieces for word in piece.words)
    for most in range(1 + max(len(body) // 14, len(body) > 3)):
        spans = _spans(cover > most, left)
        if len(spans) > _MOST_COLUMNS:
            continue
        columns = _without_halves(Columns(spans, of_sheet), lines)
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


def _spans(filled: NDArray[np.bool_], left: float) -> list[tuple[float, float]]:
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
    return Columns(spans, columns.is_of_sheet)
