"""Merges the excerpts of several questions into one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.answering.answer import Excerpt
from index.answering.excerpts.quoting import respanned
from index.document import Span
from index.store.catalog.catalog import Catalog


def merge(groups: Iterable[Sequence[Excerpt]], catalog: Catalog) -> tuple[Excerpt, ...]:
    """Return the excerpts of several questions as those of one; overlapping ones become one."""
    kept: list[Excerpt] = []
    for excerpt in (excerpt for excerpts in groups for excerpt in excerpts):
        beside = [other for other in kept if other.document == excerpt.document]
        overlapping = [other for other in beside if other.span.overlaps(excerpt.span)]
        if not overlapping:
            kept.append(excerpt)
            continue
        place = kept.index(overlapping[0])
        kept = [other for other in kept if other not in overlapping]
        kept.insert(place, _widened([*overlapping, excerpt], catalog))
    return tuple(replace(excerpt, number=number) for number, excerpt in enumerate(kept, start=1))


def _widened(excerpts: Sequence[Excerpt], catalog: Catalog) -> Excerpt:
    """Return the first excerpt, widened to hold the others."""
    first = excerpts[0]
    span = Span(min(e.span.start for e in excerpts), max(e.span.end for e in excerpts))
    emphasis = sorted({spot for excerpt in excerpts for spot in excerpt.emphasis})
    return respanned(first, span, catalog, emphasis)
