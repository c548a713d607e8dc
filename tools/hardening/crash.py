"""Kills the program at random moments of all that it writes, and looks at what is left.

    python tools/hardening/crash.py [--kills N] [--seed N] [--out FILE]

In turn a reindex, an upload, a removal, a rollback, feedback, a backup and a start-up run over and
over in a process of their own, until that is killed (SIGKILL). Then, with nothing repaired by hand:
one consistent generation answers and none had to be mended, all that was acknowledged is there, no
file is lost, and the same work goes on. Embeddings are of words, not of a model, so that many kills
fit into minutes; everything that touches the disk is the program's own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import composition  # noqa: E402
from bot.config.settings import Settings  # noqa: E402
from bot.documents.backup import back_up, restore  # noqa: E402
from bot.documents.probe import Trial  # noqa: E402
from bot.documents.uploads import CorpusChanges  # noqa: E402
from bot.records import Kind, Records, Verdict  # noqa: E402
from index.errors import NothingToRollBack  # noqa: E402
from testing.command import reindexer_of  # noqa: E402
from testing.generations import assert_whole, documents  # noqa: E402
from testing.loopback import Loopback  # noqa: E402
from testing.running import serving  # noqa: E402
from testing.services import services_of  # noqa: E402

__all__ = ["WORK", "Figures", "crash", "settings_in"]

_DOCUMENTS = 12
_WHOLE = re.compile(r"# Plan [\d.e-]+\n\nWe state that [\d.e-]+ ships go\.\n")
_LONGEST = 1.5
"""Seconds of work after which it is killed at the latest."""


def settings_in(folder: Path) -> Settings:
    return Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        records=folder / "records",
        keep_questions_days=30,
        discord_token=None,
    )


# What is done until the kill; each step says what it did once it may be relied on


def _text(rng: random.Random) -> str:
    return f"# Plan {rng.random()}\n\nWe state that {rng.random()} ships go.\n"


def _write(path: Path, text: str) -> None:
    """Whole or not at all: what the kill leaves of it is none of the program's doing."""
    new = path.with_name(f".{path.name}")
    new.write_text(text)
    new.replace(path)


def _reindex(settings: Settings, rng: random.Random) -> Iterator[object]:
    name = f"{rng.randrange(_DOCUMENTS)}.md"
    path = settings.corpus / name
    if rng.random() < 0.3 and len(list(settings.corpus.iterdir())) > _DOCUMENTS // 2:
        path.unlink(missing_ok=True)
    else:
        _write(path, _text(rng))
    report = reindexer_of(settings, sandbox=True).run()
    yield {"generation": report.generation}


def _upload(settings: Settings, rng: random.Random) -> Iterator[object]:
    changes = _changes(settings)
    token = changes.begin()
    text = _text(rng)
    name = changes.place(f"sent {rng.randrange(_DOCUMENTS)}.md", "", len(text))
    waiting = changes.receive(token, name, text.encode())
    changes.seal(token, 7, 8, [waiting])
    changes.put(token, 7, 8)
    yield {"put": name, "text": text}


def _remove(settings: Settings, rng: random.Random) -> Iterator[object]:
    path = settings.corpus / f"doomed {rng.random()}.md"
    _write(path, _text(rng))
    reindexer_of(settings, sandbox=True).run()
    text = path.read_text()
    kept = _changes(settings).remove(path.name)
    yield {"removed": path.name, "text": text, "kept": str(kept)}
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
    with closing(_records(settings)) as records:
        for _ in range(20):
            question = f"what of {rng.random()}?"
            exchange = records.add(
                kind=Kind.ASK,
                person=rng.randrange(1, 9),
                guild=8,
                channel=9,
                question=question,
                generation=1,
                confidence=0.5,
                answered=True,
            )
            yield {"asked": exchange.id, "question": question}
            verdict = rng.choice(list(Verdict))
            records.rate(exchange.id, 5, verdict)
            yield {"rated": exchange.id, "verdict": verdict}


def _backup(settings: Settings, rng: random.Random) -> Iterator[object]:
    to = settings.records.parent / f"backup {rng.random()}.tar.gz"
    back_up(settings, to)
    yield {"backup": str(to)}


def _startup(settings: Settings, rng: random.Random) -> Iterator[object]:
    """As the bot starts and ends, every other time after an update: with the tests' Discord."""
    if rng.random() < 0.5:
        older = reindexer_of(settings, sandbox=True)
        older = replace(older, recipe=older.recipe.model_copy(update={"cutter": 0}))
        older.run(full=True)
    said = str(rng.random())
    asyncio.run(_started(settings, said))
    yield {"started": said}


async def _started(settings: Settings, said: str) -> None:
    services, stop = services_of(settings), asyncio.Event()
    services.records.remember("started", said)
    async with Loopback(strict=False) as server:
        running = asyncio.create_task(serving(services, server, stop=stop))
        await server.identified()
        while services.reindexing.running:
            await asyncio.sleep(0.01)
        stop.set()
        await running


def _records(settings: Settings) -> Records:
    return Records(settings.records / "records.sqlite", keep_questions=True)


def _changes(settings: Settings) -> CorpusChanges:
    return CorpusChanges(settings, read=lambda *_: Trial(title="Plan", pages=0))


WORK: dict[str, Callable[[Settings, random.Random], Iterator[object]]] = {
    "reindex": _reindex,
    "upload": _upload,
    "remove": _remove,
    "rollback": _rollback,
    "feedback": _feedback,
    "backup": _backup,
    "startup": _startup,
}


