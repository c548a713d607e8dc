"""How excerpts are set where people see their documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from index.answering.answer import Excerpt, Response
from index.store.catalog import Catalog

__all__ = ["as_set", "excerpt_set"]


def as_set(response: Response, catalog: Catalog) -> Response:
    """Return the response with how each of its excerpts is set."""
    return replace(
        response,
        excerpts=_set(response.excerpts, catalog),
        closest=_set(response.closest, catalog),
        documents=tuple(
            replace(each, quote=excerpt_set(each.quote, catalog)) if each.quote else each
            for each in response.documents
        ),
        differences=tuple(
            replace(each, excerpts=_set(each.excerpts, catalog)) for each in response.differences
        ),
    )


def _set(excerpts: Iterable[Excerpt], catalog: Catalog) -> tuple[Excerpt, ...]:
    return tuple(excerpt_set(excerpt, catalog) for excerpt in excerpts)


def excerpt_set(excerpt: Excerpt, catalog: Catalog) -> Excerpt:
    """Return the excerpt with how its text, and the header above it, is set."""
    of = catalog.layouts.of
    header = of(excerpt.document, excerpt.header.span) if excerpt.header else ()
    return replace(excerpt, styles=(*header, *of(excerpt.document, excerpt.span)))
