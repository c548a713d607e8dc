"""Who can read a channel, by Discord's roles and permission overwrites."""

from __future__ import annotations

from collections.abc import Collection

import discord

from bot.access import ChannelReaders


def readers_of(
    channel: discord.abc.GuildChannel,
    *,
    also: Collection[int] = (),
    without: int | None = None,
    at_home: bool = False,
) -> ChannelReaders:
    """Return all who can view the channel; its threads, with ids in `also`, have no other readers.

    It is enough to look at each role alone, together with @everyone. Of two roles, one can only
    take away what the other allows, so a person who gets in with several roles also gets in with
    one of them
    (https://discord.com/developers/docs/topics/permissions#permission-overwrites). Roles of bots
    belong to no person, and `without` is the bot itself. A person whom an overwrite lets in may
    have left the guild; they count all the same.
    """
    guild = channel.guild
    everyone, roles = guild.default_role, guild.roles  # which are sorted each time
    human_roles = [
        role
        for role in roles
        if not (role.is_default() or role.is_bot_managed() or role.permissions.administrator)
    ]
    people = (
        target.id
        for target, overwrite in channel.overwrites.items()
        if overwrite.view_channel and not _is_role(target)
    )
    return ChannelReaders(
        guild=guild.id,
        channels=frozenset({channel.id, *also}),
        everybody=(
            channel.permissions_for(everyone).view_channel
            and not everyone.permissions.administrator
        ),
        roles=frozenset(
            role.id for role in human_roles if channel.permissions_for(role).view_channel
        ),
        people=frozenset(people) - {without, guild.owner_id},
        guild_roles=frozenset(role.id for role in roles),
        guild_channels=frozenset(known.id for known in guild.channels),
        at_home=at_home,
    )


def can_read(member: discord.Member, channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Return whether the member can read the channel for certain.

    Discord does not say who was let into a private thread, so that does not count. The text of a
    voice channel is for those who may connect
    (https://discord.com/developers/docs/resources/message#get-channel-messages).
    """
    permissions = channel.permissions_for(member)
    if isinstance(channel, discord.Thread) and channel.is_private():
        return permissions.manage_threads
    voice = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
    return permissions.view_channel and (permissions.connect or not voice)


def can_view(member: discord.Member, channel: object) -> bool:
    """Return whether a member may still view a channel; a thread goes by its channel."""
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    return (
        isinstance(parent, discord.abc.GuildChannel) and parent.permissions_for(member).view_channel
    )


def ids_of(channel: object) -> frozenset[int]:
    """Return the id of a channel; for a thread, also that of the channel it belongs to."""
    ids = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    return frozenset(number for number in ids if number)


def _is_role(target: discord.Role | discord.Member | discord.Object) -> bool:
    return isinstance(target, discord.Role) or getattr(target, "type", None) is discord.Role
