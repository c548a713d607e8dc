"""The pages on real sockets, beside a bot on a loopback Discord."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.gateway.serving import load_and_serve
from bot.errors import BadSettings
from bot.observing.pages import pages
from bot.services import Services
from testing.disks import no_room
from testing.loopback import Loopback, Request
from testing.loopback.payloads import ALICE, BOT, QUESTIONS, message, slash
from testing.loopback.sockets import HERE, only_this_machine
from testing.running import until
from testing.services import bot_of, services_of
from tests.bot.observing.asked import LEASE, asked
from tests.bot.observing.scraped import value

pytestmark = pytest.mark.processes

READY = {"index": True, "models": True, "discord": True, "records": True}


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


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HERE, port)) == 0


async def ready(port: int) -> tuple[int, dict[str, bool]]:
    status, text = await got(port, "/readyz")
    return status, json.loads(text)


async def _serve(services: Services, server: Loopback, stop: asyncio.Event) -> None:
    await load_and_serve(services.settings, lambda: services, bot_of, server.token, stop=stop)


@asynccontextmanager
async def served(services: Services, server: Loopback) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(_serve(services, server, stop))
    try:
        await server.identified()
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 60)


def is_reply(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/messages") and request.status == 200


async def test_they_are_there_while_the_bot_serves(open_services: Services, port: int) -> None:
    async with Loopback() as server:
        async with served(open_services, server):
            await until(lambda: open_services.metrics.connected)
            assert await got(port, "/healthz") == (200, '{"alive": true}')
            assert await ready(port) == (200, READY)
            assert (await got(port, "/"))[0] == 404
        with pytest.raises(aiohttp.ClientConnectorError):
            await got(port, "/healthz")


async def test_what_is_missing_is_said(services: Services) -> None:
    shutil.rmtree(services.settings.index)
    with only_this_machine():
        async with pages(HERE, 0) as shown:
            port = shown.port
            assert await ready(port) == (503, dict.fromkeys(READY, False))
            assert await got(port, "/metrics") == (200, "")
            shown.services = services
            assert await ready(port) == (503, {**READY, "index": False, "discord": False})
            assert (await got(port, "/healthz"))[0] == 200
            assert (await got(port, "/metrics"))[0] == 200


async def test_a_full_disk_is_said(services: Services) -> None:
    services.metrics.connect()
    with only_this_machine():
        async with pages(HERE, 0) as shown:
            shown.services = services
            assert await ready(shown.port) == (200, READY)
            with no_room():
                services.records.audit(1, 2, "reindex")
                assert await ready(shown.port) == (503, {**READY, "records": False})
                assert value(services, "briefing_records_waiting") == 1
                free = value(services, "briefing_disk_free_bytes", folder="records")
                now = shutil.disk_usage(services.settings.records).free
                assert free == pytest.approx(now, rel=0.1)  # other tests write as well
            services.records.write_waiting()
            assert await ready(shown.port) == (200, READY)
            assert value(services, "briefing_records_waiting") == 0


async def test_they_are_there_while_models_are_loaded(open_services: Services, port: int) -> None:
    loaded, stop = threading.Event(), asyncio.Event()

    def load() -> Services:
        assert loaded.wait(60)
        return open_services

    async with Loopback() as server:
        settings = open_services.settings
        task = asyncio.create_task(load_and_serve(settings, load, bot_of, server.token, stop=stop))
        await until(lambda: _listens(port))
        assert (await got(port, "/healthz"))[0] == 200
        assert await ready(port) == (503, dict.fromkeys(READY, False))
        loaded.set()
        await server.identified()
        await until(lambda: open_services.metrics.connected)
        assert (await ready(port))[0] == 200
        stop.set()
        await asyncio.wait_for(task, 60)


async def test_models_that_cannot_be_loaded_are_one_sentence(
    open_services: Services, port: int
) -> None:
    def load() -> Services:
        raise BadSettings("It cannot be.")

    with only_this_machine(), pytest.raises(BadSettings, match=r"^It cannot be\.$"):
        await load_and_serve(open_services.settings, load, bot_of, "")
    assert not _listens(port)


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
        for way in ("mention", "command"):
            labels = f'kind="ask",outcome="answered",question_kind="fact",way="{way}"'
            assert f"briefing_questions_total{{{labels}}} 1.0" in text
        assert "process_resident_memory_bytes" in text
        assert "Vidal" not in text


async def test_calling_the_bot_is_another_way_than_a_channel_for_questions(
    indexed: Settings,
) -> None:
    book = GuildBook(GuildSettings(question_channels=frozenset({QUESTIONS})), {})
    services = services_of(indexed, guilds=book)

    def asked_by(way: str) -> float | None:
        return value(services, "briefing_questions_total", way=way)

    async with Loopback() as server, served(services, server):
        server.send(message(ALICE, LEASE, channel=QUESTIONS))
        await until(lambda: (asked_by("channel"), asked_by("mention")) == (1, 0))
        server.send(message(ALICE, f"<@{BOT.id}> {LEASE}", channel=QUESTIONS, mentions=[BOT]))
        await until(lambda: (asked_by("channel"), asked_by("mention")) == (1, 1))


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
                await _serve(open_services, server, asyncio.Event())
    assert str(refused.value) == (
        f"The pages for health and metrics cannot be opened on 127.0.0.1, port {port}: Address "
        "already in use. Set BRIEFING_HTTP_PORT to another port, or leave it empty to do without "
        "them."
    )


async def test_a_host_that_is_none_is_one_sentence() -> None:
    with only_this_machine(), pytest.raises(BadSettings, match=r"opened on 192\.0\.2\.1, port 0: "):
        async with pages("192.0.2.1", 0):
            pass
