"""Quotes spans of a document that were chosen without the reader, such as whole sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.answering.answer import Excerpt, Quote
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.parsing.text.heading_words import heading_words
from index.store.catalog.catalog import Catalog
from index.tables.table import TableLine, header_line


def quoted(
    document: str, spans: Iterable[Span], catalog: Catalog, score: float = 0.0, first: int = 1
) -> tuple[Excerpt, ...]:
    """Return an excerpt for each span of a document, numbered from `first`."""
    found = (excerpt_at(document, span, catalog) for span in spans)
    excerpts = (excerpt for excerpt in found if excerpt is not None)
    return tuple(
        replace(excerpt, number=number, score=score)
        for number, excerpt in enumerate(excerpts, start=first)
    )


def excerpt_at(document: str, span: Span, catalog: Catalog) -> Excerpt | None:
    """Return a span of a document as an excerpt; None where no passage holds its beginning."""
    passage = catalog.passage_at(document, span)
    return excerpt_of(span, passage, catalog) if passage else None


def excerpt_of(
    span: Span, passage: Passage, catalog: Catalog, emphasis: Sequence[Span] = ()
) -> Excerpt:
    """Return a span that begins in a passage as an excerpt, a row with its header."""
    unit = next((unit for unit in passage.units if unit.span == span), None)
    return Excerpt(
        number=1,
        quote=catalog.quote(passage.document, span) or "",
        document=passage.document,
        title=passage.title,
        heading=heading_above(passage, span.start),
        page=catalog.page_at(passage.document, span.start),
        span=span,
        passage=passage.id,
        score=0.0,
        emphasis=tuple(emphasis) if 2 * sum(map(len, emphasis)) < len(span) else (),
        header=header_above(unit, passage, catalog),
        origin=passage.origin_in(span),
    )


def respanned(
    excerpt: Excerpt, span: Span, catalog: Catalog, emphasis: Sequence[Span] = ()
) -> Excerpt:
    """Return the excerpt of another span of its document."""
    return replace(
        excerpt,
        quote=catalog.quote(excerpt.document, span) or "",
        page=catalog.page_at(excerpt.document, span.start),
        span=span,
        emphasis=tuple(emphasis),
    )


def heading_above(passage: Passage, offset: int) -> tuple[str, ...]:
    """Return the path of headings above a place in a passage, without those from there on."""
    later = {
        heading_words(passage.text_of(unit.span))
        for unit in passage.units
        if unit.kind is BlockKind.HEADING and unit.span.start >= offset
    }
    return tuple(heading for heading in passage.heading if heading not in later)


def header_above(unit: Unit | None, passage: Passage, catalog: Catalog) -> Quote | None:
    """Return the header of the table that a unit is a row of; None for any other unit.

    A header too wide to be repeated stands in another passage.
    """
    if unit is None or unit.kind is not BlockKind.ROW:
        return None
    header = passage.lead_of(unit)
    if header is not None and header.kind is BlockKind.HEADER:
        return _header_at(header.span, passage, catalog)
    span = catalog.header_of_group(passage.document, unit.group)
    return _header_at(span, passage, catalog) if span else None


def _header_at(span: Span, passage: Passage, catalog: Catalog) -> Quote:
    line = header_line(TableLine(catalog.quote(passage.document, span) or "", span))
    return Quote(line.text, line.span)
