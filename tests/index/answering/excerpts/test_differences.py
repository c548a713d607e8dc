"""Answers that hide that documents differ, or say so where they do not."""

from __future__ import annotations

import pytest

from index.answering.answer import Response, Says, Verdict
from index.answering.engine import Engine
from index.answering.tuning import TUNING
from index.decisions import Decisions
from index.document import Document
from index.models.reranking_reader import RerankingReader
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish, recipe_of
from tests.index.answering.test_engine import CALIBRATION

READER = RerankingReader(FakeReranker(), TUNING.evidence_passages)
RULES = document_of(
    "% date: 2026-04-28", "# Rules", "The depot opens at 7:00 on weekdays.", name="rules.md"
)
BOOK = document_of("# Book", "The depot opens at 8:00 on weekdays.", name="book.md")
QUESTION = "when the depot opens at on weekdays?"


def ask(
    store: IndexStore,
    *documents: Document,
    decisions: Decisions | None = None,
    question: str = QUESTION,
) -> Response:
    publish(store, *documents)
    engine = Engine(
        CurrentGeneration(store, recipe_of()),
        WordEmbedder(),
        READER,
        CALIBRATION,
        decisions=lambda: decisions or Decisions(),
    )
    return engine.ask(question)


def test_both_are_shown_the_newest_first(store: IndexStore) -> None:
    response = ask(store, BOOK, RULES)
    (found,) = response.differences
    assert found.kind == "date"
    assert [value.text for value in found.values] == ["7:00", "8:00"]
    assert [excerpt.document for excerpt in found.excerpts] == ["rules.md", "book.md"]
    assert found.excerpts == response.excerpts[:2]
    for excerpt, value in zip(found.excerpts, found.values, strict=True):
        assert excerpt.span.contains(value.span)
    assert Says.DIFFER in {reply.says for reply in response.replies}
    assert response.verdict is not Verdict.SILENT


def test_what_is_replaced_does_not_differ(store: IndexStore) -> None:
    replaced = Decisions(confirmed=frozenset({("book.md", "rules.md")}))
    assert not ask(store, BOOK, RULES, decisions=replaced).differences


@pytest.mark.parametrize(
    "other",
    [
        "The depot opens at 7 am on weekdays.",
        "The depot opens at 9:00 on weekdays in winter.",
        "The depot closes at 9:00 on weekdays.",
    ],
)
def test_what_agrees_or_is_of_something_else_does_not_differ(store: IndexStore, other: str) -> None:
    response = ask(store, RULES, document_of("# Book", other, name="book.md"))
    assert not response.differences
    assert Says.DIFFER not in {reply.says for reply in response.replies}


def test_what_is_not_asked_for_does_not_differ(store: IndexStore) -> None:
    assert not ask(store, BOOK, RULES, question="who opens the depot on weekdays?").differences


@pytest.mark.parametrize(
    ("question", "ends"),
    [
        ("within how many days are claims for journeys handed in?", "14 days|30 days"),
        ("how many euros is the fee for claims of journeys?", "20 euros|45 euros"),
    ],
)
def test_how_many_asks_for_what_it_counts(store: IndexStore, question: str, ends: str) -> None:
    here, there = (
        document_of(
            f"# {title}",
            f"Claims for journeys are handed in within {days} days of the return.",
            f"The fee for claims of journeys is {fee} euros.",
            name=f"{title}.md",
        )
        for title, days, fee in (("Guide", 14, 20), ("Policy", 30, 45))
    )
    (found,) = ask(store, here, there, question=question).differences
    assert sorted(value.text for value in found.values) == ends.split("|")


def test_a_document_may_contradict_itself(store: IndexStore) -> None:
    both = document_of(
        "# Rules",
        "The northern depot opens for drivers at 7:00 on weekdays.",
        *(f"Line {number}." for number in range(9)),
        "The northern depot opens for drivers at 8:00 on weekdays.",
        name="rules.md",
    )
    response = ask(store, both, question="when the northern depot opens for drivers on weekdays?")
    assert Says.DIFFERS_WITHIN in {reply.says for reply in response.replies}
    (found,) = response.differences
    assert len(found.excerpts) == 2
