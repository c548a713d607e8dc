"""Decisions that are declared void: which statement means which decision."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.answering.finding.evidence import Evidence
from index.answering.finding.voided import rank_voided_last
from index.answering.scope import Candidate, Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish

CLOSING = "The library on Mill Street closes on 31 December 2026."


def comes_first(folder: Path, decided: str, said: str, *, day: str = "2026-06-14") -> str:
    """Return which of two statements comes first, where the decision was the likelier one."""
    store = IndexStore(folder / "index")
    publish(
        store,
        document_of("Date: 3 May 2026", decided, name="may.md", title="Minutes of May"),
        document_of(f"Date: {day}", said, name="later.md", title="Minutes"),
    )
    generation = store.open(None)
    scope = Scope(generation, None, None, date(2026, 11, 29), Stopwatch())
    evidence = [
        Evidence(Candidate(number, passage, 1.0), unit, 0.0, probability)
        for number, (name, text, probability) in enumerate(
            [("may.md", decided, 0.9), ("later.md", said, 0.2)]
        )
        for passage in generation.catalog.passages_of(name)
        for unit in passage.units
        if passage.text_of(unit.span) == text
    ]
    assert len(evidence) == 2
    best = max(rank_voided_last(evidence, scope, TUNING), key=lambda each: each.probability)
    generation.catalog.close()
    return best.passage.document


@pytest.mark.parametrize(
    "said",
    [
        "The decision of 3 May 2026 to close the library is void.",
        "The decision to close the library has been revoked.",
        "We hereby revoke the decision of 3 May to close the library.",
        "The council rescinds its resolution of 3 May 2026 on closing the library.",
        "The order to close the library was withdrawn on 12 June 2026.",
        "The ruling on the closing of the library is null and void.",
        "The motion to close the library was overturned by the court.",
        "The plan to close the library has been dropped.",
        "The board cancels the decision on closing the library.",
        "The approval of the closing of the library is no longer valid.",
    ],
)
def test_what_declares_it_void_comes_first(tmp_path: Path, said: str) -> None:
    assert comes_first(tmp_path, CLOSING, said) == "later.md"


@pytest.mark.parametrize(
    "said",
    [
        "The decision of 4 May 2026 to close the library is void.",
        "The decision to close the swimming pool is void.",
        "The decision to close the library is not void.",
        "The decision to close the library may be revoked.",
        "If the decision to close the library is revoked, the staff stay.",
        "Some wants the decision to close the library withdrawn.",
        "The library closes, so the cards of its readers are void.",
        "The decision to close the library was confirmed.",
        "Should the decision to close the library be overturned?",
        "The committee was asked whether the decision on the library is void.",
    ],
)
def test_what_only_sounds_like_it_does_not(tmp_path: Path, said: str) -> None:
    assert comes_first(tmp_path, CLOSING, said) == "may.md"


def test_what_was_decided_afterwards_holds(tmp_path: Path) -> None:
    said = "The decision to close the library is void."
    assert comes_first(tmp_path, CLOSING, said, day="2026-04-14") == "may.md"


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        (
            "Die Bücherei in der Mühlstraße schließt im Dezember.",
            "Der Beschluss über die Bücherei in der Mühlstraße ist aufgehoben.",
        ),
        (
            "Biblioteket i Møllegata stenger i desember.",
            "Vedtaket om biblioteket i Møllegata er opphevet.",
        ),
    ],
)
def test_in_other_languages(tmp_path: Path, decided: str, said: str) -> None:
    assert comes_first(tmp_path, decided, said) == "later.md"
