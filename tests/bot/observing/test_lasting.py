"""What the bot does until it stops goes on after a failure of any kind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.config.shard import Shard
from bot.observing.lasting import lasting
from bot.records.databases.standby import ShareLock
from index.indexing.work import worker as worker_module
from index.indexing.work.worker import Worker
from index.store import current as current_module
from index.store.current import CurrentGeneration
from index.store.postgres import listening
from index.store.postgres.listening import Listener


async def test_it_begins_again_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    paused: list[float] = []
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise KeyError("x")

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    await lasting("Writing what waits", work, pause)
    assert begun == 3
    assert paused == [60.0, 60.0]
    assert {record.getMessage() for record in caplog.records} == {
        "Writing what waits failed, and begins again in 60 s"
    }


class _Failing:
    """Fails in a way that nobody thought of, twice; then it says so."""

    def __init__(self, then: Callable[[], object]) -> None:
        self.calls = 0
        self._then = then

    def __call__(self, *_: object, **__: object) -> object:
        self.calls += 1
        if self.calls <= 2:
            raise RuntimeError("can't start new thread")
        return self._then()


async def test_a_bot_looks_on_whether_it_is_still_its_turn(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looking, lost = _Failing(lambda: False), asyncio.Event()
    lock = ShareLock(SecretStr(""), Shard(), looks_every=0.001)
    monkeypatch.setattr(lock, "has_it_still", looking)
    async with lock.watched(lost):
        await asyncio.wait_for(lost.wait(), 30)
    assert looking.calls == 3
    assert caplog.text.count("could not be told") == 2


async def test_jobs_of_dead_workers_are_looked_for_on_and_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = asyncio.Event()

    class _Rescuing:
        looking = _Failing(done.set)

        async def _rescue_once(self) -> None:
            self.looking()

    monkeypatch.setattr(worker_module, "_LOOKS_EVERY", 0.001)
    rescuing = asyncio.create_task(Worker._rescue(cast(Worker, _Rescuing())))
    await asyncio.wait_for(done.wait(), 30)
    rescuing.cancel()
    assert caplog.text.count("could not be given to others") == 2


async def test_a_listener_goes_on_after_what_it_cannot_use(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    hearing = _Failing(lambda: loop.call_soon_threadsafe(heard.set))
    said = type("Said", (), {"payload": "{"})

    class _Session:
        def execute(self, _text: str) -> None: ...
        def notifies(self, **_: object) -> list[object]:
            return [said]

    monkeypatch.setattr(listening, "_EVERY", 0.001)
    listener = Listener(
        lambda: cast(Any, nullcontext(_Session())), "c", began=lambda _: None, heard=hearing
    )
    await asyncio.wait_for(heard.wait(), 30)
    await asyncio.to_thread(listener.close)
    assert caplog.text.count("could not be heard") == 2


def test_files_that_cannot_be_verified_are_told_of(caplog: pytest.LogCaptureFixture) -> None:
    class _Store:
        def verify(self, _manifest: object) -> None:
            raise RuntimeError("x")

    current = CurrentGeneration(cast(Any, _Store()), None)
    with caplog.at_level(logging.ERROR, current_module.__name__):
        current._verify(cast(Any, type("Manifest", (), {"number": 7})))
    assert "generation 7 could not be verified" in caplog.text
