"""A question is handed to a person and answered over real sockets, without privileged intents."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from testing.layouts import buttons_of, text_of
from testing.loopback import Loopback, Request
from testing.loopback.payloads import ADA, ALICE, BOT, GENERAL, QUESTIONS, click, message
from testing.running import serving
from testing.services import services_of

pytestmark = pytest.mark.processes


def _sent_to(channel: int) -> Callable[[Request], bool]:
    def is_sent(request: Request) -> bool:
        return request.method == "POST" and request.path == f"/channels/{channel}/messages"

    return is_sent


async def test_asked_and_answered(indexed: Settings) -> None:
    section = {"experts": {"/": ADA.id}, "experts_channel": QUESTIONS}
    book = GuildBook(GuildSettings.model_validate(section), {})
    services = services_of(indexed, guilds=book)
    stop = asyncio.Event()
    async with Loopback() as server:
        task = asyncio.create_task(serving(services, server, stop=stop))
        try:
            await server.identified()
            server.send(message(ALICE, f"<@{BOT.id}> which helicopters fly?", mentions=[BOT]))
            answer = await server.wait_for(_sent_to(GENERAL))
            ask = buttons_of(answer.answer["components"])[-1]
            assert ask["label"] == "Ask a person"
            server.interact(click(answer.answer, ask["custom_id"], ALICE))
            asked = await server.wait_for(_sent_to(QUESTIONS))
            assert asked.json["allowed_mentions"] == {"parse": [], "users": [ADA.id], "roles": []}
            assert "**which helicopters fly?**" in text_of(asked.json)
            told = message(
                ADA, "Two.", channel=QUESTIONS, mentions=[BOT], reply_to=dict(asked.answer)
            )
            server.send(told)
            shown = await server.wait_for(_sent_to(GENERAL), count=2)
            assert shown.json["allowed_mentions"] == {"parse": [], "users": [ALICE.id], "roles": []}
            assert shown.json["message_reference"]["message_id"] == int(answer.answer["id"])
            assert text_of(shown.json).endswith("> Two.")
        finally:
            stop.set()
            await asyncio.wait([task], timeout=60)
        task.result()
