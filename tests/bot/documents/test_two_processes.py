"""Two processes on one index folder: one changes it at a time, and everybody reads whole states."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.app.composition import index_store
from bot.config.settings import Settings
from bot.documents.backup import back_up, restore
from bot.errors import BackupUnusable
from index.store.current import CurrentGeneration
from index.store.folder.generation_files import CATALOG
from testing.budget import amount
from testing.fakes import recipe_of
from testing.generations import assert_whole, documents
from testing.stores import folder_of
from tests.index.indexing.reindex_until_killed import (
    contents,
    reindex,
    reindex_forever,
    reindex_in_rounds,
    write,
)
from tests.index.indexing.test_kill import state_of
from tools.hardening.crash_work import settings_in

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[3]
ROUNDS = amount(12)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    write(tmp_path / "corpus", 1)
    reindex(tmp_path)
    return tmp_path


@contextmanager
def another(root: Path) -> Iterator[None]:
    """A process that changes the documents and reindexes, over and over."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.index.indexing.reindex_until_killed"])
    process = context.Process(target=reindex_forever, args=(root, 1))
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def until(settings: Settings, generation: int) -> Iterator[int]:
    """Rounds, until the other process has published so many."""
    give_up = time.monotonic() + 240
    rounds = 0
    while index_store(settings).pointer().current < generation:
        assert time.monotonic() < give_up
        yield rounds
        rounds += 1


def test_two_readers_beside_a_reindex_see_whole_states(root: Path) -> None:
    current = CurrentGeneration(index_store(settings_in(root)), recipe_of())
    state = 0
    with another(root):
        for _ in until(settings_in(root), amount(20)):
            generation = current.generation()
            assert_whole(generation)
            state, before = state_of(documents(generation)), state
            assert state >= before
    assert state > 1


def test_of_two_reindexes_at_once_one_declines(root: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.index.indexing.reindex_until_killed"])
    start, declined = context.Barrier(2), context.Value("i")
    processes = [
        context.Process(target=reindex_in_rounds, args=(root, ROUNDS, start, declined))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    settings = settings_in(root)
    # Each round one came through, or both, one after the other.
    assert index_store(settings).pointer().current == 1 + 2 * ROUNDS - declined.value
    generation = index_store(settings).open(recipe_of())
    assert_whole(generation)
    assert state_of(documents(generation)) == 1 + ROUNDS


def test_a_backup_beside_a_reindex_has_one_whole_state(root: Path, tmp_path: Path) -> None:
    settings = settings_in(root)
    settings.records.mkdir()
    with another(root):
        for number in until(settings, amount(15)):
            made = tmp_path / f"{number}.tar.gz"
            back_up(settings, made)
            new = settings_in(tmp_path / "new")
            restore(new, made)
            generation = index_store(new).open(recipe_of())
            assert_whole(generation)
            state_of(documents(generation))
            generation.catalog.close()
            shutil.rmtree(tmp_path / "new")


def test_nothing_is_restored_under_a_reindex(root: Path, tmp_path: Path) -> None:
    settings = settings_in(root)
    settings.records.mkdir()
    back_up(settings, tmp_path / "backup.tar.gz")
    with another(root), pytest.raises(BackupUnusable, match="is not empty, and nothing is written"):
        restore(settings, tmp_path / "backup.tar.gz")


MEND = """
import sys
from pathlib import Path
from index.errors import IndexDamaged
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import recipe_of
live = CurrentGeneration(IndexStore(Path(sys.argv[1])), recipe_of())
print("ready", flush=True)
sys.stdin.readline()
while True:
    try:
        print(live.generation().number)
        break
    except IndexDamaged:  # the other one is mending it
        pass
"""


def test_two_that_find_the_same_damage_mend_it_once(root: Path) -> None:
    write(root / "corpus", 2)
    reindex(root)
    store = index_store(settings_in(root))
    (folder_of(store).directory(2) / CATALOG).write_bytes(b"")
    menders = [
        subprocess.Popen(
            [sys.executable, "-c", MEND, str(folder_of(store).root)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for mender in menders:
        assert mender.stdout is not None
        assert mender.stdout.readline() == "ready\n"
    assert [mender.communicate("go\n", timeout=60)[0] for mender in menders] == ["3\n"] * 2
    assert (store.pointer().current, store.pointer().damaged) == (3, 2)
    with closing(store.open(recipe_of()).catalog) as catalog:
        assert catalog.document_names() <= contents(1).keys()
