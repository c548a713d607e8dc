"""A question's id in the lines that it causes, and that they do not say what was asked."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Collection, Iterator
from typing import Any

import pytest

from bot.config.settings import Settings
from bot.observing.logs import formatter
from bot.services import Services
from index.answering.answer import Response
from testing.loopback import Loopback
from testing.loopback.payloads import ALICE, BOT, message
from testing.running import running
from testing.services import bot_of, engine_of, services_of
from tests.bot.observing.asked import LEASE, Failing, asked

_worker = logging.getLogger("index.sample")


class Speaking(Failing):
    """Logs in the worker's thread."""

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        _worker.warning("At work")
        return super().ask(question, documents, **context)


class Lines(logging.Handler):
    """Keeps every line, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter("json"))
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def of(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.lines if one["event"].startswith(event)]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root, lines = logging.getLogger(), Lines()
    level = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(lines)
    root.setLevel(level)


@pytest.fixture
def engine(indexed: Settings) -> Speaking:
    return Speaking(engine_of(indexed))


@pytest.fixture
def speaking(indexed: Settings, engine: Speaking) -> Services:
    return services_of(indexed, engine=engine)


async def test_each_has_an_id_of_its_own_in_the_workers_lines_too(
    speaking: Services, lines: Lines
) -> None:
    async def ask(person: int) -> int:
        return (await speaking.answering.answer(asked(person=person))).exchange.id

    tasks = [asyncio.create_task(ask(person)) for person in (1, 2, 3)]
    exchanges = await asyncio.gather(*tasks)
    ended = lines.of("Asked")
    ids = [one["question_id"] for one in ended]
    assert len(set(ids)) == 3
    assert sorted(one["question_id"] for one in lines.of("At work")) == sorted(ids)
    assert sorted(one["exchange"] for one in ended) == sorted(exchanges)


async def test_what_came_of_it(speaking: Services, lines: Lines) -> None:
    await speaking.answering.answer(asked())
    (ended,) = lines.of("Asked")
    names = ("kind", "way", "question_kind", "outcome", "generation", "level")
    assert {name: ended[name] for name in names} == {
        "kind": "ask",
        "way": "command",
        "question_kind": "fact",
        "outcome": "answered",
        "generation": 1,
        "level": "info",
    }
    assert ended["seconds"] >= 0


async def test_what_no_question_causes_has_none(speaking: Services, lines: Lines) -> None:
    await asyncio.create_task(_ask_in_a_task_of_its_own(speaking))
    _worker.warning("Alone")
    assert "question_id" not in lines.of("Alone")[0]


async def _ask_in_a_task_of_its_own(services: Services) -> None:
    await services.answering.answer(asked())


async def test_a_failure_is_found_by_the_id_and_says_nothing_of_the_question(
    speaking: Services, engine: Speaking, lines: Lines
) -> None:
    """The whole way, from Discord and back; all levels of all loggers, discord.py's included."""
    bot = bot_of(speaking)
    async with Loopback() as server, running(bot, server):
        for count, engine.error in enumerate((None, ValueError(f"cannot parse {LEASE!r}")), 1):
            server.send(message(ALICE, f"<@{BOT.id}> {LEASE}", mentions=[BOT]))
            await server.wait_for(
                lambda r: r.method == "POST" and r.path.endswith("/messages"), count=count
            )
    answered, failed = lines.of("Asked")
    assert (answered["outcome"], failed["outcome"]) == ("answered", "unexpected")
    (error,) = lines.of("Error")
    assert error["question_id"] == failed["question_id"] != answered["question_id"]
    assert "in ask" in error["exception"]
    ours = [one for one in lines.lines if one["logger"].startswith(("bot", "index"))]
    said = json.dumps(ours).lower()
    for word in ("signs", "lease", "vidal", "roof", ALICE.name.lower(), server.token.lower()):
        assert word not in said
