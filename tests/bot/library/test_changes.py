"""What became of the documents, as far as one viewer may know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access import CLOSED, OPERATOR, Access, Audience, Openings, Person, Policy
from bot.config.settings import Settings
from bot.library import ChangedDocument, Changes, ChangesNotKept, Libraries
from bot.library.changes import Withheld
from index.answering.answer import Successor
from index.comparing.stretches import stretches
from index.store.catalog.history import DocumentEvent, History
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.command import reindexer_of
from testing.services import write_corpus

ROLE = 77
POLICY = Policy(
    audiences={"few": Audience(roles=frozenset({ROLE}))},
    folders=(("plans/", Audience(roles=frozenset({ROLE}))), ("none/", CLOSED)),
    path=Path("policy.toml"),
)
OUTSIDER, PLANNER = Person(1, at_home=True), Person(2, frozenset({ROLE}), at_home=True)
EVER = datetime(2000, 1, 1, tzinfo=UTC)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


class World:
    """Documents that change, and who looks at them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.withheld: set[tuple[str, str]] = set()
        self.policy, self.openings = POLICY, Openings().under(POLICY, EVER)

    def reindex(self, *gone: str, **texts: str) -> None:
        for name in gone:
            (self.settings.corpus / f"{name}.md").unlink()
        write_corpus(self.settings.corpus, {f"{n}.md": f"{t}\n" for n, t in texts.items()})
        reindexer_of(self.settings).run(drop_missing=True)

    def changes(self, viewer: Person = PLANNER, days: int = 365) -> Changes:
        current = CurrentGeneration(IndexStore(self.settings.index), None)

        def withheld() -> Withheld:
            return self.withheld

        libraries = Libraries(
            current,
            self.settings.corpus,
            Access(current, self.policy, self.openings),
            withheld=withheld,
            keep_changes_days=days,
        )
        return libraries.of(viewer).changes()

    def become(self, policy: Policy) -> None:
        self.policy = policy
        self.openings = self.openings.under(policy, datetime.now(UTC))

    def seen(
        self, viewer: Person = PLANNER, *, folder: str | None = None, document: str | None = None
    ) -> list[tuple[str, str]]:
        found = self.changes(viewer).since(EVER, folder=folder, document=document)
        return [(each.name, each.became) for each in found]

    def one(self, viewer: Person = PLANNER) -> ChangedDocument:
        (found,) = self.changes(viewer).since(EVER)
        return found


@pytest.fixture
def world(settings: Settings) -> World:
    world = World(settings)
    world.reindex(a="# A\n\nOne.", b="# B\n\nTwo.", **{"plans/c": "# C\n\nThree."})
    return world


def test_nothing_changed_in_the_first_generation(world: World) -> None:
    assert world.seen() == []


def test_added_changed_removed_and_renamed(world: World) -> None:
    world.reindex("plans/c", a="# A\n\nOnce.", d="# D\n\nFour.", **{"plans/e": "# C\n\nThree."})
    assert sorted(world.seen()) == [
        *(("a.md", "changed"), ("d.md", "added"), ("plans/e.md", "renamed"))
    ]
    world.reindex("d", "b")
    assert sorted(world.seen())[1:] == [("b.md", "removed"), ("plans/e.md", "renamed")]


def test_what_a_viewer_may_not_see_did_not_change(world: World) -> None:
    world.reindex(a="# A\n\nOnce.", **{"plans/c": "# C\n\nThrice.", "none/x": "# X\n\nTen."})
    assert world.seen(OUTSIDER) == [("a.md", "changed")]
    world.reindex("plans/c")
    assert world.seen(OUTSIDER) == [("a.md", "changed")], "nor is it gone"
    assert ("plans/c.md", "removed") in world.seen(PLANNER)


def test_events_of_what_may_not_be_seen_are_not_even_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.reindex(a="# A\n\nOnce.", **{f"plans/{n}": f"# Plan {n}" for n in range(9)})
    events, read = History.events, list[str]()

    def noted(history: History, names: Collection[str] | None = None) -> list[DocumentEvent]:
        found = events(history, names)
        read.extend(each.name for each in found)
        return found

    monkeypatch.setattr(History, "events", noted)
    assert world.seen(OUTSIDER) == [("a.md", "changed")]
    assert read == ["a.md"]
    assert len(world.seen(PLANNER)) == 10


def test_what_was_hidden_before_counts_as_added_and_has_no_earlier_text(world: World) -> None:
    world.reindex(x="---\naudience: few\n---\n# X\n\nOne.")
    world.reindex(x="# X\n\nTwo.")
    world.reindex(x="# X\n\nThree.")
    assert world.one(OUTSIDER).became == "added"
    assert world.changes(OUTSIDER).comparison(world.one(OUTSIDER)) is None