def _work(name: str, folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    settings = settings_in(folder)
    print("ready", flush=True)
    while True:
        for done in WORK[name](settings, rng):
            print(json.dumps(done), flush=True)


# The kills


@dataclass
class Figures:
    """`struck` counts the kills by work."""

    kills: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    generations: int = 0
    seconds: float = 0.0


@dataclass
class _Known:
    """What was acknowledged, and so must be found."""

    files: dict[str, str] = field(default_factory=dict)
    questions: dict[int, str] = field(default_factory=dict)
    verdicts: dict[int, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    backups: set[str] = field(default_factory=set)

    def note(self, said: dict[str, str]) -> str:
        if "put" in said:
            self.files[said["put"]] = said["text"]
        elif "kept" in said:
            self.kept[said["kept"]] = said["text"]
        elif "gone" in said:
            self.gone.add(said["gone"])
        elif "asked" in said:
            self.questions[int(said["asked"])] = said["question"]
        elif "rated" in said:
            self.verdicts[int(said["rated"])] = said["verdict"]
        elif "backup" in said:
            self.backups.add(said["backup"])
        return next(iter(said))


def crash(kills: int, seed: int, folder: Path, names: Sequence[str] = tuple(WORK)) -> Figures:
    """Kill each work in turn; raise AssertionError where anything is not as it must be."""
    began, rng, figures, known = time.monotonic(), random.Random(seed), Figures(), _Known()
    settings = settings_in(folder)
    settings.corpus.mkdir(parents=True)
    settings.records.mkdir()
    for number in range(_DOCUMENTS):
        _write(settings.corpus / f"{number}.md", _text(rng))
    reindexer_of(settings, sandbox=True).run()
    for number in range(kills):
        name = names[number % len(names)]
        said = _killed(name, folder, rng)
        figures.kills += 1
        figures.struck[name] += 1
        for line in said:
            figures.acknowledged[known.note(line)] += 1
        _look(settings, known, name)
    figures.generations = composition.index_store(settings).pointer().current
    figures.seconds = time.monotonic() - began
    return figures


def _killed(name: str, folder: Path, rng: random.Random) -> list[dict[str, str]]:
    command = [sys.executable, __file__, "--work", name, "--in", str(folder)]
    with subprocess.Popen(
        [*command, "--seed", str(rng.randrange(2**31))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == "ready\n", child.stderr.read()
        time.sleep(rng.random() ** 2 * _LONGEST)
        child.send_signal(signal.SIGKILL)
        out, err = child.communicate()
    assert child.returncode == -signal.SIGKILL, f"{name} ended by itself: {err}"
    whole = out[: out.rfind("\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]


def _look(settings: Settings, known: _Known, name: str) -> None:
    store = composition.index_store(settings)
    generation = store.open(None if name == "startup" else composition.recipe(settings))
    assert store.pointer().damaged is None, f"after {name}: the index had to be mended"
    assert_whole(generation)
    texts = documents(generation)
    assert not known.gone & texts.keys() or name == "rollback", f"after {name}: removed, and there"
    generation.catalog.close()
    for file, text in known.files.items():
        found = (settings.corpus / file).read_text()
        if name == "upload" and found != text:  # killed after it was put, before that was said
            assert _WHOLE.fullmatch(found), f"after {name}: {file} is torn"
            kept = (path.read_text() for path in (settings.records / "removed").rglob(file))
            assert text in kept, f"after {name}: what {file} replaced is lost"
        else:
            assert found == text, f"after {name}: {file} is not what was put there"
        known.files[file] = found
    for path, text in known.kept.items():
        assert Path(path).read_text() == text, f"after {name}: {path} is not what was removed"
    with closing(_records(settings)) as records:
        rated = {given.exchange: given.verdict for given, _ in records.feedback()}
        for exchange, verdict in known.verdicts.items():
            assert rated.get(exchange) == verdict, f"after {name}: feedback is lost"
        for exchange, question in known.questions.items():
            stored = records.exchange(exchange)
            assert stored is not None, f"after {name}: an exchange is lost"
            assert stored.question == question, f"after {name}: the words of a question are lost"
    for backup in known.backups:
        with tempfile.TemporaryDirectory() as elsewhere:
            restore(settings_in(Path(elsewhere)), Path(backup))
        Path(backup).unlink()
    known.backups.clear()
    for left in settings.records.parent.glob("backup *"):
        left.unlink()  # whole, and not yet said: `restore` tries others of them
    report = reindexer_of(settings, sandbox=True).run()
    there = {path.name for path in settings.corpus.glob("[!.]*.md")}
    differ = there ^ set(documents(store.open(None)))
    assert not differ, f"after {name}: {differ} differ; unreadable: {report.failed}"


def _report(figures: Figures, seed: int) -> str:
    lines = [
        "# Kills",
        "",
        "Written by `make crash`; `tools/hardening/crash.py` says what each kill is held to.",
        "",
        f"`python tools/hardening/crash.py --kills {figures.kills} --seed {seed}`, "
        f"{datetime.now(UTC):%Y-%m-%d}: {figures.kills} kills in "
        f"{figures.seconds:.0f} s, {figures.generations} generations; nothing lost, nothing mended "
        "by hand.",
        "",
        "| in the middle of | kills |",
        "|---|---|",
        *(f"| {name} | {count} |" for name, count in figures.struck.items()),
        "",
        "| acknowledged before a kill, and found after it | |",
        "|---|---|",
        *(f"| {what} | {count:,} |" for what, count in sorted(figures.acknowledged.items())),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=245)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="a Markdown file for the figures")
    parser.add_argument("--work", choices=list(WORK), help=argparse.SUPPRESS)
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        _work(options.work, options.folder, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        figures = crash(options.kills, options.seed, Path(folder))
    print(figures)
    if options.out:
        options.out.write_text(_report(figures, options.seed), encoding="utf-8")


if __name__ == "__main__":
    main()
