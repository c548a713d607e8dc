"""Layouts in a catalog: how the text of each document is set, found by a place in it.

They are kept by stretches of the text, so that what is read for an excerpt does not grow with its
document.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from index.document import Block, BlockKind, Document, Span, Style, StyleKind, clip_styles
from index.store.rows import compact_json
from index.store.tables import Tables

CREATE_LAYOUTS = """CREATE TABLE layouts (
    document TEXT NOT NULL, stretch INTEGER NOT NULL, styles TEXT NOT NULL,
    PRIMARY KEY (document, stretch)
) STRICT, WITHOUT ROWID"""

_STRETCH = 4_000
"""Characters."""
_BLOCKS = {
    BlockKind.HEADING: StyleKind.HEADING,
    BlockKind.ITEM: StyleKind.ITEM,
    BlockKind.HEADER: StyleKind.HEADER,
    BlockKind.ROW: StyleKind.ROW,
    BlockKind.CODE: StyleKind.CODE,
}
_OF_TABLES = frozenset({BlockKind.HEADER, BlockKind.ROW})
_OF_BLOCKS = frozenset(_BLOCKS.values())
_KINDS = tuple(StyleKind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


class Layouts:
    """The layouts in a catalog."""

    def __init__(self, db: Tables) -> None:
        self._db = db

    def put(self, document: Document) -> None:
        """Store how a document is set, in the place of what is stored under its name."""
        self.delete(document.name)
        stretches: dict[int, list[Style]] = {}
        for style in layout_of(document.blocks, document.styles):
            for stretch in _stretches(style.span):
                stretches.setdefault(stretch, []).append(style)
        self._db.executemany(
            "INSERT INTO main.layouts VALUES (?, ?, ?)",
            [
                (document.name, stretch, compact_json(stored_styles(styles)))
                for stretch, styles in stretches.items()
            ],
        )

    def delete(self, document: str) -> None:
        """Delete how a document is set."""
        self._db.execute("DELETE FROM main.layouts WHERE document = ?", (document,))

    def of(self, document: str, span: Span) -> tuple[Style, ...]:
        """Return how the text at `span` is set, blocks among it, each style cut to `span`."""
        near = _stretches(span)
        rows = self._db.execute(
            "SELECT styles FROM layouts WHERE document = ? AND stretch BETWEEN ? AND ?"
            " ORDER BY stretch",
            (document, near.start, near.stop - 1),
        )
        return clip_styles(_read(styles for (styles,) in rows), span)

    def words_of(self, document: str) -> tuple[Style, ...]:
        """Return how the words of a whole document are set, without its blocks."""
        rows = self._db.execute(
            "SELECT styles FROM layouts WHERE document = ? ORDER BY stretch", (document,)
        )
        found = _read(styles for (styles,) in rows)
        return tuple(style for style in found if style.kind not in _OF_BLOCKS)


def layout_of(blocks: Iterable[Block], styles: Iterable[Style]) -> list[Style]:
    """Return how a text is set: its blocks, and the styles of its words, in order."""
    found = [
        Style(
            _BLOCKS[block.kind],
            block.span,
            block.group if block.kind in _OF_TABLES else block.level,
            str(block.row) if block.row else "",
        )
        for block in blocks
        if block.kind in _BLOCKS
    ]
    return sorted([*found, *styles], key=_order)


def layout_within(document: Document, span: Span) -> tuple[Style, ...]:
    """Return how the text at `span` of a document is set, as `Layouts.of` does of a stored one.

    A style of words that goes on from the block before is left out.
    """
    blocks, styles = document.blocks, document.styles
    first = max(0, bisect_right(blocks, span.start, key=_start) - 1)
    last = bisect_left(blocks, span.end, key=_start)
    start = blocks[first].span.start if blocks else span.start
    words = slice(bisect_left(styles, start, key=_start), bisect_left(styles, span.end, key=_start))
    return clip_styles(layout_of(blocks[first:last], styles[words]), span)


def _start(placed: Block | Style) -> int:
    return placed.span.start


def _order(style: Style) -> tuple[int, int, int]:
    return style.span.start, -style.span.end, _NUMBERS[style.kind]


def _stretches(span: Span) -> range:
    return range(span.start // _STRETCH, max(span.start, span.end - 1) // _STRETCH + 1)


def stored_styles(styles: Iterable[Style]) -> list[list[object]]:
    """Return styles as values for JSON."""
    return [_stored(style) for style in styles]


def styles_of(stored: Iterable[Sequence[Any]]) -> tuple[Style, ...]:
    """Return the styles of what `stored_styles` returned."""
    return tuple(Style(_KINDS[kind], Span(start, end), *rest) for kind, start, end, *rest in stored)


def _stored(style: Style) -> list[object]:
    stored: list[object] = [_NUMBERS[style.kind], style.span.start, style.span.end]
    if style.level or style.text:
        stored.append(style.level)
    return [*stored, style.text] if style.text else stored


def _read(rows: Iterable[str]) -> Iterator[Style]:
    """Yield the styles of stretches that follow each other, each once."""
    before: frozenset[Style] = frozenset()
    for row in rows:
        found = styles_of(json.loads(row))
        yield from (style for style in found if style not in before)
        before = frozenset(found)
