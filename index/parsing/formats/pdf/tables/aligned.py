"""Tables of a PDF's page whose columns are parted by space: statements and lists of figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from index.parsing.formats.pdf.tables.checks import (
    filled_in,
    has_figures,
    has_texts,
    lies_across,
    valued_in,
)
from index.parsing.formats.pdf.tables.columns import Columns, columns_of
from index.parsing.formats.pdf.tables.headers import header_rows_in, marked_rows, widen_groups
from index.parsing.formats.pdf.tables.label_values import as_pairs, label_values
from index.parsing.formats.pdf.tables.pieces import Piece, TextLine
from index.parsing.formats.pdf.tables.rows import Row, rows_of, table_of
from index.parsing.formats.pdf.tables.ruled import Zone
from index.parsing.page_content import PageTable

_MOST_PARTS = 5  # how often a block is parted, where tables stand below each other
_MOST_LINES = 400
_PROSE_WORDS = 4
_PROSE_DISTANCE = (
    60.0  # points above and below a table, within which prose tells the page's columns
)
_LONG = 8  # words: a line of so many that stands alone is prose


def aligned_tables(lines: Sequence[TextLine], zones: Sequence[Zone] = ()) -> list[PageTable]:
    """Return the tables among lines that no rules enclose."""
    if sum(len(line.pieces) > 1 for line in lines) < 2:
        return []
    tables: list[PageTable] = []
    parted = _without_prose(lines)
    starts = [
        (line.top, piece.left)
        for line, (_, prose) in zip(lines, parted, strict=True)
        for piece in prose
    ]
    for block in _blocks(parted):
        for part in _by_page_column(block, starts):
            tables += _tables_in(part, zones, _MOST_PARTS)
    return tables


def tables_between(lines: Sequence[TextLine], zone: Zone) -> list[PageTable]:
    """Return the tables that the lines of a zone make."""
    if sum(len(line.pieces) > 1 for line in lines) < 2:
        return []
    return _tables_in(lines, [zone], _MOST_PARTS, is_ruled=True)


def _without_prose(lines: Sequence[TextLine]) -> list[tuple[TextLine | None, list[Piece]]]:
    """Return each line without its pieces that are lines of prose, and those."""
    beside = {
        id(one)
        for line in lines
        for one, two in pairwise(line.pieces)
        if two.has_value and not one.is_number
    }
    prose = {id(piece) for run in _runs(lines) if _is_prose(run, beside) for piece in run}
    parted: list[tuple[TextLine | None, list[Piece]]] = []
    for line in lines:
        left = [piece for piece in line.pieces if id(piece) not in prose]
        if len(left) == len(line.pieces):
            parted.append((line, []))
        else:
            rest = TextLine(left, line.top, line.bottom) if left else None
            parted.append((rest, [piece for piece in line.pieces if id(piece) in prose]))
    return parted


def _by_page_column(
    block: list[TextLine], starts: Sequence[tuple[float, float]]
) -> list[list[TextLine]]:
    """Return the lines, parted where a column of the page begins, as the prose around them tells.

    `starts` are the height and the left edge of each line of prose.
    """
    top, bottom = block[0].top - _PROSE_DISTANCE, block[-1].bottom + _PROSE_DISTANCE
    near = Counter(round(left / 3) for y, left in starts if top < y < bottom)
    for place, count in near.items():
        start = 3.0 * place - 3
        left, right = (
            [
                TextLine(pieces, line.top, line.bottom)
                for line in block
                if (pieces := [p for p in line.pieces if (p.left >= start) == is_right])
            ]
            for is_right in (False, True)
        )
        across = sum(piece.right > start for line in left for piece in line.pieces)
        if count > 2 and len(left) > 1 and len(right) > 1 and across <= 0.05 * len(block):
            return [each for side in (left, right) if len(each := _trimmed(side)) > 1]
    return [block]


def _runs(lines: Sequence[TextLine]) -> list[list[Piece]]:
    """Return the pieces that stand below each other at the same left edge, closely."""
    runs: list[list[Piece]] = []
    open_runs: dict[int, tuple[float, list[Piece]]] = {}
    for line in lines:
        for piece in line.pieces:
            if piece.is_number:
                continue
            place = round(piece.left / 4)
            for near in (place, place - 1, place + 1):
                bottom, run = open_runs.get(near, (0.0, []))
                close = run and abs(run[-1].left - piece.left) <= 2.5
                if close and 0 < line.bottom - bottom < 1.9 * piece.size:
                    run.append(piece)
                    open_runs[near] = (line.bottom, run)
                    break
            else:
                run = [piece]
                runs.append(run)
                open_runs[place] = (line.bottom, run)
    return runs


def _is_prose(run: Sequence[Piece], labels: set[int]) -> bool:
    """Return whether lines are filled: the first word of each would not fit onto the one before.

    `labels` are pieces with a figure to their right: of lines that look like them, more is asked.
    """
    labelled = 2 * sum(id(piece) in labels for piece in run) >= len(run)
    words = sum(len(piece.words) for piece in run)
    if len(run) < (5 if labelled else 2) or words < (_PROSE_WORDS + labelled) * len(run):
        return False
    if 2 * sum(any(word.text.endswith(":") for word in piece.words[:4]) for piece in run) > len(
        run
    ):
        return False
    right = max(piece.right for piece in run)
    filled = 0
    for one, two in pairwise(run):
        first = two.words[0].box
        filled += one.right + 0.2 * one.size + first.right - first.left > right - 1
    return filled >= (0.85 if labelled else 0.6) * (len(run) - 1)


def _blocks(lines: Sequence[tuple[TextLine | None, list[Piece]]]) -> list[list[TextLine]]:
    """Return the lines that may be tables: pieces beside each other, without wide gaps between."""
    blocks: list[list[TextLine]] = []
    block: list[TextLine] = []
    many: TextLine | None = None
    for line, prose in lines:
        if line is not None and len(line.pieces) > 1:
            many = line
        ends = block and any(_crosses(piece, block) for piece in prose)
        if block and line is not None:
            ends = ends or line.top - block[-1].bottom > 3.5 * line.size
            ends = ends or len(block) >= _MOST_LINES
            ends = ends or (many is not line and _is_alone(line, many))
        if ends:
            blocks.append(block)
            block, many = [], line if many is line else None
        if line is not None and not (many is not line and _is_alone(line, many)):
            block.append(line)
    blocks.append(block)
    return [each for block in blocks if len(each := _trimmed(block)) > 1]


def _crosses(piece: Piece, block: Sequence[TextLine]) -> bool:
    """Return whether a piece stands below or among the lines, not beside them."""
    last = block[-1]
    return piece.left < last.right and piece.right > last.left


def _is_alone(line: TextLine, many: TextLine | None) -> bool:
    """Return whether a long text stands alone, and is wider than a column of the line above."""
    piece = line.pieces[0]
    if len(piece.words) < _LONG:
        return False
    if many is None:
        return True
    near = line.size
    return (
        sum(
            each.left < piece.right - near and each.right > piece.left + near
            for each in many.pieces
        )
        > 1
    )


def _trimmed(block: Sequence[TextLine], *, is_ruled: bool = False) -> list[TextLine]:
    """Return the lines from the first to the last with pieces beside each other.

    A header above some of the columns is of it, and the end of a text that wraps, which is all that
    may stand above a rule.
    """
    many = [number for number, line in enumerate(block) if len(line.pieces) > 1]
    if not many:
        return []
    first, last = many[0], many[-1]
    left = min(block[number].left for number in many)
    while first and _is_group(block[first - 1], block[first], left):
        first -= 1
    end = many[-1]
    while last + 1 < len(block) and (
        is_ruled or _goes_on(block[end], block[last], block[last + 1])
    ):
        last += 1
    return list(block[first : last + 1])


def _is_group(line: TextLine, below: TextLine, left: float) -> bool:
    """Return whether a single text stands above some of the columns only, and names them all."""
    piece = line.pieces[0]
    return (
        len(line.pieces) == 1
        and not piece.has_value
        and below.bottom - line.bottom < 2 * line.size
        and piece.left > left + 4 * line.size
        and piece.right < below.right + 3 * line.size
        and len(piece.words) <= 10
    )


def _goes_on(row: TextLine, last: TextLine, below: TextLine) -> bool:
    """Return whether a single text goes on with one of a row's texts that wraps."""
    piece = below.pieces[0]
    near = 1.2 * below.size
    return (
        below.bottom - last.bottom < 1.5 * below.size
        and piece.text[:1].islower()
        and any(
            abs(each.left - piece.left) < near and piece.right < each.right + 2 * near
            for each in row.pieces
        )
    )


