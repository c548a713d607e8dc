"""Quotes a span of a document, found without the reader."""

from __future__ import annotations

from collections.abc import Sequence

from index.answering.answer import Excerpt, Quote
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.store.catalog import Catalog

__all__ = ["excerpt_at", "excerpt_of"]


def excerpt_at(document: str, span: Span, catalog: Catalog) -> Excerpt | None:
    """Return a span of a document as an excerpt; None where no passage holds it."""
    passage = catalog.passage_at(document, span)
    return excerpt_of(span, passage, catalog) if passage else None


def excerpt_of(
    span: Span, passage: Passage, catalog: Catalog, emphasis: Sequence[Span] = ()
) -> Excerpt:
    """Return a span of a passage as an excerpt, a row with its header."""
    return Excerpt(
        number=1,
        quote=catalog.quote(passage.document, span) or "",
        document=passage.document,
        title=passage.title,
        heading=passage.heading,
        page=catalog.page_at(passage.document, span.start),
        span=span,
        passage=passage.id,
        score=0.0,
        emphasis=tuple(emphasis) if 2 * sum(map(len, emphasis)) < len(span) else (),
        header=_header(span, passage, catalog),
    )


def _header(span: Span, passage: Passage, catalog: Catalog) -> Quote | None:
    row = next((unit for unit in passage.units if unit.span == span), None)
    lead: Unit | None = passage.lead_of(row) if row and row.kind is BlockKind.ROW else None
    if lead is None or lead.kind is not BlockKind.HEADER:
        return None
    return Quote(catalog.quote(passage.document, lead.span) or "", lead.span)
