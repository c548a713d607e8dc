"""Reindexes of what cannot be read, beside others, and interrupted."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

import index.indexing.build
import index.sources.folder
from index.errors import (
    IndexBusy,
    IndexNotWritten,
)
from index.indexing.report import Failure
from index.parsing import HiddenContent, ParsingOptions, parse_files
from index.ports import Vectors
from testing.budget import HARDENING
from testing.fakes import WordEmbedder
from tests.index.indexing.workbench import (
    AID,
    MONEY,
    Workbench,
    assert_consistent,
    by_words,
    desk_problem,
)

# What cannot be read


def test_a_file_that_cannot_be_read_stops_no_other(workbench: Workbench) -> None:
    workbench.write("bad.txt", "BROKEN")
    workbench.write("picture.jpg", "x")
    report = workbench.run()
    assert report.added == ("aid.txt", "deep/roles.txt")
    assert report.failed == (
        Failure("bad.txt", "it is broken", stale=False),
        Failure("picture.jpg", desk_problem("picture.jpg"), stale=False),
    )
    assert workbench.row("bad.txt").failure == "it is broken"
    again = workbench.run()
    assert (again.generation, again.failed, again.unchanged) == (1, report.failed, 2)
    assert workbench.parser.names.count("bad.txt") == 1


class Yesterday(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Yesterday:
        return cls(2026, 1, 5, 12, tzinfo=tz)


def test_a_document_that_cannot_be_read_any_more_answers_from_its_last_good_version(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(index.indexing.build, "datetime", Yesterday)
        workbench.run()
    workbench.write("aid.txt", "BROKEN")
    for full in (False, False, True, False):
        report = workbench.run(full=full)
        assert report.failed == (Failure("aid.txt", "it is broken", stale=True),)
        assert (report.documents, report.passages) == (2, 2)
        assert by_words(workbench.open(), "ships")
        assert workbench.row("aid.txt").failure == "it is broken"
        assert workbench.row("aid.txt").indexed_at == "2026-01-05T12:00:00+00:00"
        assert_consistent(workbench.open())


def test_a_stale_document_becomes_good_again(workbench: Workbench) -> None:
    workbench.run()
    workbench.write("aid.txt", "BROKEN")
    workbench.run()
    workbench.embedder.calls.clear()
    workbench.write("aid.txt", AID)
    report = workbench.run()
    assert (report.changed, report.failed, report.embedded) == (("aid.txt",), (), 0)
    assert workbench.row("aid.txt").failure is None
    workbench.write("aid.txt", "BROKEN")
    workbench.run()
    workbench.write("aid.txt", MONEY)
    assert workbench.run().failed == ()
    assert workbench.texts()["aid.txt"] == MONEY + "\n"
    assert_consistent(workbench.open())


def test_a_stale_document_that_is_removed_is_gone(workbench: Workbench) -> None:
    workbench.run()
    path = workbench.write("aid.txt", "BROKEN")
    workbench.run()
    path.unlink()
    report = workbench.run()
    assert (report.removed, report.failed) == (("aid.txt",), ())
    assert set(workbench.texts()) == {"deep/roles.txt"}
    assert_consistent(workbench.open())


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Names of folders that nobody may open; root, too."""
    names: set[str] = set()
    scandir = os.scandir

    def refuse(folder: Path | int) -> object:
        if isinstance(folder, Path) and folder.name in names:
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    yield names
    names.clear()


CLOSED = "its folder cannot be opened (Permission denied)"


def test_documents_in_a_closed_folder_answer_from_their_last_good_version(
    workbench: Workbench, closed: set[str]
) -> None:
    workbench.run()
    closed.add("deep")
    for full in (False, False, True, False):
        report = workbench.run(full=full)
        assert report.removed == ()
        assert Failure("deep/roles.txt", CLOSED, stale=True) in report.failed
        assert by_words(workbench.open(), "troops")
        assert_consistent(workbench.open())
    closed.clear()
    workbench.embedder.calls.clear()
    report = workbench.run()
    assert (report.failed, report.removed, report.embedded) == ((), (), 0)
    assert workbench.row("deep/roles.txt").failure is None
    again = workbench.run()
    assert (again.generation, again.unchanged) == (report.generation, 2)
    assert_consistent(workbench.open())


