"""Of the bots that serve one share, one does; the next takes over when its connection ends."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from bot.config.shard import Shard
from bot.errors import AlreadyRunning
from bot.records.databases import standby
from bot.records.databases.server_connection import connected
from bot.records.databases.standby import ShareLock, without_other_bots
from testing.postgres import database
from testing.running import until
from tests.bot.records.databases.test_postgres import cut

pytestmark = pytest.mark.slow


@pytest.fixture
def server(postgres_url: str) -> SecretStr:
    return SecretStr(postgres_url)


def turn(server: SecretStr, shard: Shard | None = None) -> ShareLock:
    return ShareLock(server, shard or Shard(), looks_every=0.02, head_start=0.3)


async def test_the_second_stands_by_and_takes_over(server: SecretStr) -> None:
    first, second, elsewhere = turn(server), turn(server), turn(server, Shard(1, 2))
    assert await asyncio.to_thread(first.wait)
    assert await asyncio.to_thread(elsewhere.wait)
    waiting = asyncio.create_task(asyncio.to_thread(second.wait))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    first.end()
    assert await waiting
    assert second.has_it_still()
    second.end()
    elsewhere.end()


async def test_who_is_told_to_end_stands_by_no_longer(server: SecretStr) -> None:
    first, second = turn(server), turn(server)
    assert await asyncio.to_thread(first.wait)
    waiting = asyncio.create_task(asyncio.to_thread(second.wait))
    await asyncio.sleep(0.1)
    second.end()
    assert not await waiting
    first.end()


async def test_who_ends_while_it_looks_does_not_take_its_turn_again(server: SecretStr) -> None:
    first, second = turn(server), turn(server)
    assert await asyncio.to_thread(first.wait)
    waiting = asyncio.create_task(asyncio.to_thread(second.wait))
    looks, may_go_on = threading.Event(), threading.Event()
    assert first._connection is not None
    execute = first._connection.execute

    def slowly(*query: Any) -> Any:
        looks.set()
        assert may_go_on.wait(60)
        return execute(*query)

    first._connection.execute = slowly  # type: ignore[assignment]
    looking = asyncio.create_task(asyncio.to_thread(first.has_it_still))
    await asyncio.to_thread(looks.wait, 60)
    first.end()
    may_go_on.set()
    await looking
    assert await asyncio.wait_for(waiting, 60)
    assert not first.has_it_still()
    second.end()


def test_who_ends_while_it_connects_serves_no_more(
    server: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = turn(server), turn(server)

    def connected_late(*args: Any, **options: Any) -> psycopg.Connection[Any]:
        first.end()
        return connected(*args, **options)

    monkeypatch.setattr(standby, "connected", connected_late)
    assert not first.wait()
    monkeypatch.undo()
    assert second.wait()
    second.end()


async def test_after_a_restart_of_the_server_who_served_goes_on(server: SecretStr) -> None:
    first, second = turn(server), ShareLock(server, Shard(), looks_every=0.02, head_start=2.0)
    lost = asyncio.Event()
    assert await asyncio.to_thread(first.wait)
    before = first._connection
    waiting = asyncio.create_task(asyncio.to_thread(second.wait))
    async with first.watched(lost):
        await asyncio.sleep(0.1)
        await asyncio.to_thread(cut, server)
        await until(lambda: first._connection not in (None, before))
        assert not lost.is_set()
        assert not waiting.done()
    assert await waiting
    second.end()


async def test_who_was_taken_over_from_ends(server: SecretStr) -> None:
    first = turn(server)
    lost = asyncio.Event()
    assert await asyncio.to_thread(first.wait)
    with connected(server, autocommit=True) as other:
        async with first.watched(lost):
            await asyncio.sleep(0.1)
            assert first._connection is not None
            pid = first._connection.info.backend_pid
            # As one who stands by does in the moment in which the first is away.
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
            other.execute("SELECT pg_advisory_lock(%s, 0)", (0x42725368,))
            await until(lost.is_set)


def test_no_bot_begins_while_records_move(server: SecretStr, postgres_server: str) -> None:
    share = turn(server, Shard(1, 2))
    with without_other_bots(server):
        assert not share._try()
    assert share.wait()
    with pytest.raises(AlreadyRunning), without_other_bots(server):
        pass
    with database(postgres_server) as other, without_other_bots(SecretStr(other)):
        share.end()
