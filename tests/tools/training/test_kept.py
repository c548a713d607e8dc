"""What is kept of models' answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.answering.tuning import TUNING
from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.models.reranking_reader import RerankingReader
from index.ports import PassageScores, Vectors
from testing.fakes import FakeReranker, count_words, document_of
from tools.training.reader.kept import KeptReader, KeptReranker

PASSAGES = [
    passage
    for name in ("a", "b", "c")
    for passage in split(
        document_of(f"The ship {name} is here.", name=name), count_words, ChunkLimits()
    )
]


class CountingReader:
    def __init__(self) -> None:
        self.read_so_far: list[str] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        self.read_so_far += [passage.document for passage in passages]
        return RerankingReader(FakeReranker(), TUNING.evidence_passages).read(question, passages)


class CountingReranker:
    def __init__(self) -> None:
        self.scored: list[str] = []

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        self.scored += texts
        return FakeReranker().score(query, texts)


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    first = CountingReader()
    KeptReader(first, tmp_path / "kept.sqlite").read("ship a", PASSAGES[:2])
    again = CountingReader()
    found = KeptReader(again, tmp_path / "kept.sqlite").read("ship a", PASSAGES[::-1])
    assert (first.read_so_far, again.read_so_far) == (["a", "b"], ["c"])
    assert [i.relevance for i in found] == [
        i.relevance for i in CountingReader().read("ship a", PASSAGES[::-1])
    ]


def test_another_question_and_another_context_are_read_anew(tmp_path: Path) -> None:
    reader = CountingReader()
    kept = KeptReader(reader, tmp_path / "kept.sqlite")
    kept.read("ship a", PASSAGES[:1])
    kept.read("ship b", PASSAGES[:1])
    kept.read("ship a", [replace(PASSAGES[0], context="Of ships")])
    assert reader.read_so_far == ["a", "a", "a"]


def test_a_text_that_comes_twice_is_scored_alike(tmp_path: Path) -> None:
    reranker = CountingReranker()
    kept = KeptReranker(reranker, tmp_path / "kept.sqlite")
    texts = ["a ship", "a boat", "a ship"]
    expected = FakeReranker().score("ship", texts)
    for _ in range(2):
        assert np.array_equal(kept.score("ship", texts), expected)
    assert set(reranker.scored) == {"a ship", "a boat"}
    assert kept.score("ship", []).shape == (0,)
