"""What is counted when something happens, and that no metric says what it was about."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from importlib import metadata
from typing import Any

import pytest

from bot.chat.admission import AdmissionLimits
from bot.config.settings import Settings
from bot.errors import Busy, ReindexFailed
from bot.observing.metrics import EntryPoint, Metrics
from bot.observing.pages import figures
from bot.records import Fault, Kind, Mark
from bot.services import Services
from index.errors import BadQuestion, CorpusShrunk
from testing.engines import Held
from testing.services import BRIEFINGS, HereReindexing, engine_of, services_of
from tests.bot.observing.asked import MESSAGE, PERSON, Failing, asked
from tests.bot.observing.scraped import samples, value

LAST_GOOD = "briefing_reindex_last_success_timestamp_seconds"


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({}, EntryPoint.COMMAND),
        ({"guild": None}, EntryPoint.COMMAND),
        ({"message": MESSAGE}, EntryPoint.CHANNEL),
        ({"message": MESSAGE, "mention": True}, EntryPoint.MENTION),
        ({"message": MESSAGE, "mention": True, "reply_to": 1}, EntryPoint.REPLY),
        ({"message": MESSAGE, "guild": None}, EntryPoint.DIRECT),
        ({"message": MESSAGE, "reply_to": 1}, EntryPoint.REPLY),
        ({"message": MESSAGE, "thread_of": 1}, EntryPoint.REPLY),
    ],
)
def test_how_a_question_came_in(changes: dict[str, Any], way: EntryPoint) -> None:
    assert asked(**changes).entry_point is way


async def test_questions_by_what_came_of_them(services: Services) -> None:
    await services.answering.answer(asked())
    await services.answering.answer(asked(message=MESSAGE))
    await services.answering.answer(asked("Does anybody breed hippopotamuses?"))
    await services.answering.answer(asked(kind=Kind.CLAIM))
    await services.answering.search(asked("warehouse", kind=Kind.SEARCH), 3)
    found = {
        tuple(one.labels[name] for name in ("kind", "way", "question_kind", "outcome")): one.value
        for one in samples(services)
        if one.name == "briefing_questions_total" and one.value
    }
    assert found == {
        ("ask", "command", "fact", "answered"): 1,
        ("ask", "channel", "fact", "answered"): 1,
        ("ask", "command", "fact", "silent"): 1,
        ("claim", "command", "fact", "answered"): 1,
        ("search", "command", "none", "answered"): 1,
    }


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(BadQuestion("It is empty."), "bad_question"), (ValueError("defect"), "unexpected")],
)
async def test_what_failed(indexed: Settings, error: Exception, outcome: str) -> None:
    engine = Failing(engine_of(indexed))
    engine.error = error
    services = services_of(indexed, engine=engine)
    with pytest.raises(type(error)):
        await services.answering.answer(asked())
    labels = {"outcome": outcome, "question_kind": "none"}
    assert value(services, "briefing_questions_total", **labels) == 1
    assert value(services, "briefing_questions_total") == 1


async def test_the_line(indexed: Settings) -> None:
    held = Held(engine_of(indexed))
    services = services_of(indexed, engine=held, limits=AdmissionLimits(waiting=3, per_person=10))
    tasks = [asyncio.create_task(services.answering.answer(asked())) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await services.answering.answer(asked())
    assert value(services, "briefing_questions_in_work") == 2
    assert value(services, "briefing_questions_waiting") == 1
    assert value(services, "briefing_questions_total", outcome="busy") == 1
    tasks[2].cancel()
    held.let.set()
    await asyncio.wait(tasks)
    assert value(services, "briefing_questions_in_work") == 0
    assert value(services, "briefing_questions_waiting") == 0
    assert value(services, "briefing_questions_total", outcome="withdrawn") == 1
    assert value(services, "briefing_questions_total", outcome="answered") == 2


async def test_stages_are_in_seconds(services: Services) -> None:
    spent = [(await services.answering.answer(asked())).response.milliseconds for _ in range(2)]
    assert "read" in spent[0]
    for stage in spent[0]:
        seconds = sum(one[stage] for one in spent) / 1000
        assert value(services, "briefing_question_seconds_count", stage=stage) == 2
        assert value(services, "briefing_question_seconds_sum", stage=stage) == pytest.approx(
            seconds
        )


async def test_the_index(services: Services) -> None:
    assert value(services, "briefing_index_generation") == 1
    assert value(services, "briefing_index_documents") == len(BRIEFINGS)
    assert value(services, "briefing_index_passages") == len(services.current.generation().vectors)
    age = value(services, "briefing_index_age_seconds")
    assert age is not None
    assert 0 <= age < 3_600
    shutil.rmtree(services.settings.index)
    assert value(services, "briefing_index_generation") is None
    assert value(services, "briefing_questions_waiting") == 0


async def test_reindexes(services: Services) -> None:
    made = value(services, LAST_GOOD)
    assert made is not None
    services.reindexing.run(dry_run=True)
    assert value(services, LAST_GOOD) == made
    assert value(services, "briefing_reindexes_total") == 0
    before = time.time()
    services.reindexing.run()
    assert before <= (good := value(services, LAST_GOOD) or 0) <= time.time()
    assert value(services, "briefing_reindexes_total", outcome="done") == 1
    assert value(services, "briefing_reindex_last_duration_seconds") is not None
    running: list[float | None] = []

    def fail() -> None:
        running.append(value(services, "briefing_reindex_running"))
        raise ValueError

    assert isinstance(services.reindexing, HereReindexing)
    services.reindexing.hold = fail
    with pytest.raises(ValueError):  # noqa: PT011  # the one above
        services.reindexing.run()
    assert running == [1]
    assert value(services, "briefing_reindex_running") == 0
    assert value(services, "briefing_reindexes_total", outcome="failed") == 1
    assert value(services, LAST_GOOD) == good


async def test_reindexes_that_are_refused_or_stopped(services: Services) -> None:
    for path in services.settings.corpus.rglob("*.*"):
        path.unlink()
    with pytest.raises(CorpusShrunk):
        services.reindexing.run()
    assert value(services, "briefing_reindexes_total", outcome="refused") == 1

    def stop() -> None:
        services.reindexing.stop()
        raise ReindexFailed("It was stopped.")

    assert isinstance(services.reindexing, HereReindexing)
    services.reindexing.hold = stop
    with pytest.raises(ReindexFailed):
        services.reindexing.run()
    assert value(services, "briefing_reindexes_total", outcome="stopped") == 1
    assert value(services, "briefing_reindexes_total", outcome="failed") == 0


def test_how_things_stand(services: Services) -> None:
    assert value(services, "briefing_build_info", version=metadata.version("briefing-bot")) == 1
    assert value(services, "briefing_index_documents_not_read") == 0
    services.settings.corpus.joinpath("empty.txt").write_text("")
    services.reindexing.run()
    assert value(services, "briefing_index_documents_not_read") == 1
    for folder in ("index", "records"):
        assert (value(services, "briefing_disk_used_bytes", folder=folder) or 0) > 1_000
    assert value(services, "briefing_event_loop_lag_seconds") == 0
    services.watchdog._remember(0.7)
    assert value(services, "briefing_event_loop_lag_seconds") == 0.7
    for _ in range(1_200):
        services.watchdog._remember(0.1)
    assert value(services, "briefing_event_loop_lag_seconds") == 0.1


async def test_no_series_says_when_another_began(services: Services) -> None:
    await services.answering.answer(asked())
    assert not [one.name for one in samples(services) if one.name.endswith("_created")]


async def test_feedback_that_stands(services: Services) -> None:
    exchange = (await services.answering.answer(asked())).exchange.id
    services.records.rate(exchange, PERSON, Mark.UP)
    services.records.rate(exchange, PERSON + 1, Mark.UP)
    services.records.rate(exchange, PERSON, Mark.DOWN, fault=Fault.OUTDATED)
    assert value(services, "briefing_faults", fault="outdated") == 1
    assert value(services, "briefing_faults", fault="wrong") == 0
    assert value(services, "briefing_feedback", mark="up") == 1
    assert value(services, "briefing_feedback", mark="down") == 1


def test_the_first_connection_is_no_reconnect(services: Services) -> None:
    for number in range(3):
        services.metrics.connect()
        assert value(services, "briefing_discord_reconnects_total") == number
        assert value(services, "briefing_discord_connected") == 1
        services.metrics.disconnect()
        assert value(services, "briefing_discord_connected") == 0


def test_two_bots_count_by_themselves() -> None:
    first, second = Metrics(), Metrics()
    first.requested(429)
    labels = {"status": "429"}
    assert first.registry.get_sample_value("briefing_discord_requests_total", labels) == 1
    assert second.registry.get_sample_value("briefing_discord_requests_total", labels) == 0


async def test_nothing_of_a_question_a_document_or_a_person(indexed: Settings) -> None:
    """Whatever happened, the words and long numbers are those that the program itself brings."""
    engine = Failing(engine_of(indexed))
    services = services_of(indexed, engine=engine)
    before = _words(services)
    question = "Zanzibar xylophone: who signs the lease of the Karsk warehouse?"
    first = await services.answering.answer(asked(question))
    exchange = first.exchange
    await services.answering.answer(asked(question, message=MESSAGE, document="warehouse.txt"))
    await services.answering.search(asked("Quetzalcoatl observers", kind=Kind.SEARCH), 3)
    services.records.rate(exchange.id, PERSON, Mark.DOWN, "Rhododendron")
    for engine.error in (BadQuestion(question), ValueError(question)):
        with pytest.raises(type(engine.error)):
            await services.answering.answer(asked(question))
    named = {"ask", "claim", "search", "command", "direct", "reply", "channel", "up", "down"}
    stages = set(first.response.milliseconds)
    assert _words(services) - before <= named | stages | {"total", "bad_question"}


def _words(services: Services) -> set[str]:
    """But for our metrics' names; numbers are looked at where they look like a person's."""
    text = figures(services, services.admission.state).decode()
    return set(re.findall(r"\b(?!briefing_)[^\W\d]\w{3,}|\b7000\d+\b", text))
