"""What `make crash` kills: work that goes on until the kill.

Each step yields what it did, once that may be relied on.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from bot.app import composition
from bot.config.settings import Settings
from bot.documents.backup import back_up
from bot.documents.uploads.probe import ProbeResult
from bot.documents.uploads.uploads import Uploads
from bot.records import Mark, Records
from bot.records.parts.watches import Baseline
from index.decisions import Review
from index.errors import NothingToRollBack
from index.store import merger
from index.store.catalog import catalog
from index.store.generation import Recipe
from index.store.segments import files
from index.store.vectors.files import put_vectors
from testing.command import reindexer_of
from testing.exchanges import ask
from testing.loopback import Loopback
from testing.running import serving
from testing.samples import WATCH
from testing.services import services_of

DOCUMENTS = 12


def settings_in(folder: Path) -> Settings:
    return Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        records=folder / "records",
        keep_questions_days=30,
        discord_token=None,
    )


def plan_text(rng: random.Random) -> str:
    return f"# Plan {rng.random()}\n\nWe state that {rng.random()} ships go.\n"


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all, so that no torn file is the tool's own doing."""
    new = path.with_name(f".{path.name}")
    new.write_text(text)
    new.replace(path)


def _reindex(settings: Settings, rng: random.Random, *, sandbox: bool = True) -> Iterator[object]:
    name = f"{rng.randrange(DOCUMENTS)}.md"
    path = settings.corpus / name
    if rng.random() < 0.3 and len(list(settings.corpus.iterdir())) > DOCUMENTS // 2:
        path.unlink(missing_ok=True)
    else:
        write(path, plan_text(rng))
    report = reindexer_of(settings, sandbox=sandbox).run()
    yield {"generation": report.generation}


def _merge(settings: Settings, rng: random.Random) -> Iterator[object]:
    """Let segments become one in the background, which takes its time, then change documents."""
    with _merging_slowly():
        if composition.index_store(settings).has_merge():
            yield {"merging": True}
            yield {"merged": composition.index_store(settings).merge()}
        yield from _reindex(settings, rng, sandbox=False)


def _plan_merge(settings: Settings, rng: random.Random) -> None:
    """Change documents until segments are to become one, which takes longer than a kill waits."""
    with _merging_slowly():
        while not composition.index_store(settings).has_merge():
            list(_reindex(settings, rng, sandbox=False))


@contextmanager
def _merging_slowly() -> Iterator[None]:
    with ExitStack() as patches:
        for target, name, value in (
            (catalog, "AT_ONCE", 0),
            (files, "_OF_ONE_SIZE", 3),
            (merger, "put_vectors", _slowly(put_vectors)),
        ):
            patches.enter_context(patch.object(target, name, value))
        yield


def _slowly(do: Callable[..., None]) -> Callable[..., None]:
    def done(*arguments: object) -> None:
        time.sleep(0.5)
        do(*arguments)
        time.sleep(0.5)

    return done


def _upload(settings: Settings, rng: random.Random) -> Iterator[object]:
    changes = _changes(settings)
    token = changes.begin()
    sent = plan_text(rng)
    name = changes.place(f"sent {rng.randrange(DOCUMENTS)}.md", "", len(sent))
    waiting = changes.receive(token, name, sent.encode())
    changes.seal(token, 7, 8, [waiting])
    changes.put(token, 7, 8)
    yield {"put": name, "text": sent}


def _remove(settings: Settings, rng: random.Random) -> Iterator[object]:
    path = settings.corpus / f"doomed {rng.random()}.md"
    write(path, plan_text(rng))
    reindexer_of(settings, sandbox=True).run()
    before = path.read_text()
    kept = _changes(settings).remove(path.name)
    yield {"removed": path.name, "text": before, "kept": str(kept)}
    reindexer_of(settings, sandbox=True).run()
    yield {"gone": path.name}


def _rollback(settings: Settings, rng: random.Random) -> Iterator[object]:
    yield from _reindex(settings, rng)
    store = composition.index_store(settings)
    with store.lock():
        try:
            store.rollback()
        except NothingToRollBack:
            return
    yield {"rolled": True}


