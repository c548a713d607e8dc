"""Quotes from a document, and the line with their source."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import pairwise

from bot import messages
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.limits import BLOCK, split, units
from bot.discord.rendering.typesetting import covers_all, typeset
from bot.localization import LazyText, _
from bot.wording.places import place_in
from bot.wording.standings import marks
from index.answering.answer import Standing
from index.document import Span, Style, TextOrigin, clip_styles, shift_styles

_CONTINUED = LazyText("{number} (continued)")

_TITLE, _PATH, _MARK, _FACT = 300, 300, 80, 100
"""Most units in a source line; the view of the document shows the whole."""
_DOT = " · "
_SENTENCE = re.compile(r"[.!?…][\"'»”’)\]]*(?=\s)|[。！？]|\n[^\S\n]*(?=\n)")
_WORD = re.compile(r"\s+")
_LONG = 400
"""Characters of a sentence that would leave too little, if no part of it were shown."""
_PIECE = BLOCK - 800
"""Units of quote in one block, with room left for marks and the source line."""
_LEAST = 8
"""Characters that are set together, however much markup they take."""


def number_mark(number: int) -> str:
    """Return `[n]`, escaped, since what follows may look like the rest of a link."""
    return f"\\[{number}]"


def quoted(
    text: str,
    *,
    styles: Sequence[Style] = (),
    emphasis: Sequence[Span] = (),
    number: int | None = None,
) -> Iterator[str]:
    """Yield `text` as quotes of at most BLOCK units.

    `styles` say how it is set; the spans of `emphasis` are in bold, unless they cover all of it.
    All are offsets in `text`.
    """
    emphasis = () if emphasis and covers_all(text, styles, emphasis) else emphasis
    for at, piece in enumerate(_pieces(text, styles, emphasis)):
        block = "\n".join(f"> {line}" for line in piece.split("\n"))
        if at:
            mark = number_mark(number) if number is not None else ""
            block = f"{_CONTINUED.format(number=mark).strip()}\n{block}"
        yield block


def source_line(
    *,
    title: str,
    heading: Sequence[str],
    page: int | None,
    document: str,
    number: int | None = None,
    origin: TextOrigin = TextOrigin.BODY,
    standing: Standing | None = None,
    today: date | None = None,
    styles: Sequence[Style] = (),
    clause: str = "",
) -> str:
    """Return `[2] **Title** › Heading, page 3, speaker notes · 19 Jan 2026, ten months old`.

    The name of the document stands for a missing title. Of `standing` are the date and all after.
    `styles` say in which rows of a sheet it stands, `clause` in which numbered paragraph.
    """
    place = place_in(document, heading, page, styles, clause)
    path = escape_line(" › ".join(place.heading), _PATH)
    shown = bold(title if title.strip() else document, _TITLE)
    facts = [escape_line(fact, _FACT) for fact in place.facts]
    source = ", ".join([f"{shown} › {path}" if path else shown, *facts])
    if of_file := messages.origin(origin):
        source = _("{place}, {origin}").format(place=source, origin=of_file)
    if standing:
        source = _DOT.join([source, *marks(standing, today, partial(escape_line, most=_MARK))])
    return source if number is None else f"{number_mark(number)} {source}"


def _pieces(text: str, styles: Sequence[Style], emphasis: Sequence[Span]) -> Iterator[str]:
    """Yield a text as it is set, in pieces that fit, none with half a markup."""
    start, room, is_empty = 0, _PIECE, True
    while start < len(text):
        piece = split(text[start : start + room + 1], room)[0]
        span = Span(start, start + len(piece))
        inner = [_within(one, span) for one in emphasis if one.overlaps(span)]
        markup = typeset(piece, shift_styles(clip_styles(styles, span), -start), inner)
        length = units(markup) + 2 * (markup.count("\n") + 1)
        if length > _PIECE and room > _LEAST:
            room = max(_LEAST, min(room - 1, room * _PIECE * 19 // (length * 20)))
            continue
        start = span.end
        if markup:
            is_empty = False
            yield markup
    if is_empty:
        yield typeset(text)


def starting(text: str, styles: Sequence[Style], most: int) -> str:
    """Return as much of the start of a text, as it is set, as fits into `most` units.

    It ends with a sentence where one does; "…" stands for the rest.
    """
    whole = typeset(text, styles)
    if units(whole) <= most:
        return whole
    ends = _ends_of_sentences(text)
    fitting = bisect_right(ends, most - 2, key=lambda end: _units(text, styles, Span(0, end)))
    span = Span(0, ends[fitting - 1]) if fitting else Span(0, 0)
    return f"{_set(text, styles, span)} …" if len(span) else ""


def ending(text: str, styles: Sequence[Style], most: int) -> str:
    """Return as much of the end of a text, as it is set, as fits into `most` units."""
    whole = typeset(text, styles)
    if units(whole) <= most:
        return whole
    starts, last = _ends_of_sentences(text), len(text)
    first = bisect_left(
        starts, 2 - most, key=lambda start: -_units(text, styles, Span(start, last))
    )
    span = Span(starts[first], last) if first < len(starts) else Span(last, last)
    return f"… {_set(text, styles, span)}" if text[span.start :].strip() else ""


def _ends_of_sentences(text: str) -> list[int]:
    """Return where sentences and paragraphs end; where words do, if they are too far apart."""
    found = [end.end() for end in _SENTENCE.finditer(text)]
    longest = max((two - one for one, two in pairwise([0, *found, len(text)])), default=0)
    return found if longest < _LONG else [end.end() for end in _WORD.finditer(text)]


def _set(text: str, styles: Sequence[Style], span: Span) -> str:
    return typeset(span.of(text), shift_styles(clip_styles(styles, span), -span.start))


def _units(text: str, styles: Sequence[Style], span: Span) -> int:
    return units(_set(text, styles, span))


def _within(emphasis: Span, span: Span) -> Span:
    """Return the part of an emphasis within a piece, as offsets in it."""
    start, end = max(emphasis.start, span.start), min(emphasis.end, span.end)
    return Span(start - span.start, end - span.start)
