"""Which passages bear on a question: dense and lexical candidates, fused, the best read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.answering.timings import Stopwatch
from index.chunking.chunker import Passage
from index.ports import UNSCORED, Embedder, PassageScores, Reader, VectorIndex, Vectors
from index.store.generation import Generation

__all__ = ["Candidate", "completed", "fuse", "retrieve"]

_CANDIDATES = 50
"""Taken from each of the two lists before fusion."""
_FUSED = 6.0
"""Of a logit, for a fused score of one: gains two points of passage@1 on documents held out, on
`squad` and on `clapnq`, with our reader, and neither gains nor costs with the cross-encoder."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with what each stage thought of it.

    `fused` is in [0, 1]; `impression` is the reader's, None where the passage was not read.
    """

    key: int
    passage: Passage
    fused: float
    impression: PassageScores | None = None

    @property
    def logit(self) -> float | None:
        """The reader's relevance."""
        return None if self.impression is None else self.impression.relevance

    @property
    def score(self) -> float:
        """By which the passages that were read are ordered."""
        return (UNSCORED if self.logit is None else self.logit) + _FUSED * self.fused


def retrieve(
    question: str,
    generation: Generation,
    embedder: Embedder,
    reader: Reader,
    *,
    read: int,
    kept: int,
    stopwatch: Stopwatch,
    allowed: Sequence[int] | None = None,
) -> list[Candidate]:
    """At most `kept` passages, best first; the best `read` of the fused list are read.

    With `allowed`, passages of other keys are as if they were not there.
    """
    with stopwatch("embed"):
        vector = embedder.embed_query(question)
    with stopwatch("dense"):
        dense = generation.vectors.search(vector, _CANDIDATES, allowed)
    with stopwatch("lexical"):
        lexical = generation.catalog.search(question, _CANDIDATES, allowed)
    with stopwatch("dense"):
        dense = completed(dense, lexical, vector, generation.vectors)
    fused = fuse(dense, lexical)
    keys = list(fused)[: max(kept, read)]
    with stopwatch("fetch"):
        passages = generation.catalog.passages(keys)
    candidates = [Candidate(key, passages[key], fused[key]) for key in keys]
    with stopwatch("read"):
        impressions = reader.read(question, [c.passage for c in candidates[:read]])
    ranked = [
        replace(candidate, impression=impression)
        for candidate, impression in zip(candidates[:read], impressions, strict=True)
    ]
    ranked.sort(key=lambda c: (-c.score, c.key))
    return (ranked + candidates[read:])[:kept]


def completed(
    dense: Sequence[tuple[int, float]],
    lexical: Sequence[tuple[int, float]],
    vector: Vectors,
    vectors: VectorIndex,
) -> list[tuple[int, float]]:
    """The dense list with what only the lexical one has: beyond the fiftieth a cosine is not zero.

    Of a short document among thousands, whose words are common, the best passage is else often
    left unread.
    """
    known = {key for key, _ in dense}
    keys = [key for key, _ in lexical if key not in known]
    return [*dense, *zip(keys, (vectors.get(keys) @ vector).tolist(), strict=True)]


def fuse(
    dense: Sequence[tuple[int, float]], lexical: Sequence[tuple[int, float]]
) -> Mapping[int, float]:
    """Key to score in [0, 1], best first: each list's scores over its greatest, half and half.

    On the development sets this puts the right passage first more often than reciprocal ranks do
    (docs/QUALITY.md), since it keeps how much better the first is than the second.
    """
    scores: dict[int, float] = {}
    for listed in (dense, lexical):
        top = max((score for _, score in listed), default=0.0)
        if top <= 0:
            continue
        for key, score in listed:
            scores[key] = scores.get(key, 0.0) + 0.5 * max(0.0, score) / top
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
