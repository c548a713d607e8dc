"""Reindexes of files that are known to have changed, which look at no others."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.document import Document
from index.errors import CorpusShrunk, UnreadableDocument
from index.indexing import reindex as module
from index.indexing import withholding
from index.indexing.report import ReindexReport
from index.sources.folder import look_at, scan
from index.store.catalog.catalog import Catalog
from index.store.folder import generation_files
from tests.index.indexing.workbench import Workbench, assert_consistent, assert_same

TEXTS = {f"team/{number}.txt": f"Norway sent {number} ships." for number in range(6)}


@pytest.fixture(params=["copied", "in layers"])
def bench(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Workbench:
    monkeypatch.setattr(module, "MANY_FILES", 1)
    if request.param == "in layers":
        monkeypatch.setattr(generation_files, "LARGE_CATALOG", 1)
    bench = Workbench(tmp_path)
    for name, text in TEXTS.items():
        bench.write(name, text)
    bench.run()
    return bench


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    found: list[Path] = []

    def watched(corpus: Path, suffixes: frozenset[str]) -> object:
        found.append(corpus)
        return scan(corpus, suffixes)

    monkeypatch.setattr(module, "scan", watched)
    return found


def run(bench: Workbench, *names: str) -> ReindexReport:
    return bench.reindexer().run(only=names)


def test_a_change_an_addition_and_a_removal_are_as_if_all_had_been_looked_at(
    bench: Workbench, scans: list[Path], tmp_path: Path
) -> None:
    bench.write("team/1.txt", "France sent aid.")
    bench.write("new.txt", "Troops came.")
    (bench.corpus / "team/2.txt").unlink()
    report = run(bench, "team/1.txt", "new.txt", "team/2.txt", "team/3.txt")
    assert not scans
    assert (report.added, report.changed, report.removed) == (
        ("new.txt",),
        ("team/1.txt",),
        ("team/2.txt",),
    )
    assert (report.documents, report.unchanged) == (6, 4)
    assert_consistent(bench.open())
    assert bench.store.pointer().changed == ("team/1.txt",)
    other = Workbench(tmp_path / "other")
    for name, text in bench.texts().items():
        other.write(name, text.removesuffix("\n"))
    other.run()
    assert_same(bench.open(), other.open())
    events = [(each.became, each.name) for each in bench.open().catalog.history.events()]
    assert events == [("added", "new.txt"), ("changed", "team/1.txt"), ("removed", "team/2.txt")]
    assert bench.run().generation == report.generation  # there is nothing else to do


def test_another_file_that_is_removed_meanwhile_does_not_answer(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The named files may take hours, and elsewhere something is removed or closed."""
    monkeypatch.setattr(withholding, "_EVERY", 0.001)
    bench.write("team/1.txt", "France sent aid.")
    reindexer = bench.reindexer()

    def parse(*given: Any, **more: Any) -> Iterator[Document | UnreadableDocument]:
        (bench.corpus / "team/2.txt").unlink()
        end = time.monotonic() + 60
        while bench.store.pointer().withheld != ("team/2.txt",) and time.monotonic() < end:
            time.sleep(0.001)
        return reindexer.parse(*given, **more)

    report = replace(reindexer, parse=parse).run(only=["team/1.txt"])
    assert report.changed == ("team/1.txt",)
    assert bench.store.pointer().withheld == ("team/2.txt",)


def test_what_else_changed_is_found_by_the_next_that_looks_at_all(bench: Workbench) -> None:
    bench.write("team/1.txt", "France sent aid.")
    bench.write("team/2.txt", "Sweden sent aid.")
    assert run(bench, "team/1.txt").changed == ("team/1.txt",)
    assert bench.run().changed == ("team/2.txt",)


def test_what_came_and_went_again_is_told_and_its_texts_are_forgotten(bench: Workbench) -> None:
    for text in ("Troops came.", "Troops went secretly."):
        bench.write("new.txt", text)
        run(bench, "new.txt")
    assert [each.has_text for each in bench.open().catalog.history.events()] == [False, True]
    (bench.corpus / "new.txt").unlink()
    run(bench, "new.txt")
    events = bench.open().catalog.history.events()
    assert [each.became for each in events] == ["added", "changed", "removed"]
    assert not any(each.has_text for each in events)


