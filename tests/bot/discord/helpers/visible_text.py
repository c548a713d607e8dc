"""A message as a person sees it, in a few lines of text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

__all__ = ["seen"]


def seen(message: Any) -> str:
    """Return content, embeds and buttons from the top; disabled buttons are in brackets."""
    lines = [message.content] if message.content else []
    for embed in message.embeds:
        lines.append(embed.description or "")
        if embed.footer.text:
            lines.append(f"({embed.footer.text})")
    lines += [" | ".join(row) for row in _rows(message.components)]
    return "\n".join(lines)


def _rows(components: Iterable[Any]) -> Iterable[list[str]]:
    for row in components:
        children = row["components"] if isinstance(row, dict) else row.to_dict()["components"]
        yield [_button(child) for child in children]


def _button(child: dict[str, Any]) -> str:
    emoji = discord.PartialEmoji.from_dict(child["emoji"]).name if child.get("emoji") else ""
    label = child.get("label") or emoji or ""
    return f"({label})" if child.get("disabled") else f"[{label}]"
