"""No way back opens a document: not healing, nor a lost pointer, nor a rollback, nor the last good
version of what cannot be read any more."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.access import Access, Audience, Person, Policy
from index.errors import IndexDamaged, IndexMissing, NothingToRollBack
from index.parsing import ParsingLimits, parse_files
from index.store.current import CurrentGeneration
from index.store.folder.generation_files import CATALOG, MANIFEST
from testing.budget import HARDENING, amount, one_in
from testing.desk import Desk
from testing.made_files import zipped

PLANNERS = Audience(roles=frozenset({222}))
POLICY = Policy(
    guilds=frozenset({111}),
    audiences={**Policy().audiences, "planners": PLANNERS},
    folders=(("plans/", PLANNERS),),
    path=Path("policy.toml"),
)
OUTSIDER = Person(5, guilds=frozenset({111}), at_home=True)
PLANNER = Person(6, roles=frozenset({222}), guilds=frozenset({111}), at_home=True)
LIMITS = ParsingLimits(max_bytes=1_000)
UNREADABLE = "word " * 1_000
SECRET = "# Plan\n\nThe codeword is swordfish.\n"
REDACTED = "# Plan\n\nThe codeword is written nowhere.\n"
CLOSED = "---\naudience: planners\n---\n"


class Team(Desk):
    """A corpus, its index, and what people see of it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.access = Access(CurrentGeneration(self.store, None), POLICY)
        self.current = CurrentGeneration(self.store, None)
        self.write("other.md", "# Other\n\nWords for all.\n")

    def remove(self, name: str) -> None:
        (self.corpus / name).unlink(missing_ok=True)

    def reindex(self, *, full: bool = False) -> None:
        reindexer = self.reindexer(limits=LIMITS, parse=parse_files)
        reindexer.run(full=full, drop_missing=True)

    def seen_by(self, viewer: Person) -> dict[str, str]:
        """The documents and their text; none where no index can be opened."""
        try:
            generation = self.current.generation()
        except (IndexDamaged, IndexMissing):
            return {}
        visible = self.access.visible_in(generation, viewer)
        names = generation.catalog.document_names()
        documents = map(generation.catalog.document, names if visible is None else names & visible)
        return {document.name: document.text for document in documents if document}


class Bundled(Team):
    """A team whose plan lies in an archive, beside a note; people know it by its name there."""

    def write(self, name: str, text: str) -> Path:
        return self._pack({name: text}) if name == "plan.md" else super().write(name, text)

    def remove(self, name: str) -> None:
        self._pack({})

    def _pack(self, members: dict[str, str]) -> Path:
        path = self.corpus / "bundle.zip"
        path.write_bytes(zipped({"note.txt": "A note.", **members}))
        return path

    def seen_by(self, viewer: Person) -> dict[str, str]:
        found = super().seen_by(viewer)
        return {name.removeprefix("bundle.zip/"): text for name, text in found.items()}


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def newest_flipped(team: Team, file: str = CATALOG) -> None:
    flipped(team.store.directory(team.store.pointer().current) / file)


def newest_gone(team: Team) -> None:
    directory = team.store.directory(team.store.pointer().current)
    directory.rename(directory.with_name("lost"))


def twice_flipped(team: Team) -> None:
    newest_flipped(team)
    team.seen_by(OUTSIDER)
    newest_flipped(team, CATALOG)


def flipped_and_pointer_lost(team: Team) -> None:
    newest_flipped(team)
    team.seen_by(OUTSIDER)
    pointer_lost(team)


def pointer_and_newest_lost(team: Team) -> None:
    pointer_lost(team)
    team.seen_by(OUTSIDER)
    newest_flipped(team)


def pointer_flipped(team: Team) -> None:
    flipped(team.store.root / "CURRENT")


def pointer_cut_off(team: Team) -> None:
    path = team.store.root / "CURRENT"
    path.write_bytes(path.read_bytes()[:20])


