"""A message as a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import discord

from bot.discord.rendering import limits
from bot.discord.rendering.limits import split, units

EMPTY_LINE = "\n\N{NO-BREAK SPACE}\n"
"""An empty line that the demo's page keeps as well; after a quote it would belong to the quote."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button, below a message or beside a line of it.

    `custom_id` has 1 to 100 units and is unique in its message. `label` may be empty if there is
    an `emoji`.
    """

    label: str
    custom_id: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    emoji: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A line or a few of markup, with a button beside them."""

    text: str
    button: Button


@dataclass(frozen=True, slots=True)
class Separator:
    """A line across, between one thing and the next."""


RULE = Separator()
Item = str | Section | tuple[Button, ...] | Separator
"""What stands in a frame: markup, markup beside a button, a row of buttons, or a line across."""
Block = str | tuple[Item, ...]
"""What should stay together: markup, or items that fit into a message together."""


@dataclass(frozen=True, slots=True)
class Container:
    """What stands together on a ground of its own, with a colour at its side."""

    items: tuple[Item, ...]
    colour: discord.Colour | None = None


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One message: text, frames below it, and at most 5 `rows` of at most 5 buttons.

    Without frames it is sent as plain text, otherwise as a layout of components.
    """

    content: str = ""
    frames: tuple[Container, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()


def packed(
    blocks: Iterable[Block],
    *,
    between: str = "\n\n",
    content: str = "",
    colour: discord.Colour | None = None,
    footer: str | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Pack blocks, in order, into frames of few messages; at least one message.

    Markup that fits into a message is not split. A line parts blocks with buttons from each other.
    `footer` is markup of about 100 units at most at the end of the last frame. `content` is the
    text of the first message, and `rows` are the buttons below the last one.
    """
    below = tuple(tuple(row) for row in rows if row)
    room = limits.COMPONENTS - _RESERVED - _count(below)
    fillings = [_Filling(limits.LAYOUT_AIM - units(content), room, between)]
    for block in _fitting(blocks):
        if not fillings[-1].takes(block):
            fillings.append(_Filling(limits.LAYOUT_AIM, room, between))
        fillings[-1].add(block)
    filled = [filling.finished() for filling in fillings]
    if footer and filled[-1]:
        filled[-1] += (f"-# {footer}",)
    parts = [MessagePart(frames=(Container(items, colour),) if items else ()) for items in filled]
    parts[0] = replace(parts[0], content=content)
    parts[-1] = replace(parts[-1], rows=below)
    return parts


_RESERVED = 6
"""Components for the frame, the text above it, the footer, and buttons that are added later."""


class _Filling:
    """A frame while it is filled."""

    def __init__(self, room: int, components: int, between: str) -> None:
        self.items: list[Item] = []
        self._room = room
        self._components = components
        self._between = between

    def takes(self, block: Block) -> bool:
        """Return whether there is room for the block; a message of its own has room for any."""
        if not self.items and self._room == limits.LAYOUT_AIM:
            return True
        items = self._parted(block)
        return self._needs(items) <= self._room and _count(items) <= self._components

    def add(self, block: Block) -> None:
        items = self._parted(block)
        self._room -= self._needs(items)
        if isinstance(block, str) and self.items and isinstance(last := self.items[-1], str):
            self.items[-1] = f"{last}{self._between}{block}"
            return
        self._components -= _count(items)
        self.items += items

    def finished(self) -> tuple[Item, ...]:
        """Return the items that show anything."""
        stripped = [item.strip("\n") if isinstance(item, str) else item for item in self.items]
        return tuple(item for item in stripped if not isinstance(item, str) or item.strip())

    def _needs(self, items: Iterable[Item]) -> int:
        return sum(units(text) for text in _texts(items)) + units(self._between)

    def _parted(self, block: Block) -> tuple[Item, ...]:
        """Return the block's items, below a line if it and what is above have buttons."""
        if isinstance(block, str):
            return (block,)
        return (RULE, *block) if self.items and not isinstance(self.items[-1], str) else block


def _fitting(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks, long markup in pieces that fit into a message."""
    for block in blocks:
        if isinstance(block, str):
            yield from split(block, limits.BLOCK)
        else:
            yield block


def label_of(text: str) -> str:
    """Return the label of a button, which knows no markup: `text` on one line, and shortened."""
    return limits.shortened(text, limits.LABEL)


def in_rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Return the buttons in rows, as many in each as Discord allows."""
    return [
        tuple(buttons[start : start + limits.BUTTONS_IN_ROW])
        for start in range(0, len(buttons), limits.BUTTONS_IN_ROW)
    ]


def with_button(part: MessagePart, button: Button) -> MessagePart:
    """Return the message with a button more, in its last row if there is room."""
    *before, last = part.rows or ((),)
    if len(last) == limits.BUTTONS_IN_ROW:
        before, last = [*before, last], ()
    return replace(part, rows=(*before, (*last, button)))


# What is in a message


def size(parts: Iterable[MessagePart]) -> int:
    """Return the units of all text in the frames; one message holds `limits.LAYOUT_AIM`."""
    items = (item for part in parts for frame in part.frames for item in frame.items)
    return sum(map(units, _texts(items)))


def _texts(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, Section):
            yield item.text


def _count(items: Iterable[Item]) -> int:
    """Return how many components the items are, with those that they hold."""
    return sum(_components(item) for item in items)


def _components(item: Item) -> int:
    if isinstance(item, Section):
        return 3  # a section, its text and its button
    return 1 + (len(item) if isinstance(item, tuple) else 0)
