"""Which documents are overdue for a review, and until when a confirmation counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pytest

from bot.app import composition
from bot.config.settings import Settings
from bot.documents.reviews import Overdue, overdue, owner_of, reviewed
from index.decisions import Decisions
from index.errors import UnknownDocument
from index.store.generation import Generation
from testing.command import reindexer_of
from testing.services import write_corpus

TODAY = date(2026, 11, 3)


def text(*fields: str, body: str = "Words.") -> str:
    return "\n".join(["---", *fields, "---", "", f"# A title\n\n{body}\n"])


DOCUMENTS = {
    "late.md": text("owner: Ingrid Moe", "date: 2025-01-10", "review: 2026-01-10"),
    "later.md": text("owner: ingrid moe", "review: 2025-06"),
    "ended.md": text("owner: Per Dahl", "valid_until: 2026-11-02"),
    "today.md": text("review: 2026-11-03", "valid_until: 2026-11"),
    "nobody.md": text("review: 2026-05-01"),
    "withdrawn.md": text("review: 2020-01-01", "superseded_by: the new one"),
    "undated.md": text("review: every spring"),
    "plain.txt": "No dates at all.\n",
}


@pytest.fixture
def indexed(settings: Settings) -> Generation:
    write_corpus(settings.corpus, DOCUMENTS)
    return _reindexed(settings)


def _reindexed(settings: Settings) -> Generation:
    reindexer_of(settings).run()
    return composition.current_generation(settings).generation()


def _late(
    generation: Generation,
    decisions: Decisions | None = None,
    names: Collection[str] | None = None,
    today: date = TODAY,
) -> list[str]:
    return [each.document for each in overdue(generation, names, decisions or Decisions(), today)]


def test_by_owner_and_the_oldest_first(indexed: Generation) -> None:
    assert _late(indexed) == ["later.md", "late.md", "nobody.md", "ended.md"]
    first, second, _, ended = overdue(indexed, None, Decisions(), TODAY)
    assert (first.owner, first.since, first.has_ended) == ("ingrid moe", date(2025, 6, 30), False)
    assert (second.owner, second.since) == ("Ingrid Moe", date(2026, 1, 10))
    assert (ended.since, ended.has_ended) == (date(2026, 11, 2), True)


def test_on_its_last_day_a_document_still_counts(indexed: Generation) -> None:
    assert "today.md" not in _late(indexed)
    assert "today.md" in _late(indexed, today=date(2026, 11, 4))


def test_only_those_of_the_names_given(indexed: Generation) -> None:
    assert _late(indexed, names={"late.md", "plain.txt"}) == ["late.md"]
    assert _late(indexed, names=set()) == []


def test_what_is_replaced_needs_no_review(indexed: Generation) -> None:
    decisions = Decisions(frozenset({("later.md", "plain.txt")}))
    assert "later.md" not in _late(indexed, decisions)
    # Whoever may not see the newer one sees the older as if there were no other.
    assert "later.md" in _late(indexed, decisions, set(DOCUMENTS) - {"plain.txt"})


def _said(generation: Generation, name: str, *, is_right: bool = True) -> Decisions:
    review = reviewed(generation.catalog, name, TODAY, is_right=is_right, by_owner=True)
    return Decisions(reviews={name: review})


def test_who_confirms_pushes_the_review_on(indexed: Generation, settings: Settings) -> None:
    decisions = _said(indexed, "late.md")
    assert "late.md" not in _late(indexed, decisions)
    assert "late.md" in _late(indexed, decisions, today=date(2027, 11, 4))
    (settings.corpus / "late.md").write_text(DOCUMENTS["late.md"] + "\nMore.\n")
    assert "late.md" in _late(_reindexed(settings), decisions)


@pytest.mark.parametrize(
    ("fields", "until"),
    [
        (("date: 2025-01-10", "review: 2025-07-10"), "2027-05-03"),
        (("effective: 2025-01-10", "valid_until: 2025-02-09"), "2026-12-03"),
        (("date: 2025-01-10", "review: 2025-01-12"), "2027-11-03"),
        (("date: 2025-07-10", "review: 2025-01-10"), "2027-11-03"),
        (("review: 2025-01-10",), "2027-11-03"),
        ((), "2027-11-03"),
    ],
)
def test_by_its_own_interval_or_a_year(
    settings: Settings, fields: tuple[str, ...], until: str
) -> None:
    write_corpus(settings.corpus, {"a.md": text(*fields)})
    review = reviewed(_reindexed(settings).catalog, "a.md", TODAY, is_right=True, by_owner=False)
    assert (review.on, review.until, review.by_owner) == ("2026-11-03", until, False)


def test_what_is_not_right_any_more_is_overdue_at_once(indexed: Generation) -> None:
    decisions = _said(indexed, "plain.txt", is_right=False)
    (found,) = overdue(indexed, {"plain.txt"}, decisions, TODAY)
    assert (found.document, found.is_wrong, found.since) == ("plain.txt", True, TODAY)
    assert _late(indexed, decisions, {"late.md"}) == ["late.md"]


def test_of_a_document_that_is_gone_nothing_can_be_said(indexed: Generation) -> None:
    with pytest.raises(UnknownDocument):
        reviewed(indexed.catalog, "gone.md", TODAY, is_right=True, by_owner=True)
    said = _said(indexed, "late.md").reviews["late.md"]
    assert "gone.md" not in _late(indexed, Decisions(reviews={"gone.md": said}))


def test_owners(indexed: Generation) -> None:
    owners = [owner_of(indexed.catalog, name) for name in ("late.md", "nobody.md", "gone.md")]
    assert owners == ["Ingrid Moe", None, None]
    assert not Overdue("a", "A", None, "ab", TODAY).is_wrong
