from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import index.store.folder.generation_files
import index.store.folder.reader
import index.store.folder.store
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexNewer,
    IndexNotWritten,
    NothingToRollBack,
)
from index.store.folder.generation_files import CATALOG
from index.store.folder.store import IndexStore
from index.store.generation import Generation, Recipe, digest_of
from index.store.pointer import Pointer
from testing.fakes import document_of, publish, recipe_of

ROOT = Path(__file__).parents[4]


def put(store: IndexStore, word: str) -> None:
    publish(store, document_of(word, name="a.txt"))


def text(store: IndexStore) -> str:
    document = store.open(recipe_of()).catalog.document("a.txt")
    assert document is not None
    return document.text.strip()


def generations(store: IndexStore) -> list[str]:
    return sorted(path.name for path in (store.root / "generations").iterdir())


# Publishing


def test_nothing_indexed_yet_says_what_to_run(store: IndexStore) -> None:
    with pytest.raises(IndexMissing, match="Run `briefing-bot reindex` to build it"):
        store.open(None)
    assert not store.root.exists()  # reading never writes


def test_each_published_generation_is_the_current_one(store: IndexStore) -> None:
    put(store, "one")
    assert (store.pointer(), text(store)) == (Pointer(current=1), "one")
    put(store, "two")
    assert (store.pointer(), text(store)) == (
        Pointer(current=2, previous=1, changed=("a.txt",)),
        "two",
    )
    assert generations(store) == ["000001", "000002"]


def test_a_staged_generation_begins_with_the_files_of_its_base(store: IndexStore) -> None:
    put(store, "one")
    with store.stage(1) as staging:
        for name in (CATALOG,):
            assert (staging / name).read_bytes() == (store.directory(1) / name).read_bytes()
    assert generations(store) == ["000001"]


def test_a_staged_generation_that_is_not_published_leaves_nothing(store: IndexStore) -> None:
    put(store, "one")

    def interrupted() -> None:
        with store.stage(None) as staging:
            (staging / "half").write_text("written")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert (generations(store), text(store)) == (["000001"], "one")


def test_leftovers_of_an_interrupted_reindex_are_in_nobodys_way(store: IndexStore) -> None:
    put(store, "one")
    (store.root / "generations" / ".staging").mkdir()
    (store.root / "generations" / ".staging" / "half").write_text("written")
    store.directory(2).mkdir()
    (store.root / ".CURRENT.new").write_text("{")
    assert text(store) == "one"
    put(store, "two")
    assert (store.pointer().current, store.pointer().previous, text(store)) == (3, 1, "two")
    with store.lock():
        store.prune()
    assert generations(store) == ["000001", "000003"]


def test_what_others_put_beside_the_generations_is_let_be(store: IndexStore) -> None:
    put(store, "one")
    for name in ("000001.bak", "7 of 9", "notes"):
        (store.root / "generations" / name).mkdir()
    put(store, "two")
    store.prune()
    assert generations(store) == ["000001", "000001.bak", "000002", "7 of 9", "notes"]


# Rolling back


def test_rolling_back_twice_is_back_where_it_began(store: IndexStore) -> None:
    put(store, "one")
    put(store, "two")
    turned = store.rollback()
    assert turned == store.pointer() == Pointer(current=3, previous=2, changed=("a.txt",))
    assert text(store) == "one"
    assert generations(store) == ["000002", "000003"]
    assert store.rollback() == Pointer(current=4, previous=3, changed=("a.txt",))
    assert text(store) == "two"


def test_what_comes_after_a_rollback_is_numbered_above_all(store: IndexStore) -> None:
    put(store, "one")
    put(store, "two")
    store.rollback()
    put(store, "three")
    store.prune()
    assert (store.pointer().current, store.pointer().previous) == (4, 3)
    assert generations(store) == ["000003", "000004"]


def test_the_first_generation_cannot_be_rolled_back(store: IndexStore) -> None:
    put(store, "one")
    with pytest.raises(NothingToRollBack):
        store.rollback()
    assert text(store) == "one"


def test_a_damaged_generation_can_be_rolled_back_from_but_not_to(store: IndexStore) -> None:
    put(store, "one")
    put(store, "two")
    (store.directory(2) / CATALOG).write_bytes(b"")
    with pytest.raises(IndexDamaged, match="reindex --rollback"):
        store.open(recipe_of())
    store.rollback()
    assert text(store) == "one"
    (store.directory(1) / CATALOG).write_bytes(b"")
    with pytest.raises(IndexDamaged):
        store.rollback()
    assert text(store) == "one"


# Pruning and readers


