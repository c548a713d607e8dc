"""Tables of a sheet: its rows, cut into tables with their headers, pairs, captions and notes.

A sheet is one grid of cells, and people put several things on it: a title, lines about it, tables
below and beside each other. What is one table is told by empty rows and columns, by rows that name
what follows, and by what the file itself says (`SheetHints`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from index.document import TextOrigin
from index.parsing.builder import DocumentBuilder
from index.parsing.tables.sheet_headers import (
    SheetRows,
    TableHead,
    header_of,
    names_columns,
)
from index.parsing.text.characters import is_sentence

_MOST_MERGED = 4_000_000
_MOST_BESIDE = 12
_SAMPLE = 24
_NOTE = ("source", "note", "*", "†", "¹", "quelle", "kilde")
_LONG_NOTE = 40


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of a sheet, by their first and last row and column, all counted from 0."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class SheetHints:
    """What a file says of its sheet beside the texts of the cells.

    `tables` are areas that it calls tables, with their number of header rows. `filtered` are rows
    with the buttons of a filter. `marked` are rows all of whose cells are bold or filled, and
    `frozen` is the number of rows at the top that stay in sight.
    """

    tables: tuple[tuple[Area, int], ...] = ()
    filtered: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()
    frozen: int = 0
    hidden: frozenset[int] = frozenset()
    """Rows that are hidden and read nevertheless."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Lines of text, and the table below them; one of both may be empty."""

    captions: tuple[str, ...]
    rows: SheetRows
    header_rows: int
    hidden_captions: bool


@dataclass(slots=True)
class _Block:
    """The rows `numbers` of a sheet, in the columns from `left` to `right`."""

    numbers: MutableSequence[int]
    left: int
    right: int
    header_rows: int | None = None
    """As the file says."""


def write_tables(
    builder: DocumentBuilder,
    rows: Sequence[list[str]],
    *,
    merged: Iterable[Area] = (),
    hints: SheetHints | None = None,
    numbers: Sequence[int] = (),
) -> None:
    """Add the tables of a sheet to a document, with the lines above and below them.

    `numbers` are those that the rows have in the sheet, from 1.
    """
    for part in tables_in(rows, merged=merged, hints=hints):
        with builder.origin(TextOrigin.HIDDEN) if part.hidden_captions else nullcontext():
            for line in part.captions:
                builder.paragraph(line)
        builder.table(
            part.rows,
            header_rows=part.header_rows,
            hidden=frozenset(n for n, is_hidden in enumerate(part.rows.hidden) if is_hidden),
            numbers=array("I", (numbers[n] for n in part.rows.places)) if numbers else (),
        )


def tables_in(
    rows: Sequence[list[str]],
    *,
    merged: Iterable[Area] = (),
    hints: SheetHints | None = None,
) -> list[SheetPart]:
    """Return the parts of a sheet from top to bottom; every text of `rows` is in one of them.

    Rows may differ in length. A text that covers several cells stands in each of them.
    """
    sheet = _Sheet(*_spread(rows, merged), hints or SheetHints())
    return list(sheet.parts())


def _spread(
    rows: Sequence[list[str]], merged: Iterable[Area]
) -> tuple[Sequence[list[str]], set[int]]:
    """Return the rows with each merged text in all that it covers, of rows that have texts.

    A text that is alone in its row names all of it, and stays alone. A sentence names no column,
    and stands once in each row. The set holds the rows that
    are empty because a text above covers them.
    """
    merged = list(merged)
    if not merged:
        return rows, set()
    grid = [list(row) for row in rows]
    own = [sum(map(bool, row)) for row in grid]
    width = max(map(len, grid), default=0)
    used = _columns_used(grid)
    inside: set[int] = set()
    spread: list[tuple[range, list[int], str]] = []
    cells = 0
    for area in merged:
        text = _cell(grid[area.top], area.left) if area.top < len(grid) else ""
        across = range(area.left, min(area.right + 1, width))
        down = range(area.top, min(area.bottom + 1, len(grid)))
        cells += len(across) * len(down)
        if not text or cells > _MOST_MERGED:
            continue
        # A column that has no text of its own is only a part of the one beside it.
        columns = [column for column in across if used >> column & 1]
        if is_sentence(text):  # it stands once in a row
            columns = columns[:1]
        spread.append((down, columns, text))
        for number in down[1:]:
            if own[number]:
                own[number] += 1
            else:
                inside.add(number)
    for down, columns, text in spread:
        for number in down:
            if own[number] > 1:
                row = grid[number]
                row += [""] * (columns[-1] + 1 - len(row))
                for column in columns:
                    row[column] = row[column] or text
    return grid, inside


