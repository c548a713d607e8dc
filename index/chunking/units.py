"""Units of a document: its sentences, list items, rows and lines, before any is cut to fit."""

from __future__ import annotations

from collections.abc import Iterator

from index.chunking.passage import Unit
from index.chunking.sentences import line_spans, sentence_spans
from index.document import Block, BlockKind, Document, Span


def units_of(document: Document) -> list[Unit]:
    """Return the units of every block, in reading order.

    Together they cover every character that is not white space.
    """
    return [
        Unit(block.kind, span, number, block.level, block.group, block.origin)
        for number, block in enumerate(document.blocks)
        for span in _spans(document.text, block)
    ]


def _spans(text: str, block: Block) -> Iterator[Span]:
    match block.kind:
        case BlockKind.PARAGRAPH:
            yield from sentence_spans(text, block.span)
        case BlockKind.CODE | BlockKind.FRONT_MATTER:
            yield from line_spans(text, block.span)
        case _:
            yield block.span
