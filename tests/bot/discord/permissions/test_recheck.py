"""Rights that change while a question waits for its answer count when the answer is shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

import discord
import pytest
import simcord

from bot import messages
from bot.access import STRANGER, Audience, Person, Policy, Viewer
from bot.app.services import Services
from bot.chat.answering import Asked, Engine
from bot.config.settings import Settings
from bot.discord.permissions.recheck import recheck
from bot.errors import Busy
from index.answering.answer import Response, SearchResult
from testing.services import bot_of, engine_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import take_away
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.visible_text import seen

pytestmark = pytest.mark.slow

SECRET = "The zebra convoy leaves from Tromso."
ASKED = "where does the zebra convoy leave from?"
DOCUMENTS = {
    "yard.md": "# Convoys\n\nEvery convoy is logged in the yard book.\n",
    "plans/convoy.md": f"# The zebra convoy\n\n{SECRET}\n",
}


class Meanwhile:
    """The engine; while it answers for the `number`th time, something happens in Discord."""

    def __init__(self, engine: Engine, number: int, happens: Callable[[], object]) -> None:
        self._engine, self._number, self._happens = engine, number, happens
        self._loop = asyncio.get_running_loop()
        self.asked = 0

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response:
        self.asked += 1
        if self.asked == self._number:
            self._loop.call_soon_threadsafe(self._happens)
            time.sleep(0.3)
        return self._engine.ask(question, documents)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        return self._engine.search(query, k, documents)


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    reindex(settings, DOCUMENTS)
    return settings


@dataclass
class Place:
    """`ann` is a planner; `plans` is a channel that only planners read."""

    guild: Guild
    planner: simcord.RoleHandle
    plans: simcord.ChannelHandle
    settings: Settings

    async def serve(
        self, number: int, happens: Callable[[], object], audience: Audience | None = None
    ) -> Meanwhile:
        engine = Meanwhile(engine_of(self.settings), number, happens)
        audience = audience or Audience(roles=frozenset({self.planner.id}))
        policy = Policy(
            guilds=frozenset({self.guild.handle.id}),
            folders=(("plans/", audience),),
            audiences={"planners": audience},
        )
        await self.guild.env.restart_bot(
            bot_of(services_of(self.settings, engine=engine, policy=policy))
        )
        return engine

    def demote(self) -> None:
        take_away(self.guild.ann, self.planner)

    def open_up(self) -> None:
        self.guild.env.backend.edit_channel(self.plans.id, {}, overwrites=[])

    def said(self, channel: simcord.ChannelHandle) -> list[str]:
        return [seen(m) for m in channel.history() if m.author.mention == self.guild.me]

    def was_told(self, text: str) -> bool:
        """Whether that was sent to anybody, anywhere."""
        return any(text in str(request.json) for request in self.guild.env.http_requests)


@pytest.fixture
async def place(guild: Guild, indexed: Settings) -> Place:
    planner = guild.handle.create_role("Planner")
    me = guild.env.bot.user
    assert me is not None
    plans = guild.handle.create_text_channel(
        "plans",
        overwrites={
            guild.handle.default_role: discord.PermissionOverwrite(view_channel=False),
            planner: discord.PermissionOverwrite(view_channel=True),
            me: discord.PermissionOverwrite(view_channel=True),
        },
    )
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, planner.id)
    return Place(guild, planner, plans, indexed)


# A role that is taken away


async def test_by_a_private_command(place: Place) -> None:
    engine = await place.serve(1, place.demote)
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "ask", question=ASKED, private=True)
    assert messages.NO_ANSWER.split("\n")[0] in seen(done.response)
    assert engine.asked == 2
    assert not place.was_told("Tromso")


async def test_by_a_direct_message(place: Place) -> None:
    engine = await place.serve(1, place.demote)
    await place.guild.ann.send_dm(ASKED)
    (told,) = place.said(place.guild.ann.user.dm_channel)
    assert messages.NO_ANSWER.split("\n")[0] in told
    assert engine.asked == 2
    assert not place.was_told("Tromso")


@pytest.mark.parametrize("number", [1, 2], ids=["before it is looked up", "while it is"])
async def test_what_the_asker_alone_is_told_further(place: Place, number: int) -> None:
    await place.serve(number, place.demote)
    guild = place.guild
    await guild.ann.send(guild.channel, f"{guild.me} {ASKED}")
    assert len(place.said(guild.channel)) == 1
    assert place.said(guild.ann.user.dm_channel) == []
    assert not place.was_told("Tromso")


@pytest.mark.parametrize("number", [1, 2], ids=["before it is looked up", "while it is"])
async def test_what_the_asker_alone_is_told_further_by_command(place: Place, number: int) -> None:
    await place.serve(number, place.demote)
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "ask", question=ASKED)
    assert done.followups == []
    assert not place.was_told("Tromso")


async def test_a_role_that_let_its_holder_read_a_channel(place: Place) -> None:
    readers_of_plans = Audience(channels=frozenset({place.plans.id}))
    await place.serve(1, place.demote, readers_of_plans)
    await place.guild.ann.slash(place.plans, "ask", question=ASKED, private=True)
    assert not place.was_told("Tromso")


async def test_a_member_who_leaves_meanwhile(place: Place) -> None:
    guild = place.guild
    await place.serve(1, partial(guild.env.backend.remove_member, guild.handle.id, guild.ann.id))
    await guild.ann.slash(guild.channel, "ask", question=ASKED, private=True)
    assert not place.was_told("Tromso")


async def test_who_keeps_their_rights_is_answered_at_once(place: Place) -> None:
    engine = await place.serve(0, place.demote)
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "ask", question=ASKED, private=True)
    assert SECRET in seen(done.response)
    await guild.ann.send(place.plans, f"{guild.me} {ASKED}")
    assert SECRET in place.said(place.plans)[0]
    assert engine.asked == 2


# A channel that is opened


async def test_a_channel_that_more_people_read_by_then(place: Place) -> None:
    await place.serve(1, place.open_up)
    guild = place.guild
    await guild.ann.send(place.plans, f"{guild.me} {ASKED}")
    (public,) = place.said(place.plans)
    assert "Tromso" not in public
    (further,) = place.said(guild.ann.user.dm_channel)
    assert SECRET in further


async def test_a_channel_that_more_people_read_by_then_by_command(place: Place) -> None:
    await place.serve(1, place.open_up)
    done = await place.guild.ann.slash(place.plans, "ask", question=ASKED)
    assert "Tromso" not in seen(done.response)
    (further,) = done.followups
    assert further.ephemeral
    assert SECRET in seen(further)


# How often


@pytest.fixture
def services(indexed: Settings) -> Services:
    """With documents for those who hold role 1, 2, 3 or 4."""
    reindex(indexed, {f"{number}/a.md": f"# Number {number}\n\nWords.\n" for number in range(1, 5)})
    folders = [(f"{number}/", Audience(roles=frozenset({number}))) for number in range(1, 5)]
    return services_of(indexed, policy=Policy(folders=tuple(folders)))


class Asker:
    """Loses a role with every look, down to `least`."""

    def __init__(self, least: int) -> None:
        self.roles, self.least = 4, least
        self.answered: list[Viewer] = []

    def person(self) -> Person:
        return Person(1, roles=frozenset(range(1, self.roles + 1)))

    async def rights(self) -> Viewer:
        self.roles = max(self.least, self.roles - 1)
        return self.person()

    async def answer(self, asked: Asked) -> str:
        self.answered.append(asked.viewer)
        return f"for {self.roles}"


ASKING = partial(Asked, question="Words?", person=1, guild=None, channel=1)


@pytest.mark.parametrize(("least", "times"), [(4, 1), (3, 2), (2, 3)])
async def test_it_is_answered_for_the_rights_that_are_left(
    services: Services, least: int, times: int
) -> None:
    asker = Asker(least)
    asked = ASKING(viewer=asker.person())
    assert await recheck(services, asked, asker.rights, asker.answer) == f"for {least}"
    assert len(asker.answered) == times
    assert asker.answered[-1] == asker.person()


async def test_who_loses_rights_all_the_time_is_told_to_ask_again(services: Services) -> None:
    asker = Asker(0)
    with pytest.raises(Busy):
        await recheck(services, ASKING(viewer=asker.person()), asker.rights, asker.answer)
    assert len(asker.answered) == 3


async def test_who_may_see_more_by_then_is_not_answered_anew(services: Services) -> None:
    asker = Asker(4)
    asked = ASKING(viewer=STRANGER)
    await recheck(services, asked, asker.rights, asker.answer)
    assert asker.answered == [STRANGER]


async def test_other_rights_are_fewer_where_one_thing_is_missing(services: Services) -> None:
    asker = Asker(1)
    asker.roles = 1
    asked = ASKING(viewer=Person(1, roles=frozenset({2})))
    await recheck(services, asked, asker.rights, asker.answer)
    assert asker.answered == [asked.viewer, asker.person()]


async def test_nothing_is_nothing_for_everybody(services: Services) -> None:
    asker = Asker(0)

    async def nothing(_: Asked) -> str | None:
        return None

    asked = ASKING(viewer=asker.person())
    assert await recheck(services, asked, asker.rights, nothing) is None
    assert asker.roles == 4
