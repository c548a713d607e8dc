from __future__ import annotations

import gc
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.indexing.build
import index.sources.folder
from index.document import Document
from index.errors import (
    CorpusShrunk,
    CorpusUnavailable,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexNewer,
    IndexNotWritten,
    IndexOutdated,
)
from index.indexing.reindex import Reindexer
from index.indexing.report import Failure, ReindexReport
from index.parsing import HiddenContent, ParsingLimits, ParsingOptions, parse_files
from index.ports import Vectors
from index.sources.folder import CorpusFile
from index.sources.unread_kinds import why_unread
from index.store.catalog.document_table import DocumentRow
from index.store.folder.generation_files import CATALOG, MANIFEST
from index.store.generation import Generation, Recipe, digest_of
from index.store.pointer import Pointer
from testing.budget import HARDENING, amount
from testing.desk import Desk
from testing.fakes import LineParser, WordEmbedder, recipe_of

AID = "# Aid\nNorway sends ships.\n"
ROLES = "# Roles\nTroops would monitor borders.\n"
MONEY = "# Money\nEleven billion were given.\n"


@dataclass
class Workbench(Desk):
    """A desk that reads lines, and says how often it loaded the model."""

    parser: LineParser = field(default_factory=LineParser)
    loads: int = 0

    def load(self) -> WordEmbedder:
        self.loads += 1
        return self.embedder

    def reindexer(self, recipe: Recipe | None = None, **options: Any) -> Reindexer:
        made = super().reindexer(parse=partial(parse_files, parse=self.parser), **options)
        return replace(made, recipe=recipe or recipe_of(), embedder=self.load)

    def run(
        self, *, full: bool = False, dry_run: bool = False, drop_missing: bool | list[str] = True
    ) -> ReindexReport:
        return self.reindexer().run(full=full, dry_run=dry_run, drop_missing=drop_missing)

    def open(self) -> Generation:
        return self.store.open(recipe_of())

    def row(self, name: str) -> DocumentRow:
        return next(row for row in self.open().catalog.rows() if row.name == name)

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Everything in the index folder: contents and times."""
        return {
            str(path.relative_to(self.store.root)): (
                path.read_bytes() if path.is_file() else b"",
                path.stat().st_mtime_ns,
            )
            for path in self.store.root.rglob("*")
        }


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    workbench = Workbench(tmp_path)
    workbench.write("aid.txt", AID)
    workbench.write("deep/roles.txt", ROLES)
    return workbench


def by_vector(generation: Generation, query: str) -> dict[str, float]:
    found = generation.vectors.search(WordEmbedder().embed_query(query), 100)
    passages = generation.catalog.passages([key for key, _ in found])
    return {passages[key].id: score for key, score in found}


def by_words(generation: Generation, query: str) -> dict[str, float]:
    found = generation.catalog.search(query, 100)
    passages = generation.catalog.passages([key for key, _ in found])
    return {passages[key].id: score for key, score in found}


def assert_consistent(generation: Generation) -> None:
    """Documents, passages, vectors and words tell of the same."""
    catalog, manifest = generation.catalog, generation.manifest
    names = catalog.document_names()
    assert len(names) == manifest.documents
    assert {each.document for each in catalog.successions.identities()} == names
    assert {each.document for each in catalog.successions.statements()} <= names
    count = 0
    for name in names:
        document = catalog.document(name)
        assert document is not None
        for passage in catalog.passages_of(name):
            assert passage.text == passage.span.of(document.text)
            count += 1
    assert count == catalog.passage_count() == manifest.passages == len(generation.vectors)
    found = generation.vectors.search(WordEmbedder().embed_query("any"), count + 1)
    keys = [key for key, _ in found]
    passages = catalog.passages(keys)
    assert len(passages) == count
    expected = WordEmbedder().embed_passages([passages[key].index_text for key in keys])
    if keys:
        assert generation.vectors.get(keys) == pytest.approx(expected, abs=1e-6)
    for passage in passages.values():
        assert passage.id in by_words(generation, passage.text.split()[-1])


def assert_same(one: Generation, two: Generation) -> None:
    """The same passages, found the same way, and the same that is replaced."""
    assert one.catalog.document_names() == two.catalog.document_names()
    assert one.catalog.successions.identities() == two.catalog.successions.identities()
    assert one.catalog.successions.statements() == two.catalog.successions.statements()
    for name in one.catalog.document_names():
        assert one.catalog.document(name) == two.catalog.document(name)
        assert one.catalog.passages_of(name) == two.catalog.passages_of(name)
    for query in ("norway ships", "troops", "billion given aid", "broken"):
        assert by_vector(one, query) == pytest.approx(by_vector(two, query), abs=1e-6)
        assert by_words(one, query) == pytest.approx(by_words(two, query), abs=1e-6)


# What changed


def test_the_first_reindex_adds_all(workbench: Workbench) -> None:
    report = workbench.run()
    assert replace(report, seconds=0.0) == ReindexReport(
        generation=1, documents=2, passages=2, added=("aid.txt", "deep/roles.txt"), embedded=2
    )
    assert report.seconds > 0
    assert workbench.texts() == {"aid.txt": AID + "\n", "deep/roles.txt": ROLES + "\n"}
    assert_consistent(workbench.open())


def test_nothing_changed_writes_nothing_and_loads_no_model(workbench: Workbench) -> None:
    workbench.run()
    before, workbench.loads, workbench.parser.names = workbench.files(), 0, []
    report = workbench.run()
    assert replace(report, seconds=0.0) == ReindexReport(
        generation=1, documents=2, passages=2, unchanged=2
    )
    assert (workbench.loads, workbench.parser.names) == (0, [])
    after = workbench.files()
    after.pop("lock"), before.pop("lock")
    assert after == before


def test_an_added_document_embeds_only_its_own(workbench: Workbench) -> None:
    workbench.run()
    workbench.embedder.calls.clear()
    workbench.write("money.txt", MONEY)
    report = workbench.run()
    assert (report.added, report.changed, report.unchanged) == (("money.txt",), (), 2)
    assert (report.generation, report.documents, report.embedded, report.reused) == (2, 3, 1, 0)
    assert workbench.embedder.texts == ["# Money\nEleven billion were given."]
    assert workbench.parser.names[2:] == ["money.txt"]
    assert_consistent(workbench.open())


def test_of_a_changed_document_only_new_passages_are_embedded(workbench: Workbench) -> None:
    long = [f"Sentence {n} has a good many words that fill up its own passage." for n in range(4)]
    workbench.write("aid.txt", "# Aid\n" + "\n".join(long))
    workbench.run()
    workbench.embedder.calls.clear()
    long[2] = long[2].replace("good", "great")
    workbench.write("aid.txt", "# Aid\n" + "\n".join(long))
    report = workbench.run()
    assert (report.changed, report.added, report.unchanged) == (("aid.txt",), (), 1)
    assert (report.embedded, report.reused, report.passages) == (1, 3, 5)
    assert workbench.embedder.texts == [f"Aid\n{long[2]}"]
    assert_consistent(workbench.open())


def test_a_renamed_file_is_embedded_again_only_if_its_name_has_other_words(
    workbench: Workbench,
) -> None:
    workbench.run()
    workbench.embedder.calls.clear()
    (workbench.corpus / "aid.txt").rename(workbench.corpus / "aid-.txt")
    report = workbench.run()
    assert (report.added, report.removed) == (("aid-.txt",), ("aid.txt",))
    assert (report.embedded, report.reused, report.unchanged) == (0, 1, 1)
    assert workbench.embedder.calls == []
    (workbench.corpus / "new place").mkdir()
    (workbench.corpus / "aid-.txt").rename(workbench.corpus / "new place" / "help.txt")
    assert workbench.run().embedded == 1
    assert set(workbench.texts()) == {"new place/help.txt", "deep/roles.txt"}
    assert_consistent(workbench.open())


def test_a_removed_file_answers_no_more_and_loads_no_model(workbench: Workbench) -> None:
    workbench.run()
    workbench.loads = 0
    (workbench.corpus / "aid.txt").unlink()
    report = workbench.run()
    assert (report.removed, report.documents, report.passages) == (("aid.txt",), 1, 1)
    assert workbench.loads == 0
    assert by_words(workbench.open(), "ships") == {}
    assert_consistent(workbench.open())


def test_what_replaces_what_follows_each_change(workbench: Workbench) -> None:
    def replaced() -> list[tuple[str, str]]:
        found = workbench.open().catalog.succession_index().stated_among().successions
        return [(each.old, each.new) for each in found]

    old, new = "# Aid plan\nVersion 1, 3 May 2025\n", "# Aid plan\nVersion 2, 3 May 2026\n"
    stating = f"{new}This plan replaces version 1.\n"
    workbench.write("old.txt", old)
    path = workbench.write("new.txt", stating)
    workbench.run()
    assert replaced() == [("old.txt", "new.txt")]
    workbench.write("new.txt", new)
    workbench.run()
    assert replaced() == []
    workbench.write("new.txt", stating)
    workbench.run()
    path.rename(path.with_name("newer.txt"))
    workbench.run()
    assert replaced() == [("old.txt", "newer.txt")]
    workbench.store.purge("newer.txt")
    assert replaced() == []
    workbench.run()
    assert replaced() == [("old.txt", "newer.txt")]
    (workbench.corpus / "old.txt").unlink()
    workbench.run()
    assert replaced() == []


def test_a_change_back_and_forth_within_the_same_instant_is_seen(workbench: Workbench) -> None:
    workbench.run()
    path = workbench.corpus / "aid.txt"
    stat = path.stat()
    path.write_text(AID.replace("sends", "holds"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert workbench.run().changed == ("aid.txt",)
    assert "holds" in workbench.texts()["aid.txt"]


def test_two_files_with_the_same_content_are_embedded_once_and_marked(workbench: Workbench) -> None:
    workbench.write("copy.txt", AID)
    report = workbench.run()
    assert (report.passages, report.embedded, report.reused) == (3, 2, 1)
    assert workbench.row("copy.txt").remarks == ("It has the same content as aid.txt.",)
    assert workbench.row("aid.txt").remarks == ()
    (workbench.corpus / "aid.txt").unlink()
    assert workbench.run().removed == ("aid.txt",)
    assert workbench.row("copy.txt").remarks == ()
    assert_consistent(workbench.open())


def test_a_document_with_the_same_passage_twice_has_both(workbench: Workbench) -> None:
    words = "The same thirteen words stand here twice, and now both of them count."
    workbench.write("twice.txt", f"# T\n{words}\n{words}\n{words}\n")
    workbench.run()
    assert len(workbench.open().catalog.passages_of("twice.txt")) == 3
    assert_consistent(workbench.open())


def test_an_empty_corpus_makes_an_empty_index(tmp_path: Path) -> None:
    workbench = Workbench(tmp_path)
    report = workbench.run()
    assert (report.generation, report.documents, report.passages) == (1, 0, 0)
    assert workbench.run().generation == 1
    assert_consistent(workbench.open())
    workbench.write("aid.txt", AID)
    assert workbench.run().added == ("aid.txt",)
    assert_consistent(workbench.open())


def test_a_corpus_that_is_not_there_changes_nothing(workbench: Workbench) -> None:
    workbench.run()
    before = workbench.files()
    shutil.rmtree(workbench.corpus)
    for dry_run in (True, False):
        with pytest.raises(CorpusUnavailable):
            workbench.run(dry_run=dry_run)
    after = workbench.files()
    after.pop("lock"), before.pop("lock")
    assert after == before


def test_many_documents_are_embedded_in_several_calls(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.indexing.build, "_PASSAGES_AT_ONCE", 3)
    for n in range(8):
        workbench.write(f"{n}.txt", f"# T{n}\nBriefing number {n}.\n")
    workbench.write("8.txt", "# T0\nBriefing number 0.\n")
    report = workbench.run()
    assert (report.embedded, report.reused, report.passages) == (10, 1, 11)
    assert [len(call) for call in workbench.embedder.calls] == [3, 3, 2, 2]
    assert_consistent(workbench.open())


def test_passages_are_as_long_as_the_recipe_says(workbench: Workbench) -> None:
    workbench.write("aid.txt", "# Aid\n" + " ".join(f"w{n}" for n in range(30)))
    workbench.reindexer(recipe_of(target_tokens=10)).run()
    passages = workbench.store.open(None).catalog.passages_of("aid.txt")
    assert max(len(passage.text.split()) for passage in passages) <= 10


def test_progress_is_told(workbench: Workbench) -> None:
    told: list[tuple[str, int]] = []

    class Progress:
        def documents(self, done: int, total: int, share: float) -> None:
            told.append(("documents", done))
            assert total == 2
            assert (share == 1) == (done == 2)

        def pages(self, read: int) -> None:
            assert read == 0

        def embedded(self, passages: int) -> None:
            told.append(("embedded", passages))

    workbench.reindexer().run(progress=Progress())
    assert told == [("documents", 0), ("documents", 1), ("documents", 2), ("embedded", 2)]


def test_a_text_of_two_batches_is_embedded_once(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.indexing.build, "_PASSAGES_AT_ONCE", 1)
    for number in range(6):
        workbench.write(f"{number}.txt", "# Aid\nThe same words.\n")
    report = workbench.reindexer().run()
    generation = workbench.open()
    assert_consistent(generation)
    passages = generation.catalog.passage_count()
    catalog = generation.catalog
    texts = {
        each.index_text for name in catalog.document_names() for each in catalog.passages_of(name)
    }
    assert (report.embedded, report.reused) == (len(texts), passages - len(texts))


# A clock that jumps

YEAR = 365 * 86_400 * 10**9


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_was_wrong_hides_no_change(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    """Not even on a file system whose own clock stands still."""
    look = index.sources.folder._look_at

    def still(path: Path, root: Path, suffixes: frozenset[str]) -> CorpusFile:
        found = look(path, root, suffixes)
        return replace(found, state=replace(found.state, mtime_ns=now, ctime_ns=now))

    now = time.time_ns() - 10**10
    monkeypatch.setattr(index.sources.folder, "_look_at", still)
    with monkeypatch.context() as patched:
        patched.setattr(time, "time_ns", lambda: now + years * YEAR)
        workbench.run()
    workbench.write("aid.txt", AID.replace("sends", "holds"))
    assert workbench.run().changed == ("aid.txt",)
    assert "holds" in workbench.texts()["aid.txt"]


@given(
    history=st.lists(
        st.tuples(
            st.sampled_from(["aid.txt", "deep/roles.txt"]),
            st.sampled_from(["same size", "longer", "touched", "nothing"]),
            st.integers(-40, 40),
            st.integers(-40, 40),
        ),
        max_size=6,
    )
)
@settings(max_examples=amount(15))
def test_no_change_is_missed_whatever_clocks_say(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, str, int, int]]
) -> None:
    """`clock` is this machine's at the reindex, `date` what the file says of itself, in years."""
    workbench = Workbench(tmp_path_factory.mktemp("desk"))
    for name, text in (("aid.txt", AID), ("deep/roles.txt", ROLES)):
        workbench.write(name, text)
    real = time.time_ns
    workbench.run()
    for number, (name, change, clock, date) in enumerate(history):
        path = workbench.corpus / name
        if change == "same size":
            path.write_text(path.read_text().swapcase())
        elif change == "longer":
            path.write_text(f"{path.read_text()}More {number}.\n")
        if change != "nothing":
            os.utime(path, ns=(0, max(0, real() + date * YEAR)))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(time, "time_ns", lambda clock=clock: real() + clock * YEAR)
            workbench.run()
        assert workbench.texts() == {
            name: (workbench.corpus / name).read_text() + "\n"
            for name in ("aid.txt", "deep/roles.txt")
        }
    assert_consistent(workbench.open())


