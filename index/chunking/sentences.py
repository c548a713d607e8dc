"""Splits text into sentences as spans, so that quotes are the document's own characters."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence

from sentencex import get_sentence_boundaries

from index.document import Span

_SPACE = re.compile(r"\s")
_DAY = re.compile(r"(?<!\d)\d{1,2}\.\s?\Z")
_LONGEST_DAY = 5
_SHORT = re.compile(
    r"(?<!\w)(?:kl|ca|nr|tlf|tel|abs|kap|ziff|pkt|vedl|inkl|maks?|max|mind|evtl)\.\s?\Z",
    re.IGNORECASE,
)
"""Abbreviations of German and the Nordic languages that stand before figures."""
_LONGEST_SHORT = 7
_FIGURE = re.compile(r"\s?\d")
_MONTH = re.compile(
    r"\s?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|Desember|December|Jänner|Marts|Mars)\b",
    re.IGNORECASE,
)
"""The months that follow a day with a full stop, in German and the Nordic languages."""
_AFTER_UNIT = re.compile(r"\d\s?(?:[^\W\d_]{1,4}/)?[ghlmst]\.(?=\s+[A-ZÄÖÜÆØÅ])")
"""The end of a sentence after a unit of one letter, which the library takes for an initial."""
_STRETCH = 4_000
"""Characters that are looked at together: the library's time grows with their square where
quotation marks stay open, and in Chinese and Japanese."""
_AHEAD = 100
"""Characters behind the end of a sentence that decide whether it is one."""


def sentence_spans(text: str, span: Span) -> Iterator[Span]:
    """Yield the sentences of the text in `span`, in order, without white space at their ends.

    Together they cover every character that is not white space. A sentence without a terminator,
    such as a line of verse, ends where `span` does.
    """
    start = span.start
    for end in _ends(span.of(text)):
        yield from trimmed(text, Span(start, span.start + end))
        start = span.start + end
    yield from trimmed(text, Span(start, span.end))


def line_spans(text: str, span: Span) -> Iterator[Span]:
    """Yield the lines of the text in `span`, without white space at their ends; no blank one."""
    start = span.start
    for line in span.of(text).splitlines(keepends=True):
        yield from trimmed(text, Span(start, start + len(line)))
        start += len(line)


def _ends(text: str) -> Iterator[int]:
    """Yield where sentences end, in time linear in the text."""
    start = 0
    while start < len(text):
        stretch = text[start : start + _STRETCH]
        is_last = start + len(stretch) == len(text)
        most = len(stretch) if is_last else _STRETCH - _AHEAD
        ends = {boundary["end_index"] for boundary in get_sentence_boundaries("en", stretch)}
        ends |= {found.end() for found in _AFTER_UNIT.finditer(stretch)}
        whole = [end for end in sorted(ends) if 0 < end <= most and not _goes_on(stretch, end)]
        yield from (start + end for end in whole)
        # A sentence that is longer goes on in the next stretch.
        start += most if is_last or not whole else whole[-1]


def _goes_on(text: str, end: int) -> bool:
    """Return whether a sentence would end within a date, as in "ab dem 1. November", or before the
    figure of an abbreviation, as in "kl. 22.00"."""
    short = _SHORT.search(text[max(0, end - _LONGEST_SHORT) : end])
    if short is not None and _FIGURE.match(text, end):
        return True
    day = _DAY.search(text[max(0, end - _LONGEST_DAY) : end])
    return day is not None and _MONTH.match(text, end) is not None


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
            yield from trimmed(text, Span(done, cut))
            done = cut
    yield from trimmed(text, Span(done, span.end))


def _nearest(places: Sequence[int], wanted: int) -> int:
    at = bisect(places, wanted)
    return min(places[max(0, at - 1) : at + 1], key=lambda place: abs(place - wanted))


def trimmed(text: str, span: Span) -> Iterator[Span]:
    """Yield a span without white space at its ends; nothing where it has nothing else."""
    part = span.of(text)
    stripped = part.strip()
    if stripped:
        start = span.start + part.index(stripped)
        yield Span(start, start + len(stripped))
