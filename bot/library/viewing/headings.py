"""Headings of a document, as heading paths show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.document import BlockKind, Document, Span
from index.parsing.text.heading_words import heading_words


@dataclass(frozen=True, slots=True)
class DocumentHeading:
    """`text` is without the format's marks (`##`, an underline); `span` is with them."""

    text: str
    level: int
    span: Span
    page: int | None


def headings_of(document: Document) -> Iterator[DocumentHeading]:
    """Yield the headings in reading order."""
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            yield DocumentHeading(
                text=heading_words(block.span.of(document.text)),
                level=block.level,
                span=block.span,
                page=document.page_of(block.span.start),
            )
