"""Postings: which texts hold a word, how often, and their BM25."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.store.segments.segment import PostingList, TokenBlocks
from index.store.segments.segments import RowRuns

__all__ = [
    "MOST_TOKENS",
    "SATURATION",
    "Frequencies",
    "Occurrences",
    "Postings",
    "best_rows",
    "idf",
]

_K1, _B, _LEAST_IDF = 1.2, 0.75, 1e-6
"""As in FTS5: https://www.sqlite.org/fts5.html, "The bm25() function". A word in more than half of
the texts would have an IDF below zero; it gets the least."""
SATURATION = _K1 + 1
"""Times its IDF, what a word adds to the score at most."""
_CACHED_BYTES, _CACHED_TOKENS = 32 << 20, 4_096
"""Bytes and entries kept of those read last. Most tokens of questions take few bytes, as no text
holds them; without the second bound these alone would fill the first, a little by each question."""
MOST_TOKENS = 8
"""Tokens of a word that are looked up; each may have as many places as there are texts, or more."""
_PLACE_BITS, _COLUMN = 32, 1 << 31

_Tokens: TypeAlias = tuple[str, ...]
_Rows: TypeAlias = NDArray[np.int64]
_Floats: TypeAlias = NDArray[np.float64]
Frequencies: TypeAlias = tuple[_Rows, _Floats]
"""Rows with a word, and its frequencies there, weighted by column."""


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """The rows of the texts that hold a word, in order, and how often either column does."""

    rows: _Rows
    counts: tuple[NDArray[Any], NDArray[Any]]

    def weighted(self, first: float, second: float) -> Frequencies:
        """Return the rows with the word, and its frequencies where the columns weigh so much."""
        one, other = self.counts
        frequencies = one * first
        frequencies += other * second
        return self.rows, frequencies

    @property
    def nbytes(self) -> int:
        return self.rows.nbytes + sum(each.nbytes for each in self.counts)


class Postings:
    """The texts of all segments, each known by its row: those of the segments one after the other.

    Safe to use from several threads.
    """

    def __init__(self, blocks: Sequence[TokenBlocks], ends: NDArray[np.int64]) -> None:
        """Take the postings of each segment, and where the rows of each end."""
        self._blocks = blocks
        self._begins = [0, *ends.tolist()]
        self._lengths = np.concatenate((np.zeros(0, np.uint8), *(each.lengths for each in blocks)))
        self._tokens_before = np.append(0, np.cumsum(self._lengths, dtype=np.int64))
        self._cache = _Cache(_CACHED_BYTES)

    def of(self, tokens: _Tokens, texts: RowRuns) -> Occurrences:
        """Return the texts that count with these tokens in sequence.

        They are kept for these very `texts`, which the caller keeps.
        """
        return self._cache((tokens, texts), lambda: self._read(tokens, texts))

    def bm25(self, words: Iterable[Frequencies], texts: RowRuns) -> _Floats:
        """Return the score of each text, (texts,), as if there were only those that count.

        The rows of each word must be among these.
        """
        number = len(texts)
        before = self._tokens_before
        tokens = float((before[texts.stops] - before[texts.starts]).sum())
        scores = np.zeros(len(self._lengths))
        of_length: _Floats | None = None
        for rows, frequencies in words:
            if not len(rows):
                continue
            if of_length is None:
                longest = int(self._lengths.max(initial=0))
                lengths = np.arange(longest + 1, dtype=np.float64)
                of_length = _K1 * (1 - _B + _B * lengths / (tokens / number))
            saturated = frequencies * SATURATION
            frequencies = frequencies + of_length[self._lengths[rows]]
            saturated /= frequencies
            saturated *= idf(number, len(rows))
            scores[rows] += saturated
        return scores

    def _read(self, tokens: _Tokens, texts: RowRuns) -> Occurrences:
        found = [self._read_in(number, tokens, texts) for number in range(len(self._blocks))]
        begins = zip(self._begins, found, strict=False)
        nothing = np.zeros(0, np.uint8)
        return Occurrences(
            np.concatenate(
                (np.zeros(0, np.int64), *(each.rows + np.int64(first) for first, each in begins))
            ),
            (
                np.concatenate((nothing, *(each.counts[0] for each in found))),
                np.concatenate((nothing, *(each.counts[1] for each in found))),
            ),
        )

    def _read_in(self, number: int, tokens: _Tokens, texts: RowRuns) -> PostingList:
        starts, stops = texts.within(self._begins[number], self._begins[number + 1])
        blocks = self._blocks[number]
        if len(tokens) == 1:
            return blocks.postings(tokens[0], starts, stops)
        if not tokens:
            return _held(np.zeros(0, np.int64))
        places = _places(blocks.postings(tokens[0], starts, stops, places=True))
        for n, token in enumerate(tokens[1:], start=1):
            # Token by token, so that no more than the places of one are in memory.
            others = _places(blocks.postings(token, starts, stops, places=True)) - n
            places = np.intersect1d(places, others, assume_unique=True)
            if not len(places):
                break
        return _held(places)


class _Cache:
    """What was read last, up to so many bytes, and of so many tokens."""

    def __init__(self, most: int, most_tokens: int = _CACHED_TOKENS) -> None:
        self._most = most
        self._most_tokens = most_tokens
        self._bytes = 0
        self._kept: OrderedDict[tuple[_Tokens, RowRuns], Occurrences] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(
        self, key: tuple[_Tokens, RowRuns], read: Callable[[], Occurrences]
    ) -> Occurrences:
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        found = read()
        with self._lock:
            if key not in self._kept and found.nbytes <= self._most // 2:
                self._kept[key] = found
                self._bytes += found.nbytes + 500
            while self._bytes > self._most or len(self._kept) > self._most_tokens:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.nbytes + 500
        return found


def idf(texts: int, holding: int) -> float:
    """Return the weight of a word that `holding` of the texts hold."""
    return max(math.log((texts - holding + 0.5) / (holding + 0.5)), _LEAST_IDF)


def best_rows(scores: _Floats, k: int, keys: _Rows) -> list[int]:
    """Return at most `k` rows with a score, the greatest first, by key where they are equal."""
    found = np.flatnonzero(scores > 0)  # four times as fast as of the numbers
    if len(found) > 4 * k > 0:
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        found = found[scores[found] >= least]
    return [int(row) for row in found[np.lexsort((keys[found], -scores[found]))][:k]]


def _places(occurrences: PostingList) -> _Rows:
    """Return row, column and place of each occurrence as one number, in order."""
    assert occurrences.places is not None
    first, second = (each.astype(np.int64) for each in occurrences.counts)
    columns = np.repeat(
        np.tile((0, _COLUMN), len(occurrences.rows)), np.column_stack((first, second)).ravel()
    )
    rows = np.repeat(occurrences.rows.astype(np.int64) << _PLACE_BITS, first + second)
    return np.asarray(rows + columns + occurrences.places, np.int64)


def _held(places: _Rows) -> PostingList:
    """Return the texts of occurrences, which are given as `_places` does."""
    rows, starts = np.unique(places >> _PLACE_BITS, return_index=True)
    counts = np.diff(np.append(starts, len(places)))
    in_second = places & _COLUMN != 0
    second = np.add.reduceat(in_second, starts, dtype=np.int64) if len(starts) else counts
    return PostingList(rows.astype(np.uint32), (counts - second, second))