def _columns_used(grid: Sequence[Sequence[str]]) -> int:
    """Return the columns that have a text, as bits of a number."""
    found = 0
    for row in grid:
        found |= _used(row)
    return found


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


class _Sheet:
    """The cells of one sheet, cut into blocks and these into parts."""

    def __init__(self, grid: Sequence[list[str]], inside: set[int], hints: SheetHints) -> None:
        self._grid = grid
        self._inside = inside
        self._hints = hints
        known: dict[int, int] = {}  # of a million rows, most have the same columns
        self._used = [known.setdefault(used, used) for used in map(_used, grid)]
        self._left = self._used
        """What no table of the file holds."""

    def parts(self) -> Iterator[SheetPart]:
        blocks = self._declared()
        blocks += self._found()
        blocks.sort(key=lambda block: (block.numbers[0], block.left))
        for block in blocks:
            yield from self._parts_of(block)

    def _rows(self, block: _Block, most: int | None = None) -> SheetRows:
        """Return the block's rows, without the columns that are empty in all of them."""
        used, numbers = 0, block.numbers[:most]
        for number in numbers:
            used |= self._used[number]
        columns: Sequence[int] = range(block.left, block.right + 1)
        if ~used >> block.left & (1 << len(columns)) - 1:
            columns = [n for n in columns if used >> n & 1]
        return SheetRows(self._grid, columns, numbers, self._hints.marked, self._hints.hidden)

    def _declared(self) -> list[_Block]:
        """Take the areas that the file calls tables out of the sheet, with rows right below."""
        found = []
        self._left = list(self._used)
        for area, header_rows in self._hints.tables:
            columns = (1 << area.right + 1) - (1 << area.left)
            bottom = min(area.bottom, len(self._grid) - 1)
            while (
                bottom + 1 < len(self._grid) and (self._left[bottom + 1] & columns).bit_count() > 1
            ):
                bottom += 1
            numbers = [n for n in range(area.top, bottom + 1) if self._left[n] & columns]
            if numbers:
                kept = header_rows if numbers[0] == area.top else 0
                found.append(_Block(numbers, area.left, area.right, kept))
                for number in numbers:
                    self._left[number] &= ~columns
        return found

    def _found(self) -> list[_Block]:
        """Cut what is left at empty rows and columns, and join what goes on behind them."""
        blocks: list[_Block] = []
        for run in self._runs():
            for block in self._beside(run):
                before = blocks[-1] if blocks else None
                if before is not None and self._goes_on(before, block):
                    before.numbers.extend(block.numbers)
                else:
                    blocks.append(block)
        return blocks

    def _runs(self) -> Iterator[Sequence[int]]:
        """Yield the numbers of rows without an empty row between them."""
        run = array("I")
        for number, used in enumerate(self._left):
            if used:
                run.append(number)
            elif run and number not in self._inside:
                yield run
                run = array("I")
        if run:
            yield run

    def _beside(self, run: Sequence[int]) -> Iterator[_Block]:
        """Yield the tables that stand beside each other in these rows."""
        used = 0
        for number in run:
            used |= self._left[number]
        segments = list(_segments(used))
        if len(segments) > _MOST_BESIDE:
            segments = [(segments[0][0], segments[-1][1])]
        blocks = [self._block(run, *segments[0])]
        for left, right in segments[1:]:
            block = self._block(run, left, right)
            if self._stands_alone(block, blocks[-1]):
                blocks.append(block)
            else:
                blocks[-1] = self._block(run, blocks[-1].left, right)
        yield from blocks

    def _block(self, run: Sequence[int], left: int, right: int) -> _Block:
        columns = (1 << right + 1) - (1 << left)
        return _Block(array("I", (n for n in run if self._left[n] & columns)), left, right)

    def _stands_alone(self, block: _Block, before: _Block) -> bool:
        """Return whether a block is a table of its own beside another one."""
        rows, others = self._rows(block, _SAMPLE), self._rows(before, _SAMPLE)
        if rows.width < 2 or others.width < 2 or len(rows) < 2 or len(others) < 2:
            return block.numbers[0] != before.numbers[0] and len(block.numbers) > 1
        if (block.numbers[0], block.numbers[-1]) != (before.numbers[0], before.numbers[-1]):
            return True
        if rows.count(0) == 1 and others.count(0) == 1:  # a title above each
            return True
        return set(rows[0]) == set(others[0]) or not rows.has_values(0, 1)

    def _goes_on(self, before: _Block, block: _Block) -> bool:
        """Return whether the rows behind an empty row belong to the table before it."""
        if block.left < before.left or block.right > before.right:
            return False
        if self._hints.filtered.intersection(block.numbers[:_SAMPLE]):
            return False
        head = before.numbers[:_SAMPLE]
        whole = self._rows(_Block([*head, *block.numbers[:_SAMPLE]], before.left, before.right))
        counts = [whole.count(n) for n in range(len(whole))]
        first = next((n for n in range(len(head), len(whole)) if counts[n] > 1), None)
        if first is None or whole.width < 2 or max(counts[: len(head)]) < 2 or len(head) < 2:
            return False
        start, header_rows = header_of(whole.between(0, len(head)))
        return not TableHead(whole, start, header_rows).ends_at(first, apart=True)

    def _parts_of(self, block: _Block) -> Iterator[SheetPart]:
        rows = self._rows(block)
        if block.header_rows is None:
            filtered = self._hints.filtered
            forced = next((at for at, n in enumerate(block.numbers) if n in filtered), None)
            frozen = sum(number < self._hints.frozen for number in block.numbers)
            start, header_rows = header_of(rows, forced=forced, frozen=frozen)
        else:
            start, header_rows = 0, min(block.header_rows, len(rows))
        above = 0  # the first of the lines that belong to the next table
        if start:
            before = list(_preamble(rows, start))
            above = start
            if not before[-1].rows:
                above -= len(before.pop().captions)
            yield from before
        while start < len(rows):
            end = TableHead(rows, start, header_rows).next() if rows.width > 1 else len(rows)
            last = _before_lines(rows, start + header_rows, end)
            yield _part(rows, above, start, last, header_rows)
            above, start = last, end
            header_rows = names_columns(rows.between(start, start + _SAMPLE))
        if above < start:
            yield _part(rows, above, start, start, 0)


