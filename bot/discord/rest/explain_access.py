"""Where a person stands in a channel: as whom the bot takes them there, and who reads along.

Found out over REST and by `Viewers` itself. Discord is asked for what the gateway tells a bot that
runs, and then it is as if the person had written a message there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self, TypeAlias, cast

import discord

from bot.access import Audience, Person, Policy, Viewer
from bot.config.settings import Settings
from bot.discord.permissions.viewers import Viewers
from bot.discord.rest.client import over_rest
from bot.records import Records
from index.errors import BriefingError

__all__ = ["Names", "NotThere", "Standing", "names_of", "standing_of"]

_Place: TypeAlias = discord.abc.GuildChannel | discord.Thread


class NotThere(BriefingError):
    """There is no such channel or member, as far as Discord shows the bot."""


@dataclass(frozen=True, slots=True)
class Names:
    """What roles, channels and servers are called, by id; whatever people have written there."""

    roles: Mapping[int, str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    guilds: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, guilds: Iterable[discord.Guild], *threads: _Place) -> Self:
        known = list(guilds)
        channels = [*(one for guild in known for one in guild.channels), *threads]
        return cls(
            roles={role.id: role.name for guild in known for role in guild.roles},
            channels={one.id: f"#{one.name}" for one in channels},
            guilds={guild.id: guild.name for guild in known},
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """`person` is who looks at what is shown to them alone, `readers` at what is shown to all.

    `reads` says whether the person can read the channel: if not, they are shown nothing there.
    `parent` is the channel that a thread belongs to, else `channel` itself. `home` are the servers
    whose the documents are.
    """

    called: str
    channel: int
    parent: int
    guild: int
    person: Person
    reads: bool
    readers: Viewer
    home: frozenset[int]
    names: Names


async def standing_of(settings: Settings, policy: Policy, person: int, channel: int) -> Standing:
    """Raises NotThere, NoToken, DiscordUnanswered, and RecordsUnavailable."""
    async with over_rest(settings) as client:
        place = await _place(client, channel)
        async for one in client.fetch_guilds(limit=None, with_counts=False):
            client._connection._add_guild(one)
        guild = await _whole(client, place.guild.id)
        member = await _member(guild, person)
        parent = place.parent_id if isinstance(place, discord.Thread) else place.id
        viewers = await _viewing(client, settings, policy, parent)
        # Of whoever writes in a channel Viewing takes it that they read it; elsewhere it looks.
        elsewhere = viewers.member(member)
        return Standing(
            called=f"{member.display_name} ({member})",
            channel=place.id,
            parent=parent,
            guild=guild.id,
            person=viewers.member(member, place),
            reads=parent in elsewhere.channels,
            readers=viewers.readers(guild, place),
            home=viewers.home,
            names=Names.of(client.guilds, place),
        )


async def names_of(settings: Settings) -> Names:
    """Of all servers that the bot is in. Raises NoToken and DiscordUnanswered."""
    async with over_rest(settings) as client:
        guilds = [one async for one in client.fetch_guilds(limit=None, with_counts=False)]
        return Names.of(await asyncio.gather(*(_whole(client, one.id) for one in guilds)))


async def _place(client: discord.Client, number: int) -> _Place:
    try:
        found = await client.fetch_channel(number)
    except (discord.NotFound, discord.Forbidden) as exc:
        raise NotThere(
            f"Discord shows the bot no channel {number}: there is none, or it is hidden from the "
            "bot, which then says nothing there."
        ) from exc
    if isinstance(found, discord.abc.PrivateChannel | discord.CategoryChannel):
        raise NotThere(f"{number} is no channel of a server that anybody can write in.")
    return found


async def _member(guild: discord.Guild, number: int) -> discord.Member:
    try:
        return await guild.fetch_member(number)
    except discord.NotFound as exc:
        raise NotThere(f"{number} is no member of {guild.name}, and sees nothing there.") from exc


async def _whole(client: discord.Client, number: int) -> discord.Guild:
    """With its roles and channels, and known to the client as if the gateway had told of it."""
    guild, channels = await asyncio.gather(
        client.http.get_guild(number, with_counts=False),
        client.http.get_all_guild_channels(number),
    )
    told = cast("Any", {**guild, "channels": channels})
    return client._connection._add_guild_from_data(told)


async def _viewing(
    client: discord.Client, settings: Settings, policy: Policy, channel: int
) -> Viewers:
    """The bot's own, which also looks who reads the channel, as if the policy named it."""
    asked_about = {"": Audience(channels=frozenset({channel}))}
    policy = replace(policy, audiences={**policy.audiences, **asked_about})
    viewers = Viewers(client, policy, _Recalled(settings.records / "records.sqlite"))
    if not policy.guilds:
        await viewers.recall()
    await viewers.settle()
    return viewers


class _Recalled:
    """What the records say of whose the documents are. Deciding that is for a bot that runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, key: str) -> str | None:
        if not self._path.is_file():
            return None
        with closing(Records(self._path)) as records:
            return records.recall(key)

    def remember(self, key: str, value: str) -> None:
        """Nothing is written."""