def _tables_in(
    block: Sequence[TextLine], zones: Sequence[Zone], parts: int, *, is_ruled: bool = False
) -> list[PageTable]:
    block = _trimmed(block, is_ruled=is_ruled)
    if len(block) < 2:
        return []
    number = _next_header(block) if parts else 0
    if not number:
        table = label_values(block) or _table(block, zones, is_ruled=is_ruled)
        if table is not None:
            return [table]
        number = _widest_gap(block) if parts else 0
    if not number:
        return []
    return [
        *_tables_in(block[:number], zones, parts - 1, is_ruled=is_ruled),
        *_tables_in(block[number:], zones, parts - 1, is_ruled=is_ruled),
    ]


def _widest_gap(block: Sequence[TextLine]) -> int:
    """Return the number of the line below the widest gap; 0 if none is wider than the others."""
    gaps = [(two.top - one.bottom, number) for number, (one, two) in enumerate(pairwise(block), 1)]
    wide, number = max(gaps)
    usual = median(gap for gap, _ in gaps)
    return number if wide > max(1.5 * usual, 0.6 * block[0].size) else 0


def _next_header(block: Sequence[TextLine]) -> int:
    """Return the number of the line with which another table begins, with headers of its own."""
    seen = 0
    for number, line in enumerate(block):
        seen += line.has_value
        is_header = (
            len(line.pieces) > 1
            and not line.has_value
            and any(piece.is_year for piece in line.pieces[1:])
            and all(len(piece.words) < 4 for piece in line.pieces[1:])
        )
        if is_header and seen > 1:
            start = number
            while len(block[start - 1].pieces) == 1 or not block[start - 1].has_value:
                start -= 1
            wide = block[start].top - block[start - 1].bottom > 0.6 * line.size
            if wide and any(each.has_value for each in block[number:]):
                return start
    return 0


