"""A reaction and a choice over real sockets, as Discord's own clients would cause them."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

import pytest

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from index.answering.answer import Choice, QuestionKind, Reply, Response, Says, Verdict
from testing.layouts import buttons_of, text_of
from testing.loopback import Loopback, Request
from testing.loopback.payloads import ALICE, BOB, BOT, QUESTIONS, click, message
from testing.running import serving
from testing.services import services_of
from tests.bot.discord.helpers.canned import Canned

pytestmark = pytest.mark.processes

LEASE = "who signs the lease of the warehouse?"
ANSWERS = {
    "thanks!": Response(
        "", Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.TALK, replies=(Reply(Says.THANKS),)
    ),
    "which one?": Response(
        "",
        Verdict.UNSURE,
        0.4,
        1,
        kind=QuestionKind.UNCLEAR,
        choices=(Choice("the lease", LEASE), Choice("the roof", "when was the roof mended?")),
    ),
}


def _is_answer(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/messages") and request.status == 200


def _is_reaction(request: Request) -> bool:
    return request.method == "PUT" and "/reactions/" in request.path


def _is_shown(request: Request) -> bool:
    return request.method == "PATCH" and "@original" in request.path


async def test_thanks_and_a_choice(indexed: Settings) -> None:
    book = GuildBook(GuildSettings(question_channels=frozenset({QUESTIONS})), {})
    services = services_of(indexed, guilds=book, engine=Canned(indexed, dict(ANSWERS)))
    stop = asyncio.Event()
    async with Loopback() as server:
        task = asyncio.create_task(serving(services, server, stop=stop))
        try:
            await server.identified()
            server.send(thanks := message(ALICE, "thanks!", channel=QUESTIONS))
            reaction = await server.wait_for(_is_reaction)
            assert unquote(reaction.path) == (
                f"/channels/{QUESTIONS}/messages/{thanks['id']}/reactions/🙏/@me"
            )
            assert reaction.status == 204
            assert not any(map(_is_answer, server.requests))
            server.send(
                message(ALICE, f"<@{BOT.id}> which one?", channel=QUESTIONS, mentions=[BOT])
            )
            unclear = await server.wait_for(_is_answer)
            lease, roof, *_feedback = buttons_of(unclear.answer["components"])
            assert (lease["label"], roof["label"]) == ("the lease", "the roof")
            server.interact(click(unclear.answer, lease["custom_id"], BOB))
            shown = await server.wait_for(_is_shown)
            assert "\n> The lease of the warehouse is signed by Ines" in text_of(shown.json)
        finally:
            stop.set()
            await asyncio.wait([task], timeout=60)
        task.result()
