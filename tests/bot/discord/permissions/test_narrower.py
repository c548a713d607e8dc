"""Whether all whom a document is for can read a channel, compared with Discord's own algorithm."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any, cast

import discord
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access import Audience, Viewer
from bot.discord.permissions.channel_readers import readers_of
from bot.discord.permissions.narrower import all_can_read
from testing.budget import amount
from tests.bot.discord.permissions.test_viewers import (
    AUDIENCES,
    BOT,
    CHANNEL,
    GUILD,
    OTHER,
    OWNER,
    PEOPLE,
    ROLES,
    SOME,
    VIEWERS,
    guilds,
    member,
)


class _Viewers:
    """The viewers of one server, with members who are not asked of Discord."""

    home = frozenset({GUILD})

    def __init__(self, guild: discord.Guild, members: Mapping[int, discord.Member]) -> None:
        self._guild = guild
        self._members = members

    async def member_now(self, _guild: discord.Guild, person: int) -> discord.Member | None:
        return self._members.get(person)

    def member(self, one: discord.Member) -> Viewer:
        return VIEWERS._member(one)

    def readers_in(self, channel: int) -> Viewer:
        found = self._guild.get_channel(channel)
        assert found is not None
        return readers_of(found, without=BOT)


WIDE = st.builds(
    lambda audience, home, guilds, everyone: replace(
        audience, home=home, guilds=guilds, roles=audience.roles | everyone
    ),
    AUDIENCES,
    st.booleans(),
    st.sampled_from([frozenset(), frozenset(), frozenset({GUILD}), frozenset({7})]),
    st.sampled_from([frozenset(), frozenset(), frozenset({GUILD})]),
)


def can_read(guild: discord.Guild, members: Mapping[int, discord.Member], *few: Audience) -> bool:
    channel = guild.get_channel(CHANNEL)
    viewers = cast("Any", _Viewers(guild, members))
    return asyncio.run(all_can_read(viewers, channel, few))


@settings(max_examples=amount(150))
@given(guilds(), st.one_of(AUDIENCES, WIDE), st.tuples(SOME, SOME))
def test_nobody_of_the_audience_is_left_who_cannot_read_the_channel(
    guild: discord.Guild, audience: Audience, held: tuple[frozenset[int], frozenset[int]]
) -> None:
    of_people = [r.id for r in guild.roles if not (r.is_default() or r.is_bot_managed())]
    people = {
        who: member(guild, who, tuple(some & set(of_people)))
        for who, some in zip(PEOPLE, held, strict=True)
    }
    if not can_read(guild, people, audience):
        return
    channel = guild.get_channel(CHANNEL)
    assert channel is not None
    any_roles = [some for n in range(len(of_people) + 1) for some in combinations(of_people, n)]
    others = [member(guild, who, some) for who in (303, OWNER) for some in any_roles]
    for one in (*people.values(), *others):
        if VIEWERS._member(one).is_in(audience):
            assert channel.permissions_for(one).view_channel, (one.id, one.roles)


@settings(max_examples=amount(60))
@given(guilds(), SOME)
def test_a_folder_for_the_channel_s_own_readers_is_no_wider(
    guild: discord.Guild, few: frozenset[int]
) -> None:
    assert can_read(guild, {}, Audience(channels=frozenset({CHANNEL}))) or any(
        one.view_channel is False
        for target, one in cast("Any", guild.get_channel(CHANNEL)).overwrites.items()
        if not isinstance(target, discord.Role)
    )


def test_somebody_of_another_server_can_read_nothing_here() -> None:
    guild = _plain()
    assert can_read(guild, {}, Audience(roles=frozenset({ROLES[0]})))
    for beyond in (
        Audience(people=frozenset({PEOPLE[0]})),  # no member
        Audience(roles=frozenset({999})),
        Audience(guilds=frozenset({7})),
        Audience(channels=frozenset({8_888})) | Audience(guilds=frozenset({7})),
    ):
        assert not can_read(guild, {}, beyond)
    assert can_read(guild, {}, Audience(guilds=frozenset({7})), Audience(home=True))


def _plain() -> discord.Guild:
    """Return a server in which everybody reads every channel."""
    view = str(discord.Permissions(view_channel=True).value)
    role: dict[str, object] = {"name": "r", "permissions": view, "position": 0, "tags": {}}
    channel: dict[str, object] = {"type": 0, "name": "c", "permission_overwrites": []}
    data = {
        "id": str(GUILD),
        "name": "guild",
        "owner_id": str(OWNER),
        "roles": [role | {"id": str(number)} for number in (GUILD, ROLES[0])],
        "channels": [channel | {"id": str(n), "position": 0} for n in (CHANNEL, OTHER)],
        "features": [],
        "emojis": [],
        "stickers": [],
    }
    state = discord.Client(intents=discord.Intents.none())._connection
    return discord.Guild(data=cast("Any", data), state=state)
