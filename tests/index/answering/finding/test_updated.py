"""Statements that a newer one says to have changed: which comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answering.finding.evidence import Evidence
from index.answering.finding.updated import rank_updated_last
from index.answering.scope import Candidate
from index.answering.tuning import TUNING
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish
from tests.index.answering.scopes import scope_of

OLD = "The final report is due on 31 January 2027."
MOVED = "The final report is due on 30 April 2027 instead of 31 January 2027."
ASKED = "when is the final report due"


def comes_first(
    folder: Path,
    said: str,
    *,
    day: str = "1 October 2026",
    title: str = "Letter",
    name: str = "b.md",
) -> str:
    """Return which of two statements comes first, where the older was a little likelier."""
    store = IndexStore(folder / "index")
    publish(
        store,
        document_of("Date: 2 February 2026", OLD, name="a.md", title="Grant agreement"),
        document_of(f"Date: {day}", said, name=name, title=title),
    )
    generation = store.open(None)
    scope = scope_of(generation)
    evidence = [
        Evidence(Candidate(number, passage, 1.0), unit, 0.0, probability)
        for number, (document, text, probability) in enumerate(
            [("a.md", OLD, 0.9), (name, said, 0.8)]
        )
        for passage in generation.catalog.passages_of(document)
        for unit in passage.units
        if passage.text_of(unit.span) == text
    ]
    assert len(evidence) == 2
    best = max(rank_updated_last(ASKED, evidence, scope, TUNING), key=lambda each: each.probability)
    generation.catalog.close()
    return best.passage.document


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (MOVED, "Letter"),
        ("The final report is now moved to 30 April 2027.", "Letter"),
        ("The final report is due on 30 April 2027.", "Amendment 1 to the grant agreement"),
    ],
)
def test_what_says_that_it_changes_the_older_comes_first(
    tmp_path: Path, said: str, title: str
) -> None:
    assert comes_first(tmp_path, said, title=title) == "b.md"


def row_comes_first(folder: Path, said: str) -> bool:
    """Return whether a row of a list comes before what a mail of later says."""
    store, row = IndexStore(folder / "index"), "| 9 December 2026 | 14:00 | Hall B"
    table = ("! Rehearsal | Time | Hall", "| 7 December 2026 | 10:00 | Hall A", row)
    publish(
        store,
        document_of("Date: 2 November 2026", *table, name="a.md", title="Rehearsals"),
        document_of("Date: 25 November 2026", said, name="b.md", title="Mail"),
    )
    generation = store.open(None)
    scope = scope_of(generation)
    evidence = [
        Evidence(Candidate(number, passage, 1.0), unit, 0.0, probability)
        for number, (document, text, probability) in enumerate(
            [("a.md", row, 0.9), ("b.md", said, 0.8)]
        )
        for passage in generation.catalog.passages_of(document)
        for unit in passage.units
        if passage.text_of(unit.span) == text
    ]
    assert len(evidence) == 2
    asked = "when is the rehearsal on 9 December"
    best = max(rank_updated_last(asked, evidence, scope, TUNING), key=lambda each: each.probability)
    generation.catalog.close()
    return best.passage.document == "a.md"


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ("The rehearsal of 9 December 2026 has been moved from 14:00 to 16:00, in Hall B.", False),
        ("The rehearsal of 8 December 2026 has been moved from 14:00 to 16:00, in Hall B.", True),
        ("The rehearsal of 9 December 2026 has been moved from 12:00 to 16:00, in Hall B.", True),
        ("The rehearsal of 9 December 2026 is at 16:00, in Hall B.", True),
    ],
)
def test_a_row_with_what_was_changed_comes_after_the_change(
    tmp_path: Path, said: str, stays: bool
) -> None:
    assert row_comes_first(tmp_path, said) is stays


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("The final report is due on 30 April 2027.", {}),
        ("The final report is due on 31 January 2027 instead of 30 April 2027.", {}),
        ("The interim report is due on 30 April 2027 instead of 31 January 2027.", {}),
        (MOVED, {"day": "1 January 2026"}),
        (MOVED, {"day": "1 December 2026", "title": "From 2027"}),
        (MOVED, {"name": "guests/b.md"}),
    ],
    ids=["says no change", "says the same", "of another", "is older", "not yet", "another folder"],
)
def test_nothing_else_does(tmp_path: Path, said: str, options: dict[str, str]) -> None:
    assert comes_first(tmp_path, said, **options) == "a.md"
