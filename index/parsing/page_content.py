"""What a page of a PDF holds, before it is read as lines, columns and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.parsing.tables.grid import GridCell

DIVIDING = "\xad"
"""The hyphen at a line's end that divides a word."""


class Box(NamedTuple):
    """A rectangle on a page, in points from its left and its top, as the page is read.

    A page on which most words are turned is held so that they are upright.
    """

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Box) -> bool:
        """Return whether the middle of another box lies in this one."""
        across, down = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= across <= self.right and self.top <= down <= self.bottom


class Word(NamedTuple):
    """Characters that stand together, in reading order (a Hebrew word from its first letter).

    `size` is the type size in points. `turned` is by how many degrees, clockwise, the word is
    turned as the page is read: 0, 90, 180 or 270. A hyphen that divides the word at its line's end
    is a `DIVIDING` character. `baseline` is the distance of its foot from the top, or, where it is
    turned, from the left of the page. `cell` is the number of the cell of a spreadsheet that it was
    cut to, 0 where that is not known.
    """

    text: str
    box: Box
    size: float
    is_bold: bool = False
    turned: int = 0
    baseline: float = 0.0
    cell: int = 0


def _no_rules() -> NDArray[np.float32]:
    return np.empty((0, 4), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class PageContent:
    """One page: `words` in the order in which the file draws them.

    `rules` are thin lines and the edges of filled and framed boxes: float32 (n, 4), each left, top,
    right, bottom; a horizontal one has top = bottom, a vertical one left = right. `hidden` are
    words that nobody sees: white on white, invisible, or beside the page. `comments` are the notes
    that its readers have stuck to it, with `has_attachments` also files. `is_recognised` says that
    the words lie, invisible, over a scanned picture.
    """

    width: float
    height: float
    words: Sequence[Word]
    rules: NDArray[np.float32] = field(default_factory=_no_rules)
    has_images: bool = False
    hidden: Sequence[Word] = ()
    comments: Sequence[str] = ()
    has_attachments: bool = False
    is_recognised: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table found on a page. `header_rows` is 0 where none is recognised.

    Label/value pairs without a header ("Carrier  Lund Travel") are a table of two columns. A text
    of several lines in one cell has them as lines. `edges` are where the columns part: the left
    edge of each, and the right edge of the last.
    """

    box: Box
    cells: tuple[GridCell, ...]
    header_rows: int
    edges: tuple[float, ...] = ()
