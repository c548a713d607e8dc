"""Who can read a channel, compared with Discord's own algorithm."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access import Audience, Policy
from bot.discord.permissions.channel_readers import readers_of
from bot.discord.permissions.viewers import Viewers
from bot.records import Records
from testing.budget import amount

GUILD, CHANNEL, OTHER, OWNER, BOT = 100, 500, 501, 900, 901
ROLES, PEOPLE = (201, 202, 203, 204), (301, 302)
VIEW = discord.Permissions(view_channel=True).value
ADMIN = discord.Permissions(administrator=True).value
FLAGS = st.sampled_from([0, 0, VIEW, discord.Permissions(send_messages=True).value])


STATE = discord.Client(intents=discord.Intents.none())._connection
"""Of a connection that was never made."""


def overwrite(target: int, kind: int, sign: str) -> dict[str, object]:
    allow, deny = (VIEW if sign == "+" else 0), (VIEW if sign == "-" else 0)
    return {"id": str(target), "type": kind, "allow": str(allow), "deny": str(deny)}


SIGNS = st.sampled_from(["", "", "+", "-"])


@st.composite
def guilds(draw: st.DrawFn) -> discord.Guild:
    roles: list[dict[str, object]] = [
        {"id": str(GUILD), "name": "@everyone", "permissions": str(draw(FLAGS)), "position": 0}
    ]
    for number, role in enumerate(ROLES, 1):
        permissions = draw(st.one_of(FLAGS, st.just(ADMIN)) if number == 4 else FLAGS)
        roles.append(
            {
                "id": str(role),
                "name": str(role),
                "permissions": str(permissions),
                "position": number,
                "tags": {"bot_id": "77"} if number == 3 and draw(st.booleans()) else {},
            }
        )
    overwrites = [
        overwrite(target, kind, sign)
        for targets, kind in (((GUILD, *ROLES), 0), ((*PEOPLE, BOT, OWNER), 1))
        for target in targets
        if (sign := draw(SIGNS))
    ]
    channels = [
        {"id": str(CHANNEL), "type": 0, "name": "c", "permission_overwrites": overwrites},
        {"id": str(OTHER), "type": 0, "name": "o", "permission_overwrites": []},
    ]
    for one in (*roles, *channels):
        one.setdefault("position", 0)
    data = {
        "id": str(GUILD),
        "name": "guild",
        "owner_id": str(OWNER),
        "roles": roles,
        "channels": channels,
        "features": [],
        "emojis": [],
        "stickers": [],
    }
    return discord.Guild(data=cast("Any", data), state=STATE)


def member(guild: discord.Guild, number: int, roles: tuple[int, ...]) -> discord.Member:
    data = {
        "user": {"id": str(number), "username": "x", "discriminator": "0", "avatar": None},
        "roles": [str(role) for role in roles],
        "joined_at": None,
        "flags": 0,
    }
    return discord.Member(data=cast("Any", data), guild=guild, state=STATE)


class _Client:
    user = discord.Object(BOT)
    guilds = ()


class _Policy:
    """A policy that names every channel."""

    guilds = frozenset({GUILD})
    everything = Audience(channels=frozenset({CHANNEL, OTHER}))


VIEWERS = Viewers(cast("Any", _Client()), cast("Any", _Policy()), cast("Any", None))
SOME = st.frozensets(st.sampled_from(ROLES))
AUDIENCES = st.builds(
    Audience,
    roles=SOME,
    people=st.frozensets(st.sampled_from(PEOPLE)),
    channels=st.frozensets(st.sampled_from([CHANNEL, OTHER]), max_size=1),
)


def all_who_view(guild: discord.Guild) -> list[discord.Member]:
    """Return every possible member who can read the channel, with any possible roles."""
    channel = guild.get_channel(CHANNEL)
    assert isinstance(channel, discord.TextChannel)
    of_people = [r.id for r in guild.roles if not (r.is_default() or r.is_bot_managed())]
    held = [some for n in range(len(of_people) + 1) for some in combinations(of_people, n)]
    everybody = [member(guild, who, some) for who in (*PEOPLE, 303, OWNER) for some in held]
    return [one for one in everybody if channel.permissions_for(one).view_channel]


@settings(max_examples=amount(120))
@given(guilds(), AUDIENCES)
def test_whoever_can_read_a_channel_may_see_what_is_shown_in_it(
    guild: discord.Guild, audience: Audience
) -> None:
    channel = guild.get_channel(CHANNEL)
    assert channel is not None
    readers = readers_of(channel, without=BOT)
    if readers.is_in(audience):
        for one in all_who_view(guild):
            assert VIEWERS._member(one).is_in(audience), (one.id, one.roles)


@settings(max_examples=amount(120))
@given(guilds(), SOME)
def test_what_is_for_roles_is_shown_wherever_they_alone_can_read(
    guild: discord.Guild, roles: frozenset[int]
) -> None:
    """So the bot cannot pass these tests by showing nothing."""
    channel = guild.get_channel(CHANNEL)
    assert channel is not None
    everyone = guild.default_role.permissions.administrator
    readers = readers_of(channel, without=BOT)
    if readers.people or everyone:
        return
    audience = Audience(roles=roles)
    expected = all(VIEWERS._member(one).is_in(audience) for one in all_who_view(guild))
    assert readers.is_in(audience) == expected


# Whose the documents are


@dataclass
class _In:
    """A client that is in these guilds."""

    guilds: list[discord.Object]
    shard_count: int | None = None


OURS, THEIRS = 10, 20


def client_in(*guilds: int) -> _In:
    return _In([discord.Object(guild) for guild in guilds])


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    kept = Records(tmp_path / "records.sqlite")
    yield kept
    kept.close()


async def started(client: _In, records: Records, policy: Policy | None = None) -> Viewers:
    """Return viewers as in a process that has just connected to Discord."""
    viewers = Viewers(cast("Any", client), policy or Policy(), records)
    await viewers.recall()
    await viewers.settle()
    return viewers


async def test_of_several_guilds_from_the_start_none_gets_the_documents_by_staying(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_in(OURS, THEIRS)
    viewers = await started(client, records)
    assert viewers.home == set()
    client.guilds = client_in(THEIRS).guilds
    assert viewers.home == set()
    await viewers.settle()
    assert viewers.home == set()
    caplog.set_level(logging.WARNING)
    assert (await started(client, records)).home == set()
    assert "Nobody sees any document" in caplog.text
    assert "guilds = [ID]" in caplog.text
    client.guilds = client_in(OURS).guilds
    assert (await started(client, records)).home == set()


async def test_of_a_share_of_the_guilds_none_gets_the_documents_by_being_alone_in_it(
    records: Records,
) -> None:
    client = client_in(THEIRS)
    client.shard_count = 2
    assert (await started(client, records)).home == set()
    client.shard_count = None
    assert (await started(client, records)).home == set()


async def test_a_policy_says_whose_the_documents_are_where_nobody_got_them(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_in(OURS, THEIRS)
    await started(client, records)
    caplog.clear()
    named = Policy(guilds=frozenset({OURS}))
    assert (await started(client, records, named)).home == {OURS}
    assert not caplog.records
    assert (await started(client, records)).home == set()


async def test_two_guilds_that_are_there_before_it_was_settled(records: Records) -> None:
    client = client_in(OURS, THEIRS)
    viewers = Viewers(cast("Any", client), Policy(), records)
    await viewers.recall()
    assert viewers.home == set()
    client.guilds = client_in(THEIRS).guilds
    await viewers.settle()
    assert viewers.home == set()


async def test_the_first_guild_that_invites_the_bot_gets_the_documents(records: Records) -> None:
    client = client_in()
    viewers = await started(client, records)
    assert viewers.home == set()
    client.guilds = client_in(OURS).guilds
    await viewers.settle()
    client.guilds = client_in(OURS, THEIRS).guilds
    await viewers.settle()
    assert viewers.home == {OURS}
    assert (await started(client, records)).home == {OURS}
    client.guilds = client_in(THEIRS).guilds
    assert (await started(client, records)).home == {OURS}
