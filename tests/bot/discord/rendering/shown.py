"""Messages as text, for comparing all of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.rendering.message import Button, Item, MessagePart, Section, Separator
from tests.bot.discord.rendering.sent import check


def shown(parts: Sequence[MessagePart]) -> str:
    """Return text, frames and buttons of all parts, and check Discord's limits."""
    return "\n======\n".join(_part(part) for part in parts)


def _part(part: MessagePart) -> str:
    check(part)
    lines = [part.content] if part.content else []
    for frame in part.frames:
        items = (_item(item) for item in frame.items if not isinstance(item, Separator))
        lines += ["------", "\n\n".join(items).replace("\n\n(", "\n(")]
    lines += map(_row, part.rows)
    return "\n".join(lines)


def _item(item: Item) -> str:
    if isinstance(item, str):
        small = item.startswith("-# ")
        return f"({item.removeprefix('-# ')})" if small else item.replace("\n-# ", "\n")
    if isinstance(item, Section):
        return f"{item.text.removeprefix('-# ')}\n{_row([item.button])}"
    assert isinstance(item, tuple)
    return _row(item)


def _row(row: Sequence[Button]) -> str:
    return " ".join(f"[{button.emoji or ''}{button.label}]({button.custom_id})" for button in row)
