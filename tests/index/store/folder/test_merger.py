"""Segments become one in the background: no answer changes, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from index.store import merger
from index.store.folder import merger as folder_merger
from index.store.folder.store import IndexStore
from index.store.segments import files as segment_files
from index.store.segments.files import segments_in
from index.store.vectors.files import put_vectors
from testing.merging import NAMES, MergedStore, Step
from testing.stores import answers

ROOT = Path(__file__).parents[4]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexStore:
    """A store that leaves everything to the background, with four segments of one size."""
    store = IndexStore(tmp_path / "index")
    merged(store).fill(monkeypatch)
    return store


def merged(store: IndexStore) -> MergedStore:
    return MergedStore(store, partial(segments, store), store.prune)


def change(store: IndexStore, name: str, text: str | None) -> None:
    merged(store).change(name, text)


def segments(store: IndexStore) -> list[str]:
    folder = store.directory(store.pointer().current)
    return segments_in(each.name for each in folder.iterdir())


def test_what_was_made_takes_the_place_of_its_segments_with_the_next_change(
    store: IndexStore,
) -> None:
    merged(store).check_that_it_is_taken_in()


def test_it_goes_on_whatever_is_changed_meanwhile(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:

    def slowly(*arguments: object) -> None:
        change(store, NAMES[1], "The harbour is shut at gate 1.")
        put_vectors(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(merger, "put_vectors", slowly)
    assert store.merge()
    before = answers(store)
    assert any("shut" in text for text in before[0])  # type: ignore[attr-defined]
    change(store, NAMES[5], "The quay is open.")
    assert len(segments(store)) == 3  # what was made, the changed document, the new one
    change(store, NAMES[5], None)
    assert answers(store) == before


def test_of_a_purged_document_nothing_is_left_nor_made(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(store, NAMES[0], "The password is zanzibar.")
    assert store.has_merge()

    def purged(*arguments: object) -> None:
        with store.lock():
            store.purge(NAMES[0])
        put_vectors(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(merger, "put_vectors", purged)
    assert not store.merge()
    held = [path for path in store.root.rglob("*") if path.is_file()]
    assert held
    assert not [path for path in held if b"zanzibar" in path.read_bytes()]


def test_a_rollback_after_it_brings_back_what_was_deleted_before(store: IndexStore) -> None:
    before, plan = answers(store), store._merging.plan()
    folder = store._merging.planned()
    assert folder is not None
    assert plan is not None
    change(store, NAMES[0], None)
    # As if it had been planned after that.
    later = plan.model_copy(update={"keys": plan.keys[1:]})
    (folder / "plan.json").write_text(later.model_dump_json())
    assert store.merge()
    with store.lock():
        store.rollback()
    assert not set(plan.sources) & set(segments(store))
    assert answers(store) == before


def test_a_damaged_segment_is_not_sealed_anew(store: IndexStore) -> None:
    folder = store._merging.planned()
    assert folder is not None
    path = next(folder.glob("*.vectors"))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert not store.merge()
    assert store.has_merge()


def test_a_full_disk_gets_back_what_was_written_and_fails_nothing(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def files() -> list[Path]:
        return [path for path in sorted(store.root.rglob("*")) if path.name != "lock"]

    before, held = answers(store), files()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(merger, "put_vectors", full)
        assert not store.merge()
    assert "No space left" in caplog.text
    assert files() == held
    assert store.merge()
    assert answers(store) == before


STEPS: list[Step] = [
    lambda patch, stop: patch.setattr(merger, "merge_segments", stop),
    lambda patch, stop: patch.setattr(merger, "put_vectors", stop),
    lambda patch, stop: patch.setattr(folder_merger, "sync_file", stop),
    lambda patch, stop: patch.setattr(folder_merger, "sync_directory", stop),
    lambda patch, stop: patch.setattr("index.store.segments.merging.replace_file", stop),
]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_nothing(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    merged(store).check_that_a_kill_loses_nothing(monkeypatch, step)


@pytest.mark.search
def test_one_process_makes_it_at_a_time_and_a_killed_one_is_in_nobodys_way(
    store: IndexStore,
) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from index.store import merger\n"
        "from index.store.folder.store import IndexStore\n"
        "def wait(*_):\n"
        "    print('there', flush=True)\n"
        "    sys.stdin.read()\n"
        "merger.put_vectors = wait\n"
        "IndexStore(Path(sys.argv[1])).merge()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(store.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"there\n"
        assert not store.merge()
        other.kill()
        other.wait()
    before = answers(store)
    assert store.merge()
    change(store, NAMES[4], "The quay is closed.")
    change(store, NAMES[4], None)
    assert answers(store) == before


def test_where_nobody_merges_a_change_does_at_last(
    store: IndexStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment_files, "_CROWD", 6)
    for count in range(12):
        change(store, f"more/{count}.txt", f"The quay {count} is open.")
        assert len(segments(store)) <= 6
