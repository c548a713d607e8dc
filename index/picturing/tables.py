"""Tables on paper: columns as wide as they need, rows that count marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from index.document import Span
from index.picturing.fonts import Face
from index.picturing.paper import Paper, height_of
from index.picturing.words import Line, Piece, SeenText, lines_of

__all__ = ["TableRow", "width_wanted", "write_table"]

_PAD = 12
_MOST_COLUMNS = 24
_NARROWEST = 60
_WIDEST = 560
"""Pixels of a column whose cells are long, where there is no room for more."""
_MOST_LINES = 12
"""Of a cell."""
_RULE = (205, 208, 212)
_HEAD = (236, 239, 243)
_COUNTS = (255, 246, 205)
_GREY = (128, 133, 140)
_NUMBER = Face(23)
_FIGURE = re.compile(r"[-+−–(]?[€$£]?\s?\d[\d\s.,:]*\s?(?:%|[€$£]|[A-Za-z]{1,3})?\)?")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table, or a line of its header, by the places of its cells."""

    cells: tuple[Span, ...]
    is_header: bool
    is_marked: bool = False
    number: int = 0
    """That of the row in its sheet; 0 for any other."""


def width_wanted(rows: Sequence[TableRow], text: SeenText, face: Face) -> float:
    """Return the width of the table where no word of it is broken, and no cell is very high."""
    return sum(least for least, _ in _demands(rows, text, face))


def write_table(
    paper: Paper, rows: Sequence[TableRow], text: SeenText, face: Face, bottom: float
) -> tuple[int, int]:
    """Write a table as far as `bottom`; return how many rows and columns had no room."""
    demands = _demands(rows, text, face)
    room = paper.width - 2 * paper.margin
    widths = _widths(demands, room)
    columns = max((len(row.cells) for row in rows), default=0)
    figures = [_are_figures(rows, number, text) for number in range(len(widths))]
    head = face._replace(is_bold=True)
    right = paper.margin + sum(widths)
    for number, row in enumerate(rows):
        own = head if row.is_header else face
        cells = [
            _cell_lines(text, cell, own, width - 2 * _PAD)
            for cell, width in zip_longest(row.cells[: len(widths)], widths, fillvalue=None)
            if width is not None
        ]
        height = max([1, *map(len, cells)]) * height_of(face.size) + _PAD
        if paper.y + height > bottom and number:
            return len(rows) - number, columns - len(widths)
        if row.is_header or row.is_marked:
            colour = _HEAD if row.is_header else _COUNTS
            paper.area(paper.margin, paper.y, right, paper.y + height, colour)
        if row.number:
            _write_number(paper, row.number)
        left = float(paper.margin)
        for lines, width, is_figure in zip(cells, widths, figures, strict=True):
            for at, line in enumerate(lines):
                x = left + _PAD
                if (is_figure and not row.is_header) or line.is_right_to_left:
                    x = left + width - _PAD - line.width
                top = paper.y + _PAD / 2 + at * height_of(face.size)
                paper.line(line, x, top, face.size)
            left += width
        paper.is_marked |= row.is_marked
        paper.y += height
        paper.area(paper.margin, paper.y - 1, right, paper.y, _RULE)
    return 0, columns - len(widths)


def _write_number(paper: Paper, number: int) -> None:
    """Write the number of a row beside it, as a spreadsheet has it."""
    piece = Piece(str(number), _NUMBER)
    x = paper.margin - _PAD - piece.width
    paper.line(Line((piece,)), x, paper.y + _PAD, _NUMBER.size, _GREY)


def _cell_lines(text: SeenText, cell: Span | None, face: Face, width: float) -> list[Line]:
    if cell is None:
        return []
    lines = [line for pieces in text.paragraphs(cell, face) for line in lines_of(pieces, width)]
    if len(lines) > _MOST_LINES:
        last = lines[_MOST_LINES - 1].pieces
        end = last[-1]
        dots = type(end)("…", end.face, end.is_marked)
        lines = [*lines[: _MOST_LINES - 1], Line((*last[:-1], dots))]
    return lines


def _demands(rows: Sequence[TableRow], text: SeenText, face: Face) -> list[tuple[float, float]]:
    """Return for each column the least width, and that where no line is broken."""
    found: list[tuple[float, float]] = []
    for row in rows:
        own = face._replace(is_bold=True) if row.is_header else face
        for number, cell in enumerate(row.cells[:_MOST_COLUMNS]):
            if number == len(found):
                found.append((_NARROWEST, _NARROWEST))
            least, most = found[number]
            for pieces in text.paragraphs(cell, own):
                words = [piece.width for piece in pieces]
                whole = sum(words) + 2 * _PAD + 1
                longest = max(words, default=0) + 2 * _PAD + 1
                # A long text is not to become a column of single words.
                least = max(least, min(longest, _WIDEST), min(whole / 6, _WIDEST))
                most = max(most, whole)
            found[number] = (least, most)
    return found


def _widths(demands: Sequence[tuple[float, float]], room: float) -> list[float]:
    """Return the widths of the columns that fit, the first ones."""
    demands = list(demands)
    while len(demands) > 1 and sum(least for least, _ in demands) > room:
        demands.pop()
    spare = room - sum(least for least, _ in demands)
    wish = sum(most - least for least, most in demands)
    if spare <= 0:
        return [min(least, room) for least, _ in demands]
    share = min(1.0, spare / wish) if wish else 0.0
    return [least + (most - least) * share for least, most in demands]


def _are_figures(rows: Sequence[TableRow], number: int, text: SeenText) -> bool:
    cells = [
        text.of(row.cells[number]).strip()
        for row in rows
        if not row.is_header and number < len(row.cells)
    ]
    return all(_FIGURE.fullmatch(cell[:60]) for cell in cells if cell) and any(cells)
