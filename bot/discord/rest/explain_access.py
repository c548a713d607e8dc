"""What rights a person has in a channel, and who reads along there.

`Viewers` itself finds this out, from data that is requested over REST in place of the gateway's.
The result is the same as if the person had written a message in the channel.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeAlias, cast

import discord

from bot.access import Audience, Person, Policy, Viewer
from bot.config.settings import Settings
from bot.discord.permissions.viewers import Viewers
from bot.discord.rest.client import over_rest
from bot.localization import _
from bot.records import Records
from bot.records.databases.database import Place
from bot.records.databases.opening import are_there
from index.errors import BriefingError

_Place: TypeAlias = discord.abc.GuildChannel | discord.Thread


class NotThere(BriefingError):
    """Discord shows the bot no such channel or member."""


@dataclass(frozen=True, slots=True)
class DiscordNames:
    """The names of roles, channels and servers by id, which may be any text."""

    roles: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    guilds: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, guilds: Iterable[discord.Guild], *threads: _Place) -> Self:
        known = list(guilds)
        channels = [*(channel for guild in known for channel in guild.channels), *threads]
        return cls(
            roles={role.id: role.name for guild in known for role in guild.roles},
            channels={channel.id: f"#{channel.name}" for channel in channels},
            guilds={guild.id: guild.name for guild in known},
        )


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """The rights of a person in a channel.

    `person` sees what is shown to them alone, `readers` see what is shown to everybody there.
    `reads` says whether the person can read the channel; if not, they are shown nothing there.
    `parent` is the channel that a thread belongs to, or else `channel` itself. `home` holds the
    servers that the documents belong to.
    """

    called: str
    channel: int
    parent: int
    guild: int
    person: Person
    reads: bool
    readers: Viewer
    home: frozenset[int]
    names: DiscordNames


async def access_in(settings: Settings, policy: Policy, person: int, channel: int) -> ChannelAccess:
    """Return the rights of a person in a channel.

    Raises NotThere, NoToken, DiscordUnanswered and RecordsUnavailable.
    """
    async with over_rest(settings) as client:
        place = await _place(client, channel)
        async for known in client.fetch_guilds(limit=None, with_counts=False):
            client._connection._add_guild(known)
        guild = await _complete_guild(client, place.guild.id)
        member = await _member(guild, person)
        parent = place.parent_id if isinstance(place, discord.Thread) else place.id
        viewers = await _viewers(client, settings, policy, parent)
        # With a channel, `member` takes it that the person can read it; without one, it checks.
        checked = viewers.member(member)
        return ChannelAccess(
            called=f"{member.display_name} ({member})",
            channel=place.id,
            parent=parent,
            guild=guild.id,
            person=viewers.member(member, place),
            reads=parent in checked.channels,
            readers=viewers.readers(guild, place),
            home=viewers.home,
            names=DiscordNames.of(client.guilds, place),
        )


async def names_of(settings: Settings) -> DiscordNames:
    """Return the names in all servers that the bot is in.

    Raises NoToken and DiscordUnanswered.
    """
    async with over_rest(settings) as client:
        guilds = [guild async for guild in client.fetch_guilds(limit=None, with_counts=False)]
        found = await asyncio.gather(*(_complete_guild(client, guild.id) for guild in guilds))
        return DiscordNames.of(found)


async def _place(client: discord.Client, number: int) -> _Place:
    try:
        found = await client.fetch_channel(number)
    except (discord.NotFound, discord.Forbidden) as exc:
        raise NotThere(
            _(
                "Discord shows the bot no channel {number}: there is none, or it is hidden from "
                "the bot, which then says nothing there."
            ).format(number=number)
        ) from exc
    if isinstance(found, discord.abc.PrivateChannel | discord.CategoryChannel):
        raise NotThere(
            _("{number} is no channel of a server that anybody can write in.").format(number=number)
        )
    return found


async def _member(guild: discord.Guild, number: int) -> discord.Member:
    try:
        return await guild.fetch_member(number)
    except discord.NotFound as exc:
        raise NotThere(
            _("{number} is no member of {guild}, and sees nothing there.").format(
                number=number, guild=guild.name
            )
        ) from exc


async def _complete_guild(client: discord.Client, number: int) -> discord.Guild:
    """Return a guild with its roles and channels, and add it to the client as the gateway would."""
    guild, channels = await asyncio.gather(
        client.http.get_guild(number, with_counts=False),
        client.http.get_all_guild_channels(number),
    )
    data = cast("Any", {**guild, "channels": channels})
    return client._connection._add_guild_from_data(data)


async def _viewers(
    client: discord.Client, settings: Settings, policy: Policy, channel: int
) -> Viewers:
    """Return the bot's own `Viewers`, with the channel added to those that the policy names.

    For these it checks whether a member can read them.
    """
    asked_about = {"": Audience(channels=frozenset({channel}))}
    policy = replace(policy, audiences={**policy.audiences, **asked_about})
    viewers = Viewers(client, policy, _ReadOnlyRecords(settings.records_place))
    if not policy.guilds:
        await viewers.recall()
    await viewers.settle()
    return viewers


class _ReadOnlyRecords:
    """Reads the home guild from the records. Only a running bot may decide which guild it is."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def recall(self, key: str) -> str | None:
        if not are_there(self._place):
            return None
        with closing(Records(self._place)) as records:
            return records.recall(key)

    def remember(self, key: str, value: str) -> None:
        """Write nothing."""
