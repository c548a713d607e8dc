"""Kills the program while it writes, and checks what is left: `make crash`.

    python -m tools.hardening.crash [--kills N] [--seed N] [--server]

In turn a reindex, an upload, a removal, a rollback, feedback, watches, decisions, a backup and a
start-up run over and over in a process of their own, until that is killed (SIGKILL). Then, with
nothing repaired by hand: one consistent generation answers and none had to be mended, its history
is whole and has no text of what is gone, all that was acknowledged is there, no file is lost, and
the same work goes on. Embeddings are of words, not of a model, so that many kills fit into minutes;
everything that touches the disk is the program's own. Writes docs/KILLS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import composition
from bot.config.settings import PREFIX, Settings
from bot.documents.backup import restore
from index.store.generation import Generation
from testing.command import reindexer_of
from testing.generations import assert_whole, documents
from testing.postgres import database, server_url
from tools.hardening.crash_work import (
    DOCUMENTS,
    WORK,
    plan_text,
    records_in,
    settings_in,
    work,
    write,
)
from tools.report import ROOT, command_of, counts, parser_of, provenance

_WHOLE = re.compile(r"# Plan [\d.e-]+\n\nWe state that [\d.e-]+ ships go\.\n")
_MOST_SECONDS = 1.5
"""Seconds of work after which the process is killed at the latest."""


# The kills


@dataclass
class Figures:
    """What was killed: `kills` by work, and what was acknowledged before and found after."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    merging: int = 0
    """Kills while segments became one."""
    generations: int = 0
    seconds: float = 0.0


