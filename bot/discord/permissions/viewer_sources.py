"""Whoever will see what the bot sends in answer to a message or an interaction, asked at any time.

`Viewers.asker` and its like say who they were by what came with it; these say who they are now.
"""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.access import Viewer
from bot.discord.permissions.viewers import Viewers

__all__ = ["AskerAlone", "EveryoneHere"]


@dataclass(frozen=True, slots=True)
class AskerAlone:
    """Whoever asks or clicks, and nobody else."""

    viewers: Viewers
    at: discord.Message | discord.Interaction

    async def viewer(self) -> Viewer:
        at = self.at
        person = at.user if isinstance(at, discord.Interaction) else at.author
        return await self.viewers.person_now(person, at.guild, at.channel)


@dataclass(frozen=True, slots=True)
class EveryoneHere:
    """All who see what is shown to everybody where it was asked."""

    viewers: Viewers
    at: discord.Message | discord.Interaction

    async def viewer(self) -> Viewer:
        if isinstance(self.at, discord.Interaction):
            return await self.viewers.here(self.at)
        return await self.viewers.around(self.at)
