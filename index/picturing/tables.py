"""Tables on paper: columns as wide as they need, rows that count marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.document import Span
from index.picturing.fonts import Face
from index.picturing.paper import Paper, height_of
from index.picturing.words import Line, Piece, SeenText, lines_of

_PAD = 12
_MOST_COLUMNS = 60
_FEWEST_TO_DIVIDE = 3
"""Columns of a table that is divided where it is too wide."""
_PART_GAP = 26
"""Pixels between the parts of a table that is divided."""
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
    """Write a table as far as `bottom`; return how many rows and columns had no room.

    One that is too wide is divided into parts below each other, each with some of its columns
    behind the names of the rows. These have fewer rows, those that count among them.
    """
    demands = _demands(rows, text, face)
    room = paper.width - 2 * paper.margin
    parts = [
        _Part(rows, columns, _widths([demands[n] for n in columns], room), text, face)
        for columns in _divided(rows, demands, room, text)
    ]
    chosen: Sequence[int] = range(len(rows))
    if len(parts) > 1:
        parts, chosen = _fitting(rows, parts, bottom - paper.y)
    for number, part in enumerate(parts):
        paper.y += _PART_GAP if number else 0
        written = part.write(paper, chosen, bottom)
    columns = max((len(row.cells) for row in rows), default=0)
    return len(rows) - written, columns - len({n for part in parts for n in part.columns})


def _divided(
    rows: Sequence[TableRow], demands: Sequence[tuple[float, float]], room: float, text: SeenText
) -> list[list[int]]:
    """Return the columns of each part of a table; those that name the rows are in all of them."""
    numbers = range(len(demands))
    if sum(least for least, _ in demands) <= room or len(demands) < _FEWEST_TO_DIVIDE:
        return [[*numbers]]
    names = 2 if _are_figures(rows, 0, text) else 1
    left = room - sum(least for least, _ in demands[:names])
    parts, used = list[list[int]](), 0.0
    for number in numbers[names:]:
        least = demands[number][0]
        if not parts or used + least > left:
            parts.append([*numbers[:names]])
            used = 0.0
        parts[-1].append(number)
        used += least
    return parts


def _fitting(
    rows: Sequence[TableRow], parts: Sequence[_Part], room: float
) -> tuple[list[_Part], list[int]]:
    """Return the parts of a table, and the rows, that have room below each other."""
    heads = [number for number, row in enumerate(rows) if row.is_header]
    bodies = [number for number, row in enumerate(rows) if not row.is_header]
    at = next((n for n, number in enumerate(bodies) if rows[number].is_marked), 0)
    bodies = bodies[max(0, at - 1) :]
    kept = list(parts)
    while len(kept) > 1:
        left = room - _PART_GAP * (len(kept) - 1)
        chosen = list[int]()
        for number in [*heads, *bodies]:
            left -= sum(part.heights[number] for part in kept)
            if left < 0:
                break
            chosen.append(number)
        if any(number in bodies for number in chosen) and (
            not rows[bodies[0]].is_marked or bodies[0] in chosen
        ):
            return kept, chosen
        if len(bodies) > 1 and rows[bodies[1]].is_marked:
            del bodies[0]
        else:
            del kept[-1]
    return kept, [*heads, *bodies]


class _Part:
    """Some columns of a table, with the lines of their cells."""

    def __init__(
        self,
        rows: Sequence[TableRow],
        columns: Sequence[int],
        widths: Sequence[float],
        text: SeenText,
        face: Face,
    ) -> None:
        self.columns = columns[: len(widths)]
        self._rows = rows
        self._widths = widths
        self._face = face
        self._figures = [_are_figures(rows, number, text) for number in self.columns]
        head = face._replace(is_bold=True)
        self._cells = [
            [
                _cell_lines(
                    text,
                    row.cells[number] if number < len(row.cells) else None,
                    head if row.is_header else face,
                    width - 2 * _PAD,
                )
                for number, width in zip(self.columns, widths, strict=True)
            ]
            for row in rows
        ]
        self.heights = [
            max([1, *map(len, cells)]) * height_of(face.size) + _PAD for cells in self._cells
        ]

    def write(self, paper: Paper, chosen: Sequence[int], bottom: float) -> int:
        """Write the chosen rows as far as `bottom`; return how many had room."""
        right = paper.margin + sum(self._widths)
        for done, number in enumerate(chosen):
            row, height = self._rows[number], self.heights[number]
            if paper.y + height > bottom and done:
                return done
            if row.is_header or row.is_marked:
                colour = _HEAD if row.is_header else _COUNTS
                paper.area(paper.margin, paper.y, right, paper.y + height, colour)
            if row.number:
                _write_number(paper, row.number)
            self._write_cells(paper, row, self._cells[number])
            paper.is_marked |= row.is_marked
            paper.y += height
            paper.area(paper.margin, paper.y - 1, right, paper.y, _RULE)
        return len(chosen)

    def _write_cells(self, paper: Paper, row: TableRow, cells: Sequence[Sequence[Line]]) -> None:
        size, left = self._face.size, float(paper.margin)
        for lines, width, is_figure in zip(cells, self._widths, self._figures, strict=True):
            for at, line in enumerate(lines):
                x = left + _PAD
                if (is_figure and not row.is_header) or line.is_right_to_left:
                    x = left + width - _PAD - line.width
                paper.line(line, x, paper.y + _PAD / 2 + at * height_of(size), size)
            left += width


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
    """Return the widths of columns, which break words where there is too little room."""
    taken = sum(least for least, _ in demands)
    spare = room - taken
    wish = sum(most - least for least, most in demands)
    if spare <= 0:
        return [least * room / taken for least, _ in demands]
    share = min(1.0, spare / wish) if wish else 0.0
    return [least + (most - least) * share for least, most in demands]


def _are_figures(rows: Sequence[TableRow], number: int, text: SeenText) -> bool:
    cells = [
        text.of(row.cells[number]).strip()
        for row in rows
        if not row.is_header and number < len(row.cells)
    ]
    return all(_FIGURE.fullmatch(cell[:60]) for cell in cells if cell) and any(cells)
