"""Buttons: what a click does, and what stands in a message with buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

import discord

from bot.discord.permissions.interaction import Interaction
from bot.discord.ui.actions import Action, ShownParts
from bot.services import Services


class Click(
    Action, discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=re.compile("(?!)")
):
    """Base of all buttons: a subclass gives its id's `template` and implements `clicked`."""

    kinds: ClassVar[list[type[Click]]] = []
    """All buttons of the modules that are loaded."""

    def __init_subclass__(cls, *, template: str = "", **options: Any) -> None:
        super().__init_subclass__(template=re.compile(template or r"(?!)", re.ASCII), **options)
        if template:
            Click.kinds.append(cls)

    def __init__(self, found: re.Match[str]) -> None:
        super().__init__(discord.ui.Button(custom_id=found.string))
        self.found = found

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match)

    async def callback(self, interaction: discord.Interaction[Any], /) -> None:
        await self.act(interaction, self.clicked)

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        """Do what the button is for, and return what the person is shown."""
        raise NotImplementedError


def ids_in(message: discord.Message) -> set[str]:
    """Return the ids of a message's buttons, wherever in its layout they stand."""
    ids = (getattr(one, "custom_id", None) for one in _walked(message.components))
    return {custom_id for custom_id in ids if custom_id}


def content_of(message: discord.Message) -> str:
    """Return the text above the frames of a message, laid out or not."""
    first = message.components[0] if message.components else None
    laid_out = first.content if isinstance(first, discord.TextDisplay) else ""
    return message.content or laid_out


def texts_in(message: discord.Message) -> list[str]:
    """Return the markup that a message lays out, from the top."""
    return [one.content for one in _walked(message.components) if hasattr(one, "content")]


def _walked(components: Iterable[Any]) -> Iterator[Any]:
    for one in components:
        yield one
        yield from _walked(getattr(one, "children", ()))
        yield from filter(None, [getattr(one, "accessory", None)])
