"""Who sees what the bot shows: the person who asks or clicks, or a channel's readers.

A person's roles come with every message and every click, so a role that was taken away no longer
counts. The readers of a channel are not looked up one by one, since the bot does not know the
members of a guild. They follow from the roles and the channel's permissions, and Discord tells the
bot of every change in these.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from enum import Enum
from typing import Protocol

import discord

from bot import messages
from bot.access import STRANGER, Audience, ChannelReaders, Person, Policy, Viewer
from bot.discord.permissions.channel_readers import can_read, can_view, ids_of, readers_of
from bot.errors import Busy, NotAllowed

_KEY = "home guild"
_SEVERAL_GUILDS = 0
"""Recorded instead of the first guild's id if the bot was in several guilds from the start."""
_RETRY_SECONDS = 5
"""When a person should try again if Discord does not say who they are."""
_log = logging.getLogger(__name__)


class Unsure(Enum):
    UNSURE = "Discord does not say whether a person is a member"


class HomeRecords(Protocol):
    """The part of `bot.records.Records` that remembers the home guild."""

    def recall(self, key: str) -> str | None: ...

    def remember(self, key: str, value: str) -> None: ...


class Viewers:
    """Finds out who is looking. To be used from one event loop; `policy` may be replaced there."""

    def __init__(self, client: discord.Client, policy: Policy, records: HomeRecords) -> None:
        self._client = client
        self.policy = policy
        self._records = records
        self._first: int | None = None

    # The home guilds, which the documents belong to

    @property
    def home(self) -> frozenset[int]:
        """Return the guilds that the documents belong to.

        These are the guilds that the policy names, or else the guild that the bot was in first. A
        person who invites the bot into another guild sees nothing there, and nothing changes in
        the first one. If the bot was in several guilds from the start, there is no home. That
        stays so when only one of them is left, since that one may be a stranger's. Nor is there one
        where this process serves a share of the guilds, and does not know of the others.
        """
        if self.policy.guilds:
            return self.policy.guilds
        guilds = self._client.guilds
        if self._first is None and guilds:  # a guild that is unavailable just now counts as well
            is_share = (self._client.shard_count or 1) > 1
            several = is_share or len(guilds) > 1
            self._first = _SEVERAL_GUILDS if several else guilds[0].id
        return frozenset({self._first}) if self._first else frozenset()

    async def recall(self) -> None:
        """Read from the records which guild the bot was in first."""
        known = await asyncio.to_thread(self._records.recall, _KEY)
        self._first = None if known is None else int(known)

    async def settle(self) -> None:
        """Record the home guild, once and for good, as soon as the bot is in a guild."""
        if self.policy.guilds or not self._client.guilds:
            return
        known = {guild.id for guild in self._client.guilds}
        home = self.home
        await asyncio.to_thread(self._records.remember, _KEY, str(self._first))
        if not home:
            _log.warning(
                "Nobody sees any document: the bot was in several servers from the start, or "
                "served a share of them, and nothing says whose the documents are. Name it in the "
                "policy (BRIEFING_POLICY), even if the bot is in one server by now: guilds = [ID]"
            )
        elif not home & known:
            _log.warning(
                "Nobody sees any document: they belong to the server %s, which the bot was in "
                "first and is in no longer. Name another in the policy (BRIEFING_POLICY): "
                "guilds = [ID]",
                self._first,
            )

    # The person who asks or clicks

    async def asker(self, interaction: discord.Interaction) -> Viewer:
        """Return the person behind an interaction, with the roles that came with it.

        In a guild only that guild's roles count. In a direct conversation, and where the bot is
        not, the roles of every home guild count, and of every guild that the policy names something
        of. They are asked for then: what an interaction says of a guild that the bot is not in
        counts for nothing. Raises NotAllowed where the person is in none of them.
        """
        guild = None if self.is_away(interaction) else interaction.guild
        return await self._person(interaction.user, guild, interaction.channel)

    def is_away(self, interaction: discord.Interaction) -> bool:
        """Return whether somebody uses the app where the bot itself is not.

        That is another guild, or a conversation with people of whom nothing is known. Nobody but
        that person may see what is shown there.
        """
        if interaction.guild_id is None:
            return interaction.context.private_channel
        return self._client.get_guild(interaction.guild_id) is None

    async def author(self, message: discord.Message) -> Viewer:
        """Return the person who wrote a message, as `asker` does."""
        return await self._person(message.author, message.guild, message.channel)

    async def person_now(
        self, user: discord.User | discord.Member, guild: discord.Guild | None, channel: object
    ) -> Viewer:
        """Return the person with the roles of this moment; STRANGER if they are no member.

        A message or a click brings the roles that the person had then. Discord does not tell the
        bot of a role that was taken away later, so it has to be asked. Raises Busy if Discord does
        not answer.
        """
        if guild is None or self._client.get_guild(guild.id) is None:
            return await self._anywhere(user) or STRANGER
        try:
            member = await guild.fetch_member(user.id)
        except (discord.NotFound, discord.Forbidden):
            return STRANGER
        except discord.HTTPException as exc:
            _log.warning("What somebody may see now could not be found out: %s", exc)
            raise Busy(_RETRY_SECONDS) from exc
        return self.member(member, channel if can_view(member, channel) else None)

    async def directly(self, person: int) -> Person:
        """Return a person with the rights of this moment in direct messages, by their id alone.

        Unlike `person_now`, which in doubt takes less for granted, it raises Busy where Discord
        does not say all: nobody should be told that something is gone because of that.
        """
        guilds = [guild for guild in self._client.guilds if self._matters(guild)]
        found = [await self.member_now(guild, person) for guild in guilds]
        return _everywhere(person, [self._member(one) for one in found if one is not None])

    async def member_now(self, guild: discord.Guild, person: int) -> discord.Member | None:
        """Return the member of this id; None if there is none. Raises Busy where that is unsure."""
        if guild.unavailable:
            raise Busy(_RETRY_SECONDS)
        try:
            return await guild.fetch_member(person)
        except discord.NotFound:
            return None
        except discord.HTTPException as exc:
            _log.warning("Whether somebody is a member could not be found out: %s", exc)
            raise Busy(_RETRY_SECONDS) from exc

    def member(self, member: discord.Member, channel: object = None) -> Person:
        """Return a member who can read `channel` because they act in it; without one, anywhere."""
        return self._member(member, ids_of(channel))

    async def _person(
        self,
        user: discord.User | discord.Member,
        guild: discord.Guild | None,
        channel: object,
    ) -> Viewer:
        if guild is None:
            person = await self._anywhere(user)
            if person is None:
                raise NotAllowed(messages.NO_SHARED_SERVER)
            return person
        if isinstance(user, discord.Member):
            return self.member(user, channel)
        # An edited message may come without its author's roles.
        found = await self._in_guild(guild, user, ids_of(channel))
        return found if isinstance(found, Person) else STRANGER

    def _member(self, member: discord.Member, here: frozenset[int] = frozenset()) -> Person:
        guild = member.guild
        if member.guild_permissions.administrator:
            roles = frozenset(role.id for role in guild.roles)
        else:
            roles = frozenset(role.id for role in member.roles)
        named = (guild.get_channel(number) for number in self.policy.everything.channels)
        readable = {found.id for found in named if found is not None and can_read(member, found)}
        return Person(
            id=member.id,
            roles=roles | {guild.id},
            channels=here | readable,
            guilds=frozenset({guild.id}),
            at_home=guild.id in self.home,
        )

    async def _anywhere(self, user: discord.User | discord.Member) -> Person | None:
        """Return the person with the roles of every guild that `_matters`; None if they are in
        none.

        Discord is asked each time, since by itself it does not tell the bot who is a member. Who is
        named in person may be in any guild of the bot's.
        """
        by_name = user.id in self.policy.everything.people
        guilds = [each for each in self._client.guilds if by_name or self._matters(each)]
        found = await asyncio.gather(*(self._in_guild(guild, user) for guild in guilds))
        members = [member for member in found if isinstance(member, Person)]
        if not members and Unsure.UNSURE in found:
            raise Busy(_RETRY_SECONDS)
        return _everywhere(user.id, members) if members else None

    def _matters(self, guild: discord.Guild) -> bool:
        """Return whether the guild is a home guild, or the policy names something of it."""
        named = self.policy.everything
        return (
            guild.id in self.home | named.guilds | named.roles
            or any(map(guild.get_role, named.roles))
            or any(map(guild.get_channel, named.channels))
        )

    async def _in_guild(
        self,
        guild: discord.Guild,
        user: discord.User | discord.Member,
        here: frozenset[int] = frozenset(),
    ) -> Person | Unsure | None:
        try:
            return self._member(await guild.fetch_member(user.id), here)
        except discord.NotFound:
            return None
        except discord.HTTPException as exc:
            _log.warning("Whether somebody is a member could not be found out: %s", exc)
            return Unsure.UNSURE

    # All who can read a channel

    async def here(self, interaction: discord.Interaction) -> Viewer:
        """Return all who see what is shown to everybody where the interaction is."""
        if self.is_away(interaction):
            return STRANGER
        if interaction.guild is None:
            return await self.asker(interaction)
        return self.readers(interaction.guild, interaction.channel)

    async def around(self, message: discord.Message) -> Viewer:
        """Return all who see an answer to the message."""
        if message.guild is None:
            return await self.author(message)
        return self.readers(message.guild, message.channel)

    def readers_in(self, channel: int) -> Viewer:
        """Return all who can read the channel of this id; STRANGER if it is not known."""
        found = self._client.get_channel(channel)
        if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
            return STRANGER
        return self.readers(found.guild, found)

    def all_can_read(self, readers: Viewer, channel: int) -> bool:
        """Return whether these readers of a channel can all read another one of their server.

        False also for a private thread, and for a channel that is not known.
        """
        place = self._client.get_channel(channel)
        if isinstance(place, discord.Thread) and place.is_private():
            return False
        there = self.readers_in(channel)
        return (
            isinstance(there, ChannelReaders)
            and isinstance(readers, ChannelReaders)
            and there.guild == readers.guild
            and (
                there.everybody
                or readers.is_in(
                    Audience(roles=there.roles, people=there.people, channels=there.channels)
                )
            )
        )

    def readers(self, guild: discord.Guild, channel: object) -> Viewer:
        """Return all who can read a channel or thread; STRANGER if it is not known."""
        number = getattr(channel, "id", 0)
        parent = guild.get_channel(getattr(channel, "parent_id", None) or number)
        if parent is None or self._client.user is None:
            return STRANGER
        return readers_of(
            parent,
            also=[number],
            without=self._client.user.id,
            at_home=guild.id in self.home,
        )


def _everywhere(person: int, members: Sequence[Person]) -> Person:
    """Return the person with what they may do in several guilds, together."""
    return Person(
        id=person,
        roles=frozenset[int]().union(*(member.roles for member in members)),
        channels=frozenset[int]().union(*(member.channels for member in members)),
        guilds=frozenset[int]().union(*(member.guilds for member in members)),
        at_home=any(member.at_home for member in members),
    )
