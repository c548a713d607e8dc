"""Locating: finds where an excerpt stands now, after a reindex or a rollback."""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Indel

from bot.library.viewing.views import DocumentViews
from index.answering.answer import Excerpt
from index.document import BlockKind, Span
from index.text import WORD

_ALIKE = 0.5
"""The share of equal words, in their order, from which two texts say nearly the same."""
_AREA = 500_000
"""Characters on either side of where a quote stood that are searched for nearly the same."""


class ExcerptStatus(enum.StrEnum):
    SAME = "same"
    """The quote stands where it stood."""
    MOVED = "moved"
    """The quote stands elsewhere in the document."""
    CHANGED = "changed"
    """The document no longer has these words."""
    GONE = "gone"
    """The document is gone."""


@dataclass(frozen=True, slots=True)
class Located:
    """`span` is where the quote stands now; for CHANGED, the most similar text, if there is any."""

    status: ExcerptStatus
    span: Span | None


def locate(excerpt: Excerpt, book: DocumentViews | None) -> Located:
    """Compare an excerpt with its document as it is now; None stands for one that is gone."""
    if book is None:
        return Located(ExcerptStatus.GONE, None)
    text, quote, was = book.document.text, excerpt.quote, excerpt.span
    if was.of(text) == quote:
        return Located(ExcerptStatus.SAME, was)
    found = (_last_before(text, quote, was.start + len(quote)), text.find(quote, was.start))
    starts = [start for start in found if start >= 0]
    if quote and starts:
        start = min(starts, key=lambda start: abs(start - was.start))
        return Located(ExcerptStatus.MOVED, Span(start, start + len(quote)))
    like = _most_like(quote, text, was.start)
    if like:
        return Located(ExcerptStatus.CHANGED, book.sentences(like))
    return Located(ExcerptStatus.CHANGED, _below_heading(excerpt.heading, book))


def _last_before(text: str, quote: str, end: int) -> int:
    """Return where the last `quote` that ends by `end` begins, -1 without one.

    `rfind` may take as many steps as the product of both lengths; `find` does not.
    """
    end = min(end, len(text))
    found = text[:end][::-1].find(quote[::-1])
    return -1 if found < 0 else end - found - len(quote)


def _most_like(quote: str, text: str, near: int) -> Span | None:
    """Return the text of as many words that shares most with the quote; rare words count more."""
    wanted = [word.casefold() for word in WORD.findall(quote)]
    found = list(WORD.finditer(text, max(0, near - _AREA), near + len(quote) + _AREA))
    words = [match.group().casefold() for match in found]
    if not wanted or not words:
        return None
    size, telling = min(len(wanted), len(words)), set(wanted)
    times = Counter(word for word in words if word in telling)
    weights = [1 / times[word] if word in telling else 0.0 for word in words]
    sums = [0.0, *accumulate(weights)]
    first = max(
        range(len(words) - size + 1),
        key=lambda at: (sums[at + size] - sums[at], -abs(found[at].start() - near)),
    )
    window = words[first : first + size]
    if Indel.normalized_similarity(wanted, window) < _ALIKE:
        return None
    # A word of the quote may stand before or after the text that corresponds to it.
    same = [op for op in Indel.opcodes(wanted, window) if op.tag == "equal"]
    return Span(
        found[first + same[0].dest_start].start(), found[first + same[-1].dest_end - 1].end()
    )


def _below_heading(path: tuple[str, ...], book: DocumentViews) -> Span | None:
    """Return the first block below the excerpt's heading, or else the heading."""
    heading = book.outline.find(path)
    if heading is None:
        return None
    below = (b for b in book.document.blocks if b.span.start >= heading.span.end)
    first = next(below, None)
    return heading.span if first is None or first.kind is BlockKind.HEADING else first.span
