"""Sentence boundaries as spans, so that what is quoted is the document's own characters."""

from __future__ import annotations

from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from index.document import Span

__all__ = ["sentence_spans", "split_in_two"]


def sentence_spans(text: str, allowed: Span) -> Iterator[Span]:
    """The sentences of `text[within]`, white space at their ends left out, in order.

    Together they cover every character that is not white space. A sentence without a terminator,
    such as a line of verse, ends where `allowed` does.
    """
    part = allowed.of(text)
    position = 0
    for boundary in get_sentence_boundaries("en", part):
        end = boundary["end_index"]
        yield from _trimmed(text, Span(allowed.start + position, allowed.start + end))
        position = end
    yield from _trimmed(text, Span(allowed.start + position, allowed.end))


def split_in_two(text: str, span: Span) -> Iterator[Span]:
    """Two parts of nearly the same length: cut at a sentence, else white space, else anywhere."""
    sentences = list(sentence_spans(text, span))
    middle = (span.start + span.end) // 2
    if len(sentences) > 1:
        cut = min((s.start for s in sentences[1:]), key=lambda start: abs(start - middle))
    else:
        spaces = [at for at in range(span.start + 1, span.end) if text[at].isspace()]
        cut = min(spaces, key=lambda at: abs(at - middle), default=middle)
    yield from _trimmed(text, Span(span.start, cut))
    yield from _trimmed(text, Span(cut, span.end))


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    part = span.of(text)
    stripped = part.strip()
    if stripped:
        start = span.start + part.index(stripped)
        yield Span(start, start + len(stripped))