# A folder that is not there


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(("known", "gone", "asks"), [(1, 1, True), (2, 1, False), (3, 2, True)])
def test_more_than_half_is_what_needs_a_yes(
    tmp_path: Path, known: int, gone: int, asks: bool, full: bool
) -> None:
    workbench = Workbench(tmp_path)
    for number in range(known):
        workbench.write(f"{number}.txt", f"# T{number}\nBriefing number {number}.\n")
    workbench.run()
    for number in range(gone):
        (workbench.corpus / f"{number}.txt").unlink()
    if asks:
        with pytest.raises(CorpusShrunk):
            workbench.run(full=full, drop_missing=False)
        assert len(workbench.texts()) == known
    else:
        workbench.run(full=full, drop_missing=False)
        assert len(workbench.texts()) == known - gone


def test_a_folder_that_vanishes_and_comes_back_leaves_all_as_it_was(workbench: Workbench) -> None:
    workbench.run()
    elsewhere = workbench.corpus.rename(workbench.root / "elsewhere")
    with pytest.raises(CorpusUnavailable):
        workbench.run(drop_missing=False)
    workbench.corpus.mkdir()
    with pytest.raises(CorpusShrunk):
        workbench.run(drop_missing=False)
    workbench.corpus.rmdir()
    elsewhere.rename(workbench.corpus)
    workbench.embedder.calls.clear()
    report = workbench.run(drop_missing=False)
    assert (report.generation, report.unchanged, report.embedded) == (1, 2, 0)


