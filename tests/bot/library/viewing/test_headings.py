"""Headings without their format's marks."""

from __future__ import annotations

from bot.library.viewing.headings import DocumentHeading, headings_of
from index.document import Block, BlockKind, Document, Span
from testing.samples import DOCUMENT


def test_headings_have_their_place() -> None:
    assert list(headings_of(DOCUMENT)) == [
        DocumentHeading("Roles", 1, Span(0, 5), 1),
        DocumentHeading("Terms", 2, Span(61, 66), 2),
    ]


def test_marks_are_left_out() -> None:
    text = "## Two  words ##\n\nUnder-\n====\n"
    blocks = (
        Block(BlockKind.HEADING, Span(0, 16), level=2),
        Block(BlockKind.HEADING, Span(18, 29), level=1),
    )
    document = Document("a.md", "a", text, blocks)
    assert [heading.text for heading in headings_of(document)] == ["Two words", "Under-"]
