"""Several bots over one server: each thing is dealt with once, and who ends is replaced."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from bot.chat import claiming
from bot.chat.claiming import Claiming
from bot.config.settings import Settings
from bot.config.shard import Shard
from bot.discord.gateway.serving import load_and_serve
from bot.records import Records
from bot.records.databases.server_connection import connected
from bot.records.databases.standby import ShareLock
from bot.services import Services
from index.store.postgres.store import PostgresStore
from testing.command import reindexer_of
from testing.engines import Held
from testing.layouts import text_of
from testing.loopback import Interaction, Loopback
from testing.loopback.payloads import ADA, ALICE, BOB, BOT, Person, click, message, slash
from testing.running import serving, until
from testing.services import bot_of, engine_of, services_of
from tests.bot.discord.gateway.test_serving import LEASE, is_reply, told
from tests.bot.records.databases.test_postgres import Away, cut

MOST_TRIPS = 40
"""Round trips of one question and what is recorded of it, with what the bot does beside it."""
pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.fixture
def shared(indexed: Settings, postgres_url: str) -> Settings:
    settings = indexed.model_copy(update={"database": SecretStr(postgres_url)})
    reindexer_of(settings).run()
    return settings


@asynccontextmanager
async def two(settings: Settings, server: Loopback) -> AsyncIterator[None]:
    """Two bots that get all that comes, as while one takes over from the other."""
    stop = asyncio.Event()
    tasks = []
    for number in (1, 2):
        services = await asyncio.to_thread(services_of, settings)
        tasks.append(asyncio.create_task(serving(services, server, stop=stop)))
        await server.identified(count=number)
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


def ask(server: Loopback, person: Person = ALICE) -> None:
    server.send(message(person, f"<@{BOT.id}> {LEASE}", mentions=[BOT]))


async def test_of_two_bots_one_answers(shared: Settings) -> None:
    async with Loopback() as server, two(shared, server):
        people = (ALICE, BOB, ADA)
        for person in people:
            ask(server, person)
        asked = [server.interact(slash("ask", person, question=LEASE)) for person in people]
        for each in asked:
            await server.acknowledgement(each, timeout=60)
        await until(lambda: len(told(server)) >= 2 * len(people))
        answer = next(filter(is_reply, server.requests)).answer
        rated = server.interact(click(answer, await like(shared, answer), BOB))
        await server.acknowledgement(rated, timeout=60)
        await asyncio.sleep(0.5)  # whatever comes twice would come by now
    assert len([text for text in told(server) if "Ines Vidal" in text]) == 2 * len(people)
    assert shared.database is not None
    with closing(Records(shared.database)) as records:
        assert records.counts().exchanges == 2 * len(people)
        assert records.counts().up == 1


async def like(settings: Settings, answer: dict[str, str]) -> str:
    """Return the id of the button that likes an answer, once that is recorded."""
    with closing(Records(settings.records_place)) as records:
        await until(lambda: records.by_reply(int(answer["id"])))
        exchange = records.by_reply(int(answer["id"]))
    assert exchange is not None
    return f"f:{exchange.id}:up"


async def test_the_next_takes_over(shared: Settings) -> None:
    assert shared.database is not None
    stops = [asyncio.Event(), asyncio.Event()]
    async with Loopback() as server, AsyncExitStack() as stack:
        tasks, turns = [], []
        for stop in stops:
            turn = ShareLock(shared.database, Shard(), looks_every=0.05, head_start=0.2)
            tasks.append(
                asyncio.create_task(
                    load_and_serve(
                        shared,
                        lambda: services_of(shared),
                        bot_of,
                        server.token,
                        stop=stop,
                        turn=turn,
                    )
                )
            )
            stack.callback(stop.set)
            stack.callback(turn.end)
            turns.append(turn)
        await server.identified(timeout=60)
        await asyncio.sleep(0.5)
        assert len(server.gateway.connections) == 1
        ask(server)
        await server.wait_for(is_reply, timeout=60)
        done, _ = await asyncio.wait(tasks, timeout=0)
        assert not done
        stops[turns.index(next(turn for turn in turns if turn.is_on))].set()
        await server.identified(count=2, timeout=60)
        ask(server, BOB)
        await until(lambda: len(told(server)) == 2)
        for stop in stops:
            stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 30)
    assert all("Ines Vidal" in text for text in told(server))


def end_of(settings: Settings, services: Services) -> None:
    """Cut the connection by which the others know that this bot runs."""
    assert settings.database is not None
    keys = services.records.claims.running_key(Shard())
    with connected(settings.database, autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = %s AND objid = %s", keys
        )


async def test_what_a_bot_left_behind_is_answered_once_by_another(
    shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message, a direct one and a command; the first bot goes on where nobody hears of it."""
    assert shared.database is not None
    monkeypatch.setattr(claiming, "_SURE", 0.0)
    monkeypatch.setattr("bot.records.parts.claims._SETTLED", -1)
    engine = Held(engine_of(shared))
    first = await asyncio.to_thread(services_of, shared, engine=engine)
    lonely = Claiming(first.records, Shard(), looks_every=60)
    first, second = replace(first, claiming=lonely), await asyncio.to_thread(services_of, shared)
    stop = asyncio.Event()
    async with Loopback() as server:
        tasks = [asyncio.create_task(serving(first, server, stop=stop))]
        await server.identified()
        ask(server)
        server.send(message(BOB, LEASE, channel=BOB.dm_channel))
        command = server.interact(slash("ask", ADA, question=LEASE))
        await server.acknowledgement(command, timeout=60)
        await until(lambda: first.admission.state.waiting == 3 and len(engine.asked) == 2)
        tasks.append(asyncio.create_task(serving(second, server, stop=stop)))
        await server.identified(count=2)
        await asyncio.sleep(1.5)
        assert not told(server)  # who runs keeps its questions
        with connected(shared.database) as db:
            kept = db.execute("SELECT event FROM claims WHERE event IS NOT NULL").fetchall()
        assert len(kept) == 3
        assert not any("lease" in event or command.token in event for (event,) in kept)
        end_of(shared, first)
        await until(lambda: len(told(server)) == 3)
        engine.let.set()
        await until(lambda: first.admission.state.answered == 3)
        await asyncio.sleep(0.3)
        stop.set()
        await asyncio.gather(*tasks)
    assert len([text for text in told_of(server, command) if text]) == 1
    assert len([text for text in told(server) if "Ines Vidal" in text]) == 3 == len(told(server))
    with connected(shared.database) as db:
        left = db.execute("SELECT count(*) FROM claims WHERE event IS NOT NULL").fetchone()
    assert left == (0,)


