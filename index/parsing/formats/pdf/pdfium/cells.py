"""Cells of spreadsheets in a PDF: texts that are cut off where the next column begins.

Spreadsheet programs draw each cell within a frame of its own, which hides what does not fit. So the
text of a cell may touch that of the next one, or go on, unseen, below it. PDFium tells the frames
of those texts alone that do not fit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.parsing.formats.pdf.pdfium.calls import Calls

_SAME_LINE = 0.1  # of the type size
_CUT = 0.5  # points that are cut off at the least
_TOUCHING = 1.5  # points between a text and the next one, or the frame of either
_INSIDE = 1.0  # a point, in which all that is cut off is kept, so that it stands in its cell
_MOST_ASKED = 2_000


class Runs(NamedTuple):
    """The runs of a page: where each begins among its characters, and what it is set in."""

    starts: NDArray[np.intp]
    handles: list[int]
    sizes: NDArray[np.float32]
    angles: NDArray[np.float64]
    origins: NDArray[np.float64]


def cells_of(runs: Runs, boxes: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the number of the cell that each run is in, 0 where that is not known.

    The boxes of characters are cut to their cells.
    """
    cells = np.zeros(len(runs.handles), np.int32)
    if len(cells) < 2:
        return cells
    left = np.minimum.reduceat(boxes[:, 0], runs.starts)
    right = np.maximum.reduceat(boxes[:, 2], runs.starts)
    foot, size = runs.origins[:, 1], runs.sizes
    beside = np.abs(np.diff(foot)) <= _SAME_LINE * size[1:]
    beside &= (np.abs(runs.angles[1:]) < 1) & (np.abs(runs.angles[:-1]) < 1)
    touching = beside & (left[1:] > left[:-1]) & (left[1:] - right[:-1] < _TOUCHING)
    ends = np.append(runs.starts[1:], len(boxes))
    for at in np.flatnonzero(touching)[:_MOST_ASKED].tolist():
        frame = Calls.frame(runs.handles[at])
        if frame is None or not frame[1] <= foot[at] <= frame[3]:
            continue
        if not frame[0] <= left[at] < frame[2] < right[at] - _CUT:
            continue
        if left[at + 1] < frame[2] - _TOUCHING:
            continue
        cells[at], cells[at + 1] = cells[at] or at + 1, at + 2
        if at and beside[at - 1] and right[at - 1] <= left[at]:
            cells[at - 1] = cells[at - 1] or at
        across = boxes[runs.starts[at] : ends[at], [0, 2]]
        most = frame[2] - _INSIDE
        over = np.maximum(across - most, 0)
        boxes[runs.starts[at] : ends[at], [0, 2]] = np.minimum(across, most) + _INSIDE * over / (
            1 + over
        )
    return cells