def test_all_but_the_current_and_the_previous_generation_are_pruned(store: IndexStore) -> None:
    for word in ("one", "two", "three", "four"):
        put(store, word)
    store.prune()
    assert generations(store) == ["000003", "000004"]
    assert text(store) == "four"


def test_a_reader_goes_on_after_its_generation_was_pruned(store: IndexStore) -> None:
    put(store, "one")
    reader = store.open(recipe_of())
    for word in ("two", "three"):
        put(store, word)
    store.prune()
    assert "000001" not in generations(store)
    document = reader.catalog.document("a.txt")
    assert document is not None
    assert document.text == "one\n"
    ((key, _),) = reader.catalog.search("one", 5)
    assert reader.vectors.get([key]).shape == (1, 64)


def test_a_generation_that_is_pruned_while_it_is_opened_gives_way_to_the_newer(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "one")
    asked: list[str] = []

    def overtaken(directory: Path, expected: Recipe | None, **how: Any) -> Generation:
        asked.append(directory.name)
        if len(asked) == 1:
            for word in ("two", "three"):
                put(store, word)
            store.prune()
        return index.store.folder.generation_files.open_generation(directory, expected, **how)

    monkeypatch.setattr(index.store.folder.reader, "open_generation", overtaken)
    assert store.open(recipe_of()).number == 3
    assert asked == ["000001", "000003"]


@pytest.mark.parametrize("stage", ["read_segments", "Catalog.open"])
def test_files_that_go_between_check_and_opening_give_way_too(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    put(store, "one")
    *outer, name = stage.split(".")
    owner = index.store.folder.generation_files
    for each in outer:
        owner = getattr(owner, each)
    opened = getattr(owner, name)
    overtaking = iter([True])

    def overtaken(path: Path, *others: object) -> object:
        if next(overtaking, False):
            put(store, "two")
            put(store, "three")
            store.prune()
        return opened(path, *others)

    monkeypatch.setattr(owner, name, overtaken)
    assert store.open(recipe_of()).number == 3


# A damaged pointer


@pytest.mark.parametrize("content", [b"", b"garbage", b"{}", b'{"current": "x"}', b"\xff\0", b"7"])
def test_a_garbled_pointer_is_damage(store: IndexStore, content: bytes) -> None:
    put(store, "one")
    (store.root / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged, match="reindex --full") as caught:
        store.open(None)
    assert caught.value.path == str(store.root / "CURRENT")


def test_a_missing_pointer_is_damage_where_there_are_generations(store: IndexStore) -> None:
    put(store, "one")
    (store.root / "CURRENT").unlink()
    with pytest.raises(IndexDamaged, match="CURRENT is missing"):
        store.open(None)
    shutil.rmtree(store.root / "generations")
    with pytest.raises(IndexMissing):
        store.open(None)


def test_any_flipped_bit_of_the_pointer_is_noticed(store: IndexStore) -> None:
    for word in ("one", "two", "three"):
        publish(store, document_of(word, name=f"{word}.txt"))
    path = store.root / "CURRENT"
    content, pointer = path.read_bytes(), store.pointer()
    assert pointer == Pointer(current=3, previous=2, removed=("two.txt",), changed=())
    for at in range(len(content)):
        for bit in range(8):
            path.write_bytes(content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :])
            with suppress(IndexDamaged):
                assert store.pointer() == pointer  # white space


def test_a_lost_pointer_is_found_again_but_never_an_older_generation(store: IndexStore) -> None:
    put(store, "one")
    put(store, "two")
    (store.root / "CURRENT").unlink()
    assert store.point_to_newest() == store.pointer() == Pointer(current=2, damaged=0)
    assert text(store) == "two"
    (store.directory(2) / CATALOG).write_bytes(b"")
    (store.root / "CURRENT").unlink()
    with pytest.raises(IndexDamaged):
        store.point_to_newest()
    assert not (store.root / "CURRENT").exists()


def test_what_this_version_cannot_answer_from_is_not_gone_back_to(store: IndexStore) -> None:
    put(store, "one")
    publish(store, document_of("two", name="a.txt"), recipe=recipe_of("newer"))
    with pytest.raises(NothingToRollBack, match="Generation 1, the one before, was made by anoth"):
        store.rollback(recipe_of("newer"))
    assert store.pointer().current == 2
    assert store.rollback(recipe_of()).current == 3
    assert text(store) == "one"


def test_a_pointer_to_nowhere_is_damage(store: IndexStore) -> None:
    put(store, "one")
    (store.root / "CURRENT").write_bytes(Pointer(current=9).sealed())
    with pytest.raises(IndexDamaged, match=r"000009/manifest\.json is missing"):
        store.open(None)