def test_a_folder_that_vanishes_while_it_is_read_takes_no_document_with_it(
    workbench: Workbench,
) -> None:
    workbench.run()
    for name in ("aid.txt", "deep/roles.txt"):
        workbench.write(name, f"# Other\nSomething else of {name}.\n")
    workbench.write("zoo.txt", MONEY)

    def vanishing(
        path: Path, name: str, *, limits: ParsingLimits, options: ParsingOptions
    ) -> Document:
        if name == "deep/roles.txt":
            workbench.corpus.rename(workbench.root / "elsewhere")
        return LineParser()(path, name, limits=limits, options=options)

    report = replace(workbench.reindexer(), parse=partial(parse_files, parse=vanishing)).run()
    assert report.changed == ("aid.txt",)
    assert [(one.document, one.stale) for one in report.failed] == [
        ("deep/roles.txt", True),
        ("zoo.txt", False),
    ]
    assert "Troops" in workbench.texts()["deep/roles.txt"]
    (workbench.root / "elsewhere").rename(workbench.corpus)
    report = workbench.run(drop_missing=False)
    assert (report.added, report.changed, report.failed) == (("zoo.txt",), ("deep/roles.txt",), ())


@pytest.mark.parametrize("full", [False, True])
def test_when_most_documents_are_gone_they_answer_until_somebody_says_that_it_is_meant(
    workbench: Workbench, full: bool
) -> None:
    workbench.write("money.txt", MONEY)
    workbench.run()
    before = workbench.files()
    (workbench.corpus / "aid.txt").unlink()
    (workbench.corpus / "money.txt").unlink()
    with pytest.raises(CorpusShrunk, match="2 of 3 documents") as caught:
        workbench.run(full=full, drop_missing=False)
    assert (caught.value.gone, caught.value.known) == (2, 3)
    assert workbench.files() == before
    assert workbench.run(dry_run=True).removed == ("aid.txt", "money.txt")
    report = workbench.run(full=full)
    assert set(workbench.texts()) == {"deep/roles.txt"}
    assert full or report.removed == ("aid.txt", "money.txt")


