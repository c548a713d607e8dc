"""How excerpts are set where people see their documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from index.answering.answer import Excerpt, Response
from index.answering.excerpts.clauses import clauses_in
from index.document import Span
from index.store.catalog.catalog import Catalog


def with_styles(response: Response, catalog: Catalog) -> Response:
    """Return the response with how each of its excerpts is set."""
    return replace(
        response,
        excerpts=_set(response.excerpts, catalog),
        closest=_set(response.closest, catalog),
        documents=tuple(
            replace(each, quote=style_excerpt(each.quote, catalog)) if each.quote else each
            for each in response.documents
        ),
        differences=tuple(
            replace(each, excerpts=_set(each.excerpts, catalog)) for each in response.differences
        ),
    )


def _set(excerpts: Iterable[Excerpt], catalog: Catalog) -> tuple[Excerpt, ...]:
    return tuple(style_excerpt(excerpt, catalog) for excerpt in excerpts)


def style_excerpt(excerpt: Excerpt, catalog: Catalog) -> Excerpt:
    """Return the excerpt with how its text, and the header above it, is set, and its clause."""
    of = catalog.layouts.of
    if excerpt.header:
        styles = (*of(excerpt.document, excerpt.header.span), *of(excerpt.document, excerpt.span))
        return replace(excerpt, styles=styles)
    passage = catalog.passage_before(excerpt.document, excerpt.span.start)
    answering = excerpt.emphasis or (excerpt.span,)
    place = Span(min(answering).start, max(span.end for span in answering))
    clause = clauses_in(passage, place) if passage else ""
    return replace(excerpt, styles=of(excerpt.document, excerpt.span), clause=clause)
