"""Splits text into sentences as spans, so that quotes are the document's own characters."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence

from sentencex import get_sentence_boundaries

from index.document import Span

__all__ = ["sentence_spans", "split_evenly"]

_SPACE = re.compile(r"\s")


def sentence_spans(text: str, span: Span) -> Iterator[Span]:
    """Yield the sentences of the text in `span`, in order, without white space at their ends.

    Together they cover every character that is not white space. A sentence without a terminator,
    such as a line of verse, ends where `span` does.
    """
    part = span.of(text)
    position = 0
    for boundary in get_sentence_boundaries("en", part):
        end = boundary["end_index"]
        yield from _trimmed(text, Span(span.start + position, span.start + end))
        position = end
    yield from _trimmed(text, Span(span.start + position, span.end))


def split_evenly(text: str, span: Span, parts: int) -> Iterator[Span]:
    """Yield about so many parts of similar length, split at sentences, else white space, else
    anywhere.

    There are two parts at least, unless all but one hold nothing but white space.
    """
    places = [sentence.start for sentence in sentence_spans(text, span)][1:]
    if not places:
        spaces = _SPACE.finditer(text, span.start + 1, span.end)
        places = [space.start() for space in spaces]
    done = span.start
    for number in range(1, parts):
        wanted = span.start + number * len(span) // parts
        cut = _nearest(places, wanted) if places else wanted
        if cut > done:
            yield from _trimmed(text, Span(done, cut))
            done = cut
    yield from _trimmed(text, Span(done, span.end))


def _nearest(places: Sequence[int], wanted: int) -> int:
    at = bisect(places, wanted)
    return min(places[max(0, at - 1) : at + 1], key=lambda place: abs(place - wanted))


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    part = span.of(text)
    stripped = part.strip()
    if stripped:
        start = span.start + part.index(stripped)
        yield Span(start, start + len(stripped))