def test_an_empty_folder_wipes_nothing_but_dropping_what_was_named_is_let_through(
    workbench: Workbench,
) -> None:
    workbench.run()
    shutil.rmtree(workbench.corpus / "deep")
    workbench.run()
    (workbench.corpus / "aid.txt").unlink()
    with pytest.raises(CorpusShrunk):
        workbench.run(drop_missing=["another.txt"])
    workbench.run(drop_missing=["aid.txt"])
    assert workbench.texts() == {}


# Anew, and without writing


def test_full_reads_and_embeds_everything_anew(workbench: Workbench) -> None:
    workbench.run()
    workbench.embedder.calls.clear()
    report = workbench.run(full=True)
    assert (report.generation, report.changed) == (2, ("aid.txt", "deep/roles.txt"))
    assert (report.embedded, report.reused, report.unchanged) == (2, 0, 0)
    assert len(workbench.embedder.texts) == 2
    assert_consistent(workbench.open())


@pytest.mark.parametrize("file", [CATALOG, "manifest.json"])
def test_full_repairs_a_damaged_index_which_is_else_refused(
    workbench: Workbench, file: str
) -> None:
    workbench.run()
    (workbench.store.directory(1) / file).write_bytes(b"garbage")
    with pytest.raises(IndexDamaged):
        workbench.run()
    report = workbench.run(full=True)
    assert (report.generation, report.added) == (2, ("aid.txt", "deep/roles.txt"))
    assert_consistent(workbench.open())


