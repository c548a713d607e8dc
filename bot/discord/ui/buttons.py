"""Buttons that work as long as their message: the button's id says what a click does.

An id has one letter for the action and then what it applies to, separated by colons, in at most
100 characters. Nothing is kept in memory, so a button still works weeks later and after a restart.
By then whatever it names may be gone. Nothing in an id is trusted, since anybody can send any id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

import discord

from bot.discord.permissions.admins import require_admin
from bot.discord.permissions.interaction import Interaction, enter
from bot.discord.permissions.ownership import exchange_of
from bot.discord.ui.errors import tell_error
from bot.records import Exchange, Kind
from bot.services import Services

__all__ = ["Click", "content_of", "ids_in", "texts_in"]


class Click(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"(?!)"):
    """Base of all buttons: a subclass gives its id's `template` and implements `clicked`.

    What is for `admins` is refused to others. `found` is the match of the template on the button's
    id; `\\d` and `\\w` match ASCII only.
    """

    for_admins: ClassVar = False
    kinds: ClassVar[list[type[Click]]] = []
    """All buttons of the modules that are loaded."""

    def __init_subclass__(cls, *, template: str = "", admins: bool = False) -> None:
        super().__init_subclass__(template=re.compile(template or r"(?!)", re.ASCII))
        cls.for_admins = admins
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

    def number(self, name: str) -> int:
        """Return a group of digits as a number, or 0 if it is longer than any number of ours."""
        digits = self.found[name]
        return int(digits) if len(digits) < 19 else 0

    async def exchange(self, interaction: Interaction, kind: Kind | None = Kind.ASK) -> Exchange:
        """Return the exchange that the button belongs to, of `kind` if given; raises NotAllowed."""
        services = interaction.client.services
        return await services.admission.run_quick(
            exchange_of, interaction, services, self.number("exchange"), kind
        )

    async def callback(self, interaction: discord.Interaction[Any], /) -> None:
        services = interaction.client.services
        try:
            await enter(interaction)
            if self.for_admins:
                require_admin(interaction, services.guilds)
            await self.clicked(interaction, services)
        except Exception as exc:
            await tell_error(interaction, exc)

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        """Do what the button is for; an error is shown to the person as a sentence."""
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
