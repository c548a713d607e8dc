"""Parts of a sent message, and whether Discord would accept it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.rendering import limits
from bot.discord.rendering.limits import units
from bot.discord.rendering.message import Button, MessagePart, Section, _count, _texts


def texts_of(part: MessagePart) -> list[str]:
    """Return the markup of a message, from the top."""
    inner = [text for frame in part.frames for text in _texts(frame.items)]
    return [part.content, *inner] if part.content else inner


def buttons_of(part: MessagePart) -> list[Button]:
    """Return the buttons of a message, from the top."""
    found: list[Button] = []
    for item in (item for frame in part.frames for item in frame.items):
        if isinstance(item, Section):
            found.append(item.button)
        elif isinstance(item, tuple):
            found += item
    return [*found, *(button for row in part.rows for button in row)]


def check(part: MessagePart) -> None:
    """Raise AssertionError, with the number, if Discord would refuse the message.

    A lone surrogate raises UnicodeEncodeError.
    """
    texts = texts_of(part)
    for text in texts:
        assert text.strip(), "a text is empty"
        text.encode()  # no half of a surrogate pair
    assert texts, "the message is empty"
    if part.frames:
        total = sum(map(units, texts))
        assert total <= limits.LAYOUT, total
        inner = sum(1 + _count(frame.items) for frame in part.frames)
        count = bool(part.content) + inner + _count(part.rows)
        assert count <= limits.COMPONENTS, count
    else:
        assert units(part.content) <= limits.CONTENT, units(part.content)
    assert all(frame.items for frame in part.frames), "a frame is empty"
    assert len(part.rows) <= limits.ROWS, len(part.rows)
    inner_rows = [item for frame in part.frames for item in frame.items if isinstance(item, tuple)]
    for row in (*part.rows, *inner_rows):
        assert 1 <= len(row) <= limits.BUTTONS_IN_ROW, len(row)
    _check_buttons(buttons_of(part))


def _check_buttons(buttons: Sequence[Button]) -> None:
    for button in buttons:
        assert button.label or button.emoji, button
        assert units(button.label) <= limits.LABEL, button
        assert 1 <= units(button.custom_id) <= limits.CUSTOM_ID, button
    ids = [button.custom_id for button in buttons]
    assert len(set(ids)) == len(ids), ids