def test_a_damaged_generation_is_mended_from_the_one_before_it_and_brought_up_to_date(
    workbench: Workbench,
) -> None:
    workbench.run()
    workbench.write("aid.txt", MONEY)
    (workbench.corpus / "deep/roles.txt").unlink()
    workbench.run()
    (workbench.store.directory(2) / CATALOG).write_bytes(b"garbage")
    report = workbench.run()
    assert (report.generation, report.added, report.removed) == (4, ("aid.txt",), ())
    assert set(workbench.texts()) == {"aid.txt"}
    assert_consistent(workbench.open())


@pytest.mark.parametrize("lost", ["CURRENT", f"generations/000002/{CATALOG}"])
def test_what_was_mended_and_is_up_to_date_is_no_longer_said_to_be_behind(
    workbench: Workbench, lost: str
) -> None:
    workbench.run()
    workbench.write("aid.txt", MONEY)
    workbench.run()
    (workbench.store.root / lost).write_bytes(b"garbage")
    workbench.run()
    report = workbench.run()
    assert report.added == report.changed == report.removed == ()
    assert workbench.store.pointer().damaged is None
    assert_consistent(workbench.open())


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_lost_pointer_is_found_again(workbench: Workbench, content: bytes | None) -> None:
    workbench.run()
    (workbench.store.root / "CURRENT").unlink()
    if content is not None:
        (workbench.store.root / "CURRENT").write_bytes(content)
    workbench.write("aid.txt", MONEY)
    report = workbench.run()
    assert (report.generation, report.changed, report.unchanged) == (2, ("aid.txt",), 1)
    assert workbench.store.pointer() == Pointer(current=2, previous=1, changed=("aid.txt",))
    assert_consistent(workbench.open())