@dataclass
class _Known:
    """What was acknowledged, and so must be found."""

    files: dict[str, str] = field(default_factory=dict)
    questions: dict[int, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    watched: dict[int, str] = field(default_factory=dict)
    decided: set[tuple[str, str]] = field(default_factory=set)
    reviewed: set[str] = field(default_factory=set)
    withheld: set[tuple[str, str]] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    backups: set[str] = field(default_factory=set)

    def note(self, step: dict[str, Any]) -> str:
        """Note one acknowledged step, and return its name."""
        match step:
            case {"put": name, "text": text}:
                self.files[name] = text
            case {"kept": path, "text": text}:
                self.kept[path] = text
            case {"gone": name}:
                self.gone.add(name)
            case {"asked": exchange, "question": question}:
                self.questions[int(exchange)] = question
            case {"rated": exchange, "mark": mark}:
                self.marks[int(exchange)] = mark
            case {"closed": exchange}:
                self.closed.add(int(exchange))
            case {"watched": watch, "world": world}:
                self.watched[int(watch)] = world
            case {"unwatched": watch}:  # about to end, so it may be there or not
                self.watched.pop(int(watch))
            case {"decided": [old, new]}:
                self.decided.add((old, new))
            case {"undecided": [old, new]}:
                self.decided.discard((old, new))
            case {"reviewed": name}:
                self.reviewed.add(name)
            case {"withheld": [name, moment]}:
                self.withheld.add((name, moment))
            case {"settled": pair}:
                self.settled.add(pair)
            case {"digest": key, "until": until}:
                self.digests[key] = until
            case {"backup": path}:
                self.backups.add(path)
        return next(iter(step))


def crash(kills: int, seed: int, folder: Path, names: Sequence[str] = tuple(WORK)) -> Figures:
    """Kill each work in turn; raise AssertionError where anything is not as it must be."""
    began, rng, figures, known = time.monotonic(), random.Random(seed), Figures(), _Known()
    settings = settings_in(folder)
    settings.corpus.mkdir(parents=True)
    settings.records.mkdir()
    for number in range(DOCUMENTS):
        write(settings.corpus / f"{number}.md", plan_text(rng))
    reindexer_of(settings, sandbox=True).run()
    for number in range(kills):
        name = names[number % len(names)]
        figures.kills[name] += 1
        steps = [known.note(step) for step in _killed(name, folder, rng)]
        figures.merging += steps[-1:] == ["merging"]
        figures.acknowledged.update(each for each in steps if each != "merging")
        _check(settings, known, name)
    figures.generations = composition.index_store(settings).pointer().current
    figures.seconds = time.monotonic() - began
    return figures


def _killed(name: str, folder: Path, rng: random.Random) -> list[dict[str, Any]]:
    """Return the steps that a process acknowledged before it was killed."""
    command = [sys.executable, "-m", "tools.hardening.crash", "--work", name, "--in", str(folder)]
    with subprocess.Popen(
        [*command, "--seed", str(rng.randrange(2**31))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == "ready\n", child.stderr.read()
        time.sleep(rng.random() ** 2 * _MOST_SECONDS)
        child.send_signal(signal.SIGKILL)
        # Not by communicate(), which leaves out what was read together with the first line.
        out, err = child.stdout.read(), child.stderr.read()
    assert child.returncode == -signal.SIGKILL, f"{name} ended by itself: {err}"
    whole = out[: out.rfind("\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]


def _check(settings: Settings, known: _Known, name: str) -> None:
    """Check all that is left after the work `name` was killed, and that work goes on."""
    _check_index(settings, known, name)
    _check_files(settings, known, name)
    _check_records(settings, known, name)
    _check_decisions(settings, known, name)
    _check_backups(settings, known)
    report = reindexer_of(settings, sandbox=True).run()
    there = {path.name for path in settings.corpus.glob("[!.]*.md")}
    held = {taken.name for taken in report.held}
    differ = (there ^ set(documents(composition.index_store(settings).open(None)))) - held
    assert not differ, f"after {name}: {differ} differ; unreadable: {report.failed}"


def _check_index(settings: Settings, known: _Known, name: str) -> None:
    store = composition.index_store(settings)
    generation = store.open(None if name == "startup" else composition.recipe(settings))
    assert store.pointer().damaged is None, f"after {name}: the index had to be mended"
    assert_whole(generation)
    there = documents(generation).keys()
    assert not known.gone & there or name == "rollback", f"after {name}: removed, and there"
    _check_history(generation, name)
    generation.catalog.close()


def _check_history(generation: Generation, name: str) -> None:
    history, there = generation.catalog.history, set(generation.catalog.document_names())
    for event in history.events():
        number = event.moment.generation
        assert number <= generation.number, f"after {name}: a change of generation {number}"
        if event.has_text:
            assert event.name in there, f"after {name}: a text of {event.name}, which is gone"
            assert history.version(event.name, number), f"after {name}: an older text is lost"


def _check_files(settings: Settings, known: _Known, name: str) -> None:
    for file, text in known.files.items():
        found = (settings.corpus / file).read_text()
        if name == "upload" and found != text:  # killed between the put and its acknowledgement
            assert _WHOLE.fullmatch(found), f"after {name}: {file} is torn"
            kept = (path.read_text() for path in (settings.records / "removed").rglob(file))
            assert text in kept, f"after {name}: what {file} replaced is lost"
        else:
            assert found == text, f"after {name}: {file} is not what was put there"
        known.files[file] = found
    for path, text in known.kept.items():
        assert Path(path).read_text() == text, f"after {name}: {path} is not what was removed"


def _check_records(settings: Settings, known: _Known, name: str) -> None:
    with closing(records_in(settings)) as records:
        rated = {given.exchange: given.mark for given, _ in records.feedback()}
        for exchange, mark in known.marks.items():
            assert rated.get(exchange) == mark, f"after {name}: feedback is lost"
        for exchange, question in known.questions.items():
            stored = records.exchange(exchange)
            assert stored is not None, f"after {name}: an exchange is lost"
            assert stored.question == question, f"after {name}: the words of a question are lost"
        for exchange in known.closed:
            look = records.closed_gaps.check(exchange)
            assert look is not None, f"after {name}: the look at an open question is lost"
            assert look.closed, f"after {name}: a gap that was closed is open again"
        watches = {watch.id: watch for watch in records.watches.all()}
        for watch, world in known.watched.items():
            assert watch in watches, f"after {name}: a watch is lost"
            told = watches[watch].baseline.world
            # It may have been told, and not yet acknowledged.
            assert told == world or not world, f"after {name}: what was told is lost"


def _check_decisions(settings: Settings, known: _Known, name: str) -> None:
    with closing(records_in(settings)) as records:
        decisions = records.decided.decisions()
        # What was begun and not acknowledged may be there as well.
        assert known.decided <= decisions.confirmed, f"after {name}: a decision is lost"
        assert known.reviewed <= decisions.reviews.keys(), f"after {name}: a review is lost"
        assert known.withheld <= records.withheld.all(), f"after {name}: a change is shown again"
        assert known.settled <= records.settled.pairs(), f"after {name}: a conflict is open again"
        for key, until in known.digests.items():
            stored = records.recall(key)
            assert stored == until or name == "decide", f"after {name}: a digest would come again"
            assert stored, f"after {name}: a digest would come again"
            known.digests[key] = stored


def _check_backups(settings: Settings, known: _Known) -> None:
    for backup in known.backups:
        with tempfile.TemporaryDirectory() as elsewhere:
            restore(settings_in(Path(elsewhere)), Path(backup))
        Path(backup).unlink()
    known.backups.clear()
    for left in settings.records.parent.glob("backup *"):
        left.unlink()  # whole, and not yet acknowledged; `restore` tries others of them


def page(figures: Figures, command: str) -> str:
    """Return docs/KILLS.md."""
    lines = [
        "# Kills",
        "",
        "Written by `make crash`; what is checked after each kill stands in "
        "`tools/hardening/crash.py`.",
        "",
        f"{figures.kills.total()} kills in {figures.seconds:.0f} s, {figures.merging} of them while"
        f" segments became one; {figures.generations} generations; nothing lost, nothing mended by"
        " hand.",
        "",
        provenance(command),
        *counts("killed in the middle of", figures.kills),
        *counts("acknowledged before a kill, and found after it", figures.acknowledged),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = parser_of("tools.hardening.crash", __doc__)
    parser.add_argument("--kills", type=int, default=245)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "KILLS.md")
    parser.add_argument("--server", action="store_true", help="with index and records on one")
    parser.add_argument("--work", choices=list(WORK), help=argparse.SUPPRESS)
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work, options.folder, options.seed)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        names = [name for name in WORK if name != "backup" or not options.server]
        if options.server:  # for this process and those that are killed
            os.environ[f"{PREFIX}DATABASE"] = stack.enter_context(database(server_url()))
        figures = crash(options.kills, options.seed, Path(folder), names)
    if options.server:  # the page has the figures of the folder
        print(f"{figures.kills.total()} kills on a server, {figures.merging} while segments became")
        print("one; all acknowledged is there:")
        print("\n".join(counts("acknowledged", figures.acknowledged)))
        return
    content = page(figures, command_of("tools.hardening.crash"))
    options.page.write_text(content, encoding="utf-8")
    print(content)


if __name__ == "__main__":
    main()
