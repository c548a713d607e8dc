"""Reindexes a corpus that changes all the time, until it is killed (test_kill.py)."""

from __future__ import annotations

import os
import threading
from functools import partial
from pathlib import Path
from typing import Any

from index.errors import IndexBusy
from index.indexing.reindex import Reindexer
from index.parsing import parse_files
from index.store.folder.store import IndexStore
from testing.fakes import LineParser, WordEmbedder, recipe_of

NAMES = ["0.txt", "1.txt", "deep/2.txt", "deep/3.txt", "4.txt", "deep/er/5.txt"]


def contents(state: int) -> dict[str, str]:
    """The whole corpus in one state: file 0 names it, the others change less often, some go."""
    return {
        name: f"# File {number}\nState {state // (number + 1)} of it.\n" + "More of it.\n" * number
        for number, name in enumerate(NAMES)
        if number == 0 or (state + number) % 5
    }


def write(corpus: Path, state: int) -> None:
    wanted = contents(state)
    for name in NAMES:
        path = corpus / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{os.getpid()}.new")  # another process may write as well
            new.write_text(wanted[name])
            os.replace(new, path)  # noqa: PTH105 # as the system does it
        else:
            path.unlink(missing_ok=True)


def reindex(root: Path, *, full: bool = False) -> None:
    embedder = WordEmbedder()
    Reindexer(
        root / "corpus",
        IndexStore(root / "index"),
        recipe_of(),
        lambda: embedder,
        parse=partial(parse_files, parse=LineParser()),
    ).run(full=full)


def reindex_forever(root: Path, state: int) -> None:
    while True:
        state += 1
        write(root / "corpus", state)
        reindex(root, full=state % 7 == 0)


def roll_back_forever(root: Path, number: int) -> None:
    """Take back one bad plan after another, and note each once it is taken back."""
    store = IndexStore(root / "index")
    while True:
        number += 1
        (root / "corpus" / "plan.txt").write_text(f"# File\nState Bad {number}.\n")
        reindex(root)
        with store.lock():
            store.rollback()
        with (root / "taken back").open("a") as noted:
            noted.write(f"{number}\n")
            noted.flush()
        reindex(root, full=number % 3 == 0)


def reindex_in_rounds(root: Path, rounds: int, start: threading.Barrier, declined: Any) -> None:
    """Reindexes a number of times, at the same moments as another process."""
    for state in range(2, 2 + rounds):
        start.wait(60)
        write(root / "corpus", state)
        try:
            reindex(root, full=True)
        except IndexBusy:
            declined.value += 1
