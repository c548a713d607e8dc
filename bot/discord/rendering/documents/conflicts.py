"""Conflicts between documents, as messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count as count_from

from bot import messages
from bot.discord.rendering.answers.excerpts import quoted
from bot.discord.rendering.colours import DOUBT
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Block, Button, MessagePart, Section, packed
from bot.localization import _
from bot.wording.standings import side as named_side
from index.answering.conflicts import Conflict, Conflicts, Side
from index.document import Span

_VALUE, _TITLE, _QUOTE, _SIDES = 120, 120, 500, 4
"""Most units of the words that differ, of titles and of quotes; most sides that are shown."""


def conflicts_page(
    conflicts: Conflicts,
    shown: Sequence[tuple[int, Conflict]],
    *,
    footer: str | None = None,
    opener: Callable[[int, Side], Button],
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Return messages with these conflicts, each with its number.

    `opener` makes the button of the statement with a number, from 1 on the page.
    """
    numbers = count_from(1)
    blocks: list[Block] = [bold(messages.conflicts(len(conflicts.found)), _TITLE)]
    for number, conflict in shown:
        blocks += _conflict(conflict, number, lambda side: opener(next(numbers), side))
    if not conflicts.is_whole:
        blocks.append(str(messages.MORE_CONFLICTS))
    return packed(blocks, colour=DOUBT, footer=footer, rows=rows)


def _conflict(conflict: Conflict, number: int, opener: Callable[[Side], Button]) -> Iterator[Block]:
    values = [bold(" ".join(side.value.text.split()), _VALUE) for side in conflict.sides[:_SIDES]]
    yield f"**{number}.** " + _(" or ").join(dict.fromkeys(values))
    for side in conflict.sides[:_SIDES]:
        text, emphasis = _quote(side)
        *before, last = quoted(text, emphasis=emphasis)
        yield from before
        source = named_side(side.excerpt.title, side.standing, partial(escape_line, most=_TITLE))
        yield (last, Section(f"-# {source}", opener(side)))
    if len(conflict.sides) > _SIDES:
        yield messages.and_more(number=len(conflict.sides) - _SIDES)


def _quote(side: Side) -> tuple[str, list[Span]]:
    """Return what is quoted, of a long statement the part around the words that differ, and where
    these stand in it."""
    quote, start = side.excerpt.quote, 0
    at = side.value.span.start - side.excerpt.span.start
    if len(quote) > _QUOTE:
        start = max(0, min(at - _QUOTE // 2, len(quote) - _QUOTE))
        quote = quote[start : start + _QUOTE]
    header = side.excerpt.header
    above = f"{header.text[:_QUOTE]}\n" if header else ""
    first = len(above) + at - start
    last = min(first + len(side.value.span), len(above) + len(quote))
    return above + quote, [Span(first, last)] if 2 * (last - first) < len(quote) else []
