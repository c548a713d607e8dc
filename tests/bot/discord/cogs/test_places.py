"""Who reads along in every kind of channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import discord
import pytest
import simcord
from discord.threads import Thread
from simcord.backend.models import Overwrite
from simcord.enums import ChannelType, OverwriteType

from bot.access import Audience, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.permissions.viewers import Viewers
from bot.services import Services
from testing.budget import one_in
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.visible_text import seen

pytestmark = pytest.mark.slow

SECRET = "The zebra convoy leaves from Tromso."
ASKED = "where does the zebra convoy leave from?"
VIEW, CONNECT = (discord.Permissions(**{name: True}).value for name in ("view_channel", "connect"))
KINDS = {
    "text": ChannelType.TEXT,
    "announcements": ChannelType.NEWS,
    "voice": ChannelType.VOICE,
    "stage": ChannelType.STAGE_VOICE,
    "forum post": ChannelType.FORUM,
    "thread": ChannelType.TEXT,
    "private thread": ChannelType.TEXT,
}
Serve = Callable[[Audience], Services]


@dataclass
class Town:
    """`ann` is a planner, `bob` is none; `role` is Discord's for planners."""

    guild: Guild
    role: simcord.RoleHandle
    settings: Settings

    def made(
        self, kind: str, *overwrites: Overwrite, category: int | None = None
    ) -> simcord.ChannelHandle:
        """Make a place that the bot can read; a thread is made in a new channel."""
        backend, guild = self.guild.env.backend, self.guild.handle
        me = Overwrite(backend.bot_user.id, OverwriteType.MEMBER, allow=VIEW | CONNECT)
        channel = backend.create_channel(
            guild.id, "here", type=KINDS[kind], overwrites=[*overwrites, me], parent_id=category
        )
        if kind in ("forum post", "thread", "private thread"):
            private = kind == "private thread"
            thread = ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD
            parent, owner = channel.id, backend.bot_user.id
            channel = backend.create_thread(parent, "more", owner, type=thread)
            for one in (self.guild.ann, self.guild.bob):
                backend.add_thread_member(channel.id, one.id)
        return simcord.ChannelHandle(self.guild.env, guild, channel)

    @property
    def for_planners(self) -> tuple[Overwrite, Overwrite]:
        return (
            Overwrite(self.guild.handle.id, OverwriteType.ROLE, deny=VIEW),
            Overwrite(self.role.id, OverwriteType.ROLE, allow=VIEW),
        )

    async def serve(self, audience: Audience) -> None:
        policy = Policy(guilds=frozenset({self.guild.handle.id}), folders=(("plans/", audience),))
        await self.guild.env.restart_bot(bot_of(services_of(self.settings, policy=policy)))

    async def told_to_all(self, channel: simcord.ChannelHandle) -> str:
        """Return the answer to Ann's question that all readers see."""
        await self.guild.ann.send(channel, f"{self.guild.me} {ASKED}")
        return "\n".join(seen(m) for m in channel.history() if m.author.mention == self.guild.me)


@pytest.fixture
async def town(guild: Guild, settings: Settings) -> Town:
    reindex(
        settings, {"plans/convoy.md": f"# The zebra convoy\n\n{SECRET}\n", "a.md": "# A\n\nB.\n"}
    )
    role = guild.handle.create_role("Planner")
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, role.id)
    found = Town(guild, role, settings)
    await found.serve(Audience(roles=frozenset({role.id})))
    return found


@pytest.mark.parametrize("kind", one_in(3, KINDS))
async def test_what_is_for_a_role_shows_where_it_alone_gets_in(town: Town, kind: str) -> None:
    assert SECRET in await town.told_to_all(town.made(kind, *town.for_planners))
    assert "Tromso" not in await town.told_to_all(town.made(kind))


@pytest.mark.parametrize("kind", one_in(3, KINDS))
async def test_what_is_for_a_channel_shows_in_it_and_below(town: Town, kind: str) -> None:
    here, elsewhere = town.made(kind), town.made("text")
    named = here._channel.parent_id or here.id
    await town.serve(Audience(channels=frozenset({named})))
    assert SECRET in await town.told_to_all(here)
    assert "Tromso" not in await town.told_to_all(elsewhere)


@pytest.mark.parametrize("kind", one_in(3, KINDS))
async def test_questions_are_answered_in_every_kind_of_channel(town: Town, kind: str) -> None:
    guild, here = town.guild, town.made(kind)
    book = GuildBook(GuildSettings(answer_threads=True), {})
    policy = Policy(guilds=frozenset({guild.handle.id}))
    services = services_of(town.settings, policy=policy, guilds=book)
    await guild.env.restart_bot(bot_of(services))
    asked = await guild.ann.send(here, f"{guild.me} {ASKED}")
    done = await guild.ann.slash(here, "ask", question=ASKED)
    assert done.response is not None
    for began in (asked.id, done.response.id):
        opened = guild.env.backend.channels.get(began)  # a thread, where there can be one
        assert (opened is not None) == (kind in ("text", "announcements"))
        place = here if opened is None else simcord.ChannelHandle(guild.env, guild.handle, opened)
        shown = [seen(m) for m in place.history() if m.author.mention == guild.me]
        assert any(SECRET in each for each in (*shown, seen(done.response)))


