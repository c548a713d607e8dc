"""A message as discord.py sends it: plain text with buttons, or a layout of components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.discord.rendering.message import Button, Container, Item, MessagePart, Section, Separator


def view_of(part: MessagePart) -> ui.LayoutView | ui.View | None:
    """Return the frames and buttons of a message; None where it is text alone.

    The view has no timeout and no callbacks, since clicks are dispatched by `custom_id`. It is
    stopped before it is sent; discord.py would keep any other view in memory for ever.
    """
    if part.frames:
        return layout_of(part)
    if not any(part.rows):
        return None
    view = ui.View(timeout=None)
    for number, row in enumerate(part.rows):
        for button in row:
            view.add_item(_button(button, row=number))
    view.stop()
    return view


def layout_of(part: MessagePart) -> ui.LayoutView:
    """Return all of a message as a layout, which may replace a plain message or another layout."""
    view = ui.LayoutView(timeout=None)
    if part.content:
        view.add_item(ui.TextDisplay(part.content))
    for frame in part.frames:
        view.add_item(_container(frame))
    for row in part.rows:
        view.add_item(_row(row))
    view.stop()
    return view


def _container(frame: Container) -> ui.Container[Any]:
    items = [_item(item) for item in frame.items]
    return ui.Container(*items, accent_colour=frame.colour)


def _item(item: Item) -> ui.Item[Any]:
    if isinstance(item, str):
        return ui.TextDisplay(item)
    if isinstance(item, Section):
        return ui.Section(ui.TextDisplay(item.text), accessory=_button(item.button))
    if isinstance(item, Separator):
        return ui.Separator()
    return _row(item)


def _row(row: Sequence[Button]) -> ui.ActionRow[Any]:
    return ui.ActionRow(*map(_button, row))


def _button(button: Button, row: int | None = None) -> ui.Button[Any]:
    return ui.Button(
        label=button.label or None,
        custom_id=button.custom_id,
        style=button.style,
        emoji=button.emoji,
        disabled=button.disabled,
        row=row,
    )
