"""A bot that starts after an update, over the index of the version before."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import replace

import pytest

from bot.config.settings import Settings
from bot.discord.ui.errors import INDEX_OUTDATED
from bot.documents.reindexing.upgrade import rebuild_outdated
from bot.services import Services
from index.errors import IndexMismatch, IndexOutdated
from testing.command import reindexer_of
from testing.layouts import text_of
from testing.loopback import Loopback, Request
from testing.loopback.payloads import ALICE, BOT, message
from testing.running import serving, until
from testing.services import HereReindexing, services_of

pytestmark = pytest.mark.processes


def made_with(settings: Settings, **changes: object) -> Services:
    """Return services over an index whose recipe differs from today's in this way."""
    now = reindexer_of(settings)
    replace(now, recipe=now.recipe.model_copy(update=changes)).run(full=True)
    return services_of(settings)


@pytest.fixture
def outdated(indexed: Settings) -> Services:
    return made_with(indexed, parser=0)


def is_reply(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/messages") and request.status == 200


def ask(server: Loopback) -> None:
    text = f"<@{BOT.id}> who signs the lease of the warehouse?"
    server.send(message(ALICE, text, mentions=[BOT]))


async def test_documents_are_read_anew_by_itself_and_who_asks_meanwhile_is_told(
    outdated: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    go_on = threading.Event()
    assert isinstance(outdated.reindexing, HereReindexing)
    outdated.reindexing.hold = go_on.wait
    stop = asyncio.Event()
    async with Loopback() as server:
        task = asyncio.create_task(serving(outdated, server, stop=stop))
        try:
            await server.identified()
            ask(server)
            told = await server.wait_for(is_reply)
            assert told.json["content"] == INDEX_OUTDATED
            go_on.set()
            await until(lambda: outdated.reindexing.last is not None)
            assert outdated.current.generation().number == 3
            ask(server)
            await until(lambda: len([one for one in server.requests if is_reply(one)]) == 2)
            *_, told = (one for one in server.requests if is_reply(one))
            assert "Ines Vidal" in text_of(told.json)
        finally:
            go_on.set()
            stop.set()
            await asyncio.wait([task], timeout=60)
    said = [
        record.message
        for record in caplog.records
        if record.name == "bot.documents.reindexing.upgrade"
    ]
    assert said[0].startswith("The index is of an older version; all documents are read anew")
    assert said[1:] == ["The index was made anew: generation 3"]


def test_a_current_index_is_left_alone(indexed: Settings) -> None:
    services = services_of(indexed)
    rebuild_outdated(services.current, services.reindexing)
    assert services.current.generation().number == 1
    assert services.reindexing.last is None


def test_no_index_is_no_older_one(settings: Settings) -> None:
    services = services_of(settings)
    rebuild_outdated(services.current, services.reindexing)
    assert not settings.index.exists()


def test_an_index_by_another_setting_is_left_for_somebody_to_decide(indexed: Settings) -> None:
    services = made_with(indexed, query_prompt="find: ")
    rebuild_outdated(services.current, services.reindexing)
    with pytest.raises(IndexMismatch, match="If that is on purpose"):
        services.current.generation()


def test_what_prevents_it_is_logged(outdated: Services, caplog: pytest.LogCaptureFixture) -> None:
    corpus = outdated.settings.corpus
    corpus.rename(corpus.with_name("elsewhere"))
    rebuild_outdated(outdated.current, outdated.reindexing)
    with pytest.raises(IndexOutdated):
        outdated.current.generation()
    assert "was not made anew: The corpus folder" in caplog.text
