"""The pages on real sockets, beside a bot on a loopback Discord."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.errors import BadSettings
from bot.observing.pages import pages
from bot.services import Services
from bot.settings import Settings
from tests.bot.discord.loopback import Loopback, Request
from tests.bot.discord.loopback.payloads import ALICE, BOT, message, slash
from tests.bot.discord.loopback.sockets import HERE, only_this_machine
from tests.bot.discord.running import serving, until
from tests.bot.discord.world import bot_of, services_of
from tests.bot.observing.asked import LEASE, asked
from tests.bot.observing.scraped import value


@pytest.fixture
def port() -> Iterator[int]:
    """One that is free."""
    with only_this_machine():
        with socket.create_server((HERE, 0)) as held:
            free = held.getsockname()[1]
        yield free


@pytest.fixture
def open_services(indexed: Settings, port: int) -> Services:
    return services_of(indexed.model_copy(update={"http_port": port}))


async def got(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{HERE}:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def ready(port: int) -> tuple[int, dict[str, bool]]:
    status, text = await got(port, "/readyz")
    return status, json.loads(text)


@asynccontextmanager
async def served(services: Services, server: Loopback) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(serving(services, server, stop=stop))
    try:
        await server.identified()
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


def is_reply(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/messages") and request.status == 200


async def test_they_are_there_while_the_bot_serves(open_services: Services, port: int) -> None:
    async with Loopback() as server:
        async with served(open_services, server):
            await until(lambda: open_services.metrics.connected)
            assert await got(port, "/healthz") == (200, '{"alive": true}')
            assert await ready(port) == (200, {"index": True, "models": True, "discord": True})
            assert (await got(port, "/"))[0] == 404
        with pytest.raises(aiohttp.ClientConnectorError):
            await got(port, "/healthz")


async def test_what_is_missing_is_said(services: Services) -> None:
    shutil.rmtree(services.settings.index)
    with only_this_machine():
        async with pages(services, HERE, 0) as port:
            assert await ready(port) == (503, {"index": False, "models": True, "discord": False})
            assert (await got(port, "/healthz"))[0] == 200
            assert (await got(port, "/metrics"))[0] == 200


async def test_a_question_is_counted_until_its_reply(open_services: Services, port: int) -> None:
    async with Loopback() as server, served(open_services, server):
        server.send(message(ALICE, f"<@{BOT.id}> {LEASE}", mentions=[BOT]))
        await server.wait_for(is_reply)
        command = server.interact(slash("ask", ALICE, question=LEASE))
        await server.wait_for(lambda request: request.method == "PATCH")
        await server.acknowledgement(command)
        await until(lambda: value(open_services, "briefing_reply_seconds_count") == 2)
        status, text = await got(port, "/metrics")
        assert status == 200
        assert 'briefing_questions_total{kind="ask",outcome="answered",way="channel"} 1.0' in text
        assert 'briefing_questions_total{kind="ask",outcome="answered",way="command"} 1.0' in text
        assert "process_resident_memory_bytes" in text
        assert "Vidal" not in text


async def test_only_what_answers_a_question_is_a_reply(services: Services) -> None:
    """A reindex, too, is waited for when the bot is told to go."""
    bot = bot_of(services)
    with bot.answering():
        pass
    assert value(services, "briefing_reply_seconds_count") == 0
    with bot.answering():
        await services.answering.answer(asked())
    assert value(services, "briefing_reply_seconds_count") == 1


async def test_what_discord_refused_is_counted(open_services: Services) -> None:
    async with Loopback() as server, served(open_services, server):
        server.fault("POST", "/channels/*/messages", status=429)
        server.send(message(ALICE, f"<@{BOT.id}> {LEASE}", mentions=[BOT]))
        await server.wait_for(is_reply)
        assert value(open_services, "briefing_discord_requests_total", status="429") == 1
        assert value(open_services, "briefing_discord_requests_total", status="200")


async def test_a_lost_connection(open_services: Services) -> None:
    metrics = open_services.metrics
    async with Loopback() as server, served(open_services, server):
        await until(lambda: metrics.connected)
        server.drop()
        await until(lambda: value(open_services, "briefing_discord_reconnects_total") == 1)
        assert metrics.connected
    assert not metrics.connected


async def test_a_port_in_use_is_one_sentence(open_services: Services, port: int) -> None:
    with socket.create_server((HERE, port)):
        async with Loopback() as server:
            with pytest.raises(BadSettings) as refused:
                await serving(open_services, server)
    assert str(refused.value) == (
        f"The pages for health and metrics cannot be opened on 127.0.0.1, port {port}: Address "
        "already in use. Set BRIEFING_HTTP_PORT to another port, or leave it empty to do without "
        "them."
    )


async def test_a_host_that_is_none_is_one_sentence(services: Services) -> None:
    with only_this_machine(), pytest.raises(BadSettings, match=r"opened on 192\.0\.2\.1, port 0: "):
        async with pages(services, "192.0.2.1", 0):
            pass
