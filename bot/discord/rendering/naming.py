"""What is said of documents that people named in other words than their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import MessagePart
from bot.library import DocumentMatch
from bot.localization import _

__all__ = ["guesses", "with_guesses"]

_TITLE, _NAME = 100, 120
"""Most units of a title and of a name in a sentence."""


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
