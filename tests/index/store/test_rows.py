"""Documents as rows of the catalog."""

from __future__ import annotations

from index.document import Block, BlockKind, Document, Span, TextOrigin
from index.store.rows import document_of, document_row


def test_blocks_come_back_with_their_levels_and_the_numbers_of_rows() -> None:
    blocks = (
        Block(BlockKind.HEADING, Span(0, 1), level=2),
        Block(BlockKind.ITEM, Span(2, 3), level=1, group=1),
        Block(BlockKind.ROW, Span(4, 5), group=2, row=12),
        Block(BlockKind.ROW, Span(6, 7), group=2, origin=TextOrigin.HIDDEN, row=13),
        Block(BlockKind.ROW, Span(8, 9), group=3),
    )
    document = Document("a.xlsx", "A", "a b c d e", blocks)
    assert document_of(document_row(document)) == document