def _used(row: Sequence[str]) -> int:
    used = 0
    for column, text in enumerate(row):
        if text:
            used |= 1 << column
    return used


def _segments(used: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last of columns that are used, with no empty column between them."""
    column = 0
    while used:
        skipped = (used & -used).bit_length() - 1
        used >>= skipped
        column += skipped
        width = (~used & used + 1).bit_length() - 1
        yield column, column + width - 1
        used >>= width
        column += width


def _preamble(rows: SheetRows, end: int) -> Iterator[SheetPart]:
    """Yield the lines and label/value pairs above a table's header."""
    start = 0
    for number in range(1, end + 1):
        above_lone = rows.count(number - 1) == 1
        if number == end or (rows.count(number) == 1 and not above_lone):
            first = next((n for n in range(start, number) if rows.count(n) > 1), number)
            yield _part(rows, start, first, number, 0)
            start = number


def _before_lines(rows: SheetRows, first: int, end: int) -> int:
    """Return the end of a table without the lines below it: its notes, or the next one's title."""
    last = end
    while last > first + 1 and rows.width > 1 and rows.count(last - 1) == 1:
        text = _lone(rows[last - 1])
        is_note = len(text) >= _LONG_NOTE or text.lower().startswith(_NOTE)
        if end == len(rows) and not is_note:
            break
        last -= 1
    return last


def _lone(row: Sequence[str]) -> str:
    return next(filter(None, row), "")


def _part(rows: SheetRows, start: int, first: int, end: int, header_rows: int) -> SheetPart:
    """Return the lines from `start` and the table from `first` to `end` as a part."""
    if rows.width < 2 and not header_rows:
        first = end
    return SheetPart(
        tuple(_lone(rows[number]) for number in range(start, first)),
        rows.between(first, end).without_empty_columns(),
        header_rows,
        any(rows.between(start, first).hidden),
    )
