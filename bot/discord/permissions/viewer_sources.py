"""Who would see the bot's answer to a message or an interaction at any later moment.

`Viewers.asker` and `Viewers.author` go by the roles that came with the message or interaction. The
sources here ask Discord for the roles of this moment.
"""

from __future__ import annotations

from functools import partial

import discord

from bot.access import Viewer
from bot.chat.recheck import ViewerSource
from bot.discord.permissions.viewers import Viewers


def asker_alone(viewers: Viewers, origin: discord.Message | discord.Interaction) -> ViewerSource:
    """Return that the viewer is the person who asks or clicks, and nobody else."""
    person = origin.user if isinstance(origin, discord.Interaction) else origin.author
    return partial(viewers.person_now, person, origin.guild, origin.channel)


def everyone_here(viewers: Viewers, origin: discord.Message | discord.Interaction) -> ViewerSource:
    """Return that the viewers are all who can read the channel."""
    if isinstance(origin, discord.Interaction):
        return partial(viewers.here, origin)
    return partial(viewers.around, origin)


def readers_by_id(viewers: Viewers, channel: int) -> ViewerSource:
    """Return that the viewers are all who can read the channel of that id."""

    async def find() -> Viewer:
        return viewers.readers_in(channel)

    return find


def thread_readers(
    viewers: Viewers, channel: discord.abc.GuildChannel | discord.Thread
) -> ViewerSource:
    """Return that the viewers are all who can read a channel or a thread, also an archived one."""

    async def find() -> Viewer:
        return viewers.readers(channel.guild, channel)

    return find