def test_a_pointer_that_does_not_say_what_was_closed_is_damage(store: IndexStore) -> None:
    put(store, "one")
    content = Pointer(current=1).model_dump(mode="json", exclude={"closed"})
    sealed = json.dumps({**content, "sha256": digest_of(content)})
    (store.root / "CURRENT").write_text(sealed)
    with pytest.raises(IndexDamaged, match="does not say all that it should"):
        store.pointer()


def of_tomorrow() -> bytes:
    """CURRENT as a later version of the program may write it."""
    content = Pointer(current=1).model_dump(mode="json") | {"held_for": ["a.txt"]}
    return json.dumps({**content, "sha256": digest_of(content)}).encode()


def test_a_pointer_of_a_later_version_is_no_damage(store: IndexStore) -> None:
    put(store, "one")
    (store.root / "CURRENT").write_bytes(of_tomorrow())
    with pytest.raises(IndexNewer, match=r"also has held_for.*install that version"):
        store.open(None)
    with pytest.raises(IndexNewer):
        store.recover()
    assert (store.root / "CURRENT").read_bytes() == of_tomorrow()


@pytest.mark.parametrize("content", [None, b"garbage", of_tomorrow()])
def test_publishing_goes_on_over_a_lost_pointer(store: IndexStore, content: bytes | None) -> None:
    put(store, "one")
    (store.root / "CURRENT").unlink()
    if content:
        (store.root / "CURRENT").write_bytes(content)
    put(store, "two")
    assert (store.pointer(), text(store)) == (Pointer(current=2), "two")


def test_another_recipe_is_no_damage(store: IndexStore) -> None:
    put(store, "one")
    with pytest.raises(IndexMismatch):
        store.open(recipe_of("other"))


# The lock


HOLDER = """
import sys
from pathlib import Path
from index.store.folder.store import IndexStore
with IndexStore(Path(sys.argv[1])).lock():
    print("locked", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.processes
def test_another_process_is_declined_while_one_holds_the_lock(store: IndexStore) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(IndexBusy, match="Another reindex is running"), store.lock():
            raise AssertionError("the lock is held")
        holder.kill()  # even one that was killed lets go
    with store.lock():
        pass


def test_a_second_lock_in_the_same_process_is_declined(store: IndexStore) -> None:
    with store.lock(), pytest.raises(IndexBusy), IndexStore(store.root).lock():
        raise AssertionError("the lock is held")
    with store.lock():
        pass


def test_the_lock_is_let_go_after_a_failure(store: IndexStore) -> None:
    with pytest.raises(ZeroDivisionError), store.lock():
        raise ZeroDivisionError
    with store.lock():
        pass


# A disk that does not take it


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "Read-only file system"),
        (errno.EDQUOT, "Disk quota exceeded"),
    ],
)
@pytest.mark.parametrize(
    "step", ["sealed", "sync_file", "sync_directory", "write_pointer", "Path.rename", "Path.mkdir"]
)
def test_a_failure_at_any_step_leaves_the_old_generation(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch, step: str, number: int, reason: str
) -> None:
    put(store, "one")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, reason if number != errno.ENOSPC else "No space left on device")

    with monkeypatch.context() as patched:
        owner = Path if step.startswith("Path.") else index.store.folder.store
        patched.setattr(owner, step.removeprefix("Path."), fail)
        with pytest.raises(IndexNotWritten, match=reason):
            put(store, "two")
    assert text(store) == "one"
    assert not (store.root / "generations" / ".staging").exists()
    put(store, "three")
    assert text(store) == "three"


def test_a_failed_write_of_the_pointer_leaves_the_old_one(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "one")
    put(store, "two")

    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(IndexNotWritten, match="Input/output error"):
            store.rollback()
    assert text(store) == "two"
    store.rollback()
    assert text(store) == "one"


def test_a_read_only_folder_still_answers(
    small_disk: Path, read_only: Callable[[Path], None]
) -> None:
    store = IndexStore(small_disk)
    put(store, "one")
    read_only(small_disk)
    assert text(store) == "one"
    with pytest.raises(IndexNotWritten, match="Read-only file system"):
        put(store, "two")
    with pytest.raises(IndexNotWritten, match="Read-only file system"), store.lock():
        raise AssertionError("there is nothing to lock")
    assert text(store) == "one"


def test_a_folder_that_cannot_be_made_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = IndexStore(tmp_path / "file" / "index")
    with pytest.raises(IndexNotWritten), store.lock():
        raise AssertionError("there is nothing to lock")
