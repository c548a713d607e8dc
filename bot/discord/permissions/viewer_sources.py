"""Who would see the bot's answer to a message or an interaction at any later moment.

`Viewers.asker` and `Viewers.author` go by the roles that came with the message or interaction. The
classes here ask Discord for the roles of this moment.
"""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.access import Viewer
from bot.discord.permissions.viewers import Viewers

__all__ = [
    "AskerAlone",
    "ChannelReadersById",
    "DirectRecipient",
    "DirectRecipientById",
    "EveryoneHere",
    "ThreadReadersById",
]


@dataclass(frozen=True, slots=True)
class AskerAlone:
    """The viewer is the person who asks or clicks, and nobody else."""

    viewers: Viewers
    origin: discord.Message | discord.Interaction

    async def viewer(self) -> Viewer:
        origin = self.origin
        person = origin.user if isinstance(origin, discord.Interaction) else origin.author
        return await self.viewers.person_now(person, origin.guild, origin.channel)


@dataclass(frozen=True, slots=True)
class EveryoneHere:
    """The viewers are all who can read the channel."""

    viewers: Viewers
    origin: discord.Message | discord.Interaction

    async def viewer(self) -> Viewer:
        if isinstance(self.origin, discord.Interaction):
            return await self.viewers.here(self.origin)
        return await self.viewers.around(self.origin)


@dataclass(frozen=True, slots=True)
class DirectRecipient:
    """The viewer is a person to whom the bot writes directly, by itself."""

    viewers: Viewers
    user: discord.User

    async def viewer(self) -> Viewer:
        return await self.viewers.person_now(self.user, None, None)


@dataclass(frozen=True, slots=True)
class ChannelReadersById:
    """The viewers are all who can read the channel of that id."""

    viewers: Viewers
    channel: int

    async def viewer(self) -> Viewer:
        return self.viewers.readers_in(self.channel)


@dataclass(frozen=True, slots=True)
class DirectRecipientById:
    """The viewer is a person who is written to directly, known by their id."""

    viewers: Viewers
    person: int

    async def viewer(self) -> Viewer:
        return await self.viewers.directly(self.person)


@dataclass(frozen=True, slots=True)
class ThreadReadersById:
    """The viewers are all who can read a channel or a thread, also one that was archived."""

    viewers: Viewers
    channel: discord.abc.GuildChannel | discord.Thread

    async def viewer(self) -> Viewer:
        return self.viewers.readers(self.channel.guild, self.channel)
