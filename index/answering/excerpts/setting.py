"""How excerpts are set where people see their documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from index.answering.answer import Excerpt, Response
from index.store.catalog import Catalog

__all__ = ["as_set"]


def as_set(response: Response, catalog: Catalog) -> Response:
    """Return the response with how each of its excerpts is set."""
    return replace(
        response,
        excerpts=_set(response.excerpts, catalog),
        closest=_set(response.closest, catalog),
        documents=tuple(
            replace(each, quote=_excerpt(each.quote, catalog)) if each.quote else each
            for each in response.documents
        ),
        differences=tuple(
            replace(each, excerpts=_set(each.excerpts, catalog)) for each in response.differences
        ),
    )


def _set(excerpts: Iterable[Excerpt], catalog: Catalog) -> tuple[Excerpt, ...]:
    return tuple(_excerpt(excerpt, catalog) for excerpt in excerpts)


def _excerpt(excerpt: Excerpt, catalog: Catalog) -> Excerpt:
    of = catalog.layouts.of
    header = of(excerpt.document, excerpt.header.span) if excerpt.header else ()
    return replace(excerpt, styles=(*header, *of(excerpt.document, excerpt.span)))
