"""Channels that only some can read."""

from __future__ import annotations

import discord
import simcord

from tests.bot.discord.conftest import Guild

__all__ = ["channel_for", "manager_of"]


def channel_for(
    guild: Guild, name: str, *readers: simcord.RoleHandle | simcord.MemberActor
) -> simcord.ChannelHandle:
    """Return a new channel that these can read, the bot, and nobody else."""
    me = guild.env.bot.user
    assert me is not None
    let_in = dict.fromkeys((me, *readers), discord.PermissionOverwrite(view_channel=True))
    everybody = {guild.handle.default_role: discord.PermissionOverwrite(view_channel=False)}
    return guild.handle.create_text_channel(name, overwrites={**everybody, **let_in})


def manager_of(guild: Guild) -> simcord.RoleHandle:
    """Return Ada's role."""
    return guild.handle.roles["Manager"]
