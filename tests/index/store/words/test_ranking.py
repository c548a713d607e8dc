"""Only texts that can be among the best are scored; which are best stays the same to the last
bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.store.words.ranking import Bm25, Frequencies, ListedTexts, best_texts

TEXTS = 400


@dataclass(frozen=True)
class Counted:
    """The texts that hold a word, and a list of how many of them were read."""

    texts: ListedTexts
    read: list[int]

    def __len__(self) -> int:
        return len(self.texts)

    def listed(self) -> Frequencies:
        self.read.append(len(self.texts))
        return self.texts.listed()

    def among(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        return self.texts.among(rows)


def drawn(seed: int, shares: Sequence[float]) -> tuple[list[ListedTexts], Bm25, NDArray[np.int64]]:
    """Words that such shares of the texts hold, by chance."""
    random = np.random.default_rng(seed)
    words = []
    for share in shares:
        rows = np.flatnonzero(random.random(TEXTS) < share)
        words.append(ListedTexts(rows, random.integers(1, 4, len(rows)).astype(np.float64)))
    lengths = random.integers(5, 9, TEXTS).astype(np.uint8)
    return words, Bm25(TEXTS, float(lengths.mean()), lengths), random.permutation(TEXTS)


def all_scored(
    words: Sequence[ListedTexts], bm25: Bm25, keys: NDArray[np.int64]
) -> list[tuple[int, float]]:
    scores = np.zeros(TEXTS)
    for word in words:
        scores[word.rows] += bm25.scores(word.rows, word.frequencies, len(word))
    found = np.flatnonzero(scores).tolist()
    found.sort(key=lambda row: (-scores[row], keys[row]))
    return [(row, float(scores[row])) for row in found]


@given(st.integers(0, 10_000), st.lists(st.floats(0, 1), max_size=6), st.integers(0, 60))
def test_the_best_are_those_of_all(seed: int, shares: list[float], k: int) -> None:
    words, bm25, keys = drawn(seed, shares)
    assert best_texts(words, k, bm25, keys) == all_scored(words, bm25, keys)[:k]


@pytest.mark.parametrize("common", [0.3, 0.9])
def test_a_common_word_is_only_looked_up(common: float) -> None:
    words, bm25, keys = drawn(1, [common, 0.03, common])
    read = list[int]()
    counted = [Counted(word, read) for word in words]
    assert best_texts(counted, 5, bm25, keys) == all_scored(words, bm25, keys)[:5]
    assert read == [len(words[1])]
