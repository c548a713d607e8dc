"""Ranking: the texts with the greatest BM25, without scoring those that cannot be among them.

Words are taken by what they can add to a score, the greatest first. Once those that are left cannot
lift a text that holds none of the others among the best, they are only looked up in what was found
(MaxScore, by Turtle and Flood). All this is about the texts that may be seen, and so is the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.store.segments.segment import distinct

_K1, _B, _LEAST_IDF = 1.2, 0.75, 1e-6
"""As in FTS5: https://www.sqlite.org/fts5.html, "The bm25() function". A word in more than half of
the texts would have an IDF below zero; it gets the least."""
SATURATION = _K1 + 1
"""Times its IDF, what a word adds to the score at most."""
_ROUNDING = 1e-4
"""Share by which a bound is widened: scores of single precision tell what is scored exactly."""

_Rows: TypeAlias = NDArray[np.int64]
_Floats: TypeAlias = NDArray[np.float64]
Frequencies: TypeAlias = tuple[_Rows, _Floats]
"""Rows of texts with a word, in order, and its frequencies there."""


class WordTexts(Protocol):
    """The texts that hold a word."""

    def __len__(self) -> int: ...

    def listed(self) -> Frequencies:
        """Return all of them."""
        ...

    def among(self, rows: _Rows) -> tuple[NDArray[np.bool_], _Floats]:
        """Return which of these texts hold the word, and its frequencies in those that do."""
        ...


@dataclass(frozen=True, slots=True)
class ListedTexts:
    """The texts that hold a word, where all were read."""

    rows: _Rows
    frequencies: _Floats

    def __len__(self) -> int:
        return len(self.rows)

    def listed(self) -> Frequencies:
        return self.rows, self.frequencies

    def among(self, rows: _Rows) -> tuple[NDArray[np.bool_], _Floats]:
        at = np.searchsorted(self.rows, rows)
        at[at == len(self.rows)] = 0
        held = self.rows[at] == rows if len(self.rows) else np.zeros(len(rows), np.bool_)
        return held, self.frequencies[at[held]]


class Bm25:
    """BM25 of words in texts, of which there are so many, with so many tokens each on average."""

    def __init__(self, texts: int, mean_length: float, lengths: NDArray[Any]) -> None:
        """Take the lengths of all texts, by row."""
        self.texts = texts
        self.lengths = lengths
        longest = np.arange(int(lengths.max(initial=0)) + 1, dtype=np.float64)
        self._of_length = _K1 * (1 - _B + _B * longest / mean_length)
        self._of_length_roughly = self._of_length.astype(np.float32)

    def scores(self, rows: _Rows, frequencies: _Floats, holding: int) -> _Floats:
        """Return what a word adds to the score of texts, which so many hold."""
        saturated = frequencies * SATURATION
        saturated /= frequencies + self._of_length[self.lengths[rows]]
        saturated *= idf(self.texts, holding)
        return saturated

    def rough_scores(
        self, rows: _Rows, frequencies: NDArray[Any], holding: int
    ) -> NDArray[np.float32]:
        """Return about the same, in half of the time."""
        saturated = frequencies.astype(np.float32)
        divisor = self._of_length_roughly[self.lengths[rows]]
        divisor += saturated
        saturated *= np.float32(SATURATION * idf(self.texts, holding))
        saturated /= divisor
        return saturated


def idf(texts: int, holding: int) -> float:
    """Return the weight of a word that `holding` of the texts hold."""
    return max(math.log((texts - holding + 0.5) / (holding + 0.5)), _LEAST_IDF)


def best_texts(
    words: Sequence[WordTexts], k: int, bm25: Bm25, keys: _Rows
) -> list[tuple[int, float]]:
    """Return at most `k` rows with their score, the greatest first, by key where they are equal.

    `keys` has the key of each row.
    """
    held = [word for word in words if len(word)]
    if not held or k <= 0:
        return []
    rows = _candidates(held, k, bm25)
    scores = np.zeros(len(rows))
    for word in held:  # in the order of the question: another would round in another way
        holding, frequencies = word.among(rows)
        scores[holding] += bm25.scores(rows[holding], frequencies, len(word))
    best = np.lexsort((keys[rows], -scores))[:k]
    return list(zip(rows[best].tolist(), scores[best].tolist(), strict=True))


def _candidates(words: Sequence[WordTexts], k: int, bm25: Bm25) -> _Rows:
    """Return rows among which the best are, in order."""
    ordered = sorted(words, key=len)
    most = [SATURATION * idf(bm25.texts, len(word)) for word in ordered]
    # What each word and those after it add at most.
    left = np.append(np.cumsum(most[::-1])[::-1], 0.0).tolist()
    rough = np.zeros(len(bm25.lengths), np.float32)
    listed, least = list[_Rows](), 0.0
    for number, word in enumerate(ordered):
        if left[number] < least:
            break
        rows, frequencies = word.listed()
        rough[rows] += bm25.rough_scores(rows, frequencies, len(word))
        listed.append(rows)
        least = max(least, _least_of_best(rough[rows], k))
    looked_up = len(listed)
    rows = distinct(
        np.concatenate([each[rough[each] >= least - left[looked_up]] for each in listed])
    )
    scores = rough[rows]
    for number in range(looked_up, len(ordered)):
        word = ordered[number]
        holding, frequencies = word.among(rows)
        scores[holding] += bm25.rough_scores(rows[holding], frequencies, len(word))
        least = max(least, _least_of_best(scores, k))
        kept = scores >= least - left[number + 1]
        rows, scores = rows[kept], scores[kept]
    return rows


def _least_of_best(scores: NDArray[np.float32], k: int) -> float:
    """Return a score that at least `k` of some texts have, a little less; 0 where there are not so
    many."""
    if len(scores) < k:
        return 0.0
    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) * (1 - _ROUNDING)
