"""A message as a value, and a check that Discord would accept it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from bot.discord.rendering import limits
from bot.discord.rendering.limits import split, units
from bot.text import visible_line

__all__ = [
    "EMPTY_LINE",
    "Button",
    "MessagePart",
    "check",
    "in_rows",
    "label_of",
    "packed",
    "size",
    "view_of",
]

EMPTY_LINE = "\n\N{NO-BREAK SPACE}\n"
"""An empty line that the demo's page keeps as well; after a quote it would belong to the quote."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message.

    `custom_id` has 1 to 100 units and is unique in its message. `label` may be empty if there is
    an `emoji`.
    """

    label: str
    custom_id: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    emoji: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One message; `rows` are at most 5 rows of at most 5 buttons."""

    content: str = ""
    embeds: tuple[discord.Embed, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()


def packed(
    blocks: Iterable[str],
    *,
    between: str = "\n\n",
    content: str = "",
    colour: discord.Colour | None = None,
    footer: str | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Pack blocks of markup, in order, into few embeds and messages; at least one message.

    A block that fits into an embed is not split. `footer` is plain text of about 100 units at most
    in the last embed. `content` is the text of the first message, and `rows` are the buttons of the
    last one.
    """
    fitting = [piece for block in blocks for piece in split(block, limits.DESCRIPTION_AIM)]
    texts = _filled(fitting, between, limits.DESCRIPTION_AIM)
    messages: list[list[discord.Embed]] = [[]]
    room = limits.EMBED_TOTAL_AIM
    for text in texts:
        if messages[-1] and (units(text) > room or len(messages[-1]) == limits.EMBEDS):
            messages.append([])
            room = limits.EMBED_TOTAL_AIM
        messages[-1].append(discord.Embed(description=text, colour=colour))
        room -= units(text)
    if footer and messages[-1]:
        messages[-1][-1].set_footer(text=footer)
    last = len(messages) - 1
    return [
        MessagePart(
            content=content if number == 0 else "",
            embeds=tuple(embeds),
            rows=tuple(tuple(row) for row in rows if row) if number == last else (),
        )
        for number, embeds in enumerate(messages)
    ]


def _filled(blocks: Iterable[str], between: str, most: int) -> list[str]:
    texts: list[str] = []
    for block in blocks:
        if texts and units(texts[-1]) + units(between) + units(block) <= most:
            texts[-1] += between + block
        else:
            texts.append(block)
    return [text for text in (text.strip("\n") for text in texts) if text.strip()]


def view_of(rows: Sequence[Sequence[Button]]) -> discord.ui.View | None:
    """Return the buttons as discord.py sends them, or None without any.

    The view has no timeout and no callbacks, since clicks are dispatched by `custom_id`. It is
    stopped before it is sent; discord.py would keep any other view in memory for ever.
    """
    if not any(rows):
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for button in row:
            view.add_item(
                discord.ui.Button(
                    label=button.label or None,
                    custom_id=button.custom_id,
                    style=button.style,
                    emoji=button.emoji,
                    disabled=button.disabled,
                    row=number,
                )
            )
    view.stop()
    return view


def label_of(text: str) -> str:
    """Return the label of a button, which knows no markup: `text` on one line, and shortened."""
    line = " ".join(visible_line(text).split()) or "…"
    if units(line) <= limits.LABEL:
        return line
    return f"{split(line, limits.LABEL - 1)[0].rstrip()}…"


def in_rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Return the buttons in rows, as many in each as Discord allows."""
    return [
        tuple(buttons[start : start + limits.BUTTONS_IN_ROW])
        for start in range(0, len(buttons), limits.BUTTONS_IN_ROW)
    ]


def size(parts: Iterable[MessagePart]) -> int:
    """Return the units of all text in the embeds; one message holds `limits.EMBED_TOTAL_AIM`."""
    return sum(units(embed.description or "") for part in parts for embed in part.embeds)


def check(part: MessagePart) -> None:
    """Raise AssertionError, with the number, if Discord would refuse the message.

    A lone surrogate raises UnicodeEncodeError.
    """
    texts = [part.content]
    assert units(part.content) <= limits.CONTENT, units(part.content)
    assert part.content.strip() or part.embeds, "the message is empty"
    assert len(part.embeds) <= limits.EMBEDS, len(part.embeds)
    total = 0
    for embed in part.embeds:
        unused = embed.title or embed.author.name or embed.fields
        assert not unused, "these parts of an embed are not counted here"
        description, footer = embed.description or "", embed.footer.text or ""
        assert description.strip(), "an embed is empty"
        assert units(description) <= limits.DESCRIPTION, units(description)
        assert units(footer) <= limits.FOOTER, units(footer)
        total += units(description) + units(footer)
        texts += [description, footer]
    assert total <= limits.EMBED_TOTAL, total
    for text in texts:
        text.encode()  # no half of a surrogate pair
    _check_rows(part.rows)


def _check_rows(rows: Sequence[Sequence[Button]]) -> None:
    assert len(rows) <= limits.ROWS, len(rows)
    for row in rows:
        assert 1 <= len(row) <= limits.BUTTONS_IN_ROW, len(row)
    buttons = [button for row in rows for button in row]
    for button in buttons:
        assert button.label or button.emoji, button
        assert units(button.label) <= limits.LABEL, button
        assert 1 <= units(button.custom_id) <= limits.CUSTOM_ID, button
    ids = [button.custom_id for button in buttons]
    assert len(set(ids)) == len(ids), ids