def _table(
    lines: Sequence[TextLine], zones: Sequence[Zone], *, is_ruled: bool = False
) -> PageTable | None:
    columns = columns_of(lines)
    if len(columns.spans) < 2:
        return None
    left, right = columns.edges[0], columns.edges[-1]
    between = sorted(
        y
        for zone in zones
        if zone.crosses(left, right)
        for y in zone.ys
        if lines[0].top < y < lines[-1].bottom
    )
    rows = rows_of(lines, columns, between)
    columns, rows = _within(columns, rows)
    if len(columns.spans) < 2 or len(rows) < 2:
        return None
    if lies_across(rows):
        return None
    top = sum(line.bottom - 2 <= between[0] for line in lines) if between else 0
    is_ruled = is_ruled and (len(lines) <= 3 * (len(between) + 1) or 0 < top <= 3)
    if not (has_figures(rows, columns, is_ruled) or has_texts(rows, columns, is_ruled)):
        return None
    header = header_rows_in(rows, between)
    widen_groups(rows[:header], columns)
    return as_pairs(table_of(rows, columns, header, marked_rows(rows, header)))


def _within(columns: Columns, rows: Sequence[Row]) -> tuple[Columns, list[Row]]:
    """Return the table without columns at its sides that hardly a row has: text beside it."""
    many = [row for row in rows if len(row.cells) > 1]
    first, last = 0, len(columns.spans)
    enough = 0.2 * len(many)
    named = {column for row in many[:1] for column in row.cells}
    while last - first > 2 and first not in named and filled_in(many, first) <= enough:
        first += 1
    while (
        last - first > 2
        and last - 1 not in named
        and filled_in(many, last - 1) <= enough
        and not valued_in(rows, last - 1)
    ):
        last -= 1
    if (first, last) == (0, len(columns.spans)):
        return columns, list(rows)
    kept = []
    for row in rows:
        cells = {c - first: words for c, words in row.cells.items() if first <= c < last}
        if cells:
            covers = {c: min(row.covers[c + first], last - first - c) for c in cells}
            values = {c - first for c in row.values if first <= c < last}
            years = {c - first for c in row.years if first <= c < last}
            kept.append(replace(row, cells=cells, covers=covers, values=values, years=years))
    while kept and len(kept[0].cells) == 1:
        kept.pop(0)
    while kept and len(kept[-1].cells) == 1:
        kept.pop()
    return replace(columns, spans=columns.spans[first:last]), kept
