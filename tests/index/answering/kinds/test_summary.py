from __future__ import annotations

import pytest

from index.answering.answer import QuestionKind
from index.answering.kinds.summary import answer_summary
from index.answering.scope import Findings
from index.answering.tuning import TUNING
from index.store.generation import Generation
from testing.fakes import document_of
from tests.index.answering.scopes import scope_of

BRIEF = document_of(
    "# Norway and a force",
    "Read this first.",
    "## 1. Summary",
    "Norway would send a force after a ceasefire.",
    "It would be small.",
    "## Background",
    "Norway gave money.",
    name="norway-brief.md",
    title="Norway and a force",
)
PLAN = document_of(
    "# Evacuation plan",
    "## Scope",
    "The evacuation plan covers all staff of the Velin office and their vehicles.",
    "## Steps",
    "When the order is given, these steps follow:",
    "* wipe the radios",
    "The duty officer reports each checkpoint of the evacuation to the Velin office.",
    "## Pets",
    "Pets stay at home with friends or neighbours all summer long.",
    "Best regards, Daniel",
    name="evacuation-plan.md",
    title="Evacuation plan",
)
MINUTES = document_of(
    "# Depot move",
    "## Decisions",
    "* We rent the store.",
    "* The racks go.",
    "## Budget",
    "It costs money.",
    name="minutes.txt",
    title="Depot move",
)
FUEL = document_of(
    "# Winter convoy",
    "Fuel for the winter was late because the pass above Harlow was closed.",
    "The drivers slept in the sports hall of the town for two nights.",
    name="convoy.txt",
    title="Winter convoy",
)

DOCUMENTS = [BRIEF, PLAN, MINUTES, FUEL]


def summary_of(generation: Generation, question: str, *names: str) -> Findings | None:
    """Return the summary for somebody who may see documents of these names, by default all."""
    scope = scope_of(generation, names or None)
    return answer_summary(question, scope)


READY = ["Norway would send a force after a ceasefire. It would be small."]


@pytest.mark.parametrize(
    ("typed", "came"),
    [
        ("summarise the Norway briefing", READY),
        ("Can you please summarize the norway brief?", READY),
        ("tl;dr norway brief", READY),
        ("tldr: the Norway brief", READY),
        ("the norway brief in a nutshell", READY),
        ("norway brief summary", READY),
        ("give me an overview of the Norway brief", READY),
        ("what are the key points of the Norway brief?", READY),
        ("what is the Norway brief about?", READY),
        ("what's the norway brief about", READY),
        ("what does the Norway brief say?", READY),
        ("in short, what does the norway brief say", READY),
        ("summary of the depot move", ["* We rent the store. * The racks go."]),
    ],
)
def test_a_section_that_is_a_summary_is_shown_whole(
    generation: Generation, typed: str, came: list[str]
) -> None:
    found = summary_of(generation, typed)
    assert found is not None
    assert found.kind is QuestionKind.SUMMARY
    assert [" ".join(excerpt.quote.split()) for excerpt in found.excerpts] == came
    assert found.confidence == TUNING.summary_confidence


def test_without_one_the_sentences_that_say_most_are_shown_in_reading_order(
    generation: Generation,
) -> None:
    found = summary_of(generation, "summarize the evacuation plan")
    assert found is not None
    quotes = [excerpt.quote for excerpt in found.excerpts]
    assert quotes[:2] == [
        "The evacuation plan covers all staff of the Velin office and their vehicles.",
        "The duty officer reports each checkpoint of the evacuation to the Velin office.",
    ]
    assert "regards" not in " ".join(quotes)
    assert [e.number for e in found.excerpts] == list(range(1, len(quotes) + 1))
    assert all(e.span.of(PLAN.text) == e.quote for e in found.excerpts)


def test_the_headings_are_the_contents(generation: Generation) -> None:
    found = summary_of(generation, "summarize the evacuation plan")
    assert found is not None
    assert [(h.text, h.level) for h in found.contents] == [("Scope", 2), ("Steps", 2), ("Pets", 2)]
    assert found.contents[0].span.of(PLAN.text) == "## Scope"


@pytest.mark.parametrize(
    "typed",
    [
        "what do we know about fuel",
        "summarise the fuel situation",
        "sum up what we know about fuel",
        "summarise what the documents say about fuel",
    ],
)
def test_a_topic_is_summarised_from_the_documents(generation: Generation, typed: str) -> None:
    found = summary_of(generation, typed)
    assert found is not None
    assert [e.quote for e in found.excerpts] == [
        "Fuel for the winter was late because the pass above Harlow was closed."
    ]
    assert found.confidence == TUNING.topic_confidence
    assert found.contents == ()


@pytest.mark.parametrize(
    "typed",
    [
        "what is the ceasefire about",
        "what does Norway send?",
        "what do we know about submarines",
        "summarize the harbour guide",
        "summarise everything",
        "who wrote the summary",
        "key points for drivers",
        "what is in the sports hall",
        "tell me about fuel",
        "",
    ],
)
def test_other_questions_are_left_to_retrieval(generation: Generation, typed: str) -> None:
    assert summary_of(generation, typed) is None


def test_hidden_documents_are_not_summarised(generation: Generation) -> None:
    assert summary_of(generation, "summarise the Norway briefing", "minutes.txt") is None
    assert summary_of(generation, "what do we know about fuel", "minutes.txt") is None
    shown = summary_of(generation, "what do we know about fuel", "convoy.txt")
    assert shown is not None
    assert {excerpt.document for excerpt in shown.excerpts} == {"convoy.txt"}
