"""Parts of a document that no view divides, and how many of them fit one view."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from typing import NamedTuple

from index.chunking.sentences import line_spans, sentence_spans, trimmed
from index.document import Block, BlockKind, Document, Span

LONGEST_VIEW = 1_400
"""Characters of one view, without white space at its ends; it fits a message when escaped."""
_STRETCH = 10_000
"""Characters to divide into sentences at once, or twice as many: a click must not take long."""
_RUN = 200
"""Characters of the lines that stay together where there are many: each may be one letter."""
_MANY = 10_000
"""Parts that are too many to find out which length of view divides them most evenly."""
_SPACE = re.compile(r"\s")
LINE_KINDS = frozenset({BlockKind.CODE, BlockKind.FRONT_MATTER})


def parts_of(document: Document, block: Block) -> Iterator[Span]:
    """Yield the block's sentences or lines; of very many lines a few at once."""
    if block.kind not in LINE_KINDS or len(block.span) <= _STRETCH:
        yield from fine_parts(document, block, block.span)
        return
    text = document.text
    for stretch in _stretches(text, block.span):
        start = stretch.start
        while start < stretch.end:
            line_end = text.find("\n", start + _RUN, stretch.end)
            end = line_end + 1 if line_end >= 0 else stretch.end
            yield from trimmed(text, Span(start, end))
            start = end


def fine_parts(document: Document, block: Block, near: Span) -> Iterator[Span]:
    """Yield the block's sentences, or lines of code and front matter, that are near `near`."""
    for stretch in _stretches(document.text, block.span):
        if stretch.overlaps(near):
            spans = line_spans if block.kind in LINE_KINDS else sentence_spans
            yield from spans(document.text, stretch)


def _stretches(text: str, span: Span) -> Iterator[Span]:
    """Yield the span in pieces that are quickly divided into sentences."""
    start = span.start
    while span.end - start > 2 * _STRETCH:
        space = _SPACE.search(text, start + _STRETCH, start + 2 * _STRETCH)
        end = space.end() if space else start + 2 * _STRETCH
        yield Span(start, end)
        start = end
    yield Span(start, span.end)


class Part(NamedTuple):
    """A part of a document that is not divided, and the characters that it takes besides its
    own."""

    span: Span
    more: int = 0


def packed_evenly(parts: list[Part]) -> list[list[Part]]:
    """Return the parts in as few views as they need, of about equal length."""
    if len(parts) > _MANY:
        return _packed(parts, LONGEST_VIEW)
    fewest = len(_packed(parts, LONGEST_VIEW))
    length = bisect.bisect_left(
        range(LONGEST_VIEW), True, key=lambda length: len(_packed(parts, length)) <= fewest
    )
    return _packed(parts, length)


def _packed(parts: list[Part], length: int) -> list[list[Part]]:
    views: list[list[Part]] = []
    more = 0
    for part in parts:
        if views and part.span.end - views[-1][0].span.start + more + part.more <= length:
            views[-1].append(part)
            more += part.more
        else:
            views.append([part])
            more = part.more
    return views