def test_a_bad_file_in_a_closed_folder_keeps_its_own_reason(
    workbench: Workbench, closed: set[str]
) -> None:
    workbench.write("deep/bad.txt", "BROKEN")
    workbench.run()
    closed.add("deep")
    for full in (False, True):
        failed = workbench.run(full=full).failed
        assert Failure("deep/bad.txt", "it is broken", stale=False) in failed
        assert failed == workbench.run(dry_run=True).failed
    closed.clear()
    assert workbench.run().failed == (Failure("deep/bad.txt", "it is broken", stale=False),)


def test_what_was_removed_from_a_closed_folder_is_seen_once_it_opens(
    workbench: Workbench, closed: set[str]
) -> None:
    workbench.run()
    closed.add("deep")
    (workbench.corpus / "deep" / "roles.txt").unlink()
    assert workbench.run().removed == ()
    closed.clear()
    assert workbench.run().removed == ("deep/roles.txt",)
    assert set(workbench.texts()) == {"aid.txt"}


def test_a_name_of_any_bytes_is_indexed_by_the_real_reader(tmp_path: Path) -> None:
    workbench = Workbench(tmp_path)
    path = os.fsencode(workbench.corpus) + b"/caf\xe9.txt"
    with open(path, "wb") as file:  # noqa: PTH123 # Path takes no bytes
        file.write(b"a text of one line that is far too long to be taken for a title " * 5)
    workbench.write("new\nline 😀.txt", AID)
    reindexer = replace(workbench.reindexer(), parse=parse_files)
    assert reindexer.run().added == ("caf\\xe9.txt", "new\nline 😀.txt")
    assert workbench.row("caf\\xe9.txt").title == "caf\\xe9"
    assert reindexer.run().unchanged == 2
    assert_consistent(workbench.open())


# Beside others


