"""A message as a person sees it, in a few lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord


def seen(message: Any) -> str:
    """Return text and buttons from the top; disabled buttons are in brackets.

    In a frame things are set apart, and what is small below them is in brackets as well.
    """
    lines = [message.content] if message.content else []
    for one in message.components:
        found = one if isinstance(one, dict) else one.to_dict()
        if found["type"] == _FRAME:
            lines.append("\n\n".join(_items(found["components"])).replace("\n\n(", "\n("))
        else:
            lines.append(_row(found) if found["type"] == _ROW else found["content"])
    return "\n".join(lines)


_ROW, _FRAME = 1, 17
_SMALL = re.compile(r"^-# ", re.MULTILINE)


def _items(components: Iterable[dict[str, Any]]) -> Iterator[str]:
    for one in components:
        if one["type"] == _ROW:
            yield _row(one)
        elif "accessory" in one:
            texts = [_plain(text["content"]) for text in one["components"]]
            yield "\n".join([*texts, _button(one["accessory"])])
        elif text := one.get("content"):
            yield f"({text.removeprefix('-# ')})" if text.startswith("-# ") else _plain(text)


def _plain(text: str) -> str:
    return _SMALL.sub("", text)


def _row(row: dict[str, Any]) -> str:
    return " | ".join(map(_button, row["components"]))


def _button(child: dict[str, Any]) -> str:
    emoji = discord.PartialEmoji.from_dict(child["emoji"]).name if child.get("emoji") else ""
    label = child.get("label") or emoji or ""
    return f"({label})" if child.get("disabled") else f"[{label}]"
