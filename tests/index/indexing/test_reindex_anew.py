"""Indexes that are made anew: in full, after damage, of another version; dry runs; any history."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import (
    CorpusShrunk,
    CorpusUnavailable,
    IndexDamaged,
    IndexMismatch,
    IndexNewer,
    IndexOutdated,
)
from index.indexing.report import Failure, ReindexReport
from index.parsing import ParsingLimits
from index.store.folder.generation_files import CATALOG, MANIFEST
from index.store.generation import Recipe, digest_of
from index.store.pointer import Pointer
from testing.budget import amount
from testing.fakes import recipe_of
from tests.index.indexing.workbench import (
    AID,
    MONEY,
    ROLES,
    Workbench,
    assert_consistent,
    assert_same,
    desk_problem,
)

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


def test_a_dry_run_goes_on_beside_a_reindex(workbench: Workbench) -> None:
    workbench.run()
    with workbench.store.lock():
        assert workbench.run(dry_run=True).unchanged == 2


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