def test_after_a_repair_the_way_back_leads_to_the_last_good_generation(
    workbench: Workbench,
) -> None:
    workbench.run()
    workbench.write("aid.txt", MONEY)
    workbench.run()
    (workbench.store.directory(2) / CATALOG).write_bytes(b"garbage")
    workbench.run(full=True)
    assert workbench.store.pointer() == Pointer(current=3, previous=1, changed=("aid.txt",))
    workbench.store.rollback()
    assert workbench.texts()["aid.txt"].strip() == AID.strip()


def test_what_was_refused_is_tried_again_once_the_limits_are_others(workbench: Workbench) -> None:
    workbench.write("aid.txt", "BROKEN")
    workbench.run()
    workbench.parser.names.clear()
    workbench.run()
    assert workbench.parser.names == []
    wider = replace(workbench.reindexer(), limits=ParsingLimits(max_pages=9_999))
    report = wider.run()
    assert workbench.parser.names == ["aid.txt"]
    assert report.failed == (Failure("aid.txt", "it is broken", stale=False),)
    assert wider.run().generation == report.generation


def test_full_takes_another_recipe_which_is_else_refused(workbench: Workbench) -> None:
    workbench.run()
    workbench.write("aid.txt", "BROKEN")
    other = recipe_of("other")
    with pytest.raises(IndexMismatch, match="reindex --full"):
        workbench.reindexer(other).run()
    report = workbench.reindexer(other).run(full=True)
    assert report.failed == (Failure("aid.txt", "it is broken", stale=True),)
    assert workbench.store.open(other).catalog.document("aid.txt") is not None


# An index of another version


def later(**changes: object) -> Recipe:
    """That of a later version of this program."""
    return recipe_of().model_copy(update={"parser": 2, **changes})


