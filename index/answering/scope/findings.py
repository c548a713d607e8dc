"""The findings for a question or for one part of it, and the candidates they are chosen of."""

from __future__ import annotations

from dataclasses import dataclass

from index.answering.answer import AnswerContent, QuestionKind
from index.answering.tuning import Tuning
from index.chunking.passage import Passage
from index.ports import UNSCORED, PassageScores


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with the scores of each stage.

    `fused` is about in [0, 1]: more for a passage of a document whose name fits, and less for one
    that lacks the names of the question. `passage_scores` are the reader's, None for a passage that
    was not read.
    """

    key: int
    passage: Passage
    fused: float
    passage_scores: PassageScores | None = None

    @property
    def relevance(self) -> float:
        """The reader's relevance; UNSCORED for a passage that was not read."""
        return UNSCORED if self.passage_scores is None else self.passage_scores.relevance

    def score(self, tuning: Tuning) -> float:
        """Return the score that orders the passages that were read."""
        return self.relevance + tuning.fusion_weight * self.fused


@dataclass(frozen=True, slots=True, eq=False)
class Findings(AnswerContent):
    """What is found for one question, or for one part of it.

    `confidence` in [0, 1] is how likely it is that this answers. `candidates` are the passages that
    were read, the best first, and empty where no passage was looked for. `closest` has something of
    each of the best, where nothing is sure enough to be shown.
    """

    kind: QuestionKind = QuestionKind.FACT
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
