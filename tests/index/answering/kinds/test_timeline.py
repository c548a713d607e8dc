"""What people type about a time, and what comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.answering.answer import QuestionKind, Says
from index.answering.excerpts.verification import verify
from index.answering.kinds.timeline import answer_timeline
from index.answering.scope import Scope
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import document_of, publish
from testing.museum import FILES, museum
from tests.index.answering.scopes import scope_of

TODAY = date(2026, 11, 29)
ALL = list(FILES)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    hidden = document_of("On 4 May 2026 the secret ship sank.", name="secret.txt")
    generation = museum(tmp_path_factory.mktemp("index"), hidden)
    yield generation
    generation.catalog.close()


@pytest.fixture
def scope(generation: Generation) -> Scope:
    return scope_of(generation, ALL, TODAY)


WATER = "On 2 March water came in through the skylight."
BACK = "The oldest boat came back on 4 May 2026."


@pytest.mark.parametrize(
    ("typed", "quotes"),
    [
        ("what happened in March 2026", [WATER]),
        ("What happened on 4 May?", [BACK]),
        ("what happened between March and May", [WATER, BACK]),
        ("events in march", [WATER]),
        ("what happened to the boat in May 2026", [BACK]),
        ("timeline of the roof in march 2026", [WATER]),
        ("what happened in the second quarter", [BACK]),
        ("whats on 2 march", [WATER]),
        ("what's on 4 May?", [BACK]),
    ],
)
def test_what_happened_is_told_in_order_of_date(
    scope: Scope, typed: str, quotes: list[str]
) -> None:
    found = answer_timeline(typed, scope)
    assert found
    assert found.kind is QuestionKind.TIMELINE
    assert found.replies[0].says is Says.HAPPENED
    assert [excerpt.quote for excerpt in found.excerpts] == quotes
    assert found.replies[0].values["number"] == len(quotes)
    verify(found.excerpts, scope.catalog)


def test_what_was_decided_is_what_stands_below_that_heading(scope: Scope) -> None:
    found = answer_timeline("what was decided between April and June?", scope)
    assert found
    assert "lends the pilot boat" in found.excerpts[0].quote
    assert not any("scaffold" in excerpt.quote for excerpt in found.excerpts)


def test_a_time_without_statements_has_its_documents(scope: Scope) -> None:
    found = answer_timeline("what happened on 12 March 2026", scope)
    assert found
    assert [document.name for document in found.documents] == ["reports/roof-survey.txt"]
    assert found.replies[0].says is Says.NEW_SINCE


@pytest.mark.parametrize(
    "typed",
    [
        "what happened to the crane",
        "what happened",
        "when did water come in",
        "what was decided on 7 May?",
        "what was decided about the roof",
        "who came back on 4 May",
        "what happened in March 1999",
        "how much did the scaffold cost in March",
        "what may we do in March",
    ],
)
def test_other_questions_are_left_to_others(scope: Scope, typed: str) -> None:
    assert answer_timeline(typed, scope) is None


def test_all_items_of_minutes_with_a_decision_are_decisions(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    items = (
        "* The crane was approved.",
        "* The shop opens at 7:30.",
        "* The fair was not approved.",
    )
    at = "Minutes of 4 November 2026"
    named = [
        document_of(f"# {at}", *items, "Next time tea is served.", name="minutes-2026-11-04.txt"),
        document_of(
            "# News of 5 November 2026",
            "Below is what the board decided.",
            *items,
            name="news-2026-11-05.txt",
        ),
    ]
    publish(store, *named)
    generation = store.open(None)
    found = answer_timeline("what was decided in november", scope_of(generation, today=TODAY))
    assert found
    quotes = [each.quote for each in found.excerpts if each.document.startswith("minutes")]
    assert quotes == list(items)
    others = [each.quote for each in found.excerpts if each.document.startswith("news")]
    assert others in ([], list(items[:1]))
    generation.catalog.close()
