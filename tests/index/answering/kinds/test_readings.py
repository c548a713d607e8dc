from __future__ import annotations

import datetime
from typing import cast

import numpy as np
import pytest

from index.answering.answer import QuestionKind
from index.answering.kinds.readings import ask_back
from index.answering.scope import Candidate, Findings, Scope
from index.chunking.chunker import ChunkLimits, split
from index.ports import PassageScores
from testing.fakes import count_words, document_of

_SCOPE = cast(Scope, datetime)
"""Nothing of it is needed."""


def _found(*documents: tuple[str, str, float]) -> Findings:
    """Return what was found in documents, each with a heading, a sentence and its logit."""
    candidates = []
    for key, (heading, sentence, logit) in enumerate(documents):
        document = document_of(f"# {heading}", sentence, name=f"{key}.md", title=heading)
        (passage,) = split(document, count_words, ChunkLimits(target=24, most=40))
        scores = PassageScores(logit, logit, np.full(len(passage.units), logit))
        candidates.append(Candidate(key, passage, 1.0, scores))
    return Findings(confidence=0.6, candidates=tuple(candidates))


_STORES = (
    ("Notes", "The Malmö store holds 800 kits.", 5.0),
    ("Notes", "The Turku store holds 1,200 kits.", 4.5),
)


@pytest.mark.parametrize(
    ("question", "documents", "asked"),
    [
        (
            "how many kits does the store hold?",
            _STORES,
            [
                "how many kits does the Malmö store hold?",
                "how many kits does the Turku store hold?",
            ],
        ),
        (
            "When does the depot open?",
            (
                ("Depot Velin", "The depot opens at seven.", 5.0),
                ("Depot Karsk", "The depot opens at nine.", 5.0),
            ),
            ["When does the depot Velin open?", "When does the depot Karsk open?"],
        ),
        (
            "how long does the lease run?",
            (
                ("Notes", "The lease of Canal Road may run on.", 1.0),
                ("Notes", "The lease for Foundry Lane will run 2 years.", 3.0),
                ("Notes", "The lease in Medik will run 3 years.", 2.5),
            ),
            [
                "how long does the lease for Foundry Lane run?",
                "how long does the lease in Medik run?",
                "how long does the lease of Canal Road run?",
            ],
        ),
    ],
)
def test_one_of_several_is_asked_back(
    question: str, documents: tuple[tuple[str, str, float], ...], asked: list[str]
) -> None:
    found = ask_back(question, _found(*documents), _SCOPE)
    assert found is not None
    assert found.kind is QuestionKind.UNCLEAR
    assert [choice.question for choice in found.choices] == asked
    assert found.confidence == 0.6


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("how many kits does the Malmö store hold?", _STORES),
        ("how many kits does the malmö store hold?", _STORES),
        ("which store holds the kits?", _STORES),
        ("where is the store?", _STORES),
        ("how many kits do the stores hold?", _STORES),
        ("how many kits does a store hold?", _STORES),
        ("how many kits does the store hold?", _STORES[:1]),
        ("how many kits does the store hold?", (_STORES[0], ("Notes", _STORES[1][1], 1.0))),
        (
            "how many kits does the store hold?",
            (("Notes", "The store holds 3 kits.", 6.0), *_STORES),
        ),
        ("how many kits does the store in Turku hold?", _STORES),
        ("", _STORES),
    ],
)
def test_a_question_that_is_clear_or_in_doubt_is_not_asked_back(
    question: str, documents: tuple[tuple[str, str, float], ...]
) -> None:
    assert ask_back(question, _found(*documents), _SCOPE) is None
