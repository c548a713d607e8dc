"""Whether everybody whom a document is for can read a channel, for certain.

`channel_readers` asks the opposite, who might read along; there a doubt counts as a reader, here as
none.
"""

from __future__ import annotations

from collections.abc import Collection

import discord

from bot.access import Audience, ChannelReaders
from bot.discord.permissions.channel_readers import can_view
from bot.discord.permissions.viewers import Viewers

_Place = discord.TextChannel | discord.ForumChannel


async def all_can_read(viewers: Viewers, channel: object, audiences: Collection[Audience]) -> bool:
    """Return whether whoever is in all of the audiences can read a channel or a thread now.

    False for a private thread, and where voices are heard: that takes more rights. Raises Busy
    where Discord does not say who is there.
    """
    if isinstance(channel, discord.Thread):
        parent = None if channel.is_private() else channel.parent
    else:
        parent = channel if isinstance(channel, _Place) else None
    if not isinstance(parent, _Place):
        return False
    for audience in audiences:  # whoever is in all of them is in this one
        if await _Reading(viewers, parent).has(audience):
            return True
    return False


class _Reading:
    """Who can read one channel."""

    def __init__(self, viewers: Viewers, channel: _Place) -> None:
        self._viewers = viewers
        self._channel = channel
        self._guild = channel.guild
        barred = {
            target: overwrite.view_channel
            for target, overwrite in channel.overwrites.items()
            if overwrite.view_channel is not None
        }
        self._let_in = {target.id for target, may_view in barred.items() if may_view}
        kept_out = [target for target, may_view in barred.items() if not may_view]
        self._roles_kept_out = any(
            isinstance(target, discord.Role)
            and not (target.is_default() or target.is_bot_managed())
            for target in kept_out
        )
        self._people_kept_out = [
            target.id for target in kept_out if not isinstance(target, discord.Role)
        ]

    async def has(self, audience: Audience) -> bool:
        guilds = audience.guilds | (self._viewers.home if audience.home else frozenset())
        if guilds and not (guilds <= {self._guild.id} and self._everyone()):
            return False
        if not all(map(self._role, audience.roles)):
            return False
        for person in audience.people:
            if not await self._person(person):
                return False
        for number in audience.channels:
            if not await self._readers_of(number):
                return False
        for person in self._people_kept_out:
            member = await self._viewers.member_now(self._guild, person)
            if (
                member is not None
                and not can_view(member, self._channel)
                and self._viewers.member(member).is_in(audience)
            ):
                return False
        return True

    def _everyone(self) -> bool:
        everyone = self._guild.default_role
        return self._channel.permissions_for(everyone).view_channel and not self._roles_kept_out

    def _role(self, number: int) -> bool:
        role = self._guild.get_role(number)
        if role is None:  # of another server, or nobody knows
            return False
        if role.is_default():
            return self._everyone()
        if role.permissions.administrator or number in self._let_in:
            return True
        return self._channel.permissions_for(role).view_channel and not self._roles_kept_out

    async def _person(self, number: int) -> bool:
        member = await self._viewers.member_now(self._guild, number)
        return member is not None and can_view(member, self._channel)

    async def _readers_of(self, number: int) -> bool:
        if number == self._channel.id:
            return True
        readers = self._viewers.readers_in(number)
        if not isinstance(readers, ChannelReaders) or readers.guild != self._guild.id:
            return False
        if readers.everybody and not self._everyone():
            return False
        if not all(map(self._role, readers.roles)):
            return False
        for person in readers.people:
            if not await self._person(person):
                return False
        return True