def test_of_a_link_all_is_seen_that_became_of_the_file(bench: Workbench, scans: list[Path]) -> None:
    (bench.corpus / "link.txt").symlink_to("team/1.txt")
    bench.run()
    scans.clear()
    bench.write("team/1.txt", "---\naudience: board\n---\nFrance sent aid.")
    assert run(bench, "team/1.txt").changed == ("link.txt", "team/1.txt")
    (bench.corpus / "team/1.txt").unlink()
    report = run(bench, "team/1.txt")
    assert (report.removed, [each.document for each in report.failed]) == (
        ("team/1.txt",),
        ["link.txt"],
    )
    bench.write("team/1.txt", "Norway sent ships.")
    report = run(bench, "team/1.txt")
    assert (report.added, report.changed) == (("team/1.txt",), ("link.txt",))
    assert not scans


def test_a_file_that_cannot_be_read_is_told_and_others_stay_told(bench: Workbench) -> None:
    bench.write("team/1.txt", "BROKEN")
    assert [each.document for each in run(bench, "team/1.txt").failed] == ["team/1.txt"]
    bench.write("team/2.txt", "France sent aid.")
    report = run(bench, "team/2.txt")
    assert [each.document for each in report.failed] == ["team/1.txt"]
    assert report.failed[0].stale


def test_where_something_is_withheld_all_files_are_looked_at(
    bench: Workbench, scans: list[Path]
) -> None:
    with bench.store.lock():
        bench.store.withhold(["team/2.txt"])
    bench.write("team/1.txt", "France sent aid.")
    run(bench, "team/1.txt")
    assert scans


def test_after_a_rollback_all_files_are_looked_at(bench: Workbench, scans: list[Path]) -> None:
    bench.write("team/1.txt", "France sent aid.")
    run(bench, "team/1.txt")
    with bench.store.lock():
        bench.store.rollback()
    scans.clear()
    run(bench, "team/1.txt")
    assert scans
    assert bench.texts()["team/1.txt"] == "Norway sent 1 ships.\n"


def test_what_a_rollback_brought_back_is_looked_for(bench: Workbench) -> None:
    (bench.corpus / "team/2.txt").unlink()
    run(bench, "team/2.txt")
    with bench.store.lock():
        bench.store.rollback()
    assert "team/2.txt" in bench.texts()
    bench.write("team/1.txt", "France sent aid.")
    assert run(bench, "team/1.txt").removed == ("team/2.txt",)


def test_most_files_gone_is_told_as_ever(bench: Workbench) -> None:
    for number in range(4):
        (bench.corpus / f"team/{number}.txt").unlink()
    with pytest.raises(CorpusShrunk):
        run(bench, *TEXTS)


@pytest.mark.parametrize("name", ["team", ".hidden/a.txt", "gone/a.txt", "linked/1.txt", "a\\xff"])
def test_what_only_a_scan_can_tell_is_scanned(
    bench: Workbench, scans: list[Path], name: str
) -> None:
    (bench.corpus / "linked").symlink_to(bench.corpus / "team")
    run(bench, name)
    assert scans


def test_of_a_folder_that_is_gone_all_files_are_looked_for(
    bench: Workbench, scans: list[Path]
) -> None:
    bench.write("notes.txt/a.txt", "France sent aid.")
    bench.run()
    shutil.rmtree(bench.corpus / "notes.txt")
    scans.clear()
    assert run(bench, "notes.txt").removed == ("notes.txt/a.txt",)
    assert scans


def test_where_files_are_few_all_are_looked_at(
    bench: Workbench, scans: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MANY_FILES", 7)
    run(bench, "team/1.txt")
    assert scans


def test_no_file_of_the_index_stays_open(bench: Workbench) -> None:
    closed: list[Catalog] = []
    close = Catalog.close

    def noted(catalog: Catalog) -> None:
        closed.append(catalog)
        close(catalog)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalog, "close", noted)
        bench.reindexer().run(dry_run=True)
        run(bench, "team/1.txt")
    assert len(closed) == 2


def test_a_dry_run_looks_at_no_more(bench: Workbench, scans: list[Path]) -> None:
    bench.write("team/1.txt", "France sent aid.")
    report = bench.reindexer().run(dry_run=True, only=["team/1.txt", "team/2.txt"])
    assert report.changed == ("team/1.txt",)
    assert not scans


def test_what_is_seen_of_some_files_is_what_a_scan_sees(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("a.txt", "deep/b.md", "deep/c.exe"):
        (tmp_path / name).write_text("text")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "out.txt").symlink_to("/")
    suffixes = frozenset({".txt", ".md"})
    assert look_at(tmp_path, scan(tmp_path, suffixes), suffixes) == scan(tmp_path, suffixes)
    assert look_at(tmp_path, ["none.txt"], suffixes) == {}
