from __future__ import annotations

from pathlib import Path

import pytest

from index.answering.answer import QuestionKind
from index.answering.kinds.sections import answer_section
from index.answering.scope import Candidate, Findings
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import document_of, publish
from tests.index.answering.scopes import scope_of

MINUTES = document_of(
    "# Depot move: decisions of 22 May",
    "Dear all,",
    "## DECISIONS",
    "* 1. We rent the grain store.",
    "* 2. The racks go to the school.",
    "* 3. No forklift is bought.",
    "## NOT DECIDED",
    "Whether we keep the small office. The town answers first.",
    "## BUDGET",
    "It may cost 18,500 euros.",
    "Best regards, Marta",
    "Marta Kowalczyk",
    name="minutes.eml",
    title="Depot move: decisions of 22 May",
)
POLICY = document_of(
    "# Travel policy",
    "## If you are detained",
    "Stay calm. Sign nothing. We pay no ransom.",
    "## If you are late",
    "Call the duty officer. Wait by the car.",
    "## Personal bag",
    "Everyone keeps a bag by the door, containing:",
    "* a passport,",
    "* money,",
    "* a torch.",
    "## Overtime is paid at double rate",
    "Ask the shift leader first.",
    "## Hours",
    "Driving is allowed by day. " * 80,
    "## How do I reset the radio code?",
    "Hold the red key. The new code has four digits.",
    "## How long is the radio course?",
    "Two days.",
    "## Speeds",
    "! Road speed",
    "| Gravel 40",
    name="policy.md",
    title="Travel policy",
)
BRIEF = document_of(
    "# Sea brief",
    "This brief says what is still open.",
    "## Scale",
    "The size of the fleet has not been decided. A small one is likely.",
    "## Terms",
    "Treat the following as open:",
    "* who pays;",
    "* who leads.",
    name="sea-brief.md",
    title="Sea brief",
)

FILLER = [
    document_of(f"# Other {word}", f"The {word} is {word} again.", name=f"{word}.txt")
    for word in ("harbour", "bridge", "kitchen", "garden", "weather", "summer", "winter")
]


DOCUMENTS = [MINUTES, POLICY, BRIEF, *FILLER]


def section_of(generation: Generation, question: str, *documents: str) -> list[str] | None:
    """Return what is quoted, where passages of these documents were found."""
    scope = scope_of(generation)
    candidates = tuple(
        Candidate(key, passage, 1.0)
        for document in documents
        for key, passage in enumerate(generation.catalog.passages_of(document))
    )
    found = answer_section(question, Findings(candidates=candidates), scope)
    if found is None:
        return None
    assert found.kind is QuestionKind.LIST
    assert found.candidates == candidates
    return [" ".join(excerpt.quote.split()) for excerpt in found.excerpts]


DECISIONS = (
    "* 1. We rent the grain store. * 2. The racks go to the school. * 3. No forklift is bought."
)
OPEN = "Whether we keep the small office. The town answers first."
BAG = "Everyone keeps a bag by the door, containing: * a passport, * money, * a torch."


@pytest.mark.parametrize(
    ("typed", "document", "came"),
    [
        ("What was decided on 22 May?", "minutes.eml", [DECISIONS]),
        ("decisions of the depot move", "minutes.eml", [DECISIONS]),
        ("What was not decided about the depot?", "minutes.eml", [OPEN]),
        ("what is still undecided about the depot move", "minutes.eml", [OPEN]),
        ("what was decided about the forklift", "minutes.eml", ["* 3. No forklift is bought."]),
        ("depot move budget", "minutes.eml", ["It may cost 18,500 euros."]),
        ("If you are detained", "policy.md", ["Stay calm. Sign nothing. We pay no ransom."]),
        (
            "what do i do if i am detained?",
            "policy.md",
            ["Stay calm. Sign nothing. We pay no ransom."],
        ),
        ("What must be in the personal bag?", "policy.md", [BAG]),
        ("rules for the personal bag", "policy.md", [BAG]),
        ("what was left open about the depot", "minutes.eml", [OPEN]),
        ("what was left undecided about the depot", "minutes.eml", [OPEN]),
        (
            "how is overtime paid",
            "policy.md",
            ["Overtime is paid at double rate Ask the shift leader first."],
        ),
        ("reset radio code", "policy.md", ["Hold the red key. The new code has four digits."]),
        (
            "what is still open in the sea brief?",
            "sea-brief.md",
            [
                "The size of the fleet has not been decided.",
                "Treat the following as open: * who pays; * who leads.",
            ],
        ),
    ],
)
def test_the_section_whose_heading_is_the_question(
    generation: Generation, typed: str, document: str, came: list[str]
) -> None:
    assert section_of(generation, typed, document, "harbour.txt") == came


@pytest.mark.parametrize(
    "typed",
    [
        "What was decided on 9 June?",
        "decisions about the winter harbour",
        "when were you detained",
        "are you late?",
        "how much money is in the bag",
        "what is a bag",
        "and if you are late?",
        "why are you late",
        "driving hours",
        "radio course",
        "speeds",
        "bag of the driver in the kitchen",
        "who pays",
        "",
        "?",
    ],
)
def test_in_doubt_there_is_none(generation: Generation, typed: str) -> None:
    assert section_of(generation, typed, "minutes.eml", "policy.md") is None


def test_the_section_of_a_document_that_was_not_found_is_not_shown(generation: Generation) -> None:
    assert section_of(generation, "what must be in the personal bag", "minutes.eml") is None
    assert section_of(generation, "what must be in the personal bag") is None


def test_quotes_stand_in_the_document(generation: Generation) -> None:
    scope = scope_of(generation)
    candidates = tuple(
        Candidate(key, passage, 1.0)
        for key, passage in enumerate(generation.catalog.passages_of("minutes.eml"))
    )
    found = answer_section("decisions of the depot move", Findings(candidates=candidates), scope)
    assert found is not None
    (excerpt,) = found.excerpts
    assert excerpt.span.of(MINUTES.text) == excerpt.quote
    assert excerpt.heading == ("DECISIONS",)
    assert 0.5 < found.confidence <= 0.85


def test_the_section_of_one_of_two_of_a_kind_says_nothing_of_the_other(tmp_path: Path) -> None:
    sites = document_of(
        "# Runbook",
        "## Lund data centre",
        "The door code is held by reception. Tapes go on Thursdays.",
        "## Moss data centre",
        "Tapes go on Tuesdays.",
        name="runbook.md",
        title="Runbook",
    )
    store = IndexStore(tmp_path)
    publish(store, sites, *FILLER)
    generation = store.open(None)
    asked = "the door code of the {} data centre"
    assert section_of(generation, asked.format("Lund"), "runbook.md") == [
        "The door code is held by reception. Tapes go on Thursdays."
    ]
    assert section_of(generation, asked.format("Moss"), "runbook.md") is None
    generation.catalog.close()
