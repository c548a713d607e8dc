"""What the engine needs from models and vector engines, as small protocols.

Vectors are float32 with L2-normalised rows, so that an inner product is a cosine in [-1, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.chunking.passage import Passage
from index.document import Span

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Filter:
    """What of an index may be seen: whole visibility classes, and single documents of others.

    The documents of one class share folder and stated audience, so that who may see one of them may
    see all. Only what a question is narrowed to, and what is withheld, divides a class.
    """

    classes: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()


class Embedder(Protocol):
    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads, without special tokens and the prompt."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens in each text, without special tokens."""
        ...

    def embed_passages(
        self, texts: Sequence[str], embedded: Callable[[int], None] = ...
    ) -> Vectors:
        """Return the texts' vectors: (n, dimension).

        `embedded` is called, from any thread, with the number of texts that were just finished.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return the query's vector: (dimension,)."""
        ...


UNSCORED = -12.0
"""The logit of a unit that was not scored: a heading, or what did not fit into the model."""


@dataclass(frozen=True, slots=True, eq=False)
class PassageScores:
    """A reader's scores of one passage for one question; all of them are logits.

    `relevance` orders the passages of a question. `answerability` says whether the passage answers.
    `evidence` is float64 (len(passage.units),), with UNSCORED for a unit that was not scored.
    `answer` is the likeliest short answer, in offsets of the document, and `margin` says by how
    much it beats "no answer here"; a reader that looks for none gives None and 0.
    """

    relevance: float
    answerability: float
    evidence: NDArray[np.float64]
    answer: Span | None = None
    margin: float = 0.0


class Reader(Protocol):
    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        """Return the scores of each passage, in the order of the passages."""
        ...


class Reranker(Protocol):
    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        """Return how well each text answers the query: (n,) logits, more is better."""
        ...


class VectorIndex(Protocol):
    """Vectors of passages under their keys, searched by inner product."""

    def __len__(self) -> int: ...

    def get(self, keys: Sequence[int]) -> Vectors:
        """Return the keys' vectors in their order: (len(keys), d). KeyError for an unknown key."""
        ...

    def search(
        self, query: Vectors, k: int, allowed: Filter | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `k` pairs of key and inner product, the greatest first.

        With `allowed`, it is as if there were no other passages.
        """
        ...
