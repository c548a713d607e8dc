"""Splits text into sentences as spans, so that quotes are the document's own characters."""

from __future__ import annotations

from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from index.document import Span

__all__ = ["sentence_spans", "split_in_two"]


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


def split_in_two(text: str, span: Span) -> Iterator[Span]:
    """Yield two parts of similar length, split at a sentence, else white space, else anywhere."""
    sentences = list(sentence_spans(text, span))
    middle = (span.start + span.end) // 2
    if len(sentences) > 1:
        places = [sentence.start for sentence in sentences[1:]]
    else:
        places = [at for at in range(span.start + 1, span.end) if text[at].isspace()]
    split = min(places, key=lambda at: abs(at - middle), default=middle)
    yield from _trimmed(text, Span(span.start, split))
    yield from _trimmed(text, Span(split, span.end))


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    part = span.of(text)
    stripped = part.strip()
    if stripped:
        start = span.start + part.index(stripped)
        yield Span(start, start + len(stripped))
