"""Parts of a document, as documents of their own that are drawn."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.document import Block, BlockKind, Document, Span, Style, clip_styles, shift_styles

_MOST_ROWS = 36
_ROWS_BEFORE, _LAST_ROWS = 4, 12
"""Rows before the first that counts, and rows at a table's end that are drawn together: of high
rows no more may have room."""
_MOST_CHARACTERS = 20_000
_TABLE = frozenset({BlockKind.HEADER, BlockKind.ROW})


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """Stretches of a document, joined. `places` tell where each stands in what they are now."""

    document: Document
    places: tuple[tuple[Span, int], ...]

    def marks(self, span: Span) -> list[Span]:
        """Return where the text at `span` of the whole document stands in the part."""
        return [
            Span(
                max(span.start, place.start) - place.start + start,
                min(span.end, place.end) - place.start + start,
            )
            for place, start in self.places
            if place.overlaps(span)
        ]


@dataclass(frozen=True, slots=True)
class TablePart:
    """Rows `first` to `last`, from 1, of a table of `count` rows, below its header."""

    part: DocumentPart
    first: int
    last: int
    count: int


def part_of(document: Document, span: Span) -> DocumentPart:
    """Return the text at `span`; rows of a table have its header with them."""
    blocks = _blocks_in(document, span)
    above = _header_of(document, blocks[0]) if blocks else None
    if above is None or above.span.end > span.start:
        return _joined(document, [span])
    return _joined(document, [above.span, span])


def is_of_table(document: Document, span: Span) -> bool:
    """Return whether a row of a table with several rows or a header is in the text at `span`."""
    return any(block.kind in _TABLE for block in _blocks_in(document, span))


def table_of(document: Document, span: Span) -> TablePart | None:
    """Return the table that the text at `span` is of, its rows around those of the text.

    None where it is of no table.
    """
    first = next((b for b in _blocks_in(document, span) if b.kind in _TABLE), None)
    if first is None:
        return None
    own = _group_of(document, first)
    heads = [block.span for block in own if block.kind is BlockKind.HEADER]
    rows = [block.span for block in own if block.kind is BlockKind.ROW]
    at = next((n for n, row in enumerate(rows) if row.overlaps(span)), 0)
    start = 0 if len(rows) <= _MOST_ROWS else max(0, min(at - _ROWS_BEFORE, len(rows) - _LAST_ROWS))
    end, length = start, sum(map(len, heads))
    while end < min(len(rows), start + _MOST_ROWS) and (
        length + len(rows[end]) <= _MOST_CHARACTERS or end <= at
    ):
        length += len(rows[end])
        end += 1
    part = _joined(document, [*heads, *rows[start:end]])
    return TablePart(part, min(start + 1, end), end, len(rows))


def _joined(document: Document, spans: Sequence[Span]) -> DocumentPart:
    texts: list[str] = []
    blocks: list[Block] = []
    styles: list[Style] = []
    places: list[tuple[Span, int]] = []
    at = 0
    for span in spans:
        span = Span(span.start, min(span.end, span.start + _MOST_CHARACTERS))
        by = at - span.start
        for block in _blocks_in(document, span):
            start, end = max(block.span.start, span.start), min(block.span.end, span.end)
            blocks.append(replace(block, span=Span(start + by, end + by)))
        styles += shift_styles(clip_styles(document.styles, span), by)
        texts.append(span.of(document.text))
        places.append((span, at))
        at += len(span) + 1
    part = Document("", "", "\n".join(texts), tuple(blocks), styles=tuple(styles))
    return DocumentPart(part, tuple(places))


def _header_of(document: Document, row: Block) -> Block | None:
    if row.kind is not BlockKind.ROW:
        return None
    return next((b for b in _group_of(document, row) if b.kind is BlockKind.HEADER), None)


def _group_of(document: Document, one: Block) -> Sequence[Block]:
    """Return the blocks of a table, by one of them."""
    blocks = document.blocks
    first = last = bisect_left(blocks, one.span.start, key=lambda block: block.span.start)
    while first and blocks[first - 1].kind in _TABLE and blocks[first - 1].group == one.group:
        first -= 1
    while last < len(blocks) and blocks[last].kind in _TABLE and blocks[last].group == one.group:
        last += 1
    return blocks[first:last]


def _blocks_in(document: Document, span: Span) -> Sequence[Block]:
    blocks = document.blocks
    first = bisect_right(blocks, span.start, key=lambda block: block.span.end)
    return blocks[first : bisect_left(blocks, span.end, key=lambda block: block.span.start)]
