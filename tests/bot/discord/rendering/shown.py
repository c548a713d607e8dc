"""Messages as text, for comparing all of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.rendering.message import Button, MessagePart, check

__all__ = ["shown"]


def shown(parts: Sequence[MessagePart]) -> str:
    """Return content, embeds, footers and buttons of all parts, and check Discord's limits."""
    return "\n======\n".join(_part(part) for part in parts)


def _part(part: MessagePart) -> str:
    check(part)
    lines = [part.content] if part.content else []
    for embed in part.embeds:
        lines += ["------", embed.description or ""]
        lines += [f"({embed.footer.text})"] if embed.footer.text else []
    for row in part.rows:
        lines.append(" ".join(f"[{_face(button)}]({button.custom_id})" for button in row))
    return "\n".join(lines)


def _face(button: Button) -> str:
    return f"{button.emoji or ''}{button.label}"
