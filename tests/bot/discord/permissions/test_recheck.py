"""Rights that change while something waits in line count when it is sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import discord
import pytest
import simcord

from bot.access import STRANGER, Audience, Person, Policy, Viewer
from bot.chat.answering import QuestionEngine
from bot.chat.question import ChatQuestion
from bot.chat.recheck import Found, rechecked
from bot.config.settings import Settings
from bot.discord.cogs.asking.sharing import NOT_TO_BE_SHARED, SHARE_ANSWER
from bot.discord.cogs.looking_up.sources import FIND_SOURCES, NOT_FOR_ALL
from bot.discord.rendering.answers.answers import NO_ANSWER
from bot.discord.ui.documents.source_view import ORIGINAL
from bot.discord.ui.paging import NEXT_PAGE
from bot.errors import Busy
from bot.library import Library
from bot.services import Services
from index.answering.answer import Response, SearchResult
from testing.engines import EngineAfter
from testing.services import bot_of, engine_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import let_happen, press, take_away
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.visible_text import seen

pytestmark = pytest.mark.slow

SECRET = "The zebra convoy leaves from Tromso."
ASKED = "where does the zebra convoy leave from?"
CONVOY = "zebra convoy"
DOCUMENTS = {
    "yard.md": "# Convoys\n\nEvery convoy is logged in the yard book.\n",
    "plans/convoy.md": f"# The zebra convoy\n\n{SECRET}\n",
}


class Meanwhile(EngineAfter):
    """An engine; while it works for the `number`th time, something happens in Discord."""

    def __init__(self, engine: QuestionEngine, number: int, happens: Callable[[], object]) -> None:
        super().__init__(engine)
        self._number, self._happens = number, happens
        self._loop = asyncio.get_running_loop()
        self.asked = 0

    def before(self, _question: str) -> None:
        self.asked += 1
        if self.asked == self._number:
            let_happen(self._loop, self._happens)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        self.before(query)
        return super().search(query, k, documents)


INDEXED = DOCUMENTS


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
            path=Path("policy.toml"),
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
        """Return whether that was sent to anybody, anywhere."""
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
    assert str(NO_ANSWER) in seen(done.response)
    assert engine.asked == 2
    assert not place.was_told("Tromso")


async def test_by_a_direct_message(place: Place) -> None:
    engine = await place.serve(1, place.demote)
    await place.guild.ann.send_dm(ASKED)
    (told,) = place.said(place.guild.ann.user.dm_channel)
    assert str(NO_ANSWER) in told
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


async def test_nobody_is_told_anything_while_discord_does_not_say_who_they_are(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    response: Any = SimpleNamespace(status=503, reason="Unavailable")
    unavailable = AsyncMock(side_effect=discord.DiscordServerError(response, "down"))
    await place.serve(0, place.demote)
    guild = place.guild
    monkeypatch.setattr(discord.Guild, "fetch_member", unavailable)
    done = await guild.ann.slash(guild.channel, "ask", question=ASKED, private=True)
    assert "I am busy just now" in seen(done.response)
    assert len(guild.env.errors) == 1
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


# What is looked for, and shared


async def test_by_a_search(place: Place) -> None:
    engine = await place.serve(1, place.demote)
    done = await place.guild.ann.slash(place.guild.channel, "search", words=CONVOY)
    assert "yard book" in seen(done.response)
    assert engine.asked == 2
    assert not place.was_told("Tromso")


async def test_by_another_page_of_a_search(place: Place) -> None:
    reindex(place.settings, {f"plans/{n}.md": f"# {n}\n\n{SECRET}\n" for n in range(4)})
    engine = await place.serve(2, place.demote)
    guild = place.guild
    done = await guild.ann.slash(guild.channel, "search", words=CONVOY)
    assert "Tromso" in seen(done.response)
    before = len(guild.env.http_requests)
    turned = await press(guild.ann, done, str(NEXT_PAGE))
    assert "Number" in seen(turned.response)
    assert engine.asked == 3
    assert not any("Tromso" in str(one.json) for one in guild.env.http_requests[before:])


async def test_by_a_search_that_is_shared(place: Place) -> None:
    engine = await place.serve(1, place.open_up)
    done = await place.guild.ann.slash(place.plans, "search", words=CONVOY, share=True)
    assert "yard book" in seen(done.response)
    assert engine.asked == 2
    assert not place.was_told("Tromso")


async def test_by_an_answer_that_is_shared(place: Place) -> None:
    engine = await place.serve(2, place.open_up)
    done = await place.guild.ann.slash(place.plans, "ask", question=ASKED, private=True)
    assert SECRET in seen(done.response)
    shared = await press(place.guild.ann, done, str(SHARE_ANSWER))
    assert str(NOT_TO_BE_SHARED) in seen(shared.response)
    assert shared.followups == []
    assert engine.asked == 2


async def test_by_sources_that_are_found(place: Place) -> None:
    engine = await place.serve(1, place.demote)
    guild = place.guild
    claim = await guild.bob.send(guild.channel, SECRET)
    done = await guild.ann.context_menu(guild.channel, FIND_SOURCES, claim)
    assert "convoy.md" not in seen(done.response)
    assert engine.asked == 2


@pytest.mark.parametrize(
    ("command", "options"),
    [("search", {"words": CONVOY}), ("search", {"words": CONVOY, "share": True})],
    ids=["alone", "shared"],
)
async def test_who_keeps_their_rights_searches_once(
    place: Place, command: str, options: dict[str, Any]
) -> None:
    engine = await place.serve(0, place.demote)
    done = await place.guild.ann.slash(place.plans, command, **options)
    assert SECRET in seen(done.response)
    assert engine.asked == 1


# A generation that is published


async def test_a_document_that_is_closed_by_then(place: Place) -> None:
    closed = {"plans/convoy.md": f"---\naudience: closed\n---\n{DOCUMENTS['plans/convoy.md']}"}
    engine = await place.serve(1, partial(reindex, place.settings, closed))
    await place.guild.ann.send(place.plans, f"{place.guild.me} {ASKED}")
    await place.guild.ann.slash(place.plans, "search", words=CONVOY)
    assert engine.asked == 3
    assert not place.was_told("Tromso")


# What is looked up


def slowly_once(patched: pytest.MonkeyPatch, method: str, happens: Callable[[], object]) -> None:
    """Let something happen while that is looked up in a library for the first time."""
    loop, run_quick, waited = (
        asyncio.get_running_loop(),
        getattr(Library, method),
        threading.Event(),
    )

    def slowly(*args: object) -> object:
        if not waited.is_set():
            waited.set()
            let_happen(loop, happens)
        return run_quick(*args)

    patched.setattr(Library, method, slowly)


SOURCE = {"document": "plans/convoy.md"}
LOOKED_UP = [
    ("source", SOURCE, None, "view_at", SECRET),
    ("source", SOURCE, ORIGINAL, "original", "convoy.md"),
    ("documents", {}, None, "rows", "The zebra convoy"),
    ("source", {"document": "plans/convoi"}, None, "named", "convoy.md"),
    ("ask", {"question": ASKED, "private": True}, "Source", "locate", SECRET),
    ("search", {"words": CONVOY}, "Source 1", "view_of_excerpt", SECRET),
]


@pytest.mark.parametrize("lost", [False, True], ids=["who keeps a right", "who loses it"])
@pytest.mark.parametrize(
    ("command", "options", "label", "method", "secret"),
    LOOKED_UP,
    ids=["source", "original", "documents", "names like it", "excerpt", "passage"],
)
async def test_by_what_is_looked_up(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    options: dict[str, Any],
    label: str | None,
    method: str,
    secret: str,
    lost: bool,
) -> None:
    guild, happens = place.guild, place.demote if lost else lambda: None
    await place.serve(0, happens)
    if label is None:
        slowly_once(monkeypatch, method, happens)
        done = await guild.ann.slash(guild.channel, command, **options)
    else:
        shown = await guild.ann.slash(guild.channel, command, **options)
        slowly_once(monkeypatch, method, happens)
        done = await press(guild.ann, shown, label)
    assert done.response is not None
    files = [one.filename for one in done.response.attachments]
    assert (secret in "\n".join([seen(done.response), *files])) != lost
    assert len(guild.env.errors) <= 1  # what they were told instead


async def test_by_a_source_that_is_shared(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await place.serve(0, place.open_up)
    slowly_once(monkeypatch, "view_at", place.open_up)
    done = await place.guild.ann.slash(place.plans, "source", **SOURCE, share=True)
    assert str(NOT_FOR_ALL) in seen(done.response)
    assert len(place.guild.env.errors) == 1
    assert not place.was_told("Tromso")


# How often


@pytest.fixture
def indexed_by_role(indexed: Settings) -> Settings:
    """Return settings with documents for role 1, 2, 3 and 4."""
    reindex(indexed, {f"{number}/a.md": f"# Number {number}\n\nWords.\n" for number in range(1, 5)})
    return indexed


BY_ROLE = Policy(
    folders=tuple((f"{number}/", Audience(roles=frozenset({number}))) for number in range(1, 5))
)


class Listening:
    """An engine; `asked` has the documents that it was asked about, each time."""

    def __init__(self, engine: QuestionEngine) -> None:
        self._engine = engine
        self.asked: list[Collection[str] | None] = []

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        self.asked.append(documents)
        return self._engine.ask(question, documents, **context)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        self.asked.append(documents)
        return self._engine.search(query, k, documents)


@pytest.fixture
def engine(indexed_by_role: Settings) -> Listening:
    return Listening(engine_of(indexed_by_role))


@pytest.fixture
def services(indexed_by_role: Settings, engine: Listening) -> Services:
    return services_of(indexed_by_role, engine=engine, policy=BY_ROLE)


class Asker:
    """An asker who loses a role with every check, down to `least`."""

    def __init__(self, least: int, roles: int = 4) -> None:
        self.roles, self.least = roles, least

    def person(self) -> Person:
        return Person(1, roles=frozenset(range(1, self.roles + 1)))

    async def __call__(self) -> Viewer:
        self.roles = max(self.least, self.roles - 1)
        return self.person()

    def asked(self, viewer: Viewer | None = None) -> ChatQuestion:
        viewer = viewer or self.person()
        return ChatQuestion(
            "Words?", person=1, guild=None, channel=1, viewer=viewer, viewer_source=self
        )


@pytest.mark.parametrize(("least", "times"), [(4, 1), (3, 2), (2, 3)])
async def test_it_is_answered_for_the_rights_that_are_left(
    services: Services, engine: Listening, least: int, times: int
) -> None:
    asker = Asker(least)
    answered = await services.answering.answer(asker.asked())
    assert len(engine.asked) == times
    assert engine.asked[-1] == services.access.visible(asker.person())
    assert services.records.exchange(answered.exchange.id)
    searched = await services.answering.search(Asker(least).asked(), 5)
    assert len(engine.asked) == 2 * times
    assert searched[0].id == answered.exchange.id + 1  # what was not sent is not recorded


async def test_who_loses_rights_all_the_time_is_told_to_ask_again(
    services: Services, engine: Listening
) -> None:
    with pytest.raises(Busy):
        await services.answering.answer(Asker(0).asked())
    assert len(engine.asked) == 3
    assert services.records.last(1, 1, datetime.min.replace(tzinfo=UTC), private=True) is None
    assert services.admission.state.waiting == 0


async def test_who_may_see_more_by_then_is_not_answered_anew(
    services: Services, engine: Listening
) -> None:
    await services.answering.answer(Asker(4).asked(STRANGER))
    assert engine.asked == [services.access.visible(STRANGER)]


async def test_other_rights_are_fewer_where_one_thing_is_missing(
    services: Services, engine: Listening
) -> None:
    other = Person(1, roles=frozenset({2}))
    await services.answering.answer(Asker(1, roles=1).asked(other))
    first, second = (services.access.visible(one) for one in (other, Asker(1, roles=1).person()))
    assert engine.asked == [first, second]


async def test_nothing_is_nothing_for_everybody(services: Services) -> None:
    asker = Asker(0)
    answered = await services.answering.answer(replace(Asker(4).asked(), question="Zebra?"))
    assert await services.answering.answer_again(asker.asked(), answered.exchange) is None
    assert asker.roles == 4


@pytest.mark.parametrize(("gone", "times"), [((), 1), (("gone.md",), 3)])
async def test_what_was_drawn_from_a_document_that_is_gone(
    services: Services, gone: Collection[str], times: int
) -> None:
    """Its audience is no longer known, so a person who does not see all may not be told."""
    asker = Asker(3, roles=3)
    common, seen = services.access.visible(asker.person()), list[Viewer]()

    async def find(viewer: Viewer) -> Found[None]:
        seen.append(viewer)
        return Found(None, common, gone)

    with suppress(Busy):
        await rechecked(services.access, services.admission, asker, asker.person(), find)
    assert len(seen) == times


async def test_who_no_longer_sees_all_is_not_told_of_what_is_gone(services: Services) -> None:
    """Only they may be, and it is named nowhere."""
    everything, less = (Person(1, roles=frozenset(range(1, last)), at_home=True) for last in (5, 4))
    seen = list[Viewer]()

    async def find(viewer: Viewer) -> Found[None]:
        seen.append(viewer)
        return Found(None, services.access.visible(less))

    source = AsyncMock(return_value=less)
    await rechecked(services.access, services.admission, source, everything, find)
    assert seen == [everything, less]
