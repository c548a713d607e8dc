"""Tables of a PDF's page: with all rules, with some, and with none."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from index.parsing.formats.pdf.tables.aligned import aligned_tables, tables_between
from index.parsing.formats.pdf.tables.grid import table_in
from index.parsing.formats.pdf.tables.label_values import as_pairs
from index.parsing.formats.pdf.tables.pieces import TextLine, lines_of
from index.parsing.formats.pdf.tables.ruled import Zone, grids_of, zones_of
from index.parsing.page_content import Box, PageContent, PageTable, Word

_MOST_WORDS = 10_000  # on more, a page is a drawing or an attack, and no table is looked for
_MOST_RULES = 30_000
_FAR = 100_000.0  # points; no page is as large
_PROSE_WORDS = 8
_WIDE = 0.6
_SAME_EDGE = 6.0
_LEAST_SHARED = 0.6  # of a column's width, for it to go on on the next page
_MOST_ABOVE = 4  # header lines above the first rule


def find_tables(page: PageContent) -> list[PageTable]:
    """Return the tables of a page, from above.

    All words whose middle lies in a table's box are in its cells, so what is left is the page's
    running text.
    """
    if not 3 < len(page.words) <= _MOST_WORDS:
        return []
    rules = page.rules if len(page.rules) <= _MOST_RULES else page.rules[:0]
    rules = rules[(np.abs(rules) < _FAR).all(axis=1)]
    tables: list[PageTable] = []
    words: Sequence[Word] = [word for word in page.words if _is_near(word.box)]
    for grid in grids_of(rules):
        inside, outside = _parted(words, grid.box)
        table = table_in(grid, inside) if len(inside) > 1 else None
        if table is not None:
            tables.append(as_pairs(table))
            words = outside
    words = [word for word in words if not word.turned]
    lines = lines_of(words)
    zones = zones_of(rules)
    for zone in zones:
        for part in _stretches(zone, lines):
            for table in tables_between(part, zone):
                if _is_whole(table, page.words):
                    tables.append(table)
                    words = _parted(words, table.box)[1]
                    lines = lines_of(words)
    tables += [table for table in aligned_tables(lines, zones) if _is_whole(table, page.words)]
    return sorted(tables, key=lambda table: (table.box.top, table.box.left))


def _is_near(box: Box) -> bool:
    return abs(box.left) < _FAR and abs(box.right) < _FAR and -_FAR < box.top <= box.bottom < _FAR


def _parted(words: Sequence[Word], box: Box) -> tuple[list[Word], list[Word]]:
    """Return the words in a box and those outside."""
    inside: list[Word] = []
    outside: list[Word] = []
    for word in words:
        (inside if box.holds(word.box) else outside).append(word)
    return inside, outside


def _is_whole(table: PageTable, words: Sequence[Word]) -> bool:
    """Return whether the cells have all the letters of the words in the table's box."""
    there = sum(_letters(word.text) for word in words if table.box.holds(word.box))
    return there == sum(_letters(cell.text) for cell in table.cells)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _stretches(zone: Zone, lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Return the lines between the rules of a zone, parted where prose stands between.

    Lines that stand close above the first rule and below the last are of it too.
    """
    if len(zone.ys) < 3:
        return []
    inside = [
        TextLine(pieces, line.top, line.bottom)
        for line in lines
        if (
            pieces := [
                piece
                for piece in line.pieces
                if piece.left > zone.left - _SAME_EDGE and piece.right < zone.right + _SAME_EDGE
            ]
        )
    ]
    middles = [(line.top + line.bottom) / 2 for line in inside]
    first, last = bisect_left(middles, zone.ys[0]), bisect_left(middles, zone.ys[-1])
    if first == last or _lacks_labels(inside[first:last], lines, zone):
        return []
    start = first
    while (
        start and first - start < _MOST_ABOVE and _is_above(inside[start - 1], inside[start], zone)
    ):
        start -= 1
    end = last
    if end < len(inside) and _is_close(inside[end - 1], inside[end]) and inside[end].has_value:
        end += 1
    stretches: list[list[TextLine]] = [[]]
    for line in inside[start:end]:
        wide = line.right - line.left > _WIDE * (zone.right - zone.left)
        if len(line.pieces) == 1 and wide and len(line.pieces[0].words) >= _PROSE_WORDS:
            stretches.append([])
        else:
            stretches[-1].append(line)
    return [stretch for stretch in stretches if _bands(stretch, zone) > 1]


def _lacks_labels(inside: Sequence[TextLine], lines: Sequence[TextLine], zone: Zone) -> bool:
    """Return whether the rules are those above and below figures whose labels stand beside them."""
    top, bottom = inside[0].top, inside[-1].bottom
    beside = sum(
        top <= line.top and line.bottom <= bottom and line.left < zone.left - _SAME_EDGE
        for line in lines
    )
    figures = sum(line.pieces[0].is_number for line in inside)
    return 2 * beside > len(inside) and 2 * figures > len(inside)


def _bands(stretch: Sequence[TextLine], zone: Zone) -> int:
    return len({bisect_left(zone.ys, (line.top + line.bottom) / 2) for line in stretch})


def _is_close(line: TextLine, below: TextLine) -> bool:
    return below.bottom - line.bottom < 1.9 * below.size and len(below.pieces) > 1


def _is_above(line: TextLine, below: TextLine, zone: Zone) -> bool:
    """Return whether a line is the header above a zone: several texts, or one of some columns."""
    indent = line.left - zone.left > 4 * line.size
    return below.bottom - line.bottom < 1.9 * line.size and (len(line.pieces) > 1 or indent)


def continued(before: PageTable, after: PageTable) -> PageTable | None:
    """Return a page's first table under the header of the last one of the page before.

    None where it does not go on with that: its columns stand elsewhere, or it has a header of its
    own. Where the header is repeated on the page, the table is returned as it is. The result may be
    passed as `before` with the first table of the next page.
    """
    if not before.header_rows or not _same_columns(before, after):
        return None
    header = [cell for cell in before.cells if cell.row < before.header_rows]
    own = [cell for cell in after.cells if cell.row < after.header_rows]
    if [cell.text for cell in own] == [cell.text for cell in header]:
        return after
    if any(cell.is_header for cell in own):
        return None
    down = before.header_rows
    rows = [replace(cell, row=cell.row + down) for cell in after.cells]
    return replace(after, cells=(*header, *rows), header_rows=down)


def _same_columns(before: PageTable, after: PageTable) -> bool:
    if len(before.edges) != len(after.edges):
        return False
    for (left, right), (start, end) in zip(
        pairwise(before.edges), pairwise(after.edges), strict=True
    ):
        shared = min(right, end) - max(left, start)
        if shared < _LEAST_SHARED * min(right - left, end - start):
            return False
    return True
