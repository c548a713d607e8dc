"""`audience --person --in` agrees with what the bot shows in simcord's Discord."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from typing import cast

import discord
import pytest
import simcord
from hypothesis import given
from hypothesis import settings as search
from pydantic import SecretStr
from simcord._dpy_internals import install_http
from simcord.backend.errors import BackendError
from simcord.backend.models import Overwrite
from simcord.enums import ChannelType, OverwriteType
from simcord.http import FakeHTTPClient

from bot.access import Access, Policy, Viewer
from bot.app import composition
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from bot.discord.rest import client as rest_client
from bot.discord.rest.explain_access import NotThere, access_in
from testing.budget import amount
from testing.command import CommandLine, Done
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild, people
from tests.bot.discord.helpers.actions import take_away
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.policies import Drawn, drawn
from tests.bot.discord.helpers.visible_text import seen
from tests.bot.discord.permissions.plays.play import Act, Play, Turn
from tests.bot.discord.permissions.plays.stage import play

pytestmark = pytest.mark.slow

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GaBcDe.no-token-that-discord-has-ever-given-out"
OPEN, ROLE, VOICE, NAMED = NAMES = ("open.md", "plans/role.md", "radio/voice.md", "ann/named.md")
_NAME = re.compile("|".join(map(re.escape, NAMES)))
_VIEW, _CONNECT = (
    discord.Permissions(view_channel=True).value,
    discord.Permissions(connect=True).value,
)


@dataclass
class Place:
    """`ann` is a planner and `bob` is none; `dora` owns the server and has no role. Only planners
    read `plans` and its thread; all see `radio`, and only planners may connect."""

    guild: Guild
    dora: simcord.MemberActor
    planner: simcord.RoleHandle
    plans: simcord.ChannelHandle
    thread: simcord.ChannelHandle
    radio: simcord.ChannelHandle
    command: CommandLine

    @property
    def channels(self) -> tuple[simcord.ChannelHandle, ...]:
        return self.guild.channel, self.plans, self.thread, self.radio

    async def told(self, person: int, channel: simcord.ChannelHandle) -> Done:
        numbers = ("--person", str(person), "--in", str(channel.id))
        return await asyncio.to_thread(self.command, "audience", *numbers)


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    reindex(settings, {name: f"# {name}\n\nThe gate is guarded at night.\n" for name in NAMES})
    return settings.model_copy(update={"discord_token": SecretStr(TOKEN)})


@pytest.fixture
async def place(guild: Guild, indexed: Settings, monkeypatch: pytest.MonkeyPatch) -> Place:
    env, backend, handle = guild.env, guild.env.backend, guild.handle
    planner = handle.create_role("Planner")
    backend.add_member_role(handle.id, guild.ann.id, planner.id)
    dora = simcord.MemberActor(env, handle, handle.owner)
    me = Overwrite(backend.bot_user.id, OverwriteType.MEMBER, allow=_VIEW | _CONNECT)

    def planners_only(name: str, kind: ChannelType, right: int) -> simcord.ChannelHandle:
        overwrites = [
            Overwrite(handle.id, OverwriteType.ROLE, deny=right),
            Overwrite(planner.id, OverwriteType.ROLE, allow=right),
            me,
        ]
        made = backend.create_channel(handle.id, name, type=kind, overwrites=overwrites)
        return simcord.ChannelHandle(env, handle, made)

    plans = planners_only("plans", ChannelType.TEXT, _VIEW)
    radio = planners_only("radio", ChannelType.VOICE, _CONNECT)
    begun = backend.create_thread(plans.id, "more", guild.ann.id)
    policy = indexed.records.parent / "policy.toml"
    policy.write_text(
        f"""
guilds = [{handle.id}]
[audiences]
planners = {{ roles = [{planner.id}] }}
radio = {{ channels = [{radio.id}] }}
ann = {{ people = [{guild.ann.id}] }}
[[folders]]
path = "plans/"
audience = ["planners"]
[[folders]]
path = "radio/"
audience = ["radio"]
[[folders]]
path = "ann/"
audience = ["ann"]
"""
    )
    command = CommandLine(indexed.model_copy(update={"policy": policy}))
    services = services_of(command.settings, policy=Policy.read(policy))
    await env.restart_bot(bot_of(services))
    monkeypatch.setattr(rest_client, "_client", lambda: _client(env))
    return Place(
        guild, dora, planner, plans, simcord.ChannelHandle(env, handle, begun), radio, command
    )


def _client(env: simcord.Env) -> discord.Client:
    """Return a client that is not the bot's own, over the same Discord."""
    client = discord.Client(intents=discord.Intents(guilds=True))
    install_http(client, FakeHTTPClient(env.backend, asyncio.get_running_loop()))
    return client


async def _shown(
    actor: simcord.MemberActor, channel: simcord.ChannelHandle
) -> tuple[set[str], set[str]]:
    """Return what the bot shows a person alone there, and in front of everybody."""
    found = []
    for share in (False, True):
        done = await actor.slash(channel, "search", words="gate guarded", share=share)
        found.append(set(_NAME.findall(seen(done.response))))
    return found[0], found[1]


def _said(done: Done) -> tuple[set[str], set[str]]:
    assert (done.code, done.err) == (0, "")
    alone, _, public = done.out.partition("In public")
    return set(_NAME.findall(alone)), set(_NAME.findall(public))


async def test_it_is_what_the_bot_shows(place: Place) -> None:
    people = {"ann": place.guild.ann, "bob": place.guild.bob, "owner": place.dora}
    for channel in place.channels:
        for name, actor in people.items():
            if name == "bob" and channel is not place.guild.channel:
                continue  # he cannot read it
            said = _said(await place.told(actor.id, channel))
            assert said == await _shown(actor, channel), (name, channel)