def test_an_index_of_an_older_version_is_made_anew_with_the_vectors_it_has(
    workbench: Workbench,
) -> None:
    workbench.write("money.txt", MONEY)
    workbench.run()
    workbench.write("aid.txt", "BROKEN")
    (workbench.corpus / "money.txt").unlink()
    workbench.write("new.txt", "# New\nNobody knew of it.\n")
    workbench.embedder.calls.clear()
    workbench.parser.names.clear()
    plan = workbench.reindexer(later()).run(dry_run=True)
    assert (plan.outdated, plan.changed, plan.removed) == (
        True,
        ("aid.txt", "deep/roles.txt"),
        ("money.txt",),
    )
    report = workbench.reindexer(later()).run()
    assert report.outdated
    assert (report.generation, report.added, report.changed) == (
        2,
        ("new.txt",),
        ("deep/roles.txt",),
    )
    assert report.failed == (Failure("aid.txt", "it is broken", stale=True),)
    assert workbench.parser.names == ["aid.txt", "deep/roles.txt", "new.txt"]
    assert workbench.embedder.texts == ["# New\nNobody knew of it."]
    generation = workbench.store.open(later())
    assert generation.catalog.document_names() == {"aid.txt", "deep/roles.txt", "new.txt"}
    assert_consistent(generation)
    again = workbench.reindexer(later()).run()
    assert (again.outdated, again.generation, again.unchanged) == (False, 2, 2)


def test_vectors_of_another_model_are_not_taken_over(workbench: Workbench) -> None:
    workbench.run()
    workbench.embedder.calls.clear()
    report = workbench.reindexer(later(fingerprint="1" * 64)).run()
    assert (report.outdated, report.embedded, report.reused) == (True, 2, 0)
    assert len(workbench.embedder.texts) == 2


def test_an_empty_index_of_an_older_version_becomes_one_of_this(tmp_path: Path) -> None:
    workbench = Workbench(tmp_path)
    workbench.run()
    assert workbench.reindexer(later()).run().outdated
    assert workbench.store.open(later()).number == 2


def test_an_index_of_an_older_version_is_not_wiped_by_a_lost_mount(workbench: Workbench) -> None:
    workbench.run()
    shutil.rmtree(workbench.corpus)
    with pytest.raises(CorpusUnavailable):
        workbench.reindexer(later()).run()
    workbench.corpus.mkdir()
    with pytest.raises(CorpusShrunk):
        workbench.reindexer(later()).run()
    assert set(workbench.texts()) == {"aid.txt", "deep/roles.txt"}


@pytest.mark.parametrize("file", [CATALOG, "manifest.json", "../../CURRENT"])
def test_a_damaged_index_of_an_older_version_is_made_anew(workbench: Workbench, file: str) -> None:
    workbench.run()
    workbench.write("money.txt", MONEY)
    (workbench.corpus / "aid.txt").unlink()
    workbench.run()
    (workbench.store.directory(2) / file).write_bytes(b"garbage")
    assert workbench.reindexer(later()).run().outdated
    generation = workbench.store.open(later())
    assert generation.catalog.document_names() == {"deep/roles.txt", "money.txt"}
    assert_consistent(generation)


@pytest.mark.parametrize("is_current_lost", [False, True])
def test_an_index_of_an_older_format_is_made_anew(
    workbench: Workbench, is_current_lost: bool
) -> None:
    workbench.run()
    workbench.embedder.calls.clear()
    path = workbench.store.directory(1) / MANIFEST
    older = {**json.loads(path.read_bytes()), "format": 1}
    del older["sha256"]
    path.write_text(json.dumps({**older, "sha256": digest_of(older)}))
    with pytest.raises(IndexOutdated, match="Run `briefing-bot reindex`, which reads all"):
        workbench.open()
    assert workbench.run(dry_run=True).outdated
    if is_current_lost:
        (workbench.store.root / "CURRENT").write_text('{"current": 1}')
    report = workbench.run(drop_missing=False)
    assert (report.outdated, report.generation, report.embedded) == (True, 2, 2)
    assert report.added == ("aid.txt", "deep/roles.txt")
    assert workbench.store.pointer() == Pointer(current=2)
    assert not workbench.store.directory(1).exists()
    assert_consistent(workbench.open())


def test_an_index_of_a_later_version_is_left_alone_unless_somebody_insists(
    workbench: Workbench,
) -> None:
    workbench.reindexer(later()).run()
    workbench.write("aid.txt", MONEY)
    for dry_run in (True, False):
        with pytest.raises(IndexNewer, match="made by a later version of this program"):
            workbench.run(dry_run=dry_run)
    assert workbench.store.open(later()).number == 1
    assert workbench.run(full=True).generation == 2
    assert_consistent(workbench.open())


