"""Serving until it is stopped: failed connections are replaced, answers in flight arrive."""

from __future__ import annotations

import asyncio
import logging
import signal
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.config.settings import Settings
from bot.discord.gateway import serving as serving_module
from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.serving import serve
from bot.documents.reindexing.process import ReindexProgress
from bot.records import Records
from bot.services import Services
from index.indexing.report import ReindexReport
from testing.engines import Held
from testing.layouts import text_of
from testing.loopback import Loopback, Op, Request
from testing.loopback.payloads import ADA, ALICE, BOB, BOT, Person, message, slash
from testing.running import serving, until
from testing.services import HereReindexing, engine_of, services_of

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[4]
LEASE = "who signs the lease of the warehouse?"


@pytest.fixture
def held(indexed: Settings) -> Held:
    return Held(engine_of(indexed))


@pytest.fixture
def services_held(indexed: Settings, held: Held) -> Services:
    return services_of(indexed, engine=held)


@asynccontextmanager
async def served(
    services: Services, server: Loopback, **more: Any
) -> AsyncIterator[tuple[asyncio.Task[None], asyncio.Event]]:
    """Serve the bot until the event is set; it is set at the end at the latest."""
    stop = asyncio.Event()
    task = asyncio.create_task(serving(services, server, stop=stop, **more))
    try:
        await server.identified()
        yield task, stop
    finally:
        stop.set()
        await asyncio.wait([task], timeout=60)
        assert task.done()
    task.result()


def ask(server: Loopback, person: Person = ALICE, question: str = LEASE) -> None:
    server.send(message(person, f"<@{BOT.id}> {question}", mentions=[BOT]))