def pointer_lost(team: Team) -> None:
    (team.store.root / "CURRENT").unlink()


def flipped_and_made_anew(team: Team) -> None:
    newest_flipped(team)
    team.reindex(full=True)
    newest_flipped(team)


def flipped_and_brought_up_to_date(team: Team) -> None:
    newest_flipped(team)
    team.reindex()
    newest_flipped(team)


def rolled_back(team: Team) -> None:
    team.roll_back()


def rolled_back_and_pointer_lost(team: Team) -> None:
    team.roll_back()
    pointer_lost(team)


def rolled_back_and_flipped(team: Team) -> None:
    team.roll_back()
    newest_flipped(team)


def rolled_back_from_what_is_damaged(team: Team) -> None:
    newest_flipped(team)
    team.roll_back()


def flipped_and_rolled_back(team: Team) -> None:
    newest_flipped(team)
    team.seen_by(OUTSIDER)
    team.roll_back()


def made_anew_and_rolled_back(team: Team) -> None:
    newest_flipped(team)
    team.reindex(full=True)
    team.roll_back()


DAMAGE: tuple[Callable[[Team], None], ...] = (
    *(partial(newest_flipped, file=file) for file in (CATALOG, MANIFEST)),
    newest_gone,
    twice_flipped,
    flipped_and_pointer_lost,
    pointer_and_newest_lost,
    pointer_flipped,
    pointer_cut_off,
    pointer_lost,
    flipped_and_made_anew,
    flipped_and_brought_up_to_date,
)
ROLLBACKS = (
    rolled_back,
    rolled_back_and_pointer_lost,
    rolled_back_and_flipped,
    rolled_back_from_what_is_damaged,
    flipped_and_rolled_back,
    made_anew_and_rolled_back,
)
CLOSING = {
    "closed": CLOSED + SECRET,
    "closed and redacted": CLOSED + REDACTED,
    "closed with a mistake": CLOSED.replace("audience:", "audience") + SECRET,
    "closed and unreadable": CLOSED + UNREADABLE,
}
CHANGES = {**CLOSING, "redacted": REDACTED, "removed": None}


def name_of(way: Callable[[Team], None]) -> str:
    return way.func.__name__ if isinstance(way, partial) else way.__name__


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


@pytest.fixture(params=[Team, Bundled])
def any_team(request: pytest.FixtureRequest, tmp_path: Path) -> Team:
    team: Team = request.param(tmp_path)
    return team


def each(ways: Sequence[Callable[[Team], None]], changes: Iterable[str]) -> list[ParameterSet]:
    """Return every way with every change: `make test` has a third, in an archive `make check` a
    fifth."""
    return [
        pytest.param(
            *(kind, way, changed),
            id=f"{kind.__name__}-{name_of(way)}-{changed}",
            marks=() if (number + other) % 3 == 0 else pytest.mark.search,
        )
        for kind in (Team, Bundled)
        for number, way in enumerate(ways)
        for other, changed in enumerate(changes)
        if kind is Team or HARDENING or (number + other) % 5 == 0
    ]


def change(team: Team, text: str | None) -> None:
    team.write("plan.md", SECRET)
    team.reindex()
    assert "swordfish" in team.seen_by(OUTSIDER)["plan.md"]
    if text is None:
        team.remove("plan.md")
    else:
        team.write("plan.md", text)
    team.reindex()
    assert "swordfish" not in team.seen_by(OUTSIDER).get("plan.md", "")


@pytest.mark.parametrize(("kind", "way", "changed"), each(DAMAGE, CHANGES))
def test_damage_brings_nothing_back(
    tmp_path: Path, kind: type[Team], way: Callable[[Team], None], changed: str
) -> None:
    team = kind(tmp_path)
    change(team, CHANGES[changed])
    way(team)
    for viewer in (OUTSIDER, PLANNER):
        text = team.seen_by(viewer).get("plan.md", "")
        assert "swordfish" not in text or (viewer is PLANNER and "audience" in text)
    if team.seen_by(PLANNER):
        team.reindex()
        assert "swordfish" not in team.seen_by(OUTSIDER).get("plan.md", "")
        assert "other.md" in team.seen_by(OUTSIDER)


