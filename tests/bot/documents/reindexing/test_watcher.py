"""Files that come, change and go, noticed on a real disk."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from bot.config.settings import Settings
from bot.documents.reindexing import watcher as module
from bot.documents.reindexing.process import ReindexProcess, ReindexProgress
from bot.documents.reindexing.watcher import Watcher
from bot.errors import ReindexFailed
from index.errors import IndexBusy
from index.indexing import reindex as reindex_module
from index.indexing.report import ReindexReport
from index.store.current import CurrentGeneration
from index.store.folder.generation_files import CATALOG
from testing.budget import in_full
from testing.clock import wait_until
from testing.command import reindexer_of
from testing.stores import folder_of

pytestmark = pytest.mark.processes

QUIET = 0.12
NOTHING = 0.5
"""Seconds in which something would happen that should not."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (
        ("_LOOK_AGAIN", 0.03),
        ("_STEP", 0.03),
        ("_TRY_AGAIN", 0.1),
        ("_BUSY_ELSEWHERE", 0.05),
    ):
        monkeypatch.setattr(module, name, seconds)


class Reindexes(ReindexProcess):
    """Without a model, and counted."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.reports: list[ReindexReport] = []
        self.tried = 0
        self.only: list[list[str]] = []
        self.problem: Exception | None = None
        self.is_held = threading.Event()
        self.hold = threading.Event()
        self.hold.set()
        self.prepared = 0

    def prepare(self) -> None:
        self.prepared += 1

    def _run(
        self,
        dry_run: bool,
        drop_missing: bool | str,
        release: Collection[str],
        only: Collection[str],
        progress: Callable[[ReindexProgress], None],
    ) -> ReindexReport:
        self.tried += 1
        if self.problem:
            raise self.problem
        self.only.append(sorted(only))
        report = reindexer_of(self._settings).run(drop_missing=drop_missing is True, only=only)
        self.is_held.set()
        self.hold.wait(60)
        self.reports.append(report)
        return report

    @property
    def added(self) -> list[str]:
        return [name for report in self.reports for name in report.added]


@pytest.fixture
def reindexes(settings: Settings) -> Reindexes:
    (settings.corpus / "first.txt").write_text("Some words.")
    (settings.corpus / "second.txt").write_text("Some words.")
    reindexing = Reindexes(settings)
    reindexing.run()
    reindexing.tried = 0
    reindexing.reports.clear()
    return reindexing


@pytest.fixture
def watched(settings: Settings, reindexes: Reindexes) -> Iterator[Path]:
    """The corpus folder, which is being watched, and has been looked at once."""
    watching = Watcher(reindexer_of(settings), reindexes, QUIET)
    looked, look = threading.Event(), watching._is_behind

    def look_once(only: Collection[str]) -> bool:
        found = look(only)
        looked.set()
        return found

    vars(watching)["_is_behind"] = look_once
    watching.start()
    assert looked.wait(60)
    yield settings.corpus
    reindexes.hold.set()
    watching.stop()
    assert not watching._thread.is_alive()


def test_a_new_file_is_indexed(watched: Path, reindexes: Reindexes) -> None:
    (watched / "new.txt").write_text("Other words.")
    wait_until(lambda: reindexes.added == ["new.txt"])
    assert reindexes.prepared  # while it waited for a quiet moment


def test_what_came_meanwhile_is_found_at_the_start(
    settings: Settings, reindexes: Reindexes
) -> None:
    (settings.corpus / "new.txt").write_text("Other words.")
    watching = Watcher(reindexer_of(settings), reindexes, QUIET)
    watching.start()
    wait_until(lambda: reindexes.added == ["new.txt"])
    watching.stop()


def test_changes_and_removals(watched: Path, reindexes: Reindexes) -> None:
    (watched / "first.txt").write_text("Quite other words.")
    wait_until(lambda: [r.changed for r in reindexes.reports] == [("first.txt",)])
    (watched / "second.txt").unlink()
    wait_until(lambda: reindexes.reports[-1].removed == ("second.txt",))


def test_what_a_mended_index_left_out_is_read_again(
    watched: Path, reindexes: Reindexes, settings: Settings
) -> None:
    (watched / "first.txt").write_text("Quite other words.")
    wait_until(lambda: reindexes.reports)
    store = reindexer_of(settings).store
    (folder_of(store).directory(2) / CATALOG).write_bytes(b"")
    generation = CurrentGeneration(store, None).generation()
    assert generation.catalog.document_names() == {"second.txt"}
    wait_until(lambda: reindexes.added == ["first.txt"])
    wait_until(lambda: store.pointer().damaged is None)


def test_several_files_are_one_reindex(watched: Path, reindexes: Reindexes) -> None:
    for number in range(10):
        (watched / f"{number}.txt").write_text("Other words.")
        time.sleep(QUIET / 6)
    wait_until(lambda: len(reindexes.added) == 10)
    assert len(reindexes.reports) == 1


def test_a_folder_that_is_moved_in_and_out(watched: Path, reindexes: Reindexes) -> None:
    outside = watched.parent / "v1.2"
    outside.mkdir()
    (outside / "deep.txt").write_text("Other words.")
    outside.rename(watched / "v1.2")
    wait_until(lambda: reindexes.added == ["v1.2/deep.txt"])
    (watched / "v1.2" / "more.txt").write_text("Other words.")
    wait_until(lambda: "v1.2/more.txt" in reindexes.added)
    (watched / "v1.2").rename(outside)
    wait_until(lambda: len(reindexes.reports[-1].removed) == 2)


def test_of_many_files_only_those_that_changed_are_looked_at(
    watched: Path, reindexes: Reindexes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindex_module, "MANY_FILES", 1)
    (watched / "new.txt").write_text("Other words.")
    wait_until(lambda: reindexes.added == ["new.txt"])
    reindexes.problem = ReindexFailed("it failed")
    (watched / "first.txt").write_text("Quite other words.")
    wait_until(lambda: reindexes.tried == 2)
    reindexes.problem = None
    (watched / "second.txt").write_text("Other words.")
    wait_until(lambda: len(reindexes.reports) == 2)
    assert reindexes.only[-2:] == [["new.txt"], []]  # what failed is looked for again
    assert reindexes.reports[-1].changed == ("first.txt", "second.txt")
    (watched / "new.txt").write_text("New words.")
    wait_until(lambda: len(reindexes.reports) == 3)
    monkeypatch.setattr(module, "_RESCAN_SECONDS", 0)
    (watched / "new.txt").write_text("Newer words.")
    wait_until(lambda: len(reindexes.reports) == 4)
    assert reindexes.only[-2:] == [["new.txt"], []]


def test_what_is_no_document_is_none_of_its_business(watched: Path, reindexes: Reindexes) -> None:
    for name in (".hidden.txt", "~$first.docx", "half.tmp", ".git/notes.txt"):
        (watched / name).parent.mkdir(exist_ok=True)
        (watched / name).write_text("Other words.")
    (watched / "half.tmp").unlink()
    os.utime(watched / "first.txt")
    time.sleep(NOTHING)
    assert not reindexes.tried


def test_a_file_that_is_written_all_the_time_keeps_no_other_waiting(
    watched: Path, reindexes: Reindexes
) -> None:
    stop = threading.Event()

    def write(name: str) -> None:
        while not stop.wait(0.02):
            (watched / name).write_text(f"{time.monotonic()}")

    writing = [threading.Thread(target=write, args=(name,)) for name in (".log", "busy.log")]
    for thread in writing:
        thread.start()
    (watched / "new.txt").write_text("Other words.")
    wait_until(lambda: reindexes.added == ["new.txt"])
    stop.set()
    for thread in writing:
        thread.join()


def test_documents_that_are_written_all_the_time_are_indexed_at_last(
    watched: Path, reindexes: Reindexes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_LATEST", 3)
    number = 0
    while not reindexes.reports:
        (watched / f"{(number := number + 1)}.txt").write_text("Other words.")
        time.sleep(QUIET / 6)
        assert number < 4_000


def test_what_comes_during_a_reindex_is_indexed_after_it(
    watched: Path, reindexes: Reindexes
) -> None:
    reindexes.hold.clear()
    reindexes.is_held.clear()
    (watched / "new.txt").write_text("Other words.")
    wait_until(reindexes.is_held.is_set)
    (watched / "newer.txt").write_text("Other words.")
    reindexes.hold.set()
    wait_until(lambda: sorted(reindexes.added) == ["new.txt", "newer.txt"])
    assert len(reindexes.reports) == 2


def test_another_s_reindex_is_waited_for_and_not_repeated(
    watched: Path, reindexes: Reindexes
) -> None:
    reindexes.hold.clear()
    (watched / "new.txt").write_text("Other words.")
    upload = threading.Thread(target=reindexes.run)
    upload.start()
    time.sleep(NOTHING)
    reindexes.hold.set()
    upload.join(60)
    time.sleep(NOTHING)
    assert reindexes.added == ["new.txt"]
    assert reindexes.tried == 1


def test_a_busy_index_is_tried_again(watched: Path, reindexes: Reindexes) -> None:
    assert reindexes._running.acquire(blocking=False)
    (watched / "new.txt").write_text("Other words.")
    time.sleep(NOTHING)
    assert not reindexes.tried
    with pytest.raises(IndexBusy):
        reindexes.run()
    reindexes._running.release()
    wait_until(lambda: reindexes.added == ["new.txt"])


def test_another_process_that_reindexes_is_waited_for(
    watched: Path, reindexes: Reindexes, caplog: pytest.LogCaptureFixture
) -> None:
    reindexes.problem = IndexBusy("A reindex is running already.")
    (watched / "new.txt").write_text("Other words.")
    wait_until(lambda: reindexes.tried > 2)
    reindexes.problem = None
    wait_until(lambda: reindexes.added == ["new.txt"])
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_a_failure_is_told_and_not_repeated(
    watched: Path, reindexes: Reindexes, caplog: pytest.LogCaptureFixture
) -> None:
    reindexes.problem = ReindexFailed("The model is not there.")
    (watched / "new.txt").write_text("Other words.")
    wait_until(lambda: reindexes.tried)
    time.sleep(NOTHING)
    assert reindexes.tried == 1
    assert reindexes.last is not None
    assert reindexes.last.problem == "The model is not there."
    (line,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert line.getMessage() == "The reindex failed: The model is not there."
    reindexes.problem = None
    (watched / "newer.txt").write_text("Other words.")
    wait_until(lambda: sorted(reindexes.added) == ["new.txt", "newer.txt"])


def test_a_folder_that_is_emptied_keeps_its_documents(watched: Path, reindexes: Reindexes) -> None:
    for name in ("first.txt", "second.txt"):
        (watched / name).unlink()
    wait_until(lambda: reindexes.last and reindexes.last.problem)
    time.sleep(NOTHING)
    assert (reindexes.tried, reindexes.reports) == (1, [])
    assert reindexes.last is not None
    assert reindexes.last.problem.startswith("2 of 2 documents are no longer in")


def test_a_folder_that_vanishes_and_comes_back(watched: Path, reindexes: Reindexes) -> None:
    elsewhere = watched.with_name("elsewhere")
    watched.rename(elsewhere)
    time.sleep(NOTHING)
    assert not reindexes.tried
    (elsewhere / "new.txt").write_text("Other words.")
    elsewhere.rename(watched)
    wait_until(lambda: reindexes.added == ["new.txt"])
    (watched / "newer.txt").write_text("Other words.")
    wait_until(lambda: reindexes.added == ["new.txt", "newer.txt"])


def test_another_folder_in_its_place(watched: Path, reindexes: Reindexes) -> None:
    """As a disk that is mounted: nobody tells of what it covers."""
    copy = watched.with_name("copy")
    shutil.copytree(watched, copy)
    watched.rename(watched.with_name("old"))
    copy.rename(watched)
    time.sleep(0.3)
    (watched / "new.txt").write_text("Other words.")
    wait_until(lambda: "new.txt" in reindexes.added)


def test_a_link_that_leads_to_another_folder(settings: Settings, reindexes: Reindexes) -> None:
    old, new = settings.corpus.with_name("old"), settings.corpus.with_name("new")
    settings.corpus.rename(old)
    settings.corpus.symlink_to(old)
    shutil.copytree(old, new)
    (new / "new.txt").write_text("Other words.")
    watching = Watcher(reindexer_of(settings), reindexes, QUIET)
    watching.start()
    time.sleep(NOTHING)
    assert not reindexes.tried
    turned = settings.corpus.with_name("turned")
    turned.symlink_to(new)
    turned.replace(settings.corpus)
    wait_until(lambda: reindexes.added == ["new.txt"])
    watching.stop()


def test_by_looking_where_the_system_does_not_tell(
    settings: Settings, reindexes: Reindexes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    monkeypatch.setattr(module, "_POLLED", 0.1)
    watching = Watcher(reindexer_of(settings), reindexes, QUIET)
    watching.start()
    time.sleep(NOTHING)
    (settings.corpus / "new.txt").write_text("Other words.")
    wait_until(lambda: reindexes.added == ["new.txt"])
    watching.stop()


def test_a_system_that_refuses_is_asked_again(
    settings: Settings,
    reindexes: Reindexes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch, refused = watchfiles.watch, threading.Event()

    def refusing(*paths: Path, **options: Any) -> object:
        if not refused.is_set():
            refused.set()
            raise OSError(28, "OS file watch limit reached")
        return watch(*paths, **options)

    monkeypatch.setattr(watchfiles, "watch", refusing)
    watching = Watcher(reindexer_of(settings), reindexes, QUIET)
    watching.start()
    wait_until(lambda: "cannot be watched" in caplog.text)
    (settings.corpus / "new.txt").write_text("Other words.")
    wait_until(lambda: reindexes.added == ["new.txt"])
    watching.stop()


def test_stopping_waits_for_nothing(settings: Settings, reindexes: Reindexes) -> None:
    settings.corpus.joinpath("new.txt").write_text("Other words.")
    watching = Watcher(reindexer_of(settings), reindexes, 3_600)
    watching.start()
    watching.stop()
    assert not watching._thread.is_alive()
    assert not reindexes.tried


def test_a_reindex_that_is_stopped_with_all_else_is_no_failure(
    watched: Path, reindexes: Reindexes, caplog: pytest.LogCaptureFixture
) -> None:
    reindexes.stop()
    (watched / "new.txt").write_text("Other words.")
    time.sleep(NOTHING)
    assert not reindexes.tried
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


@in_full  # `make test` watches one in tests/bot/test_network_and_disk.py
@pytest.mark.models
def test_a_real_reindex(settings: Settings) -> None:
    reindexing = ReindexProcess(settings)
    watching = Watcher(reindexer_of(settings), reindexing, QUIET)
    watching.start()
    (settings.corpus / "new.txt").write_text("The lease is signed by Ines Vidal.")
    wait_until(lambda: reindexing.last)
    watching.stop()
    assert reindexing.last is not None
    assert reindexing.last.done
    assert reindexer_of(settings).store.pointer().current == 1
