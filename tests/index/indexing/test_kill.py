"""A reindex that is killed at any moment leaves one consistent generation."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from index.store.folder.store import IndexStore
from testing.budget import amount
from testing.clock import wait_until
from testing.fakes import recipe_of
from testing.generations import assert_whole, documents
from tests.index.indexing.reindex_until_killed import (
    contents,
    reindex,
    reindex_forever,
    roll_back_forever,
    write,
)

pytestmark = pytest.mark.processes

KILLS = amount(25)


def state_of(texts: dict[str, str]) -> int:
    """The one state of the corpus that these documents are."""
    state = int(texts["0.txt"].split("State ")[1].split()[0])
    assert texts == {name: f"{text}\n" for name, text in contents(state).items()}
    return state


def left_behind(root: Path) -> str:
    """Where the kill struck."""
    pointer = IndexStore(root / "index").pointer()
    names = {path.name for path in (root / "index" / "generations").iterdir()}
    known = {f"{n:06}" for n in (pointer.current, pointer.previous) if n}
    if ".staging" in names:
        return "while staging"
    if (root / "index" / ".CURRENT.new").exists():
        return "while pointing"
    if any(int(name) > pointer.current for name in names - known):
        return "between publishing and pointing"
    if names - known:
        return "before or while pruning"
    return "elsewhere"


def kill_after(process: ForkServerProcess, seen: Callable[[], object], seconds: float) -> None:
    """Start a process, and kill it that long after what is `seen` has changed."""
    before = seen()
    process.start()
    assert process.pid is not None
    wait_until(lambda: seen() != before)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.search
def test_a_killed_reindex_leaves_one_consistent_generation(tmp_path: Path) -> None:
    chance = random.Random(2026)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.index.indexing.reindex_until_killed"])
    (tmp_path / "corpus").mkdir()
    state, struck = 1, Counter[str]()
    write(tmp_path / "corpus", state)
    reindex(tmp_path)
    store = IndexStore(tmp_path / "index")
    for kill in range(KILLS):
        process = context.Process(target=reindex_forever, args=(tmp_path, state))
        kill_after(process, lambda: store.pointer().current, chance.uniform(0, 0.15))
        struck[left_behind(tmp_path)] += 1
        generation = store.open(recipe_of())
        assert_whole(generation)
        after = state_of(documents(generation))
        assert after >= state, kill
        generation.catalog.close()
        # It goes on from there, with the corpus as it was left: half changed, it may be.
        reindex(tmp_path)
        generation = store.open(recipe_of())
        assert_whole(generation)
        assert documents(generation) == {
            str(path.relative_to(tmp_path / "corpus")): f"{path.read_text()}\n"
            for path in (tmp_path / "corpus").rglob("[!.]*.txt")
        }
        generation.catalog.close()
        state = after + 1
    print(f"{KILLS} kills struck {dict(struck)}; state {state} was reached")
    assert struck.total() == KILLS


def test_what_was_taken_back_stays_out_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(2026)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.index.indexing.reindex_until_killed"])
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "plan.txt").write_text("# File\nState good.\n")
    (tmp_path / "taken back").touch()
    reindex(tmp_path)
    store = IndexStore(tmp_path / "index")
    for kill in range(amount(12)):
        # By numbers of its own: the last one may be killed while it writes which plan is next.
        process = context.Process(target=roll_back_forever, args=(tmp_path, kill * 1_000))
        kill_after(process, (tmp_path / "taken back").read_text, chance.uniform(0, 0.1))
        taken_back = {f"Bad {line}." for line in (tmp_path / "taken back").read_text().split()}
        for full in (False, kill % 2 == 0):
            reindex(tmp_path, full=full)
            generation = store.open(recipe_of())
            assert_whole(generation)
            (text,) = documents(generation).values()
            assert not [bad for bad in taken_back if bad in text], kill
            generation.catalog.close()
    assert len(taken_back) >= amount(12)
