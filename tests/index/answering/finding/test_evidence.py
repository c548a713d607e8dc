"""Which sentence of a passage is the evidence for a question."""

import numpy as np
import pytest

from index.answering.calibration import calibration_for
from index.answering.finding.evidence import score_evidence, score_units
from index.answering.scope import Candidate
from index.chunking.chunker import ChunkLimits, split
from index.models.registry import PACKAGED_READER
from index.ports import PassageScores
from testing.fakes import count_words, document_of

CATS = "Cats are allowed if the landlord agrees."
DOGS = "A dog needs the consent of all neighbours."


@pytest.mark.parametrize(
    ("question", "expected"),
    [("may i keep a dog", DOGS), ("may i keep cats", CATS), ("DOG?", DOGS)],
)
def test_of_two_sentences_that_read_alike_the_one_with_the_words_asked_for_answers(
    question: str, expected: str
) -> None:
    (passage,) = split(document_of(CATS, DOGS), count_words, ChunkLimits())
    close = [2.0, 2.1] if expected is CATS else [2.1, 2.0]
    candidate = Candidate(1, passage, 1.0, PassageScores(2.0, 2.0, np.array(close)))
    model = calibration_for(PACKAGED_READER).evidence
    found = score_evidence(score_units(question, [candidate]), [candidate], model)
    best = max(found, key=lambda piece: piece.probability)
    assert passage.text_of(best.unit.span) == expected
