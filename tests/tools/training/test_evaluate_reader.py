"""A reader is measured on questions with known evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answering.tuning import TUNING
from index.models.reranking_reader import RerankingReader
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish, recipe_of
from tools.training.evaluate_reader import certainty, first_passages, first_units, judged_by
from tools.training.reader.cases import Case

_FORCE = document_of("The force guards the border.", "It costs a million.", name="force.txt")
_SHIPS = document_of("Ships carry grain.", name="ships.txt")


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    store = IndexStore(tmp_path / "index")
    publish(store, _FORCE, _SHIPS)
    generation = CurrentGeneration(store, recipe_of()).generation()
    reader = RerankingReader(FakeReranker(), TUNING.evidence_passages)
    gold = (_FORCE.blocks[0].span,)
    asked = (("who guards the border?", True, gold), ("is there snow?", False, ()))
    return [
        Case("ships", question, answerable, "force.txt", spans, "any", generation, reader)
        for question, answerable, spans in asked
    ]


def test_what_is_first_is_counted(cases: list[Case]) -> None:
    judged = judged_by(cases, WordEmbedder(), 2)
    assert [estimate.value for estimate in first_passages(judged)] == [1.0, 1.0]
    assert [estimate.value for estimate in first_units(judged)] == [1.0, 1.0]
    assert certainty(judged).value == 1.0