@pytest.mark.parametrize(("kind", "way", "closed"), each(ROLLBACKS, CLOSING))
def test_going_back_opens_nothing(
    tmp_path: Path, kind: type[Team], way: Callable[[Team], None], closed: str
) -> None:
    team = kind(tmp_path)
    change(team, CLOSING[closed])
    way(team)
    assert "plan.md" not in team.seen_by(OUTSIDER)
    assert "other.md" in team.seen_by(OUTSIDER)


def test_what_was_for_few_is_not_shown_to_all_by_its_redacted_versions_audience(
    any_team: Team,
) -> None:
    team = any_team
    team.write("plan.md", CLOSED + SECRET)
    team.reindex()
    team.write("plan.md", REDACTED)
    team.reindex()
    assert "plan.md" in team.seen_by(OUTSIDER)
    team.roll_back()
    assert "plan.md" not in team.seen_by(OUTSIDER)


def test_a_folder_of_the_policy_closes_every_generation(team: Team) -> None:
    team.write("plans/plan.md", SECRET)
    team.reindex()
    team.write("plans/plan.md", REDACTED)
    team.reindex()
    team.roll_back()
    assert "swordfish" in team.seen_by(PLANNER)["plans/plan.md"]
    assert "plans/plan.md" not in team.seen_by(OUTSIDER)


@pytest.mark.parametrize("lost", [pointer_lost, pointer_flipped, pointer_cut_off])
def test_a_lost_pointer_does_not_undo_a_rollback(
    any_team: Team, lost: Callable[[Team], None]
) -> None:
    team = any_team
    change(team, REDACTED)
    team.roll_back()
    before = team.seen_by(OUTSIDER)
    lost(team)
    assert team.seen_by(OUTSIDER) == before
    assert "swordfish" in before["plan.md"]


# The last good version


@pytest.mark.parametrize(
    ("before", "after", "answers"),
    [
        ("", UNREADABLE, True),
        ("", "", True),
        (CLOSED, CLOSED + UNREADABLE, True),
        (CLOSED, UNREADABLE, True),  # for the planners, as before
        ("", CLOSED + UNREADABLE, False),
        ("", "audience: planners\n\n" + UNREADABLE, False),
        ("", "---\naudience: planners\n" + UNREADABLE * 10, False),
        (CLOSED, CLOSED.replace("planners", "closed") + UNREADABLE, False),
        ("---\ndate: 2026-01-06\n---\n", "---\ndate: 2026-01-07\n---\n" + UNREADABLE, False),
    ],
)
@pytest.mark.parametrize("full", one_in(2, [False, True]))
def test_the_last_good_version_answers_unless_the_newest_may_be_for_others(
    team: Team, before: str, after: str, answers: bool, full: bool
) -> None:
    team.write("plan.md", before + SECRET)
    team.reindex()
    team.write("plan.md", after)
    team.reindex(full=full)
    assert ("plan.md" in team.seen_by(PLANNER)) == answers
    assert ("plan.md" in team.seen_by(OUTSIDER)) == (answers and "planners" not in before)
    team.reindex()
    assert ("plan.md" in team.seen_by(PLANNER)) == answers
    (failed,) = (row for row in team.current.generation().catalog.rows() if row.failure)
    assert (failed.name, failed.indexed_at is not None) == ("plan.md", answers)
    team.write("plan.md", before + REDACTED)
    team.reindex()
    assert "nowhere" in team.seen_by(PLANNER)["plan.md"]


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("damaged", [b"PK", b"", b"x" * 100])
def test_a_plan_in_an_archive_that_cannot_be_read_does_not_answer(
    tmp_path: Path, damaged: bytes, full: bool
) -> None:
    """Its newest version, which nobody has read, may be for others; a note cannot say so."""
    team = Bundled(tmp_path)
    team.write("plan.md", SECRET)
    team.reindex()
    assert {"plan.md", "note.txt"} <= team.seen_by(OUTSIDER).keys()
    (team.corpus / "bundle.zip").write_bytes(damaged)
    team.reindex(full=full)
    assert team.seen_by(PLANNER).keys() == {"note.txt", "other.md"}
    (failed,) = (row for row in team.current.generation().catalog.rows() if row.failure)
    assert failed.name == "bundle.zip"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_what_closes_it_is_found_in_any_encoding(team: Team, encoding: str) -> None:
    team.write("plan.md", SECRET)
    team.reindex()
    (team.corpus / "plan.md").write_bytes((CLOSED + UNREADABLE).encode(encoding))
    team.reindex()
    assert "plan.md" not in team.seen_by(PLANNER)


