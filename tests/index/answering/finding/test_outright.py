from __future__ import annotations

import pytest

from index.answering.finding.evidence import Evidence
from index.answering.finding.outright import OPEN, raise_outright
from index.answering.finding.word_weights import WordWeights
from index.answering.scope import Candidate
from index.answering.tuning import TUNING
from index.document import BlockKind
from index.store.generation import Generation
from testing.fakes import document_of
from tests.index.answering.scopes import scope_of

BRIEF = document_of(
    "# Norway's contribution",
    "The coalition met in Paris.",
    "The scale and scope of Norway's contribution remain to be determined.",
    "Whether the bridge opens is unknown.",
    "Nobody was hurt in the convoy.",
    "A second forklift is not bought for the hall.",
    "Handling: internal",
    "Cost: 31,250 euros",
    "The old road is no longer used by the coalition.",
    "If the lease of the hall is not signed by June, the coalition meets in Oslo.",
    name="brief.txt",
    title="Norway brief",
)


DOCUMENTS = [
    BRIEF,
    *(document_of(f"A {word} is here.", name=f"{word}.txt") for word in ("hat", "cat")),
]


def first_for(generation: Generation, question: str) -> tuple[str, float]:
    """Return the likeliest evidence, all of which was equally likely, and the least confidence."""
    scope = scope_of(generation)
    pieces = [
        Evidence(Candidate(key, passage, 1.0), unit, 0.0, 0.3)
        for key, passage in enumerate(generation.catalog.passages_of("brief.txt"))
        for unit in passage.units
        if unit.kind is not BlockKind.HEADING
    ]
    raised, least = raise_outright(question, pieces, WordWeights(scope), TUNING)
    assert len(raised) == len(pieces)
    best = max(raised, key=lambda piece: piece.probability)
    return best.passage.text_of(best.unit.span), least


SCALE = "The scale and scope of Norway's contribution remain to be determined."


@pytest.mark.parametrize(
    ("typed", "came"),
    [
        ("how large is the contribution", SCALE),
        ("how big will Norway's contribution be?", SCALE),
        ("how big will it be", SCALE),
        ("how many will the contribution be", SCALE),
        ("how many people were hurt in the convoy", "Nobody was hurt in the convoy."),
        ("was anybody hurt in the convoy", "Nobody was hurt in the convoy."),
        ("does the bridge open", "Whether the bridge opens is unknown."),
        ("when was the second forklift bought", "A second forklift is not bought for the hall."),
        (
            "why was a second forklift bought for the hall?",
            "A second forklift is not bought for the hall.",
        ),
        ("handling of the Norway brief", "Handling: internal"),
        ("what is the cost in the Norway brief", "Cost: 31,250 euros"),
    ],
)
def test_a_statement_that_answers_outright_comes_first(
    generation: Generation, typed: str, came: str
) -> None:
    assert first_for(generation, typed) == (came, TUNING.outright_confidence)


@pytest.mark.parametrize(
    "typed",
    [
        "how large is the garden of the mayor",
        "where did the coalition meet",
        "who was hurt on the bridge in Oslo in March",
        "is the old road used by the coalition in any month",
        "what is the cost of the garden",
        "when is the contribution due",
        "how large is the bridge, and its date",
        "who signs the lease of the hall",
        "why is a second forklift not bought",
        "when was the forklift of Oslo bought",
        "is a second forklift bought",
    ],
)
def test_without_one_the_evidence_stays_as_it_is(generation: Generation, typed: str) -> None:
    assert first_for(generation, typed)[1] == 0.0


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("The date has not yet been fixed.", True),
        ("It is not known who leads.", True),
        ("I cannot give you a date.", True),
        ("The budget is TBD.", True),
        ("It was left open who pays.", True),
        ("The bridge is open from June to May.", False),
        ("We decided to sail.", False),
        ("The open road is dry.", False),
    ],
)
def test_what_says_that_something_is_open(text: str, is_open: bool) -> None:
    assert bool(OPEN.search(text)) is is_open
