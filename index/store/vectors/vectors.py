"""Vectors of the passages of segments: exact where little may be seen, by codes where much may.

Each segment has a file beside its words, whose name ends with the beginning of theirs:

key, vector, code                        of each passage its key, its vector and its code

The best by their codes are scored again by their vectors, so that scores are exact in any case.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.ports import Filter, Vectors
from index.store.cached_results import keep_results
from index.store.segments.blocks import Arrays, StoredArrays, bound_mapped
from index.store.segments.segments import RowRuns, Segments, VisibleRows
from index.store.vectors.codes import CodeIndex, Codes, codes_of, turned

EXACT = 16_384
"""Passages that may be seen, up to which all of them are scored exactly."""
CODED = 1_024
"""Passages of a class, in all segments, from which it is searched by codes."""
_RESCORED = 500
"""The best by their codes that are scored again, or eight times what is asked for."""
_LEAST_ASKED = 32
"""Passages that each class is asked for at first."""

_FILTERS_KEPT = 16
"""Sets of passages that may be seen, of which the parts are kept."""

_Rows = NDArray[np.int64]


class VectorBlocks(Protocol):
    """The vectors of one segment. Only here is anything read of what is stored."""

    @property
    def dimension(self) -> int: ...

    @property
    def class_ends(self) -> _Rows:
        """Where the passages of each class end."""
        ...

    def vectors(self, rows: _Rows) -> Vectors:
        """Return the vectors of some passages."""
        ...

    def scores(self, query: Vectors, starts: _Rows, stops: _Rows) -> Vectors:
        """Return the inner products with all passages from each of `starts` to its stop."""
        ...

    def codes(self, number: int) -> Codes:
        """Return the codes of the passages of a class."""
        ...

    def bound_mapped(self) -> None:
        """Give memory back where much was taken to read vectors."""
        ...


class MappedVectors:
    """The vectors of a segment in a file."""

    def __init__(self, arrays: StoredArrays, class_ends: _Rows) -> None:
        """Take where the passages of each class end."""
        self._arrays = arrays
        self.class_ends = class_ends
        passages = int(class_ends[-1]) if len(class_ends) else 0
        self._vectors: Vectors = arrays["vector"].reshape(passages, -1 if passages else 0)
        self.dimension = int(self._vectors.shape[1])
        self._code = arrays["code"]
        self._code_size = self._code.size // passages if passages else 0

    def vectors(self, rows: _Rows) -> Vectors:
        return np.asarray(self._arrays.rows("vector", rows, self.dimension), np.float32)

    def scores(self, query: Vectors, starts: _Rows, stops: _Rows) -> Vectors:
        found = [np.zeros(0, np.float32)]
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            found.append(inner_products(query, self._vectors[start:stop]))
        return np.concatenate(found)

    def codes(self, number: int) -> Codes:
        start = int(self.class_ends[number - 1]) if number else 0
        size, stop = self._code_size, int(self.class_ends[number])
        return np.asarray(self._code[start * size : stop * size]).reshape(stop - start, size)

    def bound_mapped(self) -> None:
        bound_mapped([self._arrays])


class SegmentVectors:
    """The vectors of all segments of a catalog that no longer changes, by the keys of passages.

    Safe to use from several threads.
    """

    def __init__(
        self,
        blocks: Sequence[VectorBlocks],
        segments: Callable[[], Segments],
        visible_rows: Callable[[Filter | None], VisibleRows],
    ) -> None:
        """Take the vectors of each segment, and what tells which passages a filter lets be seen."""
        self._blocks = blocks
        self._segments = segments
        self._seen = visible_rows
        self._lock = threading.Lock()
        self._codes: dict[str, _Codes] = {}
        self._parts_of = keep_results(self._parts, _FILTERS_KEPT)

    def __len__(self) -> int:
        return len(self._seen(None).passages)

    def get(self, keys: Sequence[int]) -> Vectors:
        """Return the keys' vectors in their order: (len(keys), d). KeyError for an unknown key."""
        wanted = np.asarray(keys, np.int64)
        rows = np.searchsorted(self._keys, wanted, sorter=self._order)
        rows = self._order[np.minimum(rows, len(self._order) - 1)] if len(self._order) else rows
        for key, row in zip(wanted.tolist(), rows.tolist(), strict=True):
            if row >= len(self._keys) or self._keys[row] != key:
                raise KeyError(key)
        return self._vectors(rows)

    def search(
        self, query: Vectors, k: int, allowed: Filter | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `k` pairs of key and inner product, the greatest first."""
        visible = self._seen(allowed)
        passages = visible.passages
        k = min(k, len(passages))
        if k <= 0:
            return []
        if len(passages) <= EXACT:
            rows = passages.rows()
            scores = self._scores(query, passages)
            for blocks in self._blocks:
                blocks.bound_mapped()
        else:
            rows = self._found(query, k, visible, allowed)
            scores = inner_products(query, self._vectors(rows))
        best = _best(scores, self._keys[rows], k)
        return list(zip(self._keys[rows[best]].tolist(), scores[best].tolist(), strict=True))

    def _found(
        self, query: Vectors, k: int, visible: VisibleRows, _allowed: Filter | None
    ) -> _Rows:
        """Return rows that are near the query, among which the `k` nearest should be."""
        return self._candidates(query, max(_RESCORED, 8 * k), visible.passages)

    @cached_property
    def _keys(self) -> _Rows:
        return self._segments().passage_keys

    @cached_property
    def _begins(self) -> list[int]:
        return [0, *self._segments().passage_ends.tolist()]

    @cached_property
    def _order(self) -> _Rows:
        return np.argsort(self._keys, kind="stable")

    def _vectors(self, rows: _Rows) -> Vectors:
        """Return the vectors of some rows, in their order."""
        dimension = max((each.dimension for each in self._blocks), default=0)
        found = np.empty((len(rows), dimension), np.float32)
        for number, blocks in enumerate(self._blocks):
            first, last = self._begins[number : number + 2]
            here = np.flatnonzero((rows >= first) & (rows < last))
            if len(here):
                found[here] = blocks.vectors(rows[here] - first)
        return found

    def _scores(self, query: Vectors, passages: RowRuns) -> Vectors:
        """Return the inner products with all passages that count, in the order of their rows."""
        found = [np.zeros(0, np.float32)]
        for number, blocks in enumerate(self._blocks):
            starts, stops = passages.within(self._begins[number], self._begins[number + 1])
            if len(starts):
                found.append(blocks.scores(query, starts.astype(int), stops.astype(int)))
        return np.concatenate(found)

    def _candidates(self, asked_for: Vectors, most: int, passages: RowRuns) -> _Rows:
        """Return the rows that are the best by their codes, in order of row.

        Each class is asked for few at first, and again for more where the last of these is among
        the best of all.
        """
        parts = self._parts_of(passages)
        query = _Query(asked_for, turned(asked_for[None, :]))
        asked = [max(_LEAST_ASKED, 2 * most // len(parts))] * len(parts)
        found = [
            part.best(query, number, self._scores)
            for part, number in zip(parts, asked, strict=True)
        ]
        while True:
            scores = np.concatenate([scored for _, scored in found])
            least = np.partition(scores, -most)[-most] if len(scores) > most else -np.inf
            again = [
                at
                for at, (_, scored) in enumerate(found)
                if len(scored) == asked[at] < most and scored.min() >= least
            ]
            if not again:
                break
            for at in again:
                asked[at] = min(4 * asked[at], most)
                found[at] = parts[at].best(query, asked[at], self._scores)
        rows = np.concatenate([those for those, _ in found])
        return np.sort(rows[scores >= least])

    def _parts(self, passages: RowRuns) -> list[_Part]:
        """Return what counts of each class that has codes, and all else that counts.

        A class is searched in all segments at once: each search takes as long as a thousand
        vectors.
        """
        by_class = defaultdict[str, list[RowRuns]](list)
        for number, blocks in enumerate(self._blocks):
            first = self._begins[number]
            starts, stops = (
                each.astype(np.int64) for each in passages.within(first, self._begins[number + 1])
            )
            names = self._segments().all[number].classes
            of_class = np.searchsorted(blocks.class_ends, starts, side="right")
            for each in np.unique(of_class).tolist():
                here = of_class == each
                by_class[names[each]].append(RowRuns(starts[here] + first, stops[here] + first))
        found, others = list[_Part](), list[RowRuns]()
        for name, seen in by_class.items():
            if sum(map(len, seen)) > CODED:
                found.append(_Part(_joined(seen), self._codes_of(name)))
            else:
                others += seen
        if others:
            found.append(_Part(_joined(others), None))
        return found

    def _codes_of(self, name: str) -> _Codes:
        """Return the codes of a class in all segments."""
        with self._lock:
            if name not in self._codes:
                firsts, ends, codes, number = list[int](), list[int](), list[Codes](), 0
                for blocks, segment, first in zip(
                    self._blocks, self._segments().all, self._begins, strict=False
                ):
                    if name not in segment.classes:
                        continue
                    at = segment.classes.index(name)
                    begin = int(blocks.class_ends[at - 1]) if at else 0
                    codes.append(blocks.codes(at))
                    firsts.append(first + begin - number)
                    number += len(codes[-1])
                    ends.append(number)
                index = CodeIndex(np.concatenate(codes))
                self._codes[name] = _Codes(index, np.array(firsts), np.array(ends))
            return self._codes[name]


def _joined(runs: Sequence[RowRuns]) -> RowRuns:
    return RowRuns(
        np.concatenate([each.starts for each in runs]),
        np.concatenate([each.stops for each in runs]),
    )


@dataclass(frozen=True, slots=True)
class _Codes:
    """Codes of one class in several segments. Those up to each of `ends` are of the rows that their
    numbers become with the same of `firsts` added."""

    index: CodeIndex
    firsts: _Rows
    ends: _Rows

    def search(self, query: _Query, most: int) -> tuple[_Rows, Vectors]:
        """Return the rows of the best, with about their scores."""
        numbers, scores = self.index.search(query.turned, most)
        return numbers + self.firsts[np.searchsorted(self.ends, numbers, side="right")], scores


@dataclass(frozen=True, slots=True)
class _Query:
    """The vector of a question, and the same turned, (1, n), as codes are searched."""

    vector: Vectors
    turned: Vectors


@dataclass(frozen=True, slots=True)
class _Part:
    """What counts of one class: its rows, and their codes where it has any."""

    runs: RowRuns
    codes: _Codes | None

    def best(
        self, query: _Query, most: int, score: Callable[[Vectors, RowRuns], Vectors]
    ) -> tuple[_Rows, Vectors]:
        """Return the best rows, at most so many, with about their scores; `score` gives them
        exactly."""
        visible_rows = len(self.runs)
        if self.codes is None:
            rows, scores = self.runs.rows(), score(query.vector, self.runs)
            best = _best(scores, rows, most)
            return rows[best], scores[best]
        number = len(self.codes.index)
        asked = most if visible_rows == number else 2 * most
        while True:
            asked = min(asked, number)
            found, scored = self.codes.search(query, asked)
            if visible_rows < number:
                at = np.searchsorted(self.runs.starts, found, side="right") - 1
                counts = (at >= 0) & (found < self.runs.stops[np.maximum(at, 0)])
                found, scored = found[counts], scored[counts]
            if len(found) >= min(most, visible_rows) or asked == number:
                return found[:most], scored[:most]
            asked *= 2


def arrays_of(keys: _Rows, vectors: Vectors) -> Arrays:
    """Return the arrays of a file of vectors."""
    return {"key": keys, "vector": vectors.ravel(), "code": codes_of(vectors).ravel()}


def inner_products(query: Vectors, vectors: Vectors) -> Vectors:
    """Return the inner product of each vector with a query, (n,), to the last bit by these two
    alone: a product of matrices would round by where a vector stands."""
    found = np.empty(len(vectors), np.float32)
    if len(vectors):
        faiss.fvec_inner_products_ny(  # type: ignore[attr-defined] # not in its stubs
            faiss.swig_ptr(found),
            faiss.swig_ptr(np.ascontiguousarray(query, np.float32)),
            faiss.swig_ptr(vectors),
            vectors.shape[1],
            len(vectors),
        )
    return found


def _best(scores: NDArray[Any], keys: _Rows, k: int) -> _Rows:
    """Return the places of the `k` greatest scores, the greatest first, by key where they are
    equal."""
    found = np.arange(len(scores))
    if len(scores) > 4 * k > 0:
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        found = np.flatnonzero(scores >= least)
    return found[np.lexsort((keys[found], -scores[found]))][:k]