def test_a_dry_run_tells_what_would_change_and_writes_nothing(workbench: Workbench) -> None:
    report = workbench.run(dry_run=True)
    assert replace(report, seconds=0.0) == ReindexReport(
        generation=None, documents=2, passages=0, added=("aid.txt", "deep/roles.txt"), dry_run=True
    )
    assert not workbench.store.root.exists()
    workbench.write("good then bad.txt", MONEY)
    workbench.run()
    workbench.write("good then bad.txt", "BROKEN")
    workbench.run()
    before, workbench.loads, workbench.parser.names = workbench.files(), 0, []
    workbench.write("aid.txt", MONEY)
    workbench.write("new.txt", MONEY)
    workbench.write("new.jpg", "x")
    (workbench.corpus / "deep" / "roles.txt").unlink()
    report = workbench.run(dry_run=True)
    assert replace(report, seconds=0.0) == ReindexReport(
        generation=2,
        documents=3,
        passages=3,
        added=("new.txt",),
        changed=("aid.txt",),
        removed=("deep/roles.txt",),
        failed=(
            Failure("good then bad.txt", "it is broken", stale=True),
            Failure("new.jpg", desk_problem("new.jpg"), stale=False),
        ),
        dry_run=True,
    )
    assert workbench.files() == before
    assert (workbench.loads, workbench.parser.names) == (0, [])


def desk_problem(name: str) -> str:
    return why_unread(Path(name).suffix)


def test_a_dry_run_goes_on_beside_a_reindex(workbench: Workbench) -> None:
    workbench.run()
    with workbench.store.lock():
        assert workbench.run(dry_run=True).unchanged == 2


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


# Incremental and full, any history


NAMES = ["a.txt", "b.txt", "f/c.txt"]
NEW_AID = f"{AID}3 May 2026\nThis plan replaces the Aid plan of 3 May 2025.\n"
TEXTS = [AID, ROLES, MONEY, AID + "More about Norway.\n", NEW_AID, "BROKEN one", "BROKEN two"]
STEP = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("reindex"), st.just(""), st.just("")),
    st.tuples(st.just("reindex"), st.just(""), st.just("full")),
)


@pytest.mark.search
@pytest.mark.slow
@settings(max_examples=amount(40))
@given(st.lists(STEP, max_size=14))
def test_any_history_ends_where_a_full_build_begins(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    workbench = Workbench(tmp_path_factory.mktemp("desk"))
    good: dict[str, str] = {}

    def reindex(*, full: bool) -> None:
        """Reindexes, and finds what a look at the corpus says should be there."""
        report = workbench.run(full=full)
        on_disk = {name: (workbench.corpus / name) for name in NAMES}
        now = {name: path.read_text() for name, path in on_disk.items() if path.exists()}
        for name in set(good) - set(now):
            del good[name]
        good.update({n: f"{text}\n" for n, text in now.items() if not text.startswith("BROKEN")})
        assert workbench.texts() == good
        failed = {n for n, text in now.items() if text.startswith("BROKEN")}
        assert {failure.document for failure in report.failed} == failed
        assert {f.document for f in report.failed if f.stale} == failed & set(good)
        assert {row.name for row in workbench.open().catalog.rows() if row.failure} == failed
        named = {*report.added, *report.changed, *failed}
        assert len(named) + report.unchanged == len(now)
        assert_consistent(workbench.open())

    for act, name, argument in steps:
        path = workbench.corpus / name
        if act == "write":
            workbench.write(name, argument)
        elif act == "reindex":
            reindex(full=bool(argument))
        elif path.is_file() and act == "remove":
            path.unlink()
        elif path.is_file() and act == "move":
            (workbench.corpus / argument).parent.mkdir(exist_ok=True)
            path.rename(workbench.corpus / argument)
        elif path.is_file() and act == "touch":
            os.utime(path)
    reindex(full=False)
    incremental = workbench.open()
    before = workbench.run().generation
    assert before == incremental.number
    reindex(full=True)
    assert_same(incremental, workbench.open())


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
