"""Who is looking, from what Discord says: the one who asks or clicks, and all who read a channel.

A person's roles come with every message and every click, so one that was taken away has gone at
once. Who reads a channel is not asked for, as the bot does not know the members of a guild: it
follows from the roles and the channel's permissions, which Discord keeps the bot told of.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Protocol

import discord

from bot.access import STRANGER, Person, Policy, Readers, Viewer
from bot.errors import Busy

__all__ = ["Remembers", "Viewers", "readers_of", "reads"]

_KEY = "home guild"
_NOBODY = 0
"""In the place of the guild that the bot was in first, where it was in several from the start."""
_SECONDS_UNTIL_ASKED_AGAIN = 5
"""What is told where Discord does not say who somebody is, though discord.py asked repeatedly."""
_log = logging.getLogger(__name__)


class Remembers(Protocol):
    """What is needed of `bot.records.Records`."""

    def recall(self, key: str) -> str | None: ...

    def remember(self, key: str, value: str) -> None: ...


class Viewers:
    """Used from one event loop."""

    def __init__(self, client: discord.Client, policy: Policy, records: Remembers) -> None:
        self._client = client
        self._policy = policy
        self._records = records
        self._first: int | None = None

    # Whose the documents are

    @property
    def home(self) -> frozenset[int]:
        """The guilds whose the documents are: those that the policy names, else the one that the
        bot was in before any other.

        So nobody who invites the bot into another guild gets to see anything there, and nothing
        changes in the first. None where it was in several from the start, also when but one of
        them is left: that may be a stranger's.
        """
        if self._policy.guilds:
            return self._policy.guilds
        guilds = self._client.guilds
        if self._first is None and guilds:  # one that cannot be reached just now counts, too
            self._first = guilds[0].id if len(guilds) == 1 else _NOBODY
        return frozenset({self._first}) if self._first else frozenset()

    async def recall(self) -> None:
        known = await asyncio.to_thread(self._records.recall, _KEY)
        self._first = None if known is None else int(known)

    async def settle(self) -> None:
        """Remembers for good whose the documents are, as soon as the bot is in a guild at all."""
        if self._policy.guilds or not self._client.guilds:
            return
        known = {guild.id for guild in self._client.guilds}
        home = self.home
        await asyncio.to_thread(self._records.remember, _KEY, str(self._first))
        if not home:
            _log.warning(
                "Nobody sees any document: the bot was in several servers from the start, and "
                "nothing says whose the documents are. Name it in the policy (BRIEFING_POLICY), "
                "even if the bot is in one server by now: guilds = [ID]"
            )
        elif not home & known:
            _log.warning(
                "Nobody sees any document: they belong to the server %s, which the bot was in "
                "first and is in no longer. Name another in the policy (BRIEFING_POLICY): "
                "guilds = [ID]",
                self._first,
            )

    # Whoever asks or clicks

    async def asker(self, interaction: discord.Interaction) -> Viewer:
        """With the rights that came with what the person did, in this guild alone.

        In a direct conversation, with those of all guilds that matter.
        """
        return await self._person(interaction.user, interaction.guild, interaction.channel)

    async def author(self, message: discord.Message) -> Viewer:
        return await self._person(message.author, message.guild, message.channel)

    async def person_now(
        self, user: discord.User | discord.Member, guild: discord.Guild | None, channel: object
    ) -> Viewer:
        """The same person with the rights of this moment; nobody, where they are no member.

        What they did came with the roles that they had then, and Discord does not tell the bot of
        one that was taken away since: it has to be asked. Raises Busy where it does not answer.
        """
        if guild is None:
            return await self._anywhere(user)
        try:
            member = await guild.fetch_member(user.id)
        except (discord.NotFound, discord.Forbidden):
            return STRANGER
        except discord.HTTPException as exc:
            _log.warning("What somebody may see now could not be found out: %s", exc)
            raise Busy(_SECONDS_UNTIL_ASKED_AGAIN) from exc
        return self.member(member, channel if _sees(member, channel) else None)

    def member(self, member: discord.Member, channel: object = None) -> Person:
        """A member who does something in the channel, and so is in it; anywhere, without one."""
        return self._member(member, _ids_of(channel))

    async def _person(
        self,
        user: discord.User | discord.Member,
        guild: discord.Guild | None,
        channel: object,
    ) -> Viewer:
        if guild is None:
            return await self._anywhere(user)
        if isinstance(user, discord.Member):
            return self.member(user, channel)
        # An edited message may come without its author's roles.
        return await self._in_guild(guild, user, _ids_of(channel)) or STRANGER

    def _member(self, member: discord.Member, here: frozenset[int] = frozenset()) -> Person:
        guild = member.guild
        if _administrates(member):
            roles = frozenset(role.id for role in guild.roles)
        else:
            roles = frozenset(role.id for role in member.roles)
        named = (guild.get_channel(one) for one in self._policy.everything.channels)
        read = {one.id for one in named if one is not None and reads(member, one)}
        return Person(
            id=member.id,
            roles=roles | {guild.id},
            channels=here | read,
            guilds=frozenset({guild.id}),
            at_home=guild.id in self.home,
        )

    async def _anywhere(self, user: discord.User | discord.Member) -> Person:
        """Asked anew each time: Discord says nothing of it by itself."""
        guilds = [guild for guild in self._client.guilds if self._matters(guild)]
        found = await asyncio.gather(*(self._in_guild(guild, user) for guild in guilds))
        known = [one for one in found if one is not None]
        return Person(
            id=user.id,
            roles=frozenset[int]().union(*(one.roles for one in known)),
            channels=frozenset[int]().union(*(one.channels for one in known)),
            guilds=frozenset[int]().union(*(one.guilds for one in known)),
            at_home=any(one.at_home for one in known),
        )

    def _matters(self, guild: discord.Guild) -> bool:
        named = self._policy.everything
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
    ) -> Person | None:
        try:
            return self._member(await guild.fetch_member(user.id), here)
        except discord.NotFound:
            return None
        except discord.HTTPException as exc:
            _log.warning("Whether somebody is a member could not be found out: %s", exc)
            return None

    # All who read along

    async def here(self, interaction: discord.Interaction) -> Viewer:
        """All who see what is shown to everybody where this is."""
        if interaction.guild is None:
            # With another user's app, two people may be talking.
            alone = not interaction.context.private_channel
            return await self.asker(interaction) if alone else STRANGER
        return self.readers(interaction.guild, interaction.channel)

    async def around(self, message: discord.Message) -> Viewer:
        if message.guild is None:
            return await self.author(message)
        return self.readers(message.guild, message.channel)

    def readers_in(self, channel: int) -> Viewer:
        """All who can read the channel of this id."""
        found = self._client.get_channel(channel)
        if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
            return STRANGER
        return self.readers(found.guild, found)

    def readers(self, guild: discord.Guild, channel: object) -> Viewer:
        """Nobody, where it is not known who they are."""
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


def readers_of(
    channel: discord.abc.GuildChannel,
    *,
    also: Collection[int] = (),
    without: int | None = None,
    at_home: bool = False,
) -> Readers:
    """All who can view the channel; its threads, with ids in `also`, are read by no others.

    One role besides @everyone tells all: who gets in with several gets in with one of these alone,
    as of two roles one can only take away what the other lets do
    (https://discord.com/developers/docs/topics/permissions#permission-overwrites). Roles of bots
    are nobody's, and `without` is the bot itself. A person who is let in by name may have left;
    they count all the same.
    """
    guild = channel.guild
    everyone = guild.default_role
    held = [
        role
        for role in guild.roles
        if not (role.is_default() or role.is_bot_managed() or role.permissions.administrator)
    ]
    people = (
        target.id
        for target, overwrite in channel.overwrites.items()
        if overwrite.view_channel and not _is_role(target)
    )
    return Readers(
        guild=guild.id,
        channels=frozenset({channel.id, *also}),
        everybody=(
            channel.permissions_for(everyone).view_channel
            and not everyone.permissions.administrator
        ),
        roles=frozenset(r.id for r in held if channel.permissions_for(r).view_channel),
        people=frozenset(people) - {without, guild.owner_id},
        guild_roles=frozenset(role.id for role in guild.roles),
        guild_channels=frozenset(one.id for one in guild.channels),
        at_home=at_home,
    )


def reads(member: discord.Member, channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Whether the member can read it, for certain: who was let into a private thread is not known.

    What is written beside a voice channel is for those who may connect
    (https://discord.com/developers/docs/resources/message#get-channel-messages).
    """
    rights = channel.permissions_for(member)
    if isinstance(channel, discord.Thread) and channel.is_private():
        return rights.manage_threads
    spoken = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
    return rights.view_channel and (rights.connect or not spoken)


def _sees(member: discord.Member, channel: object) -> bool:
    """Whether a member who was in the channel still may view it; a thread goes by its channel."""
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    return (
        isinstance(parent, discord.abc.GuildChannel) and parent.permissions_for(member).view_channel
    )


def _ids_of(channel: object) -> frozenset[int]:
    """Of a channel and, where it is a thread, the one that it belongs to."""
    ids = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    return frozenset(one for one in ids if one)


def _is_role(target: discord.Role | discord.Member | discord.Object) -> bool:
    return isinstance(target, discord.Role) or getattr(target, "type", None) is discord.Role


def _administrates(member: discord.Member) -> bool:
    """Whoever does can take any role, and reads every channel."""
    guild = member.guild
    return member.id == guild.owner_id or any(
        role.permissions.administrator for role in member.roles
    )
