from __future__ import annotations

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

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.indexing.reindex
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
)
from index.indexing.reindex import Failure, Reindexer, ReindexReport
from index.parsing import SUFFIXES, ReadingLimits, read_documents
from index.ports import Vectors
from index.sources.folder import CorpusFile
from index.store.catalog import DocumentRow
from index.store.folder import IndexStore, Pointer
from index.store.generation import CATALOG, VECTORS, Generation, Recipe
from testing.fakes import LineReader, WordEmbedder, recipe_of

AID = "# Aid\nNorway sends ships.\n"
ROLES = "# Roles\nTroops would monitor borders.\n"
MONEY = "# Money\nEleven billion were given.\n"


@dataclass
class Desk:
    """A corpus, an index, and what reindexes one into the other."""

    root: Path
    embedder: WordEmbedder = field(default_factory=WordEmbedder)
    reader: LineReader = field(default_factory=LineReader)
    loads: int = 0

    def __post_init__(self) -> None:
        self.corpus.mkdir(parents=True, exist_ok=True)

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @property
    def store(self) -> IndexStore:
        return IndexStore(self.root / "index")

    def load(self) -> WordEmbedder:
        self.loads += 1
        return self.embedder

    def reindexer(self, recipe: Recipe | None = None) -> Reindexer:
        return Reindexer(
            self.corpus,
            self.store,
            recipe or recipe_of(),
            self.load,
            read=partial(read_documents, read=self.reader),
        )

    def run(
        self, *, full: bool = False, dry_run: bool = False, drop_missing: bool | list[str] = True
    ) -> ReindexReport:
        return self.reindexer().run(full=full, dry_run=dry_run, drop_missing=drop_missing)

    def write(self, name: str, text: str) -> Path:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def open(self) -> Generation:
        return self.store.open(recipe_of())

    def texts(self) -> dict[str, str]:
        """Every document that answers."""
        catalog = self.open().catalog
        documents = {name: catalog.document(name) for name in catalog.document_names()}
        return {name: document.text for name, document in documents.items() if document}

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
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.write("aid.txt", AID)
    desk.write("deep/roles.txt", ROLES)
    return desk


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
    assert generation.vectors.get(keys) == pytest.approx(expected, abs=1e-6)
    for passage in passages.values():
        assert passage.id in by_words(generation, passage.text.split()[-1])


def assert_same(one: Generation, two: Generation) -> None:
    """The same passages, found the same way."""
    assert one.catalog.document_names() == two.catalog.document_names()
    for name in one.catalog.document_names():
        assert one.catalog.document(name) == two.catalog.document(name)
        assert one.catalog.passages_of(name) == two.catalog.passages_of(name)
    for query in ("norway ships", "troops", "billion given aid", "broken"):
        assert by_vector(one, query) == pytest.approx(by_vector(two, query), abs=1e-6)
        assert by_words(one, query) == pytest.approx(by_words(two, query), abs=1e-6)


# What changed


def test_the_first_reindex_adds_all(desk: Desk) -> None:
    report = desk.run()
    assert replace(report, seconds=0.0) == ReindexReport(
        generation=1,
        documents=2,
        passages=2,
        added=("aid.txt", "deep/roles.txt"),
        embedded=2,
    )
    assert report.seconds > 0
    assert desk.texts() == {"aid.txt": AID + "\n", "deep/roles.txt": ROLES + "\n"}
    assert_consistent(desk.open())


def test_nothing_changed_writes_nothing_and_loads_no_model(desk: Desk) -> None:
    desk.run()
    before, desk.loads, desk.reader.read = desk.files(), 0, []
    report = desk.run()
    assert replace(report, seconds=0.0) == ReindexReport(
        generation=1, documents=2, passages=2, unchanged=2
    )
    assert (desk.loads, desk.reader.read) == (0, [])
    after = desk.files()
    after.pop("lock"), before.pop("lock")
    assert after == before


def test_an_added_document_embeds_only_its_own(desk: Desk) -> None:
    desk.run()
    desk.embedder.calls.clear()
    desk.write("money.txt", MONEY)
    report = desk.run()
    assert (report.added, report.changed, report.unchanged) == (("money.txt",), (), 2)
    assert (report.generation, report.documents, report.embedded, report.reused) == (2, 3, 1, 0)
    assert desk.embedder.texts == ["# Money\nEleven billion were given."]
    assert desk.reader.read[2:] == ["money.txt"]
    assert_consistent(desk.open())


