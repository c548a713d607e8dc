"""What a new reader is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.document import Span
from index.ports import PassageScores
from testing.fakes import count_words, document_of
from tools.training.reader.held import held_back, held_figures
from tools.training.reader.sets import Asked, Found

TEXTS = ("Skagen had eleven boats. It rains there.", "Boats are sold on Mondays.")


class Preferring:
    """A reader that finds one word."""

    def __init__(self, word: str) -> None:
        self._word = word

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        return [
            PassageScores(
                float(self._word in p.text),
                0.0,
                np.array([float(self._word in p.text_of(u.span)) for u in p.units]),
            )
            for p in passages
        ]


def asked(set_name: str = "selqa", document: str = "0") -> Asked:
    passages = [
        split(document_of(text, name=str(n)), count_words, ChunkLimits())[0]
        for n, text in enumerate(TEXTS)
    ]
    gold = Span(0, 24)
    found = tuple(
        Found(p, 1.0, 1.0, 1.0, (gold,) if n == 0 else (), n == 0) for n, p in enumerate(passages)
    )
    return Asked(set_name, document, "boats", True, (gold,), (), found, {}, (1, 2), 2)


@pytest.mark.parametrize(
    ("word", "figures"), [("eleven", (1, 1)), ("rains", (1, 0)), ("Mondays", (0, 0))]
)
def test_the_passage_and_the_sentence_that_are_first(word: str, figures: tuple[int, int]) -> None:
    assert held_figures([asked()], Preferring(word)) == figures


def test_questions_without_a_right_passage_do_not_count() -> None:
    lost = replace(asked(), found=asked().found[1:])
    assert held_figures([asked(), lost], Preferring("eleven")) == (1, 1)


def test_an_eighth_of_the_documents_is_held_back_of_two_sets() -> None:
    names = [str(n) for n in range(800)]
    held = [name for name in names if held_back(asked(document=name))]
    assert 70 < len(held) < 130
    assert held == [name for name in names if held_back(asked(document=name))]
    assert not any(held_back(asked("squad", name)) for name in names)
