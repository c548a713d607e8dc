"""Numbers that stand alone on a page, each with its label."""

from __future__ import annotations

import numpy as np
import pytest

from index.answering.finding.evidence import score_units
from index.answering.finding.key_figures import key_figures, with_label
from index.answering.scope import Candidate
from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.ports import PassageScores
from testing.fakes import count_words, document_of

BEFORE = "The ferry company looks back on a year of work."
AFTER = "More is told in the report of the board, which appears in spring."


def passage_of(*lines: str) -> Passage:
    (passage,) = split(document_of(*lines), count_words, ChunkLimits())
    return passage


def labelled(*lines: str) -> dict[str, str]:
    passage = passage_of(*lines)
    return {
        passage.text_of(figure.span).lstrip("# "): passage.text_of(label.span).lstrip("# ")
        for figure, label in key_figures(passage).items()
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # Labels above their figures
        (
            (BEFORE, "Passengers", "412,300", "Net profit", "€ 3.2 million", AFTER),
            {"412,300": "Passengers", "€ 3.2 million": "Net profit"},
        ),
        (
            ("# Passengers", "412,300", "Net profit", "96.4 %"),
            {"412,300": "Passengers", "96.4 %": "Net profit"},
        ),
        # Labels below their figures
        (
            (BEFORE, "412,300", "Passengers", "€ 3.2 million", "Net profit", AFTER),
            {"412,300": "Passengers", "€ 3.2 million": "Net profit"},
        ),
        (
            ("# Our year", "412,300", "Passengers", "96.4 %", "Punctuality"),
            {"412,300": "Passengers", "96.4 %": "Punctuality"},
        ),
        # A number without a label, or that may be of a page
        ((BEFORE, "412,300", AFTER), {}),
        ((BEFORE, "Our year", "12", AFTER), {}),
        ((BEFORE, "Our year", "2031", AFTER), {}),
        ((BEFORE, AFTER), {}),
    ],
)
def test_each_figure_has_its_label(lines: tuple[str, ...], expected: dict[str, str]) -> None:
    assert labelled(*lines) == expected


def test_a_figure_is_shown_with_its_label() -> None:
    passage = passage_of("# Net profit", "412,300 crowns", AFTER)
    shown = {
        passage.text_of(unit.span): span and passage.text_of(span)
        for unit in passage.units
        for span in [with_label(unit, passage)]
    }
    assert shown == {
        "# Net profit": None,
        "412,300 crowns": "Net profit\n412,300 crowns",
        AFTER: None,
    }


def evidence(question: str, logits: list[float]) -> dict[str, float]:
    passage = passage_of(BEFORE, "412,300", "Passengers", "€ 3.2 million", "Net profit", AFTER)
    scores = PassageScores(1.0, 1.0, np.array(logits))
    found = score_units(question, [Candidate(1, passage, 1.0, scores)])
    texts = (passage.text_of(unit.span) for _, unit in found.units)
    return dict(zip(texts, found.logits.tolist(), strict=True))


def test_a_label_that_is_asked_for_brings_its_figure() -> None:
    logits = [-5.0, 2.0, -3.0, -2.0, 3.0, -5.0]
    assert evidence("What was the net profit?", logits) == {
        BEFORE: -5.0,
        "€ 3.2 million": 3.0,
        AFTER: -5.0,
    }


def test_a_figure_whose_label_is_not_asked_for_counts_for_less() -> None:
    logits = [-5.0, 2.0, -3.0, -2.0, 3.0, -5.0]
    assert evidence("What is the share price?", logits) == {
        BEFORE: -5.0,
        "412,300": -3.0,
        "€ 3.2 million": -2.0,
        AFTER: -5.0,
    }