@pytest.mark.parametrize("kind", ["voice", "stage"])
async def test_who_may_not_connect_does_not_read_a_voice_channel(town: Town, kind: str) -> None:
    """https://discord.com/developers/docs/resources/message#get-channel-messages"""
    everyone = Overwrite(town.guild.handle.id, OverwriteType.ROLE, deny=CONNECT)
    planners = Overwrite(town.role.id, OverwriteType.ROLE, allow=CONNECT)
    voice = town.made(kind, everyone, planners)
    await town.serve(Audience(channels=frozenset({voice.id})))
    for member, may in ((town.guild.ann, True), (town.guild.bob, False)):
        done = await member.slash(town.guild.channel, "ask", question=ASKED, private=True)
        assert (SECRET in seen(done.response)) == may


async def test_a_channel_goes_by_its_own_rights_not_by_its_category_s(town: Town) -> None:
    """Discord copies a category's permissions to a new channel, and then ignores the category:
    https://discord.com/developers/docs/topics/permissions#permission-syncing"""
    category = town.guild.env.backend.create_channel(
        town.guild.handle.id,
        "planning",
        type=ChannelType.CATEGORY,
        overwrites=list(town.for_planners),
    )
    synced = town.made("text", *town.for_planners, category=category.id)
    opened = town.made("text", category=category.id)
    assert SECRET in await town.told_to_all(synced)
    assert "Tromso" not in await town.told_to_all(opened)


# What simcord does not have, from Discord's payloads

_HOME, _TEXT, _NEWS, _FORUM = 100, 500, 501, 502
_CLIENT = discord.Client(intents=discord.Intents.none())
OF_CHANNEL = Audience(channels=frozenset({_TEXT, _NEWS, _FORUM}))


def _guild() -> discord.Guild:
    channel = {"position": 0, "name": "c", "permission_overwrites": []}
    kinds = {_TEXT: 0, _NEWS: 5, _FORUM: 15}
    data = {
        "id": str(_HOME),
        "name": "g",
        "owner_id": "1",
        "roles": [{"id": str(_HOME), "name": "@everyone", "permissions": "0", "position": 0}],
        "channels": [{**channel, "id": str(one), "type": kind} for one, kind in kinds.items()],
        "features": [],
        "emojis": [],
        "stickers": [],
    }
    return discord.Guild(data=cast("Any", data), state=_CLIENT._connection)


def _thread(guild: discord.Guild, parent: int, kind: int, *, archived: bool) -> Thread:
    """Return a thread as an interaction brings it; the bot need not know it before."""
    moment = "2026-01-01T00:00:00+00:00"
    data = {
        "id": "900",
        "type": kind,
        "name": "t",
        "parent_id": str(parent),
        "owner_id": "1",
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": {
            "archived": archived,
            "auto_archive_duration": 60,
            "archive_timestamp": moment,
            "locked": archived,
        },
    }
    return Thread(guild=guild, state=_CLIENT._connection, data=cast("Any", data))


class _Connected:
    user = discord.Object(77)

    def get_channel(self, _: int) -> None:
        return None


VIEWERS = Viewers(
    cast("Any", _Connected()), Policy(guilds=frozenset({_HOME})), records=cast("Any", None)
)


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize(("kind", "parent"), [(10, _NEWS), (11, _TEXT), (11, _FORUM), (12, _TEXT)])
def test_a_thread_is_read_by_those_who_read_its_channel(
    kind: int, parent: int, archived: bool
) -> None:
    guild = _guild()
    thread = _thread(guild, parent, kind, archived=archived)
    readers = VIEWERS.readers(guild, thread)
    assert readers.is_in(OF_CHANNEL)
    assert not readers.is_in(Audience(channels=frozenset({_HOME})))
    assert readers.is_in(Audience(home=True))


def test_a_thread_whose_channel_is_not_known_is_read_by_nobody_knows_whom() -> None:
    guild = _guild()
    thread = _thread(guild, 12345, 11, archived=False)
    everybody = Audience(home=True, guilds=frozenset({_HOME}), channels=frozenset({12345, 900}))
    assert not VIEWERS.readers(guild, thread).is_in(everybody)
    assert not VIEWERS.readers(guild, None).is_in(everybody)
    assert not VIEWERS.readers_in(900).is_in(everybody)