def test_of_a_changed_document_only_new_passages_are_embedded(desk: Desk) -> None:
    long = [f"Sentence {n} has a good many words that fill up its own passage." for n in range(4)]
    desk.write("aid.txt", "# Aid\n" + "\n".join(long))
    desk.run()
    desk.embedder.calls.clear()
    long[2] = long[2].replace("good", "great")
    desk.write("aid.txt", "# Aid\n" + "\n".join(long))
    report = desk.run()
    assert (report.changed, report.added, report.unchanged) == (("aid.txt",), (), 1)
    assert (report.embedded, report.reused, report.passages) == (1, 3, 5)
    assert desk.embedder.texts == [f"Aid\n{long[2]}"]
    assert_consistent(desk.open())


def test_a_moved_file_embeds_nothing(desk: Desk) -> None:
    desk.run()
    desk.embedder.calls.clear()
    (desk.corpus / "new place").mkdir()
    (desk.corpus / "aid.txt").rename(desk.corpus / "new place" / "help.txt")
    report = desk.run()
    assert (report.added, report.removed) == (("new place/help.txt",), ("aid.txt",))
    assert (report.embedded, report.reused, report.unchanged) == (0, 1, 1)
    assert desk.embedder.calls == []
    assert set(desk.texts()) == {"new place/help.txt", "deep/roles.txt"}
    assert_consistent(desk.open())


def test_a_removed_file_answers_no_more_and_loads_no_model(desk: Desk) -> None:
    desk.run()
    desk.loads = 0
    (desk.corpus / "aid.txt").unlink()
    report = desk.run()
    assert (report.removed, report.documents, report.passages) == (("aid.txt",), 1, 1)
    assert desk.loads == 0
    assert by_words(desk.open(), "ships") == {}
    assert_consistent(desk.open())


def test_a_touched_file_is_unchanged(desk: Desk) -> None:
    desk.run()
    os.utime(desk.corpus / "aid.txt", ns=(1, 1))
    report = desk.run()
    assert (report.generation, report.unchanged, report.changed) == (1, 2, ())


