"""What changed in the corpus changes in the index, and nothing else."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.indexing.build
import index.sources.folder
from index.document import Document
from index.errors import (
    CorpusShrunk,
    CorpusUnavailable,
)
from index.indexing.report import ReindexReport
from index.parsing import ParsingLimits, ParsingOptions, parse_files
from index.sources.folder import CorpusFile
from testing.budget import amount
from testing.fakes import LineParser, recipe_of
from tests.index.indexing.workbench import (
    AID,
    MONEY,
    ROLES,
    Workbench,
    assert_consistent,
    by_words,
)

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
    before = workbench.files()
    elsewhere = workbench.corpus.rename(workbench.root / "elsewhere")
    for dry_run in (True, False):
        with pytest.raises(CorpusUnavailable):
            workbench.run(dry_run=dry_run)
    after = workbench.files()
    after.pop("lock"), before.pop("lock")
    assert after == before
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
