"""Documents inside of files, in the index: they come, change and go with their file."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import CorpusShrunk
from index.indexing.report import ReindexReport
from index.store.catalog.catalog import Catalog
from index.store.pointer import Takeover
from testing.desk import Desk
from testing.made_files import zipped

PLAN, PAY = "The convoy goes north on Tuesday.", "Ines Vidal gets nine crowns."


class Bench(Desk):
    """A corpus with an archive, and its index."""

    def pack(self, name: str = "a.zip", **members: str) -> None:
        named = {one.replace("__", "/").replace("_", "."): text for one, text in members.items()}
        (self.corpus / name).write_bytes(zipped(named))

    def run(self, *, full: bool = False, drop: bool | list[str] = True) -> ReindexReport:
        return self.reindexer().run(full=full, drop_missing=drop)

    @property
    def catalog(self) -> Catalog:
        return self.store.open(None).catalog

    def found(self, word: str) -> set[str]:
        """The documents that a word leads to, by the passages and by their vectors."""
        generation = self.store.open(None)
        keys = [key for key, _ in generation.catalog.search(word, 9)]
        near = generation.vectors.search(self.embedder.embed_query(word), 9)
        keys += [key for key, score in near if score > 0.1]
        return {one.document for one in generation.catalog.passages(keys).values()}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.pack(plan_txt=PLAN, hr__pay_txt=PAY, photo_png="x")
    bench.run()
    return bench


def test_they_answer_and_their_file_has_the_remarks(bench: Bench) -> None:
    assert bench.texts() == {"a.zip/hr/pay.txt": PAY, "a.zip/plan.txt": PLAN}
    assert bench.found("convoy") == {"a.zip/plan.txt"}
    assert [(row.name, row.file, row.passages, row.remarks) for row in bench.catalog.rows()] == [
        ("a.zip", "", 0, ("The file photo.png was not read: .png files are not read.",)),
        ("a.zip/hr/pay.txt", "a.zip", 1, ()),
        ("a.zip/plan.txt", "a.zip", 1, ()),
    ]


def test_nothing_is_read_again_where_the_file_is_the_same(bench: Bench) -> None:
    report = bench.run()
    assert (report.documents, report.unchanged, report.generation) == (2, 2, 1)
    assert not any((report.added, report.changed, report.removed))


def test_one_that_is_the_same_in_a_changed_file_is_not_embedded_again(bench: Bench) -> None:
    bench.embedder.calls.clear()
    bench.pack(plan_txt=PLAN, hr__pay_txt="Ines Vidal gets ten crowns.", new_txt="Bread.")
    report = bench.run()
    assert (report.added, report.changed, report.removed) == (
        ("a.zip/new.txt",),
        ("a.zip/hr/pay.txt",),
        (),
    )
    assert (report.embedded, report.reused) == (2, 1)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("instead", [{}, {"hr__pay_pages": "x"}, {"hr__pay_txt": ""}])
def test_one_that_is_gone_or_not_read_keeps_no_stale_version(
    bench: Bench, instead: dict[str, str], full: bool
) -> None:
    bench.pack(plan_txt=PLAN, **instead)
    assert bench.run(full=full).removed == ("a.zip/hr/pay.txt",)
    assert bench.texts() == {"a.zip/plan.txt": PLAN}
    assert bench.found("Vidal crowns") == set()
    assert bench.run(full=full).removed == ()


@pytest.mark.parametrize("full", [False, True])
def test_a_file_that_cannot_be_read_answers_as_before(bench: Bench, full: bool) -> None:
    (bench.corpus / "a.zip").write_bytes(b"PK")
    report = bench.run(full=full)
    assert [(one.document, one.stale) for one in report.failed] == [("a.zip", True)]
    assert bench.texts() == {"a.zip/hr/pay.txt": PAY, "a.zip/plan.txt": PLAN}
    assert bench.catalog.file_sha256("a.zip") is None
    bench.pack(plan_txt=PLAN)
    assert bench.run().removed == ("a.zip/hr/pay.txt",)


def test_all_go_with_their_file(bench: Bench) -> None:
    (bench.corpus / "other.txt").write_text("Other words.")
    (bench.corpus / "a.zip").unlink()
    report = bench.run()
    assert report.removed == ("a.zip/hr/pay.txt", "a.zip/plan.txt")
    assert bench.texts() == {"other.txt": "Other words."}
    assert bench.found("convoy") == bench.found("crowns") == set()


def test_a_file_may_become_a_folder_and_a_folder_a_file(bench: Bench) -> None:
    (bench.corpus / "a.zip").unlink()
    (bench.corpus / "a.zip").mkdir()
    (bench.corpus / "a.zip/plan.txt").write_text("A file of its own.")
    bench.run()
    assert bench.texts() == {"a.zip/plan.txt": "A file of its own."}
    (bench.corpus / "a.zip/plan.txt").unlink()
    (bench.corpus / "a.zip").rmdir()
    bench.pack(plan_txt=PLAN)
    bench.run()
    assert bench.texts() == {"a.zip/plan.txt": PLAN}
    assert bench.found("convoy") == {"a.zip/plan.txt"}


def test_a_file_counts_once_however_many_documents_it_holds(bench: Bench) -> None:
    for name in ("b.txt", "c.txt", "d.txt"):
        (bench.corpus / name).write_text(f"Words of {name}.")
    bench.pack(**{f"{number}_txt": f"Number {number}." for number in range(20)})
    bench.run()
    (bench.corpus / "a.zip").unlink()
    assert len(bench.run(drop=False).removed) == 20
    for name in ("b.txt", "c.txt"):
        (bench.corpus / name).unlink()
    with pytest.raises(CorpusShrunk):
        bench.run(drop=False)
    assert bench.run(drop=["b.txt"]).removed == ("b.txt", "c.txt")


def test_going_back_without_one_reads_its_file_again(bench: Bench) -> None:
    with bench.store.lock():
        bench.store.publish_copy(bench.store.open(None), ["a.zip/plan.txt"], Takeover())
    assert bench.texts() == {"a.zip/hr/pay.txt": PAY}
    bench.run()
    assert bench.texts() == {"a.zip/hr/pay.txt": PAY, "a.zip/plan.txt": PLAN}
