"""Buttons that live as long as their message: what a click means is in the button's own id.

An id is one letter for what to do and what it is done to, parted by colons, at most 100
characters. Nothing of it is in memory, so a button works after a restart, weeks later; whatever
it names may be gone by then, and nothing in it is trusted: anybody can send any id.
"""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.app.services import Services
from bot.discord.permissions.interaction import Interaction
from bot.discord.ui.errors import tell_error

__all__ = ["Click"]


class Click(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"(?!)"):
    """Base of all buttons: a subclass names its `template` and says what happens in `clicked`.

    `found` is the match of the template, with digits and letters of ASCII only, on the button's id.
    """

    def __init_subclass__(cls, *, template: str) -> None:
        super().__init_subclass__(template=re.compile(template, re.ASCII))

    def __init__(self, found: re.Match[str]) -> None:
        super().__init__(discord.ui.Button(custom_id=found.string))
        self.found = found

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match)

    def number(self, name: str) -> int:
        """A group of digits as a number; one too long for any of ours is none of ours: 0."""
        digits = self.found[name]
        return int(digits) if len(digits) < 19 else 0

    async def callback(self, interaction: discord.Interaction[Any], /) -> None:
        services = interaction.client.services
        try:
            services.admission.enter(interaction.user.id)
            await self.clicked(interaction, services)
        except Exception as exc:
            await tell_error(interaction, exc)

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        raise NotImplementedError
