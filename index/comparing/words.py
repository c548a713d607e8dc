"""Words that differ between two versions of a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.comparing.alignment import aligned
from index.document import Span

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|\S")
"""A number, a word, or a sign that stands alone."""


def differing_words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the spans of each text that the other one does not have at that place.

    What is left of both is the same words in the same order. The other way round, the same spans
    are found.
    """
    words, others = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    pairs = aligned([word[0] for word in words], [word[0] for word in others])
    return (
        tuple(_runs(words, {at for at, _ in pairs})),
        tuple(_runs(others, {there for _, there in pairs})),
    )


def _runs(words: Sequence[re.Match[str]], kept: set[int]) -> Iterator[Span]:
    """Yield the runs of words that are not kept, each as one span."""
    start: int | None = None
    for number, word in enumerate(words):
        if number in kept:
            if start is not None:
                yield Span(start, words[number - 1].end())
            start = None
        elif start is None:
            start = word.start()
    if start is not None:
        yield Span(start, words[-1].end())
