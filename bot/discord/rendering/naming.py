"""Names of documents: lists of them, and what people meant who used other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot import messages
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import MessagePart
from bot.library import DocumentMatch
from bot.localization import _

_TITLE, _NAME = 100, 120
"""Most units of a title and of a name in a sentence."""


def named_list(head: str, lines: Sequence[str], most: int | None = None) -> Iterator[str]:
    """Yield the first `most` of lines of markup as a list below its head; nothing for none."""
    if lines:
        yield f"\n**{head}**"
        yield from (f"- {line}" for line in lines[:most])
    if most is not None and len(lines) > most:
        yield f"- {messages.and_more(number=len(lines) - most)}"


def guesses(*documents: DocumentMatch) -> str:
    """Return a line on each of the documents that was guessed; empty where none was."""
    return "\n".join(
        _("-# I took that to mean **{title}** ({name}).").format(
            title=escape_line(each.title, _TITLE), name=escape_line(each.name, _NAME)
        )
        for each in documents
        if each.guessed
    )


def with_guesses(parts: Sequence[MessagePart], *documents: DocumentMatch) -> list[MessagePart]:
    """Return the parts with what is said of the documents above them."""
    first, *others = parts
    content = "\n".join(filter(None, (guesses(*documents), first.content)))
    return [replace(first, content=content), *others]