async def test_what_it_is_for_each_of_them(place: Place) -> None:
    """So that the two do not agree on empty results."""
    guild, ann, bob, dora = place.guild, place.guild.ann, place.guild.bob, place.dora

    async def said(who: simcord.MemberActor, where: simcord.ChannelHandle) -> tuple[set[str], ...]:
        return _said(await place.told(who.id, where))

    assert await said(ann, guild.channel) == ({OPEN, ROLE, VOICE, NAMED}, {OPEN})
    assert await said(bob, guild.channel) == ({OPEN}, {OPEN})
    assert await said(dora, guild.channel) == ({OPEN, ROLE, VOICE}, {OPEN})
    assert await said(ann, place.thread) == ({OPEN, ROLE, VOICE, NAMED}, {OPEN, ROLE})
    assert await said(dora, place.radio) == ({OPEN, ROLE, VOICE}, {OPEN, VOICE})


async def test_who_cannot_read_a_channel_sees_nothing_there(place: Place) -> None:
    for channel in place.channels[1:]:
        done = await place.told(place.guild.bob.id, channel)
        alone, _, public = done.out.partition("In public")
        assert alone.endswith("  Nothing, as they cannot read this channel.\n\n")
        assert OPEN in public
    with pytest.raises(BackendError):  # simcord's people do no more than they can
        await _shown(place.guild.bob, place.plans)


async def test_a_role_that_was_taken_away_has_gone(place: Place) -> None:
    ann, channel = place.guild.ann, place.guild.channel
    take_away(ann, place.planner)
    assert _said(await place.told(ann.id, channel))[0] == {OPEN, NAMED}
    assert (await _shown(ann, channel))[0] == {OPEN, NAMED}


async def test_a_stranger(place: Place) -> None:
    stranger = place.guild.env.create_user("zoe")
    done = await place.told(stranger.id, place.guild.channel)
    assert (done.code, done.out) == (1, "")
    assert done.err == f"{stranger.id} is no member of Larkfield, and sees nothing there.\n"
    await stranger.send_dm("is the gate guarded at night?")
    said = stranger.dm_channel.last_message
    assert said is not None
    assert not _NAME.search(seen(said))


async def test_a_member_of_another_server(place: Place) -> None:
    elsewhere = people(place.guild.env)
    done = await place.told(elsewhere.ann.id, elsewhere.channel)
    assert _said(done) == (set(), set()) == await _shown(elsewhere.ann, elsewhere.channel)
    assert place.guild.env.errors  # what Ann was told of in place of a search
    assert "a member of no server that the documents belong to" in done.out


async def test_without_a_policy_it_is_as_the_bot_remembers_or_would_decide(
    place: Place, indexed: Settings
) -> None:
    ann, channel, env = place.guild.ann, place.guild.channel, place.guild.env
    records = indexed.records.parent / "others"
    place.command.settings = indexed.model_copy(update={"records": records})
    assert _said(await place.told(ann.id, channel)) == (set(NAMES), set(NAMES))
    elsewhere = people(env)
    done = await place.told(ann.id, channel)
    assert "belong to no server yet" in done.out
    assert not _NAME.search(done.out)
    assert not records.exists()
    services = services_of(place.command.settings)
    services.records.remember("home guild", str(elsewhere.handle.id))
    assert f"those of Larkfield ({elsewhere.handle.id})" in (await place.told(ann.id, channel)).out
    services.records.remember("home guild", str(place.guild.handle.id))
    assert _said(await place.told(ann.id, channel)) == (set(NAMES), set(NAMES))


async def _whoever_stands_anywhere(playing: Play) -> None:
    """Compare everybody in every place with the oracle, and the readers with the bot."""
    env, oracle, settings = playing.env, playing.oracle, playing.services.settings
    bot = cast("BriefingBot", env.bot)
    policy = playing.services.access.policy
    access = Access(composition.current_generation(settings), policy)

    def visible(viewer: Viewer) -> set[str]:
        names = access.visible(viewer)
        documents = oracle.state.items()
        return {canary for canary, one in documents if names is None or one.name in names}

    for spot in oracle.places:
        number = spot.channel.id
        guild = env.backend.channels[spot.parent.id].guild_id
        assert guild is not None
        for person in oracle.people:
            if person.id not in env.backend.guilds[guild].members:
                with pytest.raises(NotThere):
                    await access_in(settings, policy, person.id, number)
                continue
            found = await access_in(settings, policy, person.id, number)
            assert found.reads == oracle.reads(person.id, env.backend.channels[spot.parent.id])
            assert found.readers == bot.viewers.readers_in(number)
            documents = oracle.state.items()
            if found.reads:
                expected = {c for c, one in documents if oracle.may_see(person.id, one, guild)}
                assert visible(found.person) == expected
            public = visible(found.readers)
            assert public >= {c for c, one in documents if oracle.all_may_see(spot, one)}
            for reader in oracle.readers(number):
                assert all(oracle.may_see(reader, oracle.state[c], guild) for c in public)


@search(max_examples=amount(15))
@given(drawn())
def test_whatever_the_policy(tmp_path_factory: pytest.TempPathFactory, plan: Drawn) -> None:
    async def stand(turn: Turn) -> None:
        playing = turn.play
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(rest_client, "_client", lambda: _client(playing.env))
            token = {"discord_token": SecretStr(TOKEN)}
            settings = playing.services.settings.model_copy(update=token)
            playing.services = replace(playing.services, settings=settings)
            await _whoever_stands_anywhere(playing)

    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(Play.ACTS, "stand", stand)
        act = Act("stand", person=0, place=0, document=0, choice=0)
        asyncio.run(play(tmp_path_factory.mktemp("play"), plan, [act]))
