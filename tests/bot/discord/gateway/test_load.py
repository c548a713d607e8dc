"""Fifty people at once, and a reindex in the middle, without real models.

`tools/hardening/load.py` does the same with the real models, in processes of their own, and holds
the
figures to what is required; here the loopback, its people and the bot share one Python.
"""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.chat.admission import AdmissionLimits
from bot.config.settings import Settings
from bot.services import Services
from testing.budget import HARDENING
from testing.crowd import Crowd, percentile
from testing.engines import Held
from testing.loopback import Loopback
from testing.running import running, until
from testing.services import HereReindexing, bot_of, engine_of, services_of

pytestmark = pytest.mark.processes

PEOPLE = 50
QUESTIONS = (
    "who signs the lease of the warehouse?",
    "what roles would the force take?",
    "who decides how long the force stays?",
    "what is the budget of the force?",
    "when was the roof mended?",
    "which helicopters does Sweden own?",
)


def change(settings: Settings) -> None:
    """Change the corpus so that every offset is different."""
    for path in settings.corpus.rglob("*.txt"):
        path.write_text("This was moved down.\n\n" + path.read_text("utf-8"), encoding="utf-8")
    (settings.corpus / "new.md").write_text("# News\n\nThe force stays.\n", encoding="utf-8")


@pytest.mark.search
async def test_fifty_people_and_a_reindex(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    store = services.current.store
    before = store.pointer().current
    reindexing = services.reindexing
    assert isinstance(reindexing, HereReindexing)
    begun = threading.Event()
    reindexing.hold = begun.wait
    services.watchdog.start()
    async with Loopback() as server, running(bot_of(services), server):
        crowd = Crowd(server, PEOPLE)
        async with crowd.gathered():
            asking = asyncio.create_task(crowd.ask_at_once(QUESTIONS))
            change(services.settings)
            turn = asyncio.create_task(crowd.reindex())
            await until(lambda: services.admission.state.answered >= PEOPLE // 3, timeout=60)
            begun.set()
            await asyncio.gather(asking, turn)
            await crowd.ask_at_once(QUESTIONS)
        worst = services.watchdog.worst_seconds
        await asyncio.to_thread(services.watchdog.stop)
    generations = crowd.check(services.records, store)
    with capsys.disabled():
        print(
            f"\n{len(crowd.asked)} questions of {PEOPLE} people: acknowledged in "
            f"{percentile(crowd.acknowledgements, 0.5):.2f} s (median), "
            f"{percentile(crowd.acknowledgements, 0.99):.2f} s (99 %), "
            f"{max(crowd.acknowledgements):.2f} s (worst); loop held up {worst:.2f} s; "
            f"generations {generations}"
        )
    assert crowd.problems == []
    assert crowd.refusals == []
    assert len(crowd.answers) == 2 * PEOPLE
    assert set(generations) == {before, before + 1}
    # Discord's own limit is 3 s. How near it comes depends on who else uses this machine, so `make
    # load` and `make harden` hold it; here it shows that nothing waits for the answers.
    assert max(crowd.acknowledgements) < (3.0 if HARDENING else 10.0)


@pytest.mark.search
async def test_who_finds_the_line_full_is_told_so(indexed: Settings) -> None:
    engine = Held(engine_of(indexed))
    services = services_of(indexed, engine=engine, limits=AdmissionLimits(waiting=10))
    async with Loopback() as server, running(bot_of(services), server):
        crowd = Crowd(server, PEOPLE)
        async with crowd.gathered():
            asking = asyncio.create_task(crowd.ask_at_once(QUESTIONS))
            await until(lambda: len(crowd.refusals) == PEOPLE - 10)
            engine.let.set()
            await asking
    crowd.check(services.records, services.current.store)
    assert crowd.problems == []
    assert len(crowd.answers) == 10
    assert set(crowd.refusals) == {"I am busy just now. Please try again in 3 seconds."}