def test_a_change_back_and_forth_within_the_same_instant_is_seen(desk: Desk) -> None:
    desk.run()
    path = desk.corpus / "aid.txt"
    stat = path.stat()
    path.write_text(AID.replace("sends", "holds"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert desk.run().changed == ("aid.txt",)
    assert "holds" in desk.texts()["aid.txt"]


def test_two_files_with_the_same_content_are_embedded_once_and_marked(desk: Desk) -> None:
    desk.write("copy.txt", AID)
    report = desk.run()
    assert (report.passages, report.embedded, report.reused) == (3, 2, 1)
    assert desk.row("copy.txt").remarks == ("It has the same content as aid.txt.",)
    assert desk.row("aid.txt").remarks == ()
    (desk.corpus / "aid.txt").unlink()
    assert desk.run().removed == ("aid.txt",)
    assert desk.row("copy.txt").remarks == ()
    assert_consistent(desk.open())


def test_a_document_with_the_same_passage_twice_has_both(desk: Desk) -> None:
    words = "The same thirteen words stand here twice, and now both of them count."
    desk.write("twice.txt", f"# T\n{words}\n{words}\n{words}\n")
    desk.run()
    assert len(desk.open().catalog.passages_of("twice.txt")) == 3
    assert_consistent(desk.open())


def test_an_empty_corpus_makes_an_empty_index(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    report = desk.run()
    assert (report.generation, report.documents, report.passages) == (1, 0, 0)
    assert desk.run().generation == 1
    assert_consistent(desk.open())
    desk.write("aid.txt", AID)
    assert desk.run().added == ("aid.txt",)
    assert_consistent(desk.open())


def test_a_corpus_of_which_all_was_removed_empties_the_index(desk: Desk) -> None:
    desk.run()
    shutil.rmtree(desk.corpus)
    desk.corpus.mkdir()
    assert desk.run().removed == ("aid.txt", "deep/roles.txt")
    assert desk.texts() == {}
    assert_consistent(desk.open())


def test_a_corpus_that_is_not_there_changes_nothing(desk: Desk) -> None:
    desk.run()
    before = desk.files()
    shutil.rmtree(desk.corpus)
    for dry_run in (True, False):
        with pytest.raises(CorpusUnavailable):
            desk.run(dry_run=dry_run)
    after = desk.files()
    after.pop("lock"), before.pop("lock")
    assert after == before


def test_many_documents_are_embedded_in_several_calls(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.indexing.reindex, "_PASSAGES_AT_ONCE", 3)
    for n in range(8):
        desk.write(f"{n}.txt", f"# T{n}\nBriefing number {n}.\n")
    desk.write("8.txt", "# T0\nBriefing number 0.\n")
    report = desk.run()
    assert (report.embedded, report.reused, report.passages) == (10, 1, 11)
    assert [len(call) for call in desk.embedder.calls] == [3, 3, 2, 2]
    assert_consistent(desk.open())


def test_passages_are_as_long_as_the_recipe_says(desk: Desk) -> None:
    desk.write("aid.txt", "# Aid\n" + " ".join(f"w{n}" for n in range(30)))
    desk.reindexer(recipe_of(target_tokens=10)).run()
    passages = desk.store.open(None).catalog.passages_of("aid.txt")
    assert max(len(passage.text.split()) for passage in passages) <= 10


def test_progress_is_told(desk: Desk) -> None:
    told: list[tuple[str, int]] = []

    class Progress:
        def documents(self, done: int, total: int) -> None:
            told.append(("documents", done))
            assert total == 2

        def embedded(self, passages: int) -> None:
            told.append(("embedded", passages))

    desk.reindexer().run(progress=Progress())
    assert told == [("documents", 0), ("documents", 1), ("documents", 2), ("embedded", 2)]


# A clock that jumps

YEAR = 365 * 86_400 * 10**9


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_was_wrong_hides_no_change(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, years: int
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
        desk.run()
    desk.write("aid.txt", AID.replace("sends", "holds"))
    assert desk.run().changed == ("aid.txt",)
    assert "holds" in desk.texts()["aid.txt"]


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
@settings(max_examples=15)
def test_no_change_is_missed_whatever_clocks_say(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, str, int, int]]
) -> None:
    """`clock` is this machine's at the reindex, `date` what the file says of itself, in years."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    for name, text in (("aid.txt", AID), ("deep/roles.txt", ROLES)):
        desk.write(name, text)
    real = time.time_ns
    desk.run()
    for number, (name, change, clock, date) in enumerate(history):
        path = desk.corpus / name
        if change == "same size":
            path.write_text(path.read_text().swapcase())
        elif change == "longer":
            path.write_text(f"{path.read_text()}More {number}.\n")
        if change != "nothing":
            os.utime(path, ns=(0, max(0, real() + date * YEAR)))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(time, "time_ns", lambda clock=clock: real() + clock * YEAR)
            desk.run()
        assert desk.texts() == {
            name: (desk.corpus / name).read_text() + "\n" for name in ("aid.txt", "deep/roles.txt")
        }
    assert_consistent(desk.open())


# A folder that is not there


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(("known", "gone", "asks"), [(1, 1, True), (2, 1, False), (3, 2, True)])
def test_more_than_half_is_what_needs_a_yes(
    tmp_path: Path, known: int, gone: int, asks: bool, full: bool
) -> None:
    desk = Desk(tmp_path)
    for number in range(known):
        desk.write(f"{number}.txt", f"# T{number}\nBriefing number {number}.\n")
    desk.run()
    for number in range(gone):
        (desk.corpus / f"{number}.txt").unlink()
    if asks:
        with pytest.raises(CorpusShrunk):
            desk.run(full=full, drop_missing=False)
        assert len(desk.texts()) == known
    else:
        desk.run(full=full, drop_missing=False)
        assert len(desk.texts()) == known - gone


def test_a_folder_that_vanishes_and_comes_back_leaves_all_as_it_was(desk: Desk) -> None:
    desk.run()
    elsewhere = desk.corpus.rename(desk.root / "elsewhere")
    with pytest.raises(CorpusUnavailable):
        desk.run(drop_missing=False)
    desk.corpus.mkdir()
    with pytest.raises(CorpusShrunk):
        desk.run(drop_missing=False)
    desk.corpus.rmdir()
    elsewhere.rename(desk.corpus)
    desk.embedder.calls.clear()
    report = desk.run(drop_missing=False)
    assert (report.generation, report.unchanged, report.embedded) == (1, 2, 0)


def test_a_folder_that_vanishes_while_it_is_read_takes_no_document_with_it(desk: Desk) -> None:
    desk.run()
    for name in ("aid.txt", "deep/roles.txt"):
        desk.write(name, f"# Other\nSomething else of {name}.\n")
    desk.write("zoo.txt", MONEY)

    def vanishing(path: Path, name: str, *, limits: ReadingLimits) -> Document:
        if name == "deep/roles.txt":
            desk.corpus.rename(desk.root / "elsewhere")
        return LineReader()(path, name, limits=limits)

    report = replace(desk.reindexer(), read=partial(read_documents, read=vanishing)).run()
    assert report.changed == ("aid.txt",)
    assert [(one.document, one.stale) for one in report.failed] == [
        ("deep/roles.txt", True),
        ("zoo.txt", False),
    ]
    assert "Troops" in desk.texts()["deep/roles.txt"]
    (desk.root / "elsewhere").rename(desk.corpus)
    report = desk.run(drop_missing=False)
    assert (report.added, report.changed, report.failed) == (("zoo.txt",), ("deep/roles.txt",), ())


@pytest.mark.parametrize("full", [False, True])
def test_when_most_documents_are_gone_they_answer_until_somebody_says_that_it_is_meant(
    desk: Desk, full: bool
) -> None:
    desk.write("money.txt", MONEY)
    desk.run()
    before = desk.files()
    (desk.corpus / "aid.txt").unlink()
    (desk.corpus / "money.txt").unlink()
    with pytest.raises(CorpusShrunk, match="2 of 3 documents") as caught:
        desk.run(full=full, drop_missing=False)
    assert (caught.value.gone, caught.value.known) == (2, 3)
    assert desk.files() == before
    assert desk.run(dry_run=True).removed == ("aid.txt", "money.txt")
    report = desk.run(full=full)
    assert set(desk.texts()) == {"deep/roles.txt"}
    assert full or report.removed == ("aid.txt", "money.txt")


def test_an_empty_folder_wipes_nothing_but_dropping_what_was_named_is_let_through(
    desk: Desk,
) -> None:
    desk.run()
    shutil.rmtree(desk.corpus / "deep")
    desk.run()
    (desk.corpus / "aid.txt").unlink()
    with pytest.raises(CorpusShrunk):
        desk.run(drop_missing=["another.txt"])
    desk.run(drop_missing=["aid.txt"])
    assert desk.texts() == {}


# Anew, and without writing


def test_full_reads_and_embeds_everything_anew(desk: Desk) -> None:
    desk.run()
    desk.embedder.calls.clear()
    report = desk.run(full=True)
    assert (report.generation, report.changed) == (2, ("aid.txt", "deep/roles.txt"))
    assert (report.embedded, report.reused, report.unchanged) == (2, 0, 0)
    assert len(desk.embedder.texts) == 2
    assert_consistent(desk.open())


@pytest.mark.parametrize("file", [CATALOG, VECTORS, "manifest.json"])
def test_full_repairs_a_damaged_index_which_is_else_refused(desk: Desk, file: str) -> None:
    desk.run()
    (desk.store.directory(1) / file).write_bytes(b"garbage")
    with pytest.raises(IndexDamaged):
        desk.run()
    report = desk.run(full=True)
    assert (report.generation, report.added) == (2, ("aid.txt", "deep/roles.txt"))
    assert_consistent(desk.open())


def test_a_damaged_generation_is_mended_from_the_one_before_it_and_brought_up_to_date(
    desk: Desk,
) -> None:
    desk.run()
    desk.write("aid.txt", MONEY)
    (desk.corpus / "deep/roles.txt").unlink()
    desk.run()
    (desk.store.directory(2) / VECTORS).write_bytes(b"garbage")
    report = desk.run()
    assert (report.generation, report.changed, report.removed) == (4, ("aid.txt",), ())
    assert set(desk.texts()) == {"aid.txt"}
    assert_consistent(desk.open())


@pytest.mark.parametrize("lost", ["CURRENT", f"generations/000002/{VECTORS}"])
def test_what_was_mended_and_is_up_to_date_is_no_longer_said_to_be_behind(
    desk: Desk, lost: str
) -> None:
    desk.run()
    desk.write("aid.txt", MONEY)
    desk.run()
    (desk.store.root / lost).write_bytes(b"garbage")
    desk.run()
    report = desk.run()
    assert report.added == report.changed == report.removed == ()
    assert desk.store.pointer().damaged is None
    assert_consistent(desk.open())


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_lost_pointer_is_found_again(desk: Desk, content: bytes | None) -> None:
    desk.run()
    (desk.store.root / "CURRENT").unlink()
    if content is not None:
        (desk.store.root / "CURRENT").write_bytes(content)
    desk.write("aid.txt", MONEY)
    report = desk.run()
    assert (report.generation, report.changed, report.unchanged) == (2, ("aid.txt",), 1)
    assert desk.store.pointer() == Pointer(current=2, previous=1)
    assert_consistent(desk.open())


def test_after_a_repair_the_way_back_leads_to_the_last_good_generation(desk: Desk) -> None:
    desk.run()
    desk.write("aid.txt", MONEY)
    desk.run()
    (desk.store.directory(2) / VECTORS).write_bytes(b"garbage")
    desk.run(full=True)
    assert desk.store.pointer() == Pointer(current=3, previous=1)
    desk.store.rollback()
    assert desk.texts()["aid.txt"].strip() == AID.strip()


def test_what_was_refused_is_tried_again_once_the_limits_are_others(desk: Desk) -> None:
    desk.write("aid.txt", "BROKEN")
    desk.run()
    desk.reader.read.clear()
    desk.run()
    assert desk.reader.read == []
    wider = replace(desk.reindexer(), limits=ReadingLimits(max_pages=9_999))
    report = wider.run()
    assert desk.reader.read == ["aid.txt"]
    assert report.failed == (Failure("aid.txt", "it is broken", stale=False),)
    assert wider.run().generation == report.generation


def test_full_takes_another_recipe_which_is_else_refused(desk: Desk) -> None:
    desk.run()
    desk.write("aid.txt", "BROKEN")
    other = recipe_of("other")
    with pytest.raises(IndexMismatch, match="reindex --full"):
        desk.reindexer(other).run()
    report = desk.reindexer(other).run(full=True)
    assert report.failed == (Failure("aid.txt", "it is broken", stale=True),)
    assert desk.store.open(other).catalog.document("aid.txt") is not None


# An index of another version


def later(**changes: object) -> Recipe:
    """That of a later version of this program."""
    return recipe_of().model_copy(update={"reader": 2, **changes})


def test_an_index_of_an_older_version_is_made_anew_with_the_vectors_it_has(desk: Desk) -> None:
    desk.write("money.txt", MONEY)
    desk.run()
    desk.write("aid.txt", "BROKEN")
    (desk.corpus / "money.txt").unlink()
    desk.write("new.txt", "# New\nNobody knew of it.\n")
    desk.embedder.calls.clear()
    desk.reader.read.clear()
    plan = desk.reindexer(later()).run(dry_run=True)
    assert (plan.outdated, plan.changed, plan.removed) == (
        True,
        ("aid.txt", "deep/roles.txt"),
        ("money.txt",),
    )
    report = desk.reindexer(later()).run()
    assert report.outdated
    assert (report.generation, report.added, report.changed) == (
        2,
        ("new.txt",),
        ("deep/roles.txt",),
    )
    assert report.failed == (Failure("aid.txt", "it is broken", stale=True),)
    assert desk.reader.read == ["aid.txt", "deep/roles.txt", "new.txt"]
    assert desk.embedder.texts == ["# New\nNobody knew of it."]
    generation = desk.store.open(later())
    assert generation.catalog.document_names() == {"aid.txt", "deep/roles.txt", "new.txt"}
    assert_consistent(generation)
    again = desk.reindexer(later()).run()
    assert (again.outdated, again.generation, again.unchanged) == (False, 2, 2)


def test_vectors_of_another_model_are_not_taken_over(desk: Desk) -> None:
    desk.run()
    desk.embedder.calls.clear()
    report = desk.reindexer(later(fingerprint="1" * 64)).run()
    assert (report.outdated, report.embedded, report.reused) == (True, 2, 0)
    assert len(desk.embedder.texts) == 2


def test_an_empty_index_of_an_older_version_becomes_one_of_this(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.run()
    assert desk.reindexer(later()).run().outdated
    assert desk.store.open(later()).number == 2


def test_an_index_of_an_older_version_is_not_wiped_by_a_lost_mount(desk: Desk) -> None:
    desk.run()
    shutil.rmtree(desk.corpus)
    with pytest.raises(CorpusUnavailable):
        desk.reindexer(later()).run()
    desk.corpus.mkdir()
    with pytest.raises(CorpusShrunk):
        desk.reindexer(later()).run()
    assert set(desk.texts()) == {"aid.txt", "deep/roles.txt"}


@pytest.mark.parametrize("file", [CATALOG, VECTORS, "manifest.json", "../../CURRENT"])
def test_a_damaged_index_of_an_older_version_is_made_anew(desk: Desk, file: str) -> None:
    desk.run()
    desk.write("money.txt", MONEY)
    (desk.corpus / "aid.txt").unlink()
    desk.run()
    (desk.store.directory(2) / file).write_bytes(b"garbage")
    assert desk.reindexer(later()).run().outdated
    generation = desk.store.open(later())
    assert generation.catalog.document_names() == {"deep/roles.txt", "money.txt"}
    assert_consistent(generation)


def test_an_index_of_a_later_version_is_left_alone_unless_somebody_insists(desk: Desk) -> None:
    desk.reindexer(later()).run()
    desk.write("aid.txt", MONEY)
    for dry_run in (True, False):
        with pytest.raises(IndexNewer, match="of a later version of this program"):
            desk.run(dry_run=dry_run)
    assert desk.store.open(later()).number == 1
    assert desk.run(full=True).generation == 2
    assert_consistent(desk.open())


def test_a_dry_run_tells_what_would_change_and_writes_nothing(desk: Desk) -> None:
    report = desk.run(dry_run=True)
    assert replace(report, seconds=0.0) == ReindexReport(
        generation=None,
        documents=2,
        passages=0,
        added=("aid.txt", "deep/roles.txt"),
        dry_run=True,
    )
    assert not desk.store.root.exists()
    desk.write("good then bad.txt", MONEY)
    desk.run()
    desk.write("good then bad.txt", "BROKEN")
    desk.run()
    before, desk.loads, desk.reader.read = desk.files(), 0, []
    desk.write("aid.txt", MONEY)
    desk.write("new.txt", MONEY)
    desk.write("new.jpg", "x")
    (desk.corpus / "deep" / "roles.txt").unlink()
    report = desk.run(dry_run=True)
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
    assert desk.files() == before
    assert (desk.loads, desk.reader.read) == (0, [])


def desk_problem(name: str) -> str:
    suffixes = ", ".join(sorted(SUFFIXES))
    return f"{Path(name).suffix} files are not read; convert it to one of {suffixes}"


def test_a_dry_run_goes_on_beside_a_reindex(desk: Desk) -> None:
    desk.run()
    with desk.store.lock():
        assert desk.run(dry_run=True).unchanged == 2


# What cannot be read


def test_a_file_that_cannot_be_read_stops_no_other(desk: Desk) -> None:
    desk.write("bad.txt", "BROKEN")
    desk.write("picture.jpg", "x")
    report = desk.run()
    assert report.added == ("aid.txt", "deep/roles.txt")
    assert report.failed == (
        Failure("bad.txt", "it is broken", stale=False),
        Failure("picture.jpg", desk_problem("picture.jpg"), stale=False),
    )
    assert desk.row("bad.txt").failure == "it is broken"
    again = desk.run()
    assert (again.generation, again.failed, again.unchanged) == (1, report.failed, 2)
    assert desk.reader.read.count("bad.txt") == 1


class Yesterday(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Yesterday:
        return cls(2026, 1, 5, 12, tzinfo=tz)


def test_a_document_that_cannot_be_read_any_more_answers_from_its_last_good_version(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(index.indexing.reindex, "datetime", Yesterday)
        desk.run()
    desk.write("aid.txt", "BROKEN")
    for full in (False, False, True, False):
        report = desk.run(full=full)
        assert report.failed == (Failure("aid.txt", "it is broken", stale=True),)
        assert (report.documents, report.passages) == (2, 2)
        assert by_words(desk.open(), "ships")
        assert desk.row("aid.txt").failure == "it is broken"
        assert desk.row("aid.txt").indexed_at == "2026-01-05T12:00:00+00:00"
        assert_consistent(desk.open())


def test_a_stale_document_becomes_good_again(desk: Desk) -> None:
    desk.run()
    desk.write("aid.txt", "BROKEN")
    desk.run()
    desk.embedder.calls.clear()
    desk.write("aid.txt", AID)
    report = desk.run()
    assert (report.changed, report.failed, report.embedded) == (("aid.txt",), (), 0)
    assert desk.row("aid.txt").failure is None
    desk.write("aid.txt", "BROKEN")
    desk.run()
    desk.write("aid.txt", MONEY)
    assert desk.run().failed == ()
    assert desk.texts()["aid.txt"] == MONEY + "\n"
    assert_consistent(desk.open())


def test_a_stale_document_that_is_removed_is_gone(desk: Desk) -> None:
    desk.run()
    path = desk.write("aid.txt", "BROKEN")
    desk.run()
    path.unlink()
    report = desk.run()
    assert (report.removed, report.failed) == (("aid.txt",), ())
    assert set(desk.texts()) == {"deep/roles.txt"}
    assert_consistent(desk.open())


def test_a_failed_file_that_is_removed_is_forgotten(desk: Desk) -> None:
    path = desk.write("bad.txt", "BROKEN")
    desk.run()
    path.unlink()
    report = desk.run()
    assert (report.removed, report.failed) == ((), ())
    assert {row.name for row in desk.open().catalog.rows()} == {"aid.txt", "deep/roles.txt"}


def test_a_file_that_is_good_now_takes_the_place_of_a_failed_one(desk: Desk) -> None:
    desk.write("bad.txt", "BROKEN")
    desk.run()
    desk.write("bad.txt", MONEY)
    assert desk.run().added == ("bad.txt",)
    assert desk.row("bad.txt").failure is None


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
    desk: Desk, closed: set[str]
) -> None:
    desk.run()
    closed.add("deep")
    for full in (False, False, True, False):
        report = desk.run(full=full)
        assert report.removed == ()
        assert Failure("deep/roles.txt", CLOSED, stale=True) in report.failed
        assert by_words(desk.open(), "troops")
        assert_consistent(desk.open())
    closed.clear()
    desk.embedder.calls.clear()
    report = desk.run()
    assert (report.failed, report.removed, report.embedded) == ((), (), 0)
    assert desk.row("deep/roles.txt").failure is None
    again = desk.run()
    assert (again.generation, again.unchanged) == (report.generation, 2)
    assert_consistent(desk.open())


def test_a_bad_file_in_a_closed_folder_keeps_its_own_reason(desk: Desk, closed: set[str]) -> None:
    desk.write("deep/bad.txt", "BROKEN")
    desk.run()
    closed.add("deep")
    for full in (False, True):
        failed = desk.run(full=full).failed
        assert Failure("deep/bad.txt", "it is broken", stale=False) in failed
        assert failed == desk.run(dry_run=True).failed
    closed.clear()
    assert desk.run().failed == (Failure("deep/bad.txt", "it is broken", stale=False),)


def test_what_was_removed_from_a_closed_folder_is_seen_once_it_opens(
    desk: Desk, closed: set[str]
) -> None:
    desk.run()
    closed.add("deep")
    (desk.corpus / "deep" / "roles.txt").unlink()
    assert desk.run().removed == ()
    closed.clear()
    assert desk.run().removed == ("deep/roles.txt",)
    assert set(desk.texts()) == {"aid.txt"}


def test_a_name_of_any_bytes_is_indexed_by_the_real_reader(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    path = os.fsencode(desk.corpus) + b"/caf\xe9.txt"
    with open(path, "wb") as file:  # noqa: PTH123 # Path takes no bytes
        file.write(b"a text of one line that is far too long to be taken for a title " * 5)
    desk.write("new\nline 😀.txt", AID)
    reindexer = replace(desk.reindexer(), read=read_documents)
    assert reindexer.run().added == ("caf\\xe9.txt", "new\nline 😀.txt")
    assert desk.row("caf\\xe9.txt").title == "caf\\xe9"
    assert reindexer.run().unchanged == 2
    assert_consistent(desk.open())


# Incremental and full, any history


NAMES = ["a.txt", "b.txt", "f/c.txt"]
TEXTS = [AID, ROLES, MONEY, AID + "More about Norway.\n", "BROKEN one", "BROKEN two"]
STEP = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("reindex"), st.just(""), st.just("")),
    st.tuples(st.just("reindex"), st.just(""), st.just("full")),
)


@settings(max_examples=40)
@given(st.lists(STEP, max_size=14))
def test_any_history_ends_where_a_full_build_begins(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    good: dict[str, str] = {}

    def reindex(*, full: bool) -> None:
        """Reindexes, and finds what a look at the corpus says should be there."""
        report = desk.run(full=full)
        on_disk = {name: (desk.corpus / name) for name in NAMES}
        now = {name: path.read_text() for name, path in on_disk.items() if path.exists()}
        for name in set(good) - set(now):
            del good[name]
        good.update({n: f"{text}\n" for n, text in now.items() if not text.startswith("BROKEN")})
        assert desk.texts() == good
        failed = {n for n, text in now.items() if text.startswith("BROKEN")}
        assert {failure.document for failure in report.failed} == failed
        assert {f.document for f in report.failed if f.stale} == failed & set(good)
        assert {row.name for row in desk.open().catalog.rows() if row.failure} == failed
        named = {*report.added, *report.changed, *failed}
        assert len(named) + report.unchanged == len(now)
        assert_consistent(desk.open())

    for act, name, argument in steps:
        path = desk.corpus / name
        if act == "write":
            desk.write(name, argument)
        elif act == "reindex":
            reindex(full=bool(argument))
        elif path.is_file() and act == "remove":
            path.unlink()
        elif path.is_file() and act == "move":
            (desk.corpus / argument).parent.mkdir(exist_ok=True)
            path.rename(desk.corpus / argument)
        elif path.is_file() and act == "touch":
            os.utime(path)
    reindex(full=False)
    incremental = desk.open()
    before = desk.run().generation
    assert before == incremental.number
    reindex(full=True)
    assert_same(incremental, desk.open())


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
        assert self.go_on.wait(20)
        return super().embed_passages(texts, embedded)  # type: ignore[arg-type] # passed through


def test_a_reader_is_not_disturbed_and_a_second_reindex_declines(desk: Desk) -> None:
    desk.run()
    reader = desk.open()
    desk.embedder = pausing = Pausing()
    desk.write("aid.txt", MONEY)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(desk.run)
        assert pausing.begun.wait(20)
        try:
            with pytest.raises(IndexBusy):
                desk.run()
            for generation in (reader, desk.open()):
                assert generation.number == 1
                assert by_words(generation, "ships")
                assert_consistent(generation)
        finally:
            pausing.go_on.set()
        assert running.result().generation == 2
    assert by_words(reader, "ships")
    assert by_words(desk.open(), "ships") == {}
    assert by_words(desk.open(), "billion")


def test_two_reindexes_at_once_are_never_a_mixture(desk: Desk) -> None:
    for n in range(6):
        desk.write(f"{n}.txt", f"# T{n}\nBriefing number {n}.\n")

    def attempt(_: int) -> bool:
        try:
            desk.reindexer().run()
        except IndexBusy:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(12)))
    assert any(outcomes)
    assert desk.open().number == 1
    assert len(desk.texts()) == 8
    assert_consistent(desk.open())


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
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run()
    monkeypatch.setattr(index.indexing.reindex, "_PASSAGES_AT_ONCE", 1)
    desk.write("aid.txt", MONEY)
    desk.write("deep/roles.txt", "# Other\nSomething else.")
    good, desk.embedder = desk.embedder, Failing()
    with pytest.raises(RuntimeError, match="out of memory"):
        desk.run()
    assert desk.texts()["aid.txt"] == AID + "\n"
    assert desk.open().number == 1
    assert not (desk.store.root / "generations" / ".staging").exists()
    desk.embedder = good
    assert desk.run().changed == ("aid.txt", "deep/roles.txt")
    assert_consistent(desk.open())


def test_a_full_disk_leaves_the_old_generation_wherever_it_fills_up(small_disk: Path) -> None:
    desk = Desk(small_disk)
    desk.write("aid.txt", AID)
    desk.run()
    outcomes, reasons = set(), []
    for free in range(0, 160, 4):
        desk.write("aid.txt", f"# Aid\nVersion {free}.\n")
        before = desk.texts()
        stat = os.statvfs(small_disk)
        filler = small_disk / "filler"
        try:
            filler.write_bytes(b"\1" * max(0, stat.f_bavail * stat.f_frsize - free * 1024))
            try:
                desk.run()
                outcomes.add("written")
                assert desk.texts() == {"aid.txt": f"# Aid\nVersion {free}.\n\n"}
            except IndexNotWritten as exc:
                outcomes.add("not written")
                reasons.append(str(exc))
                assert desk.texts() == before
            assert_consistent(desk.open())
        finally:
            filler.unlink()
        desk.run()
        assert desk.texts() == {"aid.txt": f"# Aid\nVersion {free}.\n\n"}
    assert outcomes == {"written", "not written"}
    assert [reason for reason in reasons if "disk is full" not in reason] == []


def test_a_file_that_cannot_grow_leaves_the_old_generation(
    desk: Desk, file_size_limit: Callable[[int], AbstractContextManager[None]]
) -> None:
    """As on a full disk, for everybody: no file may be larger than so many bytes."""
    desk.run()
    outcomes = set()
    for size in (0, 10, 100, 500, 1000, 4096, 20_000, 60_000, 10_000_000):
        desk.write("aid.txt", f"# Aid\nVersion {size}.\n")
        before = desk.texts()
        with file_size_limit(size):
            try:
                desk.run()
                outcomes.add("written")
            except IndexNotWritten:
                outcomes.add("not written")
                assert desk.texts() == before
        assert_consistent(desk.open())
        desk.run()
        assert f"Version {size}." in desk.texts()["aid.txt"]
    assert outcomes == {"written", "not written"}


def test_a_read_only_index_folder_goes_on_answering(
    small_disk: Path, read_only: Callable[[Path], None]
) -> None:
    desk = Desk(small_disk)
    desk.write("aid.txt", AID)
    desk.run()
    desk.write("aid.txt", MONEY)
    read_only(small_disk)
    with pytest.raises(IndexNotWritten, match="Read-only file system"):
        desk.run()
    assert desk.texts() == {"aid.txt": AID + "\n"}
    assert desk.run(dry_run=True).changed == ("aid.txt",)


def test_rolling_back_brings_the_old_answers_and_reindexing_the_new(desk: Desk) -> None:
    desk.run()
    desk.write("aid.txt", MONEY)
    desk.run()
    with desk.store.lock():
        desk.store.rollback()
    assert by_words(desk.open(), "ships")
    report = desk.run()
    assert (report.generation, report.changed) == (3, ("aid.txt",))
    assert by_words(desk.open(), "billion")
    assert_consistent(desk.open())
