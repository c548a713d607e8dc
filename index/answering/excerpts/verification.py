"""Verifies that excerpts are, word for word, what is stored."""

from __future__ import annotations

from collections.abc import Iterable

from index.answering.answer import Excerpt
from index.errors import ExcerptMismatch
from index.store.catalog.catalog import Catalog


def verify(excerpts: Iterable[Excerpt], catalog: Catalog) -> None:
    """Raise ExcerptMismatch unless every excerpt is, word for word, what is stored."""
    for excerpt in excerpts:
        if catalog.quote(excerpt.document, excerpt.span) != excerpt.quote:
            raise ExcerptMismatch(
                f"An excerpt of {excerpt.document} at {excerpt.span.start} is not what the document"
                " says, so it is not shown. This is a defect of the program: please report it."
            )
        header = excerpt.header
        if header and catalog.quote(excerpt.document, header.span) != header.text:
            raise ExcerptMismatch(
                f"A header in {excerpt.document} at {header.span.start} is not what the document"
                " says, so it is not shown. This is a defect of the program: please report it."
            )
