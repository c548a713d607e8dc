"""What is removed or closed while a reindex goes on for hours does not answer any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.access import Access, Audience, Person, Policy
from bot.access.viewers import OPERATOR
from index.document import Document
from index.errors import UnreadableDocument
from index.indexing import withholding
from index.indexing.plan import Plan
from index.indexing.report import ReindexReport
from index.indexing.withholding import Withholding
from index.parsing import parse_files
from index.store.current import CurrentGeneration
from testing.clock import wait_until
from testing.desk import Desk

PLANNERS = Audience(roles=frozenset({222}))
POLICY = Policy(
    guilds=frozenset({111}),
    audiences={**Policy().audiences, "planners": PLANNERS},
    path=Path("policy.toml"),
)
OUTSIDER = Person(5, guilds=frozenset({111}), at_home=True)
PLAN, OTHER = "plan.md", "other.md"
CLOSED = "---\naudience: planners\n---\n# Plan\n\nThe codeword is swordfish.\n"


class Killed(BaseException):
    """As by kill -9: nothing that would be done at the end is done."""


class Team(Desk):
    """A corpus with two documents, and a reindex that can be looked at while it goes on."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.current = CurrentGeneration(self.store, None)
        self.access = Access(self.current, POLICY)
        self.write(PLAN, "# Plan\n\nThe codeword is swordfish.\n")
        self.write(OTHER, "# Other\n\nWords for all.\n")
        for number in range(3):
            self.write(f"more-{number}.md", f"# More {number}\n\nOf the same.\n")
        self.reindex()

    def reindex(
        self, meanwhile: Callable[[], None] = lambda: None, *, full: bool = False
    ) -> ReindexReport:
        """Reindex; when the first file is parsed, `meanwhile` is called once."""

        def parse(*files: Any, **limits: Any) -> Iterator[Document | UnreadableDocument]:
            meanwhile()
            yield from parse_files(*files, **limits)

        return self.reindexer(parse=parse).run(full=full)

    def seen(self) -> set[str]:
        """Which of the two documents anybody sees, the operator included."""
        generation = self.current.generation()
        found = set()
        for viewer in (OUTSIDER, OPERATOR):
            visible = self.access.visible_in(generation, viewer)
            names = generation.catalog.document_names()
            found |= names if visible is None else set(visible)
            found |= {name for name in names if self.access.may_see(viewer, name, generation)}
        answering = generation.answering(None)
        asked = generation.catalog.document_names() if answering is None else set(answering)
        assert asked == found & generation.catalog.document_names()
        return found & {PLAN, OTHER}


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    monkeypatch.setattr(withholding, "_EVERY", 0.01)
    return Team(tmp_path)


def removed(team: Team) -> None:
    (team.corpus / PLAN).unlink()


def closed(team: Team) -> None:
    team.write(PLAN, CLOSED)


CHANGES = pytest.mark.parametrize("change", [removed, closed])


@CHANGES
def test_what_was_changed_before_is_withheld_from_the_beginning(
    team: Team, change: Callable[[Team], None]
) -> None:
    seen: list[set[str]] = []
    change(team)
    team.write("new.md", "# New\n")
    assert team.seen() == {PLAN, OTHER}  # nobody has looked yet
    team.reindex(lambda: seen.append(team.seen()))
    assert seen == [{OTHER}]
    assert not team.store.pointer().withheld


@CHANGES
@pytest.mark.parametrize("full", [False, True])
def test_what_is_changed_meanwhile_is_withheld_until_the_next_reindex(
    team: Team, change: Callable[[Team], None], full: bool
) -> None:
    def meanwhile() -> None:
        change(team)
        wait_until(lambda: team.seen() == {OTHER})

    team.write("new.md", "# New\n")
    team.reindex(meanwhile, full=full)
    # Parsed before or after: nobody can tell, so it does not answer.
    assert team.seen() == {OTHER}
    team.roll_back()
    assert team.seen() == {OTHER}
    team.roll_back()
    assert team.seen() == {OTHER}
    team.reindex()
    assert not team.access.may_see(OUTSIDER, PLAN, team.current.generation()) or change is removed
    assert not team.store.pointer().withheld


