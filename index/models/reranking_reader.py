"""A reader made of a reranker, which can only score one text at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.chunking.passage import Passage, Unit
from index.document import BlockKind
from index.ports import UNSCORED, PassageScores, Reranker


class RerankingReader:
    """Scores the passages whole, and then each unit of the best of them by itself."""

    def __init__(self, reranker: Reranker, evidence_passages: int) -> None:
        """Take the reranker, and of how many passages it shall score the units."""
        self._reranker = reranker
        self._evidence_passages = evidence_passages

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        logits = self._reranker.score(question, [p.index_text for p in passages])
        order = sorted(range(len(passages)), key=lambda row: -logits[row])
        places = [
            (row, n)
            for row in order[: self._evidence_passages]
            for n, unit in enumerate(passages[row].units)
            if unit.kind is not BlockKind.HEADING
        ]
        texts = [_text_alone(passages[row], passages[row].units[n]) for row, n in places]
        evidence = [np.full(len(passage.units), UNSCORED) for passage in passages]
        for (row, n), logit in zip(places, self._reranker.score(question, texts), strict=True):
            evidence[row][n] = logit
        return [
            PassageScores(float(logit), float(logit), units)
            for logit, units in zip(logits, evidence, strict=True)
        ]


def _text_alone(passage: Passage, unit: Unit) -> str:
    """Return a unit's text with what it needs to be understood without its passage.

    An item follows its lead-in, and a row follows its header.
    """
    text = passage.text_of(unit.span)
    if unit.kind not in (BlockKind.ITEM, BlockKind.ROW):
        return text
    lead = passage.lead_of(unit)
    if lead is None or not passage.span.contains(lead.span):
        return f"{passage.context} {text}"
    return f"{passage.text_of(lead.span)} {text}"