# All of it, in any order


class Back(RuleBasedStateMachine):
    """What the newest version of a document says, as far as it was indexed, decides."""

    @initialize(team=st.sampled_from((Team, Bundled)))
    def begin(self, team: type[Team]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.team = team(Path(self.folder.name))
        self.versions = 0
        self.written: dict[str, tuple[str, bool]] = {}
        self.known: dict[str, tuple[str, bool]] = {}
        """The text that was indexed last of each document, and whether it is closed."""
        self.gone: set[str] = set()
        self.rolled_back = False
        self.write(closed=False, full=False)

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(closed=st.booleans(), full=st.booleans())
    def write(self, closed: bool, full: bool) -> None:
        self.versions += 1
        text = f"{CLOSED * closed}# Plan\n\nVersion {self.versions}.\n"
        self.team.write("plan.md", text)
        self.written["plan.md"] = (text, closed)
        self.rolled_back &= not self.reindexed(full=full)

    @rule()
    def remove(self) -> None:
        self.team.remove("plan.md")
        self.written.pop("plan.md", None)
        self.rolled_back &= not self.reindexed(full=False)

    @rule(full=st.booleans())
    def reindex(self, full: bool) -> None:
        self.reindexed(full=full)  # what was taken back is held back

    def reindexed(self, *, full: bool) -> bool:
        try:
            self.team.reindex(full=full)
        except IndexDamaged:
            assert not full
            return False
        self.gone = (self.gone | self.known.keys()) - self.written.keys()
        self.known |= self.written
        return True

    @rule(file=st.sampled_from((CATALOG, MANIFEST)))
    def damage(self, file: str) -> None:
        numbers = self.team.store.root.glob("generations/[0-9]*")
        path = max(numbers) / file
        if path.exists():
            flipped(path)

    @rule(lost=st.sampled_from((pointer_lost, pointer_flipped, pointer_cut_off)))
    def lose_pointer(self, lost: Callable[[Team], None]) -> None:
        if (self.team.store.root / "CURRENT").exists():
            lost(self.team)

    @rule()
    def roll_back(self) -> None:
        try:
            self.team.roll_back()
            self.rolled_back = True
        except (IndexDamaged, NothingToRollBack):
            pass

    @invariant()
    def nothing_old_is_open(self) -> None:
        seen = self.team.seen_by(OUTSIDER)
        for name in self.known:
            text, closed = self.known[name]
            if name not in seen:
                continue
            assert not closed, "it is for others"
            assert seen[name] == text or self.rolled_back, "it is an old text"
            assert name not in self.gone or self.rolled_back, "it was removed"


Back.TestCase.settings = settings(max_examples=amount(60), stateful_step_count=15, deadline=None)
test_no_way_back_shows_an_outsider_more = pytest.mark.search(Back.TestCase)