@CHANGES
def test_what_is_withheld_stays_so_after_a_kill(team: Team, change: Callable[[Team], None]) -> None:
    def meanwhile() -> None:
        change(team)
        wait_until(lambda: team.seen() == {OTHER})
        raise Killed

    team.write("new.md", "# New\n")
    with pytest.raises(Killed):
        team.reindex(meanwhile)
    assert team.seen() == {OTHER}
    assert CurrentGeneration(team.store, None).generation().withheld == {PLAN}


def test_damage_does_not_bring_back_what_is_withheld(team: Team) -> None:
    def meanwhile() -> None:
        removed(team)
        wait_until(lambda: team.seen() == {OTHER})
        raise Killed

    team.write(OTHER, "# Other\n\nWords for some.\n")
    team.reindex()
    team.write("new.md", "# New\n")
    with pytest.raises(Killed):
        team.reindex(meanwhile)
    pointer = team.store.pointer()
    path = team.store.directory(pointer.current) / "catalog.sqlite"
    path.write_bytes(b"damaged")
    assert PLAN not in team.seen()


def test_a_disk_that_is_not_mounted_withholds_nothing(team: Team) -> None:
    away = team.corpus.with_name("away")
    seen: list[set[str]] = []

    def meanwhile() -> None:
        team.corpus.rename(away)
        team.corpus.mkdir()
        time.sleep(0.1)
        seen.append(team.seen())
        team.corpus.rmdir()
        away.rename(team.corpus)

    team.write("new.md", "# New\n")
    team.reindex(meanwhile)
    assert seen == [{PLAN, OTHER}]
    assert team.seen() == {PLAN, OTHER}


def test_what_was_put_back_answers_again(team: Team) -> None:
    text = (team.corpus / PLAN).read_text()

    def meanwhile() -> None:
        removed(team)
        wait_until(lambda: team.seen() == {OTHER})

    team.write("new.md", "# New\n")
    team.reindex(meanwhile)
    team.write(PLAN, text)
    team.reindex()
    assert team.seen() == {PLAN, OTHER}


def test_who_sees_the_others_of_its_folder_is_asked_at_once(tmp_path: Path) -> None:
    team = Team(tmp_path)
    for number in range(40):
        team.write(f"others-{number}.md", "# Others\n\nOf the same.\n")
    team.reindex()
    with team.store.lock():
        team.store.withhold([PLAN])
    generation = team.current.generation()
    asked: list[str] = []
    generation.catalog._db.set_trace_callback(asked.append)  # type: ignore[attr-defined]
    names = team.access.visible_in(generation, OUTSIDER)
    assert names is not None
    assert set(names) == generation.catalog.document_names() - {PLAN}
    assert len(asked) <= 12


def fail(
    monkeypatch: pytest.MonkeyPatch, is_to: Callable[[Withholding], bool], failed: list[bool]
) -> None:
    """Have looks at the corpus fail in a way that nobody thought of, but the one at the start."""
    look = Withholding._to_withhold

    def failing(of: Withholding, plan: Plan) -> set[str]:
        has_ended = of._stop.is_set()
        if (of._thread.is_alive() or has_ended) and is_to(of):
            failed.append(has_ended)
            raise OverflowError("date value out of range")
        return look(of, plan)

    monkeypatch.setattr(Withholding, "_to_withhold", failing)


@CHANGES
def test_a_look_that_fails_is_logged_and_the_next_one_withholds(
    team: Team,
    change: Callable[[Team], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed: list[bool] = []
    fail(monkeypatch, lambda _: len(failed) < 2, failed)

    def meanwhile() -> None:
        change(team)
        wait_until(lambda: team.seen() == {OTHER})

    team.write("new.md", "# New\n")
    assert not team.reindex(meanwhile).unwatched
    assert team.seen() == {OTHER}
    assert caplog.text.count("cannot be told") == 2


@pytest.mark.parametrize("last_fails", [False, True])
def test_after_looks_that_failed_there_is_one_more_and_else_it_is_said(
    team: Team, monkeypatch: pytest.MonkeyPatch, last_fails: bool
) -> None:
    failed: list[bool] = []
    fail(monkeypatch, lambda of: last_fails or not of._stop.is_set(), failed)

    def meanwhile() -> None:
        closed(team)
        wait_until(lambda: bool(failed))

    team.write("new.md", "# New\n")
    assert team.reindex(meanwhile).unwatched is last_fails
    assert (PLAN in team.seen()) is last_fails
    assert failed[-1] is last_fails
