"""Postings: which texts hold a word, and how often."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.store.cached_results import keep_results
from index.store.segments.segment import PostingList, Rows, TokenBlocks
from index.store.segments.segments import RowRuns
from index.store.words.ranking import Bm25, Frequencies

_CACHED_BYTES, _CACHED_TOKENS = 32 << 20, 1_024
"""Bytes and entries kept of those read last. Most tokens of questions take few bytes, as no text
holds them; without the second bound these alone would fill the first, a little by each question."""
_POSTING_BYTES = 4 + 2 * 8
"""Of its row, and of where a run begins and ends that it may be alone in."""
_TEXTS_KEPT = 16
"""Sets of texts that count, of which the runs in each segment are kept."""
MOST_TOKENS = 8
"""Tokens of a word that are looked up; each may have as many places as there are texts, or more."""
_PLACE_BITS, _COLUMN = 32, 1 << 31
_NOTHING: NDArray[Any] = np.zeros(0, np.uint8)

_Tokens: TypeAlias = tuple[str, ...]
_Rows: TypeAlias = NDArray[np.int64]
_Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """The texts that hold a word, so many: of each segment all of its rows, and those with it."""

    number: int
    segments: tuple[tuple[range, PostingList], ...]

    def __len__(self) -> int:
        return self.number

    @property
    def rows(self) -> _Rows:
        """The rows of the texts, in order."""
        return self.listed()[0]

    def listed(self) -> tuple[_Rows, NDArray[Any], NDArray[Any]]:
        """Return the rows of the texts, and how often either column of each holds the word."""
        rows, one, other = [np.zeros(0, np.int64)], [_NOTHING], [_NOTHING]
        for of_segment, each in self.segments:
            own, *counts = each.listed()
            rows.append(own + np.int64(of_segment.start))
            one.append(counts[0])
            other.append(counts[1])
        return np.concatenate(rows), np.concatenate(one), np.concatenate(other)

    @property
    def nbytes(self) -> int:
        """Bytes at most, by the texts that count alone: others tell nothing by what is kept."""
        return self.number * _POSTING_BYTES


@dataclass(frozen=True, slots=True)
class WeightedTexts:
    """The texts that hold a word, as `WordTexts`, where the columns weigh so much."""

    occurrences: Occurrences
    weights: tuple[float, float]

    def __len__(self) -> int:
        return len(self.occurrences)

    def listed(self) -> Frequencies:
        rows, *counts = self.occurrences.listed()
        return rows, self._weighted(*counts)

    def among(self, rows: _Rows) -> tuple[NDArray[np.bool_], _Floats]:
        holding, found = np.zeros(len(rows), np.bool_), [np.zeros(0)]
        bounds = [(each.start, each.stop) for each, _ in self.occurrences.segments]
        cuts = rows.searchsorted(np.array(bounds, np.int64)).tolist()
        for (begin, end), (of_segment, postings) in zip(
            cuts, self.occurrences.segments, strict=True
        ):
            if begin < end:
                own = (rows[begin:end] - of_segment.start).astype(np.uint32)
                here, counts = postings.among(own)
                holding[begin:end] = here
                found.append(self._weighted(*counts))
        return holding, np.concatenate(found)

    def _weighted(self, one: NDArray[Any], other: NDArray[Any]) -> _Floats:
        frequencies = one * self.weights[0]
        frequencies += other * self.weights[1]
        return frequencies


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
        self._runs_in_segments = keep_results(self._find_runs, _TEXTS_KEPT)

    def of(self, tokens: _Tokens, texts: RowRuns) -> Occurrences:
        """Return the texts that count with these tokens in sequence.

        They are kept for these very `texts`, which the caller keeps.
        """
        return self._cache((tokens, texts), lambda: self._read(tokens, texts))

    def bm25(self, texts: RowRuns) -> Bm25:
        """Return the BM25 of words in texts, as if there were only those that count."""
        before, number = self._tokens_before, len(texts)
        tokens = float((before[texts.stops] - before[texts.starts]).sum())
        return Bm25(number, tokens / number if tokens else 1.0, self._lengths)

    def _read(self, tokens: _Tokens, texts: RowRuns) -> Occurrences:
        number, found = 0, []
        for blocks, (rows, *runs) in zip(self._blocks, self._runs_in_segments(texts), strict=True):
            postings = _read_in(blocks, tokens, *runs)
            if held := len(postings):
                number += held
                found.append((rows, postings))
        return Occurrences(number, tuple(found))

    def _find_runs(self, texts: RowRuns) -> list[tuple[range, Rows, Rows]]:
        """Return of each segment all of its rows, and where the runs of those that count begin and
        end."""
        return [(range(*bounds), *texts.within(*bounds)) for bounds in pairwise(self._begins)]


def _read_in(blocks: TokenBlocks, tokens: _Tokens, starts: Rows, stops: Rows) -> PostingList:
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
            if (found := self._kept.get(key)) is not None:
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


def _places(occurrences: PostingList) -> _Rows:
    """Return row, column and place of each occurrence as one number, in order."""
    assert occurrences.places is not None
    rows, first, second = (each.astype(np.int64) for each in occurrences.listed())
    columns = np.repeat(np.tile((0, _COLUMN), len(rows)), np.column_stack((first, second)).ravel())
    placed = np.repeat(rows << _PLACE_BITS, first + second)
    return np.asarray(placed + columns + occurrences.places, np.int64)


def _held(places: _Rows) -> PostingList:
    """Return the texts of occurrences, which are given as `_places` does."""
    rows, starts = np.unique(places >> _PLACE_BITS, return_index=True)
    counts = np.diff(np.append(starts, len(places)))
    in_second = places & _COLUMN != 0
    second = np.add.reduceat(in_second, starts, dtype=np.int64) if len(starts) else counts
    return PostingList(
        rows.astype(np.uint32), (counts - second, second), 0, *np.array([[0], [len(rows)]])
    )
