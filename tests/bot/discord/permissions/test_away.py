"""The app used where the bot is not: in other servers, group conversations and direct ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bot import messages
from bot.access import Audience, Policy
from bot.chat.admission import AdmissionLimits
from bot.config.settings import Settings
from bot.discord.cogs.asking.sharing import SHARE_ANSWER
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from testing.layouts import buttons_of
from testing.loopback import Loopback, Request
from testing.loopback.payloads import (
    ADA,
    ADMINS,
    ALICE,
    APPLICATION,
    BOB,
    GUILD,
    Person,
    autocomplete,
    click,
    dm_channel,
    message,
    message_command,
    slash,
    user,
)
from testing.running import running, until
from testing.services import bot_of, services_of
from tests.bot.discord.helpers.briefings import reindex

pytestmark = pytest.mark.processes

STRANGER = Person(1_500_000_000_000_000_777, "stranger")
SECRET = "The zebra convoy leaves from Tromso."
DOCUMENTS = {
    "plans/convoy.md": f"# The zebra convoy\n\n{SECRET}\n",
    "yard.md": "# The yard book\n\nEvery convoy is logged in the yard book.\n",
}
DEFERRED = 5
ELSEWHERE = 1_400_000_000_000_000_001
FORGED_ROLES = [str(ADMINS), str(GUILD)]
Place = Callable[[dict[str, Any], Person], dict[str, Any]]


def in_another_server(payload: dict[str, Any], person: Person) -> dict[str, Any]:
    """Return an interaction as it comes from a server that the bot is not in.

    What it says of the person's roles and rights there is more than they have anywhere.
    """
    payload["member"] |= {"roles": FORGED_ROLES, "permissions": str((1 << 53) - 1)}
    payload["channel"] |= {"id": str(ELSEWHERE + 1), "guild_id": str(ELSEWHERE)}
    return payload | {
        "guild_id": str(ELSEWHERE),
        "guild": {"id": str(ELSEWHERE), "locale": "en-US", "features": []},
        "channel_id": str(ELSEWHERE + 1),
        "authorizing_integration_owners": {"1": str(person.id)},
    }


def _in_conversation(payload: dict[str, Any], person: Person, kind: int) -> dict[str, Any]:
    for name in ("guild_id", "guild", "guild_locale", "member"):
        del payload[name]
    number = str(ELSEWHERE + 1 + kind)
    channel = {"id": number, "type": kind, "last_message_id": None, "flags": 0}
    channel |= {"owner_id": str(person.id), "name": None, "icon": None} if kind == 3 else {}
    return payload | {
        "user": user(person),
        "channel_id": number,
        "channel": channel | {"recipients": [user(person), user(STRANGER)]},
        "context": 2,
        "authorizing_integration_owners": {"1": str(person.id)},
    }


def in_a_group(payload: dict[str, Any], person: Person) -> dict[str, Any]:
    return _in_conversation(payload, person, 3)


def with_somebody(payload: dict[str, Any], person: Person) -> dict[str, Any]:
    return _in_conversation(payload, person, 1)


PLACES = [in_another_server, in_a_group, with_somebody]
COMMANDS: list[tuple[str, Mapping[str, Any]]] = [
    ("ask", {"question": "where is every convoy logged?"}),
    ("ask", {"question": "how many documents do you have?"}),
    ("search", {"words": "convoy", "share": True}),
    ("source", {"document": "yard.md", "share": True}),
    ("source", {"document": "yrad book", "share": True}),
    ("documents", {}),
    ("list", {"topic": "convoy"}),
    ("changes", {}),
    ("compare", {"document": "yard.md"}),
    ("watches", {}),
    ("help", {}),
    ("forget-me", {}),
]


@dataclass
class Away:
    server: Loopback

    async def use(self, *payloads: dict[str, Any]) -> list[list[Request]]:
        """Return what the bot sends to Discord for each of the interactions."""
        begun = [self.server.interact(payload) for payload in payloads]
        for each in begun:
            await self.server.acknowledgement(each, timeout=60)
        await until(lambda: all(self._is_answered(each.id) for each in begun), timeout=60)
        seen = -1
        while seen != len(self.server.requests):
            seen = len(self.server.requests)
            await asyncio.sleep(0.4)
        return [self._sent(each.id) for each in begun]

    def _sent(self, interaction: int) -> list[Request]:
        return [r for r in self.server.requests if r.interaction_id == interaction]

    def _is_answered(self, interaction: int) -> bool:
        first, *others = self._sent(interaction)
        return first.json["type"] != DEFERRED or bool(others)


@pytest.fixture
async def away(settings: Settings) -> AsyncIterator[Away]:
    reindex(settings, DOCUMENTS)
    few = Audience(roles=frozenset({ADMINS}))
    policy = Policy(guilds=frozenset({GUILD}), folders=(("plans/", few),))
    async with Loopback() as server:
        server.state.outsiders.add(STRANGER.id)
        limits = AdmissionLimits(per_person=50, at_once=50)
        bot = bot_of(services_of(settings, policy=policy, limits=limits))
        async with running(bot, server):
            await until(lambda: any(not guild.unavailable for guild in bot.guilds))
            yield Away(server)


def said(requests: list[Request]) -> str:
    return "\n".join(str(r.json) for r in requests)


def is_private(request: Request) -> bool:
    """Whether a response, or a message after it, is for one person; an edit stays what it was."""
    body = request.json if isinstance(request.json, dict) else {}
    data = body.get("data", body)
    return request.method == "PATCH" or bool((data.get("flags") or 0) & 64)


@pytest.mark.parametrize("place", PLACES)
async def test_whatever_is_used_there_is_shown_to_nobody_else(away: Away, place: Place) -> None:
    before = len(away.server.requests)
    claimed = message(BOB, "every convoy is logged in the yard book")
    used = [slash(name, ALICE, **options) for name, options in COMMANDS]
    used.append(message_command(FIND_SOURCES, claimed, ALICE))
    for sent in await away.use(*(place(each, ALICE) for each in used)):
        assert len(sent) >= 2
        assert all(map(is_private, sent)), sent
        assert str(SHARE_ANSWER) not in said(sent), sent
        assert "went wrong" not in said(sent), sent
    paths = [r.path for r in away.server.requests[before:] if r.method != "GET"]
    assert not [path for path in paths if path.startswith("/channels/")]


@pytest.mark.parametrize("place", PLACES)
async def test_rights_are_those_of_the_server_that_is_shared(away: Away, place: Place) -> None:
    question = "where does the zebra convoy leave from?"
    asked = [place(slash("ask", each, question=question), each) for each in (ALICE, ADA)]
    asked.append(place(slash("documents", ALICE), ALICE))
    alice, ada, documents = map(said, await away.use(*asked))
    assert "Tromso" not in alice
    assert "Tromso" in ada
    assert "yard" in documents
    assert "plans" not in documents


async def test_the_help_there_names_what_works_there(away: Away) -> None:
    (sent,) = await away.use(in_a_group(slash("help", ALICE), ALICE))
    assert "Use `/ask` here, or write to me directly." in said(sent)
    assert "Mention" not in said(sent)


@pytest.mark.parametrize("place", PLACES)
async def test_who_shares_no_server_is_told_so(away: Away, place: Place) -> None:
    used = [slash(name, STRANGER, **options) for name, options in COMMANDS]
    used.append(autocomplete("source", "document", "ya", STRANGER))
    *sent, forgets, typing = await away.use(*(place(each, STRANGER) for each in used))
    for each in sent:
        assert str(messages.NO_SHARED_SERVER) in said(each), each
        assert all(map(is_private, each)), each
    # What is kept of somebody is theirs wherever they are.
    assert str(messages.NO_SHARED_SERVER) not in said(forgets)
    assert [r.json["data"]["choices"] for r in typing] == [[]]


async def test_an_admin_elsewhere_is_no_admin(away: Away) -> None:
    used = [slash("status", ALICE), slash("remove", ALICE, document="yard.md")]
    for sent in await away.use(*(in_another_server(each, ALICE) for each in used)):
        assert str(messages.ADMINS_ONLY) in said(sent)


async def test_buttons_there_work_and_stay_private(away: Away) -> None:
    asked = slash("ask", ALICE, question="where is every convoy logged?")
    ((*_, last),) = await away.use(in_another_server(asked, ALICE))
    answer = last.answer | {"flags": last.answer["flags"] | 64}
    ids = [button["custom_id"] for button in buttons_of(answer["components"])]
    clicks = [in_another_server(click(answer, each, ALICE), ALICE) for each in ids]
    for sent in await away.use(*clicks):
        assert all(r.json.get("type") in (6, 9) or is_private(r) for r in sent), sent
        assert "went wrong" not in said(sent), sent


async def test_a_stranger_who_writes_directly_is_told_so(away: Away) -> None:
    away.server.dispatch("CHANNEL_CREATE", dm_channel(STRANGER))
    away.server.send(
        message(STRANGER, "where is every convoy logged?", channel=STRANGER.dm_channel)
    )
    told = await away.server.wait_for(
        lambda r: r.method == "POST" and r.path == f"/channels/{STRANGER.dm_channel}/messages"
    )
    assert told.json["content"] == str(messages.NO_SHARED_SERVER)


async def test_commands_of_admins_are_not_installed_with_a_person(away: Away) -> None:
    synced = [
        r.json for r in away.server.requests if r.path == f"/applications/{APPLICATION}/commands"
    ]
    for command in synced[-1]:
        of_admins = command["default_member_permissions"] is not None
        assert command["integration_types"] == ([0] if of_admins else [0, 1]), command["name"]
        assert command["contexts"] == ([0, 1] if of_admins else [0, 1, 2]), command["name"]
