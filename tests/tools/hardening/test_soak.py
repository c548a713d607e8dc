"""A small share of `make soak`, without models, and that what it looks for is found."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from bot import messages
from bot.config.settings import Settings
from bot.discord.ui.errors import unexpected
from bot.services import Services
from index.tables.values import value_of
from testing.budget import HARDENING
from testing.command import reindexer_of
from testing.loopback import Loopback
from testing.running import running
from testing.services import bot_of, services_of, write_corpus
from tools.hardening.caches import note_caches, use_of_caches
from tools.hardening.soak.checking import unplanned
from tools.hardening.soak.figures import MOST_GROWTH, Figures, Plan, growth
from tools.hardening.soak.page import page
from tools.hardening.soak.people import People
from tools.hardening.soak.responses import Responses, Shared, planned
from tools.hardening.soak.run import soak
from tools.hardening.vitals import (
    AT_WORK,
    Memory,
    holders_of,
    kinds_grown,
    left_behind,
    read_vitals,
)

pytestmark = pytest.mark.processes

SHARE = Plan(
    questions=120,
    people=12,
    passages=0,
    warm_up=60,
    sample=30,
    admin=12,
    faults=0.2,
    losses=1.0,
    settled=2.0,  # what is left behind is not judged, below
)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    settings = Settings(
        corpus=tmp_path / "corpus", index=tmp_path / "index", records=tmp_path / "records"
    )
    write_corpus(settings.corpus)
    reindexer_of(settings).run()
    return services_of(settings)


@pytest.mark.search
@pytest.mark.timeout(900)  # on a busy machine it takes minutes
async def test_a_share_of_it_goes_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = await soak(tmp_path, SHARE)
    with capsys.disabled():
        print(f"\n{figures.asked} questions in {figures.seconds:.0f} s")
    # After so few questions, a library that is first used late counts as left behind. `make soak`
    # and `make harden` hold that nothing is.
    wrong = [one for one in figures.wrong() if HARDENING or not one.startswith("Left behind")]
    assert not wrong, "\n".join(wrong)
    assert figures.asked >= SHARE.questions
    assert figures.answered > SHARE.questions / 2
    assert figures.generations > 2
    assert all((figures.acts, figures.admin, figures.faults, figures.losses))
    written = page(figures, "make soak")
    assert ("**Nothing was wrong.**" in written) == (figures.wrong() == [])
    assert max(map(len, written.splitlines())) < 500


async def test_it_ends_when_its_time_is_over(services: Services) -> None:
    async with Loopback() as server, running(bot_of(services), server):
        responses = Responses()
        server.api._heard = lambda request: responses.take(request, server.state.interactions)
        shared = Shared(server, responses, ends=time.monotonic() + 1)
        await People(shared, 2, 1, ["Who decides?"]).current(10**9)
        assert await shared.wait(10**9)
    assert 0 < shared.asked < 10**9


class TestLeftBehind:
    async def test_each_kind_of_thing_is_found(self, services: Services, tmp_path: Path) -> None:
        class Kept(list[int]):
            pass

        before = read_vitals(services, [])
        await asyncio.create_task(asyncio.sleep(0))  # comes and goes
        task = asyncio.create_task(asyncio.sleep(60))
        kept = [Kept() for _ in range(600)]
        with (tmp_path / "left open").open("w"), ThreadPoolExecutor(1, "left running") as pool:
            pool.submit(int).result()
            found = list(left_behind(before, read_vitals(services, []), asked=100))
        task.cancel()
        found_names = {re.sub(r": 600 of .*Kept$", ": Kept", line) for line in found}
        assert found_names >= {
            "Left behind, of files: 1 of left open",
            "Left behind, of objects: Kept",
            "Left behind, of tasks: 1 of sleep",
            "Left behind, of threads: 1 of left running",
        }
        assert len(kept) == 600

    async def test_of_tuples_it_is_told_what_they_are_and_who_holds_them(
        self, services: Services
    ) -> None:
        class Holder:
            def __init__(self) -> None:
                self.pairs = {number: (Holder, [number]) for number in range(600)}

        before = read_vitals(services, [])
        holder = Holder()
        after = read_vitals(services, [])
        found = "\n".join(left_behind(before, after, asked=100))
        assert re.search(r"^Left behind, of objects: \d{3} of builtins.tuple$", found, re.M)
        kind, grown = kinds_grown(before, after, "builtins.tuple")[0]
        assert (kind, grown) == ("builtins.tuple of 2: type, list", 600)
        assert re.fullmatch(r"100 by a dictionary of .*Holder", holders_of(kind).split("; ")[0])
        assert len(holder.pairs) == 600

    async def test_a_cache_that_was_loaded_at_the_start_is_emptied_too(
        self, services: Services
    ) -> None:
        kept = lru_cache(1_000)(lambda number: (number, [number]))
        gc.freeze()  # as the bot does
        note_caches()
        before = read_vitals(services, [])
        for number in range(1_000):
            kept(number)
        assert list(left_behind(before, read_vitals(services, []), asked=100)) == []
        assert kept.cache_info().currsize == 0

    def test_the_use_of_a_cache_is_told_and_it_is_emptied(self) -> None:
        use_of_caches()
        for text in ("12 kg", "12 kg", "none"):
            value_of(text)
        name = value_of.__module__ + ".value_of"
        first, then = (next(use for use in use_of_caches() if use.name == name) for _ in range(2))
        assert (first.kept, first.most, first.hits, first.misses) == (2, 4_096, 1, 2)
        assert 0 < first.bytes < 5_000
        assert first.full == pytest.approx(first.bytes * 2_048)
        assert (then.kept, then.bytes, then.hits, then.misses) == (0, 0, 0, 0)

    async def test_work_that_goes_on_is_told(self, services: Services) -> None:
        assert read_vitals(services, []).entries[AT_WORK] == 0
        stop = threading.Event()

        def ask_again() -> None:
            while not stop.is_set():
                services.watching._engine.ask("Who decides?")

        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(ask_again)
            await asyncio.sleep(0.2)
            found = [read_vitals(services, []).entries[AT_WORK] for _ in range(3)]
            stop.set()
        asking.result()
        assert max(found) > 0

    async def test_to_count_harms_nobody_who_works_meanwhile(self, services: Services) -> None:
        def fill_tuples() -> None:
            for _ in range(10_000):
                tuple(str(number) for number in range(37))

        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(fill_tuples)
            while not working.done():
                read_vitals(services, [])
                await asyncio.sleep(0.01)
        working.result()

    async def test_what_a_bot_keeps(self, services: Services) -> None:
        async with Loopback() as server, running(bot := bot_of(services), server):
            before = read_vitals(services, [bot])
            bot._connection._view_store._synced_message_views[1] = object()  # type: ignore[assignment]
            found = list(left_behind(before, read_vitals(services, [bot]), asked=100))
        assert found == ["Left behind, of entries: 1 of views by message"]


class TestShown:
    async def test_an_error_that_nobody_planned_is_a_problem(self, services: Services) -> None:
        class Broken:
            def ask(self, *_: object) -> object:
                raise ZeroDivisionError

            search = ask

        broken = services_of(services.settings, engine=Broken())  # type: ignore[arg-type]
        async with Loopback() as server, running(bot_of(broken), server):
            responses = Responses()
            server.api._heard = lambda request: responses.take(request, server.state.interactions)
            shared = Shared(server, responses)
            await People(shared, 2, 1, ["Who decides?"]).current(4)
        assert shared.problems
        assert all("Something went wrong that should not" in text for text in shared.problems)

    def test_what_is_planned(self) -> None:
        assert planned(str(messages.ADMINS_ONLY))
        assert not planned(unexpected("ab12cd"))
        assert not planned("")


def test_an_error_in_the_log_is_a_problem() -> None:
    line = {"level": "error", "logger": "asyncio", "event": "Task was destroyed"}
    other = {"level": "warning", "logger": "discord", "event": "Slow"}
    found = unplanned([json.dumps(line), json.dumps(other), json.dumps(line), "Traceback"])
    assert [line.partition(": ")[0] for line in found] == ["Logged 2 times", "Logged 1 times"]


def test_growth_is_measured_and_bounded() -> None:
    samples = [(asked, 500_000_000 + asked * 2_000) for asked in range(0, 4_000, 100)]
    found = growth(samples, since=1_000)
    assert found.slope == pytest.approx(2.0)
    assert found.low <= found.slope <= found.high
    memory = [(asked, Memory(0, size, 0)) for asked, size in samples]
    grown = Figures(replace(SHARE, passages=1, questions=4_000), full=memory, memory=memory)
    assert len(grown.wrong()) == 1
    # What grows with the models' pages that were looked at is no growth of the bot's.
    flat = [(asked, Memory(size, 500_000_000, 0)) for asked, size in samples]
    assert replace(grown, full=flat, memory=flat).wrong() == []
    few = replace(grown, full=memory[:2], memory=memory[:2], asked=2)
    assert few.wrong() == []
    assert "Too few questions" in page(few, "make soak")
    assert "Too few questions" not in page(replace(grown, full=flat, memory=flat), "make soak")


def test_growth_before_its_caches_are_full_is_not_judged() -> None:
    def size(asked: int) -> int:
        return 500_000_000 + 9_000 * min(asked, 2_000)

    memory = [(asked, Memory(0, size(asked), 0)) for asked in range(0, 4_100, 100)]
    plan = replace(SHARE, warm_up=1_000)
    assert Figures(plan, full=memory, memory=memory).wrong() == []
    assert (
        Figures(plan, full=memory[:25], memory=memory[:25]).wrong() == []
    )  # nothing is known after 2,500


def test_a_step_is_no_growth() -> None:
    """Tables double and arenas are added: after one such step nothing is known of the next."""
    step = [(asked, 500_000_000 + 2_000_000 * (asked >= 700)) for asked in range(0, 1_500, 100)]
    found = growth(step, since=0)
    assert found.slope > MOST_GROWTH > found.low
    steps = [(asked, 2_000_000 * (asked // 700)) for asked in range(0, 6_000, 100)]
    assert growth(steps, since=0).low > MOST_GROWTH
