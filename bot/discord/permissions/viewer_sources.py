"""Who would see the bot's answer to a message or an interaction at any later moment.

`Viewers.asker` and `Viewers.author` go by the roles that came with the message or interaction. The
sources here ask Discord for the roles of this moment.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import discord

from bot.access import Viewer
from bot.chat.recheck import ViewerSource
from bot.discord.permissions.viewers import Viewers


@dataclass(frozen=True, slots=True)
class _Source:
    find: Callable[[], Awaitable[Viewer]]

    async def viewer(self) -> Viewer:
        return await self.find()


def asker_alone(viewers: Viewers, origin: discord.Message | discord.Interaction) -> ViewerSource:
    """Return that the viewer is the person who asks or clicks, and nobody else."""
    person = origin.user if isinstance(origin, discord.Interaction) else origin.author
    return _Source(partial(viewers.person_now, person, origin.guild, origin.channel))


def everyone_here(viewers: Viewers, origin: discord.Message | discord.Interaction) -> ViewerSource:
    """Return that the viewers are all who can read the channel."""
    if isinstance(origin, discord.Interaction):
        return _Source(partial(viewers.here, origin))
    return _Source(partial(viewers.around, origin))


def direct_recipient(viewers: Viewers, user: discord.User) -> ViewerSource:
    """Return that the viewer is a person to whom the bot writes directly, by itself."""
    return _Source(partial(viewers.person_now, user, None, None))


def recipient_by_id(viewers: Viewers, person: int) -> ViewerSource:
    """Return that the viewer is a person who is written to directly, known by their id."""
    return _Source(partial(viewers.directly, person))


def readers_by_id(viewers: Viewers, channel: int) -> ViewerSource:
    """Return that the viewers are all who can read the channel of that id."""

    async def find() -> Viewer:
        return viewers.readers_in(channel)

    return _Source(find)


def thread_readers(
    viewers: Viewers, channel: discord.abc.GuildChannel | discord.Thread
) -> ViewerSource:
    """Return that the viewers are all who can read a channel or a thread, also an archived one."""

    async def find() -> Viewer:
        return viewers.readers(channel.guild, channel)

    return _Source(find)
