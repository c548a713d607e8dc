"""Words of a document as block quotes, and the line that says where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.discord.rendering.escape import bold, escape_line, quote, quote_costs
from bot.discord.rendering.limits import DESCRIPTION_AIM, split
from bot.localization import _
from index.document import Span

__all__ = ["number_mark", "quoted", "source_line"]

_CONTINUED = _("{number} (continued)")

_TITLE, _PATH = 300, 300
"""Units at most in a source line; the whole stands in the document's own view."""
_PIECE = DESCRIPTION_AIM - 800
"""Units of quote in one block, which leaves room for marks and the source line."""


def number_mark(number: int) -> str:
    """`[n]`, escaped: what follows it may look like the rest of a link."""
    return f"\\[{number}]"


def quoted(
    text: str, *, emphasis: Sequence[Span] = (), number: int | None = None, source: str = ""
) -> Iterator[str]:
    """All of `text` as one or more blocks of at most DESCRIPTION_AIM units, `source` below it.

    The spans of `emphasis` count from the start of `text`. Bold that covers everything would set
    nothing off, so there it is left out.
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
        # The empty line ends the quote for renderers that would draw the source into it.
        yield f"{block}\n\n{source}" if source and start == len(text) else block


def source_line(
    *,
    title: str,
    heading: Sequence[str],
    page: int | None,
    document: str,
    number: int | None = None,
) -> str:
    """Markup such as `[2] **Title** › Heading › Sub, page 3`; a document without title is named."""
    path = escape_line(" › ".join(part.strip() for part in heading), _PATH)
    shown = bold(title if title.strip() else document, _TITLE)
    source = _place(title=shown, path=path, page=page)
    return source if number is None else f"{number_mark(number)} {source}"


def _place(*, title: str, path: str, page: int | None) -> str:
    """Say where an excerpt stands; `path` is the headings above it, which may be none."""
    place = f"{title} › {path}" if path else title
    return _("{place}, page {page:,}").format(place=place, page=page) if page else place


def _within(emphasis: Sequence[Span], start: int, piece: str) -> list[Span]:
    """The parts of the spans that lie in the piece, which begins at `start`, as it is shown."""
    start += len(piece) - len(piece.lstrip("\r\n"))
    end = start + len(piece.strip("\r\n"))
    return [
        Span(max(span.start, start) - start, min(span.end, end) - start)
        for span in emphasis
        if span.start < end and span.end > start
    ]


def _covers(text: str, emphasis: Sequence[Span]) -> bool:
    """Whether nothing but white space is left without emphasis."""
    rest, position = [], 0
    for span in sorted(emphasis):
        rest.append(text[position : max(position, span.start)])
        position = max(position, span.end)
    return not "".join([*rest, text[position:]]).strip()
