"""What a rollback took back is not taken in by itself, whatever happens afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import index.store.folder.store
from index.errors import IndexDamaged
from index.indexing.report import ReindexReport
from index.parsing import HiddenContent, ParsingOptions, parse_files
from index.store.folder.generation_files import CATALOG, MANIFEST
from index.store.folder.recovery import recover
from index.store.segments.files import VECTORS
from testing.budget import one_in
from testing.desk import Desk
from testing.made_files import zipped

GOOD, BAD, BETTER = "# Plan\n\nForty trucks.\n", "# Plan\n\nNo trucks.\n", "# Plan\n\nFifty.\n"
CLOSED = "---\naudience: planners\n---\n"
PLAN, NEW = "plan.md", "new.md"


class Team(Desk):
    """A corpus whose plan became a bad one, beside a new document, and was rolled back."""

    def reindex(
        self, *release: str, full: bool = False, dry_run: bool = False, anew: bool = False
    ) -> ReindexReport:
        options = ParsingOptions(frozenset({HiddenContent.NOTES} if anew else ()))
        reindexer = self.reindexer(parse=parse_files, options=options)
        return reindexer.run(full=full, dry_run=dry_run, release=release, drop_missing=True)

    def texts(self) -> dict[str, str]:
        return {name: text for name, text in super().texts().items() if name != "other.md"}

    @property
    def current(self) -> Path:
        return self.store.directory(self.store.pointer().current)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    team = Team(tmp_path)
    team.write("other.md", "# Other\n\nWords for all.\n")
    team.write(PLAN, GOOD)
    team.reindex()
    team.write(PLAN, BAD)
    team.write(NEW, "# New\n\nNobody has checked this.\n")
    team.reindex()
    team.roll_back()
    return team


def held(report: ReindexReport) -> tuple[str, ...]:
    return tuple(each.name for each in report.held)


def only_the_good_answers(team: Team) -> bool:
    return team.texts() == {PLAN: GOOD}


def reindexed(team: Team) -> None:
    team.reindex()


def made_anew(team: Team) -> None:
    team.reindex(full=True)


def made_anew_by_another_version(team: Team) -> None:
    team.reindex(anew=True)


def another_document_came(team: Team) -> None:
    team.write("other.md", "# Other\n\nOther words for all.\n")
    assert team.reindex().changed == ("other.md",)


def touched(team: Team) -> None:
    for name in (PLAN, NEW):
        text = (team.corpus / name).read_text()
        (team.corpus / name).unlink()
        team.write(name, text)


def pointer_lost(team: Team) -> None:
    (team.store.root / "CURRENT").unlink()
    with team.store.lock():
        recover(team.store)


ACTS: tuple[Callable[[Team], None], ...] = (
    reindexed,
    made_anew,
    made_anew_by_another_version,
    another_document_came,
    touched,
    pointer_lost,
)


@pytest.mark.parametrize("act", one_in(4, ACTS))
@pytest.mark.parametrize("then", ACTS)
def test_no_later_act_brings_it_back(
    team: Team, act: Callable[[Team], None], then: Callable[[Team], None]
) -> None:
    act(team)
    assert only_the_good_answers(team)
    if act != then:
        then(team)
    assert held(team.reindex()) == (NEW, PLAN)
    assert only_the_good_answers(team)


def test_it_is_said_what_is_held(team: Team) -> None:
    would = team.reindex(dry_run=True)
    assert (would.added, would.changed, held(would)) == ((), (), (NEW, PLAN))
    assert [each.documents for each in team.store.quarantine().taken_back] == [
        ((NEW, None),),
        ((PLAN, None),),
    ]


def test_it_is_released_by_its_name_alone(team: Team) -> None:
    report = team.reindex(PLAN)
    assert (report.changed, report.added, held(report)) == ((PLAN,), (), (NEW,))
    assert team.texts() == {PLAN: BAD}
    assert held(team.reindex(NEW, full=True)) == ()
    assert NEW in team.texts()
    assert not (team.store.root / "HELD").exists()
    assert held(team.reindex(full=True)) == ()


def test_a_file_that_was_changed_is_another_version(team: Team) -> None:
    team.write(PLAN, BETTER)
    report = team.reindex()
    assert (report.changed, held(report)) == ((PLAN,), (NEW,))
    team.write(PLAN, BAD)
    assert held(team.reindex()) == (NEW, PLAN)
    assert team.texts() == {PLAN: BETTER}


def test_another_name_does_not_bring_it_back(team: Team) -> None:
    (team.corpus / NEW).rename(team.corpus / "other name.md")
    report = team.reindex()
    assert (report.added, held(report)) == ((), ("other name.md", PLAN))
    team.reindex("other name.md")
    for full in (False, True):
        assert held(team.reindex(full=full)) == (PLAN,)
        assert "other name.md" in team.texts()


def test_a_copy_that_answered_all_along_goes_on(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.write("copy.md", BAD)
    team.write(PLAN, GOOD)
    team.reindex()
    team.write(PLAN, BAD)
    team.reindex()
    team.roll_back()
    for full in (False, True):
        assert held(team.reindex(full=full)) == (PLAN,)
        assert team.texts() == {"copy.md": BAD, PLAN: GOOD}


def test_forward_again_brings_it_back(team: Team) -> None:
    team.roll_back()
    assert team.texts()[PLAN] == BAD
    assert held(team.reindex()) == ()
    assert team.texts()[PLAN] == BAD


def test_an_index_that_cannot_be_read_any_more_leaves_it_out(team: Team) -> None:
    """As when a version of this program with another format comes."""
    shutil.rmtree(team.store.root / "generations")
    (team.store.root / "CURRENT").unlink()
    assert held(team.reindex()) == (NEW, PLAN)
    assert team.texts() == {}


def damage(generation: Path, file: str) -> None:
    (path,) = generation.glob(f"*{file}")
    path.unlink()  # the generation before may have the same file
    path.write_bytes(b"damaged")


@pytest.mark.parametrize("file", [CATALOG, VECTORS, MANIFEST])
def test_healing_does_not_bring_it_back(team: Team, file: str) -> None:
    damage(team.current, file)
    assert held(team.reindex()) == (NEW, PLAN)
    assert BAD not in team.texts().values()


@pytest.mark.parametrize("file", [CATALOG, VECTORS, MANIFEST])
def test_where_nobody_knows_what_was_taken_back_all_that_differs_is_held(
    tmp_path: Path, file: str
) -> None:
    team = Team(tmp_path)
    team.write(PLAN, GOOD)
    team.reindex()
    team.write(PLAN, BAD)
    team.write(NEW, "# New\n")
    team.reindex()
    damage(team.current, file)
    team.roll_back()
    for full in (False, True):
        assert held(team.reindex(full=full)) == (NEW, PLAN)
        assert team.texts() == {PLAN: GOOD}
    team.write("later.md", "# Later\n")
    assert team.reindex().added == ("later.md",)


def test_so_it_is_where_what_is_held_is_damaged(team: Team) -> None:
    (team.store.root / "HELD").write_bytes(b"{}")
    assert held(team.reindex()) == (NEW, PLAN)
    assert only_the_good_answers(team)


def test_a_rollback_that_did_not_come_to_its_end_holds_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.reindex(PLAN, NEW)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(index.store.folder.store.IndexStore, "publish_copy", killed)
        with pytest.raises(KeyboardInterrupt):
            team.roll_back()
    assert (team.store.root / "HELD").exists()
    assert held(team.reindex(full=True)) == ()
    assert team.texts()[PLAN] == BAD
    assert not (team.store.root / "HELD").exists()


def test_a_purge_leaves_nothing_of_it(team: Team) -> None:
    (team.corpus / NEW).unlink()
    with team.store.lock():
        team.store.purge(NEW)
    assert NEW not in (team.store.root / "HELD").read_text()
    assert held(team.reindex()) == (PLAN,)


# Rights come first


def test_what_is_removed_goes_although_it_is_held(team: Team) -> None:
    (team.corpus / PLAN).unlink()
    assert team.reindex().removed == (PLAN,)
    assert team.texts() == {}


@pytest.mark.parametrize("full", [False, True])
def test_what_is_removed_after_it_was_made_anew_goes(team: Team, full: bool) -> None:
    made_anew(team)
    (team.corpus / PLAN).unlink()
    team.reindex(full=full)
    assert team.texts() == {}


@pytest.mark.parametrize("full", [False, True])
def test_what_is_closed_is_closed_although_it_is_held(team: Team, full: bool) -> None:
    team.write(PLAN, CLOSED + BAD)
    report = team.reindex(full=full)
    assert held(report) == (NEW,)
    assert team.store.open(None).catalog.versions()[PLAN].audience == "planners"


@pytest.mark.parametrize("full", [False, True])
def test_a_version_for_others_stays_out_with_what_it_closed(tmp_path: Path, full: bool) -> None:
    team = Team(tmp_path)
    team.write(PLAN, GOOD)
    team.reindex()
    team.write(PLAN, CLOSED + GOOD)
    team.reindex()
    team.roll_back()
    assert team.texts() == {}
    assert held(team.reindex(full=full)) == (PLAN,)
    assert team.texts() == {}
    team.write(PLAN, GOOD)
    team.reindex()
    team.write(PLAN, CLOSED + GOOD)  # as it was taken back
    assert held(team.reindex(full=full)) == (PLAN,)
    assert team.texts() == {}, "it was closed, so what answered does not any more"


def test_other_front_matter_leaves_what_answers(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.write(PLAN, "---\ndate: 2026-01-06\n---\n" + GOOD)
    team.reindex()
    team.write(PLAN, "---\ndate: 2026-01-07\n---\n" + BAD)
    team.reindex()
    team.roll_back()
    for full in (False, True):
        team.reindex(full=full)
        assert "Forty" in team.texts()[PLAN]


def test_what_lies_in_an_archive_is_held_with_it(tmp_path: Path) -> None:
    team = Team(tmp_path)

    def pack(plan: str) -> None:
        packed = zipped({"note.txt": "A note.", PLAN: plan})
        (team.corpus / "bundle.zip").write_bytes(packed)

    pack(GOOD)
    team.reindex()
    pack(BAD)
    team.reindex()
    team.roll_back()
    for full in (False, True):
        assert held(team.reindex(full=full)) == ("bundle.zip",)
        assert team.texts() == {"bundle.zip/note.txt": "A note.", "bundle.zip/plan.md": GOOD}
    team.reindex("bundle.zip")
    assert team.texts()["bundle.zip/plan.md"] == BAD


def test_what_was_withheld_already_was_not_taken_back(team: Team) -> None:
    team.reindex(PLAN, NEW)
    team.write(PLAN, BETTER)
    team.reindex()
    with team.store.lock():
        team.store.withhold([PLAN])
    team.roll_back()
    assert held(team.reindex()) == ()
    assert team.texts()[PLAN] == BETTER


def test_nothing_answers_where_all_is_lost(team: Team) -> None:
    (team.store.root / "CURRENT").write_bytes(b"damaged")
    (team.store.directory(3) / CATALOG).write_bytes(b"damaged")
    with pytest.raises(IndexDamaged):
        team.reindex()
    assert held(team.reindex(full=True)) == (NEW, PLAN)