def _feedback(settings: Settings, rng: random.Random) -> Iterator[object]:
    with closing(records_in(settings)) as records:
        for _ in range(20):
            question = f"what of {rng.random()}?"
            exchange = ask(records, question, person=rng.randrange(1, 9))
            yield {"asked": exchange.id, "question": question}
            mark = rng.choice(list(Mark))
            records.rate(exchange.id, 5, mark)
            yield {"rated": exchange.id, "mark": mark}
            records.closed_gaps.put(exchange.id, "", frozenset(), [f"{exchange.id}.md"])
            yield {"closed": exchange.id}


def _watch(settings: Settings, rng: random.Random) -> Iterator[object]:
    with closing(records_in(settings)) as records:
        watches = records.watches
        for number in range(10):
            kept = watches.add(replace(WATCH, person=rng.randrange(2**60)))
            assert kept is not None
            yield {"watched": str(kept.id), "world": ""}
            watches.begin_telling(kept.id, "1")
            watches.told(kept.id, number, Baseline(world=f"{number}"))
            yield {"watched": str(kept.id), "world": f"{number}"}
            if rng.random() < 0.3:
                yield {"unwatched": str(kept.id), "world": f"{number}"}
                watches.end(kept.id)


def _decide(settings: Settings, rng: random.Random) -> Iterator[object]:
    """Decide on documents, withhold changes and settle conflicts, and take some of it back."""
    with closing(records_in(settings)) as records:
        for number in range(10):
            one, other = (f"{rng.randrange(DOCUMENTS)}-{rng.random()}.md" for _ in range(2))
            records.decided.decide_succession(one, other, confirmed=True, person=7)
            yield {"decided": [one, other]}
            records.decided.review(one, Review("0", "2026-06-01", None, by_owner=True), person=7)
            yield {"reviewed": one}
            records.withheld.withhold(one, f"{number}")
            yield {"withheld": [one, f"{number}"]}
            records.settled.settle([one], [one, other], 7)
            yield {"settled": one}
            records.visits.come(number + 1, datetime(2026, 6, 1, number, tzinfo=UTC))
            records.remember(f"digest {number}", one)
            yield {"digest": f"digest {number}", "until": one}
            if rng.random() < 0.3:
                yield {"undecided": [one, other]}
                records.decided.undo_succession(one, other)


def _backup(settings: Settings, rng: random.Random) -> Iterator[object]:
    to = settings.records.parent / f"backup {rng.random()}.tar.gz"
    back_up(settings, to)
    yield {"backup": str(to)}


def _startup(settings: Settings, rng: random.Random) -> Iterator[object]:
    """Start and end the bot, every other time with an index of an older recipe."""
    if rng.random() < 0.5:
        reindexer = reindexer_of(settings, sandbox=True)
        older = Recipe.model_validate(reindexer.recipe.model_dump() | {"chunker": 0})
        replace(reindexer, recipe=older).run(full=True)
    mark = str(rng.random())
    asyncio.run(_start(settings, mark))
    yield {"started": mark}


async def _start(settings: Settings, mark: str) -> None:
    services, stop = services_of(settings), asyncio.Event()
    services.records.remember("started", mark)
    async with Loopback(strict=False) as server:
        running = asyncio.create_task(serving(services, server, stop=stop))
        await server.identified()
        while services.reindexing.running:
            await asyncio.sleep(0.01)
        stop.set()
        await running


def records_in(settings: Settings) -> Records:
    return Records(settings.records_place, keep_questions=True)


def _changes(settings: Settings) -> Uploads:
    return Uploads(settings, probe=lambda *_: ProbeResult(title="Plan", pages=0))


WORK: dict[str, Callable[[Settings, random.Random], Iterator[object]]] = {
    "reindex": _reindex,
    "merge": _merge,
    "upload": _upload,
    "remove": _remove,
    "rollback": _rollback,
    "feedback": _feedback,
    "watch": _watch,
    "decide": _decide,
    "backup": _backup,
    "startup": _startup,
}


def work(name: str, folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    settings = settings_in(folder)
    if name == "merge":
        _plan_merge(settings, rng)
    print("ready", flush=True)
    while True:
        for done in WORK[name](settings, rng):
            print(json.dumps(done), flush=True)
