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
