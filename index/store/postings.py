"""Postings: which texts of a full-text table hold a word, how often, and their BM25."""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.store.places import Places, runs_of

__all__ = ["MOST_TOKENS", "SATURATION", "Occurrences", "Postings", "Texts", "best_rows", "idf"]

_K1, _B, _LEAST_IDF = 1.2, 0.75, 1e-6
"""As in FTS5: https://www.sqlite.org/fts5.html, "The bm25() function". A word in more than half of
the texts would have an IDF below zero; it gets the least."""
SATURATION = _K1 + 1
"""Times its IDF, what a word adds to the score at most."""
_CACHED_POSTINGS = 2_048
MOST_TOKENS = 8
"""Tokens of a word that are looked up; each may have as many places as there are texts, or more."""

_Tokens: TypeAlias = tuple[str, ...]
_Rows: TypeAlias = NDArray[np.intp]
_Floats: TypeAlias = NDArray[np.float64]
Occurrences: TypeAlias = tuple[_Rows, _Floats]
"""Rows with a word, and its frequencies there, weighted by column."""


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The texts that count: by row, (texts,), and by runs of their keys, None for all."""

    seen: NDArray[np.bool_]
    runs: str | None


class Postings:
    """The texts of one full-text table that no longer changes, each known by its row.

    Safe to use from several threads.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        places: Places,
        weights: Mapping[str, float],
        begins: Sequence[int],
    ) -> None:
        """Take the key of the first text of each document, too."""
        self._db = db
        self._places = places
        self._weights = weights
        self._begins = begins
        sizes = db.execute(f"SELECT id, sz FROM {places.table}_docsize ORDER BY id").fetchall()
        self.keys = np.array([key for key, _ in sizes], dtype=np.int64)
        self._lengths = np.array([_sum_of_varints(size) for _, size in sizes], dtype=np.float64)
        self._cached = lru_cache(_CACHED_POSTINGS)(self._read)

    def texts(self, allowed: Sequence[int] | NDArray[np.int64] | None) -> Texts:
        """Return the texts that count; None allows all."""
        if allowed is None:
            return Texts(np.ones(len(self.keys), dtype=np.bool_), None)
        seen = np.isin(self.keys, np.asarray(allowed, dtype=np.int64))
        return Texts(seen, runs_of(self.keys[seen], self._begins))

    def of(self, tokens: _Tokens, texts: Texts) -> Occurrences:
        """Return the rows that count with these tokens in sequence, and their weighted frequencies.

        They are kept for these very `texts`, which the caller keeps.
        """
        return self._cached(tokens, texts)

    def bm25(self, words: Iterable[Occurrences], seen: NDArray[np.bool_]) -> _Floats:
        """Return the score of each text, (texts,), as if there were only those that are seen.

        The rows of each word must be among these.
        """
        texts = int(seen.sum())
        tokens = float(self._lengths[seen].sum())
        scores = np.zeros(len(self.keys))
        for rows, frequencies in words:
            if len(rows):
                lengths = 1 - _B + _B * self._lengths[rows] / (tokens / texts)
                saturated = frequencies * SATURATION / (frequencies + _K1 * lengths)
                scores[rows] += idf(texts, len(rows)) * saturated
        return scores

    def _read(self, tokens: _Tokens, texts: Texts) -> Occurrences:
        places = self._instances(tokens[0], texts) if tokens else ()
        for n, token in enumerate(tokens[1:], start=1):
            instances = self._instances(token, texts)
            begins = ((key, column, offset - n) for key, column, offset in instances)
            # Token by token, so that no more than the places of one are in memory.
            places = set(places).intersection(begins)
            if not places:
                break
        weights: dict[int, float] = defaultdict(float)
        for key, column, _ in places:
            weights[key] += self._weights[column]
        keys = np.array(sorted(weights), dtype=np.int64)
        frequencies = np.array([weights[key] for key in sorted(weights)], dtype=np.float64)
        return np.searchsorted(self.keys, keys), frequencies

    def _instances(self, token: str, texts: Texts) -> Iterable[tuple[int, str, int]]:
        return self._places.read(self._db, token, texts.runs)


def idf(texts: int, holding: int) -> float:
    """Return the weight of a word that `holding` of the texts hold."""
    return max(math.log((texts - holding + 0.5) / (holding + 0.5)), _LEAST_IDF)


def best_rows(scores: _Floats, k: int) -> list[int]:
    """Return at most `k` rows with a score, the greatest first, by row where they are equal."""
    found = np.flatnonzero(scores)
    return [int(row) for row in found[np.lexsort((found, -scores[found]))][:k]]


def _sum_of_varints(stored: bytes) -> int:
    """Add up varints below 2**56 (https://www.sqlite.org/fileformat2.html#varint)."""
    total = value = 0
    for byte in stored:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            total, value = total + value, 0
    return total
