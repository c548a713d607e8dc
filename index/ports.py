"""What the engine needs from models and vector engines, whoever provides it.

Vectors are float32 with rows L2-normalised, so that an inner product is a cosine in [-1, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.chunking.chunker import Passage
from index.document import Span

__all__ = ["UNSCORED", "Embedder", "PassageScores", "Reader", "Reranker", "VectorIndex", "Vectors"]

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads, special ones and the prompt not counted."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens in each text, special ones not counted."""
        ...

    def embed_passages(
        self, texts: Sequence[str], embedded: Callable[[int], None] = ...
    ) -> Vectors:
        """(n, dimension); `embedded` is told, from any thread, how many more are done."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """(dimension,)"""
        ...


UNSCORED = -12.0
"""The logit of a unit that was not read: a heading, or what a model's input cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class PassageScores:
    """What a reader thinks of one passage for one question; all scores are logits.

    `relevance` orders the passages of a question. `answerability` says whether the passage answers.
    `evidence` is float64 (len(passage.units),), UNSCORED where a unit was not read. `answer` is the
    likeliest short answer, in offsets of the document, and `margin` how much likelier it is than
    none; a reader that does not look for one gives None and 0.
    """

    relevance: float
    answerability: float
    evidence: NDArray[np.float64]
    answer: Span | None = None
    margin: float = 0.0


class Reader(Protocol):
    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """One impression a passage, in their order."""
        ...


class Reranker(Protocol):
    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        """(n,): how well each text answers the query, as a logit; more is better."""
        ...


class VectorIndex(Protocol):
    """Vectors under int64 keys, searched by inner product."""

    def __len__(self) -> int: ...

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """`vectors` is (len(keys), d); a key is added once."""
        ...

    def remove(self, keys: Sequence[int]) -> None:
        """Keys that are not there are passed over."""
        ...

    def get(self, keys: Sequence[int]) -> Vectors:
        """(len(keys), d), in the order asked for; KeyError where one is not there."""
        ...

    def search(
        self, query: Vectors, k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """At most `k` (key, inner product), the greatest first; only keys of `allowed` if given."""
        ...

    def save(self, path: Path) -> None: ...

    @classmethod
    def load(cls, path: Path) -> Self: ...
