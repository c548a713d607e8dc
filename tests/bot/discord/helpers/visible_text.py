"""A message as a person sees it, in a few lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import discord

__all__ = ["seen"]


def seen(message: Any) -> str:
    """Return text and buttons from the top; disabled buttons are in brackets."""
    lines = [message.content] if message.content else []
    return "\n".join([*lines, *_lines(message.components)])


def _lines(components: Iterable[Any]) -> Iterator[str]:
    for one in components:
        found = one if isinstance(one, dict) else one.to_dict()
        children = found.get("components", [])
        if found["type"] == 1:
            yield " | ".join(map(_button, children))
        else:
            yield from filter(None, [found.get("content")])
            yield from _lines(children)
            yield from map(_button, filter(None, [found.get("accessory")]))


def _button(child: dict[str, Any]) -> str:
    emoji = discord.PartialEmoji.from_dict(child["emoji"]).name if child.get("emoji") else ""
    label = child.get("label") or emoji or ""
    return f"({label})" if child.get("disabled") else f"[{label}]"
