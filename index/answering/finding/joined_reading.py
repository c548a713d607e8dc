"""Reading in one answer: no passage twice, and for a question in two wordings the mean of both.

A follow-up that rules complete may have got the wrong words, and as it was typed after the question
before it, it is read beside what that asks. They are wrong about different passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.chunking.passage import Passage
from index.ports import PassageScores, Reader


class RememberingReader:
    """Reads each passage once for each wording, of all that is asked for one answer."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, Passage], PassageScores] = {}

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        new = [each for each in passages if (question, each) not in self._known]
        if new:
            scores = zip(new, self._reader.read(question, new), strict=True)
            self._known |= {(question, passage): each for passage, each in scores}
        return [self._known[question, each] for each in passages]


class JoinedReader:
    """Reads for a question, and for one that asks the same in other words."""

    def __init__(self, reader: Reader, other: str) -> None:
        self._reader = reader
        self._other = other

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        wordings = dict.fromkeys((question, self._other))
        read = [self._reader.read(wording, passages) for wording in wordings]
        return [_mean(scores) for scores in zip(*read, strict=True)]


def _mean(scores: Sequence[PassageScores]) -> PassageScores:
    """Return the mean of scores, with the short answer of the first."""
    return replace(
        scores[0],
        relevance=float(np.mean([each.relevance for each in scores])),
        answerability=float(np.mean([each.answerability for each in scores])),
        evidence=np.mean([each.evidence for each in scores], axis=0),
        margin=float(np.mean([each.margin for each in scores])),
    )