async def test_what_a_bot_does_not_answer_before_its_end_another_does(
    shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two in line, a command among them, and one that comes while it ends: nobody is refused."""
    monkeypatch.setattr("bot.discord.gateway.serving._PATIENCE", 1.0)
    monkeypatch.setattr("bot.records.parts.claims._SETTLED", -1)
    engine = Held(engine_of(shared))
    both = [await asyncio.to_thread(services_of, shared, engine=engine) for _ in range(2)]
    first, second = (
        replace(each, claiming=Claiming(each.records, Shard(), looks_every=0.2)) for each in both
    )
    stops = [asyncio.Event(), asyncio.Event()]
    async with Loopback() as server:
        tasks = [asyncio.create_task(serving(first, server, stop=stops[0]))]
        await server.identified()
        ask(server)
        ask(server, BOB)
        command = server.interact(slash("ask", ADA, question=LEASE))
        await until(lambda: first.admission.state.waiting == 3 and len(engine.asked) == 2)
        tasks.append(asyncio.create_task(serving(second, server, stop=stops[1])))
        await server.identified(count=2)
        await until(lambda: first.claiming._other_bots)
        # Whatever falls to which of them: this one comes to the bot that ends.
        monkeypatch.setattr(second.claiming, "_pause", lambda _: 0.5)
        stops[0].set()
        await until(lambda: first.admission.is_closing)
        server.send(message(BOB, LEASE, channel=BOB.dm_channel))
        await tasks[0]
        engine.let.set()
        await until(lambda: len(told(server)) == 4)
        await asyncio.sleep(0.3)
        stops[1].set()
        await tasks[1]
    assert ["Ines Vidal" in text for text in told(server)] == [True] * 4
    assert len([text for text in told_of(server, command) if text]) == 1
    assert not any("/reactions/" in each.path for each in server.requests)


async def test_where_nobody_knew_who_was_first_the_one_that_discord_heard_answers(
    shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim of another bot comes to be known only when this one has acknowledged."""
    monkeypatch.setattr(claiming, "_TIMEOUT", 0.0)
    services = await asyncio.to_thread(services_of, shared)
    other = await asyncio.to_thread(Records, shared.records_place)
    stop = asyncio.Event()
    async with Loopback() as server:
        task = asyncio.create_task(serving(services, server, stop=stop))
        await server.identified()
        await until(lambda: services.claiming._seal)
        command = slash("ask", ADA, question=LEASE)
        other.claims.take({f"interaction {command['id']}": None})
        asked = server.interact(command)
        await until(lambda: "Ines Vidal" in "".join(told_of(server, asked)))
        stop.set()
        await task
    other.close()


def told_of(server: Loopback, asked: Interaction) -> list[str]:
    return [text_of(r.json) for r in server.requests if r.interaction_id == asked.id and r.json]


async def test_the_server_goes_away_in_the_middle_of_clicks(shared: Settings) -> None:
    assert shared.database is not None
    services = await asyncio.to_thread(services_of, shared)
    async with Loopback() as server:
        stop = asyncio.Event()
        task = asyncio.create_task(serving(services, server, stop=stop))
        await server.identified()
        ask(server)
        answer = (await server.wait_for(is_reply, timeout=60)).answer
        cut(shared.database)  # a restart
        first = server.interact(click(answer, await like(shared, answer), ALICE))
        await server.acknowledgement(first, timeout=60)
        await until(lambda: services.records.counts().up == 1)
        button = await like(shared, answer)
        with Away(shared.database):
            second = server.interact(click(answer, button, BOB))
            await server.acknowledgement(second, timeout=60)
            await until(lambda: len(told_of(server, second)) == 1)
        stop.set()
        await task
    with closing(Records(shared.database)) as records:
        assert {mark.person for mark, _ in records.feedback()} == {ALICE.id}


async def test_a_question_takes_few_round_trips_and_talk_none(
    shared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shared.database is not None
    services = await asyncio.to_thread(services_of, shared)
    store = services.current.store
    assert isinstance(store, PostgresStore)
    await asyncio.to_thread(store.listen)
    trips = []
    wait = psycopg.Connection.wait

    def counted(connection: psycopg.Connection, *args: Any, **options: Any) -> Any:
        if not threading.current_thread().name.startswith("listen"):
            trips.append(1)
        return wait(connection, *args, **options)

    async with Loopback() as server:
        stop = asyncio.Event()
        task = asyncio.create_task(serving(services, server, stop=stop))
        await server.identified()
        ask(server)
        await server.wait_for(is_reply, timeout=30)
        monkeypatch.setattr(psycopg.Connection, "wait", counted)
        ask(server, BOB)
        await until(lambda: len(told(server)) == 2)
        server.send(message(BOB, "Hello all."))
        server.send(message(ALICE, "Is it nice there?"))
        ask(server, ADA)
        await until(lambda: len(told(server)) == 3)
        stop.set()
        await task
    monkeypatch.undo()
    assert len(trips) <= 2 * MOST_TRIPS
    with connected(shared.database) as db:
        claims = db.execute("SELECT count(*) FROM claims").fetchone()
    store.close()
    assert claims == (3,)