def test_what_was_written_before_the_policy_opened_a_folder_is_not_shown(world: World) -> None:
    world.reindex(**{"plans/c": "# C\n\nThe secret is ten."})
    world.reindex(**{"plans/c": "# C\n\nFor all."})
    assert world.changes().comparison(world.one())
    world.become(replace(POLICY, folders=(("none/", CLOSED),)))
    assert world.seen(OUTSIDER) == world.seen(PLANNER) == []
    world.openings = Openings.read(world.openings.as_json())
    assert world.seen(OUTSIDER) == []


def test_what_was_removed_before_the_policy_opened_a_folder_is_not_named(world: World) -> None:
    world.reindex("plans/c")
    everywhere = Person(3, frozenset({ROLE}), at_home=True)
    assert world.seen(everywhere) == [("plans/c.md", "removed")]
    world.become(replace(POLICY, folders=(("none/", CLOSED),)))
    assert world.seen(everywhere) == []


def test_what_a_narrower_policy_leaves_is_still_shown(world: World) -> None:
    world.reindex(a="# A\n\nOnce.")
    few = Audience(roles=frozenset({ROLE}))
    world.become(replace(POLICY, folders=(*POLICY.folders, ("", few))))
    assert world.seen(PLANNER) == [("a.md", "changed")]
    assert world.changes().comparison(world.one())


def test_what_is_closed_is_shown_to_nobody_else_any_more(world: World) -> None:
    world.reindex(a="# A\n\nOnce.")
    world.reindex(a="---\naudience: few\n---\n# A\n\nTwice.")
    assert world.seen(OUTSIDER) == []
    changed = world.one(PLANNER)
    assert (changed.became, changed.times, changed.replaced) == ("changed", 2, None)


def test_old_stands_beside_new_over_all_changes_since(world: World) -> None:
    world.reindex(a="# A\n\nOnce.")
    world.reindex(a="# A\n\nTwice.")
    changes = world.changes()
    comparison = changes.comparison(world.one())
    assert comparison
    (stretch,) = stretches(comparison)
    assert (stretch.old_text, stretch.new_text) == ("One.", "Twice.")
    assert world.one().times == 2


def test_a_withheld_change_hides_all_before_it(world: World) -> None:
    world.reindex(a="# A\n\nOnce.")
    changed = world.one()
    world.withheld.add((changed.name, changed.at.isoformat(timespec="seconds")))
    assert world.seen() == []
    world.withheld.clear()
    assert world.seen() == [("a.md", "changed")]


def test_what_is_replaced_by_now_says_so_to_whoever_may_see_both(world: World) -> None:
    text = "Date: 2 June 2025\n\nFirst turn off the radio."
    world.reindex(old=f"# Radio plan\n\n{text}", other="# Kitchen\n\nWords.")
    world.reindex(old=f"# Radio plan\n\n{text} Then go.")
    newer = "audience: few\nreplaces: old.md\ndate: 2026-03-01"
    world.reindex(new=f"---\n{newer}\n---\n# Radio plan of March\n\nStay.")
    (seen,) = world.changes(PLANNER).since(EVER, document="old.md")
    assert seen.successor == Successor("new.md", "Radio plan of March", "2026-03-01")
    (hidden,) = world.changes(OUTSIDER).since(EVER, document="old.md")
    assert hidden == replace(seen, successor=None)


def test_a_folder_and_a_document(world: World) -> None:
    world.reindex(a="# A\n\nOnce.", **{"plans/c": "# C\n\nThrice."})
    assert world.seen(folder="plans") == [("plans/c.md", "changed")]
    assert world.seen(document="a.md") == [("a.md", "changed")]


def test_nothing_before_the_moment_that_was_asked_for(world: World) -> None:
    world.reindex(a="# A\n\nOnce.")
    assert world.changes().since(TOMORROW) == []


def test_history_is_shown_for_as_long_as_it_is_kept(world: World) -> None:
    world.reindex(a="# A\n\nOnce.")
    assert world.changes(days=0).since(EVER) == []
    assert world.changes(days=0).begins() > datetime.now(UTC) - timedelta(minutes=1)


def test_without_history_it_says_so(settings: Settings) -> None:
    world = World(settings.model_copy(update={"keep_changes_days": 0}))
    world.reindex(a="# A\n\nOne.")
    with pytest.raises(ChangesNotKept):
        world.changes().since(EVER)


def test_only_who_sees_all_learns_when_a_generation_answered(world: World) -> None:
    world.reindex(a="# A\n\nOnce.")
    assert world.changes(OUTSIDER).of_generation(1) is None
    assert world.changes(OPERATOR).of_generation(1) is not None  # type: ignore[arg-type]
