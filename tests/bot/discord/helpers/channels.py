"""Channels that only some can read."""

from __future__ import annotations

from typing import Any

import discord
import simcord

from tests.bot.discord.conftest import Guild


def channel_for(
    guild: Guild, name: str, *readers: simcord.RoleHandle | simcord.MemberActor
) -> simcord.ChannelHandle:
    """Return a new channel that these can read, the bot, and nobody else."""
    me = guild.env.bot.user
    assert me is not None
    overwrites: dict[Any, discord.PermissionOverwrite] = {
        guild.handle.default_role: discord.PermissionOverwrite(view_channel=False)
    }
    for one in (me, *readers):
        overwrites[one] = discord.PermissionOverwrite(view_channel=True)
    return guild.handle.create_text_channel(name, overwrites=overwrites)


def manager_of(guild: Guild) -> simcord.RoleHandle:
    """Return Ada's role."""
    return guild.handle.roles["Manager"]
