"""Quotes from a document, and the line with their source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot import messages
from bot.discord.rendering.escape import bold, escape_line, quote, quote_costs
from bot.discord.rendering.limits import DESCRIPTION_AIM, split
from bot.localization import _
from bot.standings import marks
from index.answering.answer import Standing
from index.document import Span, TextOrigin

__all__ = ["number_mark", "quoted", "source_line"]

_CONTINUED = _("{number} (continued)")

_TITLE, _PATH, _MARK = 300, 300, 80
"""Most units in a source line; the view of the document shows the whole."""
_DOT = " · "
_PIECE = DESCRIPTION_AIM - 800
"""Units of quote in one block, with room left for marks and the source line."""


def number_mark(number: int) -> str:
    """Return `[n]`, escaped, since what follows may look like the rest of a link."""
    return f"\\[{number}]"


def quoted(
    text: str, *, emphasis: Sequence[Span] = (), number: int | None = None, source: str = ""
) -> Iterator[str]:
    """Yield `text` as quotes of at most DESCRIPTION_AIM units, with `source` below the last.

    The spans of `emphasis` are offsets in `text`. They are left out if they cover all of it.
    """
    emphasis = [] if _covers(text, emphasis) else list(emphasis)
    pieces = split(text, _PIECE, quote_costs(text, emphasis))
    start = 0
    for piece in pieces:
        block = quote(piece.strip("\r\n"), _within(emphasis, start, piece))
        if start:
            mark = number_mark(number) if number is not None else ""
            block = f"{_CONTINUED.format(number=mark).strip()}\n{block}"
        start += len(piece)
        # The empty line ends the quote; some renderers would include the source in it.
        yield f"{block}\n\n{source}" if source and start == len(text) else block


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
) -> str:
    """Return `[2] **Title** › Heading, page 3, speaker notes · 19 Jan 2026, ten months old`.

    The name of the document stands for a missing title. Of `standing` are the date and all after.
    """
    path = escape_line(" › ".join(part.strip() for part in heading), _PATH)
    shown = bold(title if title.strip() else document, _TITLE)
    source = _place(title=shown, path=path, page=page)
    if of_file := messages.origin(origin):
        source = _("{place}, {origin}").format(place=source, origin=of_file)
    if standing:
        source = _DOT.join([source, *marks(standing, today, _shown)])
    return source if number is None else f"{number_mark(number)} {source}"


def _shown(words: str) -> str:
    return escape_line(words, _MARK)


def _place(*, title: str, path: str, page: int | None) -> str:
    """Say where an excerpt stands; `path` is the headings above it, which may be none."""
    place = f"{title} › {path}" if path else title
    return _("{place}, page {page:,}").format(place=place, page=page) if page else place


def _within(emphasis: Sequence[Span], start: int, piece: str) -> list[Span]:
    """Return the parts of the spans within a piece, as offsets in the piece as it is shown."""
    start += len(piece) - len(piece.lstrip("\r\n"))
    end = start + len(piece.strip("\r\n"))
    return [
        Span(max(span.start, start) - start, min(span.end, end) - start)
        for span in emphasis
        if span.start < end and span.end > start
    ]


def _covers(text: str, emphasis: Sequence[Span]) -> bool:
    """Return whether emphasis covers everything but white space."""
    rest, position = [], 0
    for span in sorted(emphasis):
        rest.append(text[position : max(position, span.start)])
        position = max(position, span.end)
    return not "".join([*rest, text[position:]]).strip()