class Pausing(WordEmbedder):
    """Waits in the middle of embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def embed_passages(
        self, texts: object, embedded: Callable[[int], None] = lambda _: None
    ) -> Vectors:
        self.begun.set()
        assert self.go_on.wait(60)
        return super().embed_passages(texts, embedded)  # type: ignore[arg-type] # passed through


def test_a_reader_is_not_disturbed_and_a_second_reindex_declines(workbench: Workbench) -> None:
    workbench.run()
    reader = workbench.open()
    workbench.embedder = pausing = Pausing()
    workbench.write("aid.txt", MONEY)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(workbench.run)
        assert pausing.begun.wait(60)
        try:
            with pytest.raises(IndexBusy):
                workbench.run()
            for generation in (reader, workbench.open()):
                assert generation.number == 1
                assert by_words(generation, "ships")
                assert_consistent(generation)
        finally:
            pausing.go_on.set()
        assert running.result().generation == 2
    assert by_words(reader, "ships")
    assert by_words(workbench.open(), "ships") == {}
    assert by_words(workbench.open(), "billion")


def test_two_reindexes_at_once_are_never_a_mixture(workbench: Workbench) -> None:
    for n in range(6):
        workbench.write(f"{n}.txt", f"# T{n}\nBriefing number {n}.\n")

    def attempt(_: int) -> bool:
        try:
            workbench.reindexer().run()
        except IndexBusy:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(12)))
    assert any(outcomes)
    assert workbench.open().number == 1
    assert len(workbench.texts()) == 8
    assert_consistent(workbench.open())


# Interrupted


class Failing(WordEmbedder):
    """Fails at its second call."""

    def embed_passages(
        self, texts: object, embedded: Callable[[int], None] = lambda _: None
    ) -> Vectors:
        if len(self.calls) == 1:
            raise RuntimeError("out of memory")
        return super().embed_passages(texts, embedded)  # type: ignore[arg-type] # passed through


def test_an_embedder_that_fails_in_the_middle_leaves_the_old_generation(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbench.run()
    monkeypatch.setattr(index.indexing.build, "_PASSAGES_AT_ONCE", 1)
    workbench.write("aid.txt", MONEY)
    workbench.write("deep/roles.txt", "# Other\nSomething else.")
    good, workbench.embedder = workbench.embedder, Failing()
    with pytest.raises(RuntimeError, match="out of memory"):
        workbench.run()
    assert workbench.texts()["aid.txt"] == AID + "\n"
    assert workbench.open().number == 1
    assert not (workbench.store.root / "generations" / ".staging").exists()
    workbench.embedder = good
    assert workbench.run().changed == ("aid.txt", "deep/roles.txt")
    assert_consistent(workbench.open())


@pytest.mark.search
@pytest.mark.slow
def test_a_full_disk_leaves_the_old_generation_wherever_it_fills_up(small_disk: Path) -> None:
    workbench = Workbench(small_disk)
    workbench.write("aid.txt", AID)
    workbench.run()
    outcomes, reasons = set(), []
    for free in range(0, 480, 12 if HARDENING else 40):
        workbench.write("aid.txt", f"# Aid\nVersion {free}.\n")
        before = workbench.texts()
        stat = os.statvfs(small_disk)
        filler = small_disk / "filler"
        try:
            filler.write_bytes(b"\1" * max(0, stat.f_bavail * stat.f_frsize - free * 1024))
            try:
                workbench.run()
                outcomes.add("written")
                assert workbench.texts() == {"aid.txt": f"# Aid\nVersion {free}.\n\n"}
            except IndexNotWritten as exc:
                outcomes.add("not written")
                reasons.append(str(exc))
                assert workbench.texts() == before
            assert_consistent(workbench.open())
        finally:
            filler.unlink()
            gc.collect()  # generations that were looked at hold files that are removed
        workbench.run()
        assert workbench.texts() == {"aid.txt": f"# Aid\nVersion {free}.\n\n"}
    assert outcomes == {"written", "not written"}
    assert [reason for reason in reasons if "disk is full" not in reason] == []


def test_a_file_that_cannot_grow_leaves_the_old_generation(
    workbench: Workbench, file_size_limit: Callable[[int], AbstractContextManager[None]]
) -> None:
    """As on a full disk, for everybody: no file may be larger than so many bytes."""
    workbench.run()
    outcomes = set()
    for size in (0, 10, 100, 500, 1000, 4096, 20_000, 60_000, 10_000_000):
        workbench.write("aid.txt", f"# Aid\nVersion {size}.\n")
        before = workbench.texts()
        with file_size_limit(size):
            try:
                workbench.run()
                outcomes.add("written")
            except IndexNotWritten:
                outcomes.add("not written")
                assert workbench.texts() == before
        assert_consistent(workbench.open())
        workbench.run()
        assert f"Version {size}." in workbench.texts()["aid.txt"]
    assert outcomes == {"written", "not written"}


def test_a_read_only_index_folder_goes_on_answering(
    small_disk: Path, read_only: Callable[[Path], None]
) -> None:
    workbench = Workbench(small_disk)
    workbench.write("aid.txt", AID)
    workbench.run()
    workbench.write("aid.txt", MONEY)
    read_only(small_disk)
    with pytest.raises(IndexNotWritten, match="Read-only file system"):
        workbench.run()
    assert workbench.texts() == {"aid.txt": AID + "\n"}
    assert workbench.run(dry_run=True).changed == ("aid.txt",)


def test_rolling_back_brings_the_old_answers_and_releasing_the_new(workbench: Workbench) -> None:
    workbench.run()
    workbench.write("aid.txt", MONEY)
    workbench.run()
    workbench.roll_back()
    assert by_words(workbench.open(), "ships")
    report = workbench.run()
    assert (report.generation, report.changed) == (3, ())
    assert [each.name for each in report.held] == ["aid.txt"]
    report = workbench.reindexer().run(release=["aid.txt"])
    assert (report.generation, report.changed, report.held) == (4, ("aid.txt",), ())
    assert by_words(workbench.open(), "billion")
    assert_consistent(workbench.open())


def test_other_options_make_the_index_anew_without_embedding(workbench: Workbench) -> None:
    first = workbench.run()
    wider = replace(workbench.reindexer(), options=ParsingOptions(frozenset({HiddenContent.NOTES})))
    again = wider.run()
    assert again.outdated
    assert (again.generation, again.embedded) == ((first.generation or 0) + 1, 0)
    assert wider.run().generation == again.generation