def is_reply(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/messages") and request.status == 200


def is_edit(request: Request) -> bool:
    return request.method == "PATCH" and request.status == 200


def told(server: Loopback) -> list[str]:
    """Return the texts of all messages and edits."""
    bodies = [r.json for r in server.requests if is_reply(r) or is_edit(r)]
    return [text_of(body).strip() for body in bodies]


class Pauses:
    """An `asyncio.sleep` that returns at once."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class TestFailures:
    async def test_a_defect_in_a_parser_costs_a_pause(
        self, services: Services, caplog: pytest.LogCaptureFixture
    ) -> None:
        pauses = Pauses()
        async with Loopback() as server, served(services, server, pause=pauses):
            server.dispatch("MESSAGE_CREATE", {"unreadable": True})
            await server.identified(count=2)
            await until(lambda: len(server.gateway.connections) == 1)
            ask(server)
            await server.wait_for(is_reply)
        assert pauses.seconds == [2.0]
        (failed,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert failed.getMessage() == "The connection failed; a new one in 2 s"
        assert failed.exc_info is not None
        assert failed.exc_info[0] is KeyError

    async def test_answers_in_flight_outlive_the_connection(
        self, services_held: Services, held: Held
    ) -> None:
        pauses = Pauses()
        async with Loopback() as server, served(services_held, server, pause=pauses):
            ask(server)
            await until(lambda: len(held.asked) == 1)
            server.dispatch("MESSAGE_CREATE", {"unreadable": True})
            await asyncio.sleep(0.1)
            held.let.set()
            await server.wait_for(is_reply)
            await server.identified(count=2)
        assert len(told(server)) == 1

    async def test_pauses_grow(self, services: Services) -> None:
        pauses = Pauses()
        async with Loopback() as server:
            server.fault("GET", "/users/@me", status=403, times=7)
            async with served(services, server, pause=pauses):
                pass
        assert pauses.seconds == [2, 4, 8, 16, 32, 60, 60]

    async def test_it_can_be_told_to_go_while_it_pauses(self, services: Services) -> None:
        stop, paused = asyncio.Event(), asyncio.Event()

        async def pause(_: float) -> None:
            paused.set()
            await asyncio.sleep(60)

        async with Loopback() as server:
            server.fault("GET", "/users/@me", status=403)
            task = asyncio.create_task(serving(services, server, stop=stop, pause=pause))
            await paused.wait()
            stop.set()
            await asyncio.wait_for(task, 60)

    async def test_a_bot_that_cannot_be_closed_stops_nothing(
        self, services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(serving_module, "_CLOSING", 0.05)

        class Clinging(BriefingBot):
            async def close(self) -> None:
                await super().close()
                await asyncio.sleep(60)

        stop = asyncio.Event()
        async with Loopback() as server:
            task = asyncio.create_task(
                serve(services, lambda: Clinging(services, []), server.token, stop=stop)
            )
            await server.identified()
            stop.set()
            await asyncio.wait_for(task, 60)
        assert "was not closed properly: TimeoutError()" in caplog.text


async def test_new_documents_are_noticed(indexed: Settings) -> None:
    services = services_of(indexed.model_copy(update={"watch_seconds": 1}))
    async with Loopback() as server, served(services, server):
        (indexed.corpus / "late.txt").write_text("The zebra convoy leaves at noon.")
        await until(lambda: services.current.generation().number == 2)
        ask(server, question="when does the zebra convoy leave?")
        await server.wait_for(is_reply)
        assert "noon" in told(server)[0]
    assert "watching" not in {thread.name for thread in threading.enumerate()}


class TestGoing:
    async def test_answers_in_flight_are_sent_and_remembered(
        self, services_held: Services, held: Held, indexed: Settings
    ) -> None:
        async with Loopback() as server, served(services_held, server) as (task, stop):
            ask(server)
            server.interact(slash("ask", BOB, question=LEASE))
            await until(lambda: len(held.asked) == 2)
            stop.set()
            await until(lambda: services_held.admission._closing)
            assert not task.done()
            held.let.set()
            await asyncio.wait_for(task, 60)
        assert ["Ines Vidal" in text for text in told(server)] == [True, True], told(server)
        records = Records(indexed.records / "records.sqlite")
        for request in filter(lambda r: is_reply(r) or is_edit(r), server.requests):
            assert records.by_reply(int(request.answer["id"])) is not None
        records.close()

    async def test_who_asks_meanwhile_is_told_when_to_come_again(
        self, services_held: Services, held: Held
    ) -> None:
        async with Loopback() as server, served(services_held, server) as (_, stop):
            ask(server)
            await until(lambda: len(held.asked) == 1)
            stop.set()
            await until(lambda: services_held.admission._closing)
            ask(server, BOB)
            await server.wait_for(is_reply)
            held.let.set()
        assert told(server)[0].startswith("I am busy just now. Please try again in 30 seconds.\n")
        assert "Ines Vidal" in told(server)[1]

    async def test_what_hangs_is_left_and_who_waits_behind_it_is_told(
        self,
        services_held: Services,
        held: Held,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setattr(serving_module, "_PATIENCE", 1.0)
        async with Loopback() as server, served(services_held, server) as (task, stop):
            ask(server)
            ask(server)
            await until(lambda: len(held.asked) == 2)
            ask(server, BOB)
            asked = server.interact(slash("ask", ADA, question=LEASE))
            await server.acknowledgement(asked)
            stop.set()
            await asyncio.wait_for(task, 60)
        held.let.set()
        (direct, shown) = sorted(told(server), key=len, reverse=True)
        assert shown == "I am busy just now. Please try again in 30 seconds."
        assert direct.startswith(f"{shown}\n-# https://discord.com/channels/")
        assert "Some answers were not finished in 1 s" in caplog.text

    async def test_a_reindex_is_stopped(self, services: Services) -> None:
        async with Loopback() as server, served(services, server) as (task, stop):
            reindexing = services.reindexing
            assert isinstance(reindexing, HereReindexing)
            ended = threading.Event()
            running = Running(ended)
            vars(reindexing)["_run"] = running
            reindexing_task = asyncio.create_task(asyncio.to_thread(reindexing.run))
            await until(lambda: reindexing.running)
            vars(reindexing)["_child"] = running
            stop.set()
            await asyncio.wait_for(task, 60)
            with pytest.raises(RuntimeError, match="ended"):
                await reindexing_task

    async def test_a_reindex_that_ends_slowly_holds_nobody_up(self, services: Services) -> None:
        loop, went_on, found = asyncio.get_running_loop(), threading.Event(), list[bool]()

        def stop_slowly() -> None:
            loop.call_soon_threadsafe(went_on.set)
            found.append(went_on.wait(1))

        vars(services.reindexing)["stop"] = stop_slowly
        async with Loopback() as server, served(services, server):
            pass
        assert found == [True, True]

    async def test_what_it_used_is_closed(self, services: Services) -> None:
        async with Loopback() as server, served(services, server):
            await until(lambda: services.watchdog.worst_seconds > 0)
        with pytest.raises(sqlite3.ProgrammingError):
            services.records.recall("anything")
        assert "watchdog" not in [thread.name for thread in threading.enumerate()]


class Running:
    """A reindex that runs until its child is terminated."""

    def __init__(self, ended: threading.Event) -> None:
        self._ended = ended

    def __call__(
        self,
        dry_run: bool,
        drop_missing: bool | str,
        release: Collection[str],
        only: Collection[str],
        progress: Any,
    ) -> ReindexReport:
        progress(ReindexProgress())
        self._ended.wait(60)
        raise RuntimeError("ended")

    def end(self) -> None:
        self._ended.set()


class TestSignals:
    """Signals, in a process of its own."""

    def test_there_is_time_enough(self) -> None:
        """systemd and Docker kill after ten seconds."""
        last = serving_module._PATIENCE + serving_module._CLOSING
        assert last < serving_module._AT_LATEST < 10

    async def test_sigterm_lets_answers_arrive(self, indexed: Settings) -> None:
        async with Loopback() as server:
            child = await _start(server, indexed, takes=1.0, patience=60.0, at_latest=90.0)
            ask(server)
            server.interact(slash("ask", BOB, question=LEASE))
            await _asked(child, 2)
            child.send_signal(signal.SIGTERM)
            output, _ = await child.communicate()
        assert child.returncode == 0, output
        assert b"not finished" not in output
        assert b"Traceback" not in output
        assert ["Ines Vidal" in text for text in told(server)] == [True, True]

    async def test_sigterm_ends_what_hangs(self, indexed: Settings) -> None:
        async with Loopback() as server:
            child = await _start(server, indexed, takes=3600, patience=0.5, at_latest=1.5)
            ask(server)
            await _asked(child, 1)
            child.send_signal(signal.SIGTERM)
            output, _ = await child.communicate()
        assert child.returncode == 1
        assert b"Not everything ended in time" in output


async def _start(
    server: Loopback, settings: Settings, *, takes: float, patience: float, at_latest: float
) -> asyncio.subprocess.Process:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "testing.serve_process",
        server.url,
        str(settings.corpus.parent),
        *map(str, (takes, patience, at_latest)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    await server.wait_for_frame(Op.IDENTIFY, timeout=60)
    return child


async def _asked(child: asyncio.subprocess.Process, count: int) -> None:
    """Wait until that many questions are in work."""
    assert child.stdout is not None
    async with asyncio.timeout(60):
        while count:
            line = await child.stdout.readline()
            assert line, "it has ended"
            count -= line == b"asked\n"
