"""Vectors of the passages of segments: exact where little may be seen, by codes where much may.

Each segment has a file beside its words, whose name ends with the beginning of theirs:

key, vector                              of each passage its key and its vector, in their order
code, code_ends                          of each class with many passages a FAISS index of codes

A code is two bits of each of a vector's values and a few corrections (RaBitQ), made of the vector
alone, so that no other vector, hidden or seen, changes what is found. The best by their codes are
scored again by their vectors, so that scores are exact in any case.
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
from index.store.segments.blocks import Arrays
from index.store.segments.segments import RowRuns, Segments, VisibleRows

__all__ = ["MappedVectors", "SegmentVectors", "VectorBlocks", "coded", "inner_products"]

EXACT = 16_384
"""Passages that may be seen, up to which all of them are scored exactly."""
CODED = 1_024
"""Passages of a class in a segment, from which they have codes."""
_RESCORED = 1_200
"""The best by their codes that are scored again, or eight times what is asked for."""
_BITS = 2
"""Of a code for each value: with one, four times as many have to be scored again."""
_FAISS_BLOCK = 32
"""Codes that FAISS reads together, as it does by itself."""
_LEAST_ASKED = 32
"""Passages that each class of a segment is asked for at first."""

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

    def has_codes(self, number: int) -> bool:
        """Return whether a class has codes: its vectors may be too few."""
        ...

    def codes(self, number: int) -> faiss.Index:
        """Return the codes of a class, for the caller to keep."""
        ...


class MappedVectors:
    """The vectors of a segment in a file."""

    def __init__(self, arrays: Arrays, class_ends: _Rows) -> None:
        """Take where the passages of each class end."""
        self.class_ends = class_ends
        passages = int(class_ends[-1]) if len(class_ends) else 0
        self._vectors: Vectors = arrays["vector"].reshape(passages, -1 if passages else 0)
        self.dimension = int(self._vectors.shape[1])
        self._code, self._code_ends = arrays["code"], arrays["code_ends"]

    def vectors(self, rows: _Rows) -> Vectors:
        return np.asarray(self._vectors[rows], np.float32)

    def scores(self, query: Vectors, starts: _Rows, stops: _Rows) -> Vectors:
        found = [np.zeros(0, np.float32)]
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            found.append(inner_products(query, self._vectors[start:stop]))
        return np.concatenate(found)

    def has_codes(self, number: int) -> bool:
        return self._begin_of_codes(number) < int(self._code_ends[number])

    def codes(self, number: int) -> faiss.Index:
        start, stop = self._begin_of_codes(number), int(self._code_ends[number])
        return faiss.deserialize_index(self._code[start:stop])

    def _begin_of_codes(self, number: int) -> int:
        return int(self._code_ends[number - 1]) if number else 0


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

    def _candidates(self, query: Vectors, most: int, passages: RowRuns) -> _Rows:
        """Return the rows that are the best by their codes, in order of row.

        Each class is asked for few at first, and again for more where the last of these is among
        the best of all.
        """
        parts = self._parts_of(passages)
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
        return np.sort(rows[_best(scores, self._keys[rows], most)])

    def _parts(self, passages: RowRuns) -> list[_Part]:
        """Return what counts of each class that has codes, and all else that counts.

        A class is searched in all segments at once: each search takes as long as a thousand
        vectors.
        """
        coded, others = defaultdict[str, list[RowRuns]](list), list[RowRuns]()
        for number, blocks in enumerate(self._blocks):
            first = self._begins[number]
            starts, stops = (
                each.astype(np.int64) for each in passages.within(first, self._begins[number + 1])
            )
            names = self._segments().all[number].classes
            of_class = np.searchsorted(blocks.class_ends, starts, side="right")
            for each in np.unique(of_class).tolist():
                here = of_class == each
                seen = RowRuns(starts[here] + first, stops[here] + first)
                (coded[names[each]] if blocks.has_codes(each) else others).append(seen)
        found = [_Part(_joined(seen), self._codes_of(name)) for name, seen in coded.items()]
        if others:
            found.append(_Part(_joined(others), None))
        return found

    def _codes_of(self, name: str) -> _Codes:
        """Return the codes of a class in all segments that have any."""
        with self._lock:
            if name not in self._codes:
                firsts, ends, index, number = list[int](), list[int](), None, 0
                for blocks, segment, first in zip(
                    self._blocks, self._segments().all, self._begins, strict=False
                ):
                    at = segment.classes.index(name) if name in segment.classes else None
                    if at is None or not blocks.has_codes(at):
                        continue
                    more = blocks.codes(at)
                    begin = int(blocks.class_ends[at - 1]) if at else 0
                    firsts.append(first + begin - number)
                    number += more.ntotal
                    ends.append(number)
                    if index is None:
                        index = more
                    else:
                        index.merge_from(more)
                assert index is not None
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

    index: faiss.Index
    firsts: _Rows
    ends: _Rows

    def search(self, query: Vectors, most: int) -> tuple[_Rows, Vectors]:
        """Return the rows of the best, with about their scores."""
        scored, labels = (each[0] for each in self.index.search(query[None, :], most))
        labels, scored = labels[labels >= 0], scored[labels >= 0]
        return labels + self.firsts[np.searchsorted(self.ends, labels, side="right")], scored


@dataclass(frozen=True, slots=True)
class _Part:
    """What counts of one class: its rows, and their codes where it has any."""

    runs: RowRuns
    codes: _Codes | None

    def best(
        self, query: Vectors, most: int, score: Callable[[Vectors, RowRuns], Vectors]
    ) -> tuple[_Rows, Vectors]:
        """Return the best rows, at most so many, with about their scores; `score` gives them
        exactly."""
        visible_rows = len(self.runs)
        if self.codes is None or visible_rows <= CODED:
            rows, scores = self.runs.rows(), score(query, self.runs)
            best = _best(scores, rows, most)
            return rows[best], scores[best]
        number = self.codes.index.ntotal
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


def coded(vectors: Vectors, class_ends: _Rows) -> Arrays:
    """Return the arrays of a file of vectors, with the codes of each class that is to have them."""
    codes, begin = [], 0
    for end in class_ends.tolist():
        if end - begin < CODED:
            codes.append(np.zeros(0, np.uint8))
        else:
            index = faiss.IndexRaBitQFastScan(
                vectors.shape[1], faiss.METRIC_INNER_PRODUCT, _FAISS_BLOCK, _BITS
            )
            # About nothing but the origin: a centre would be made of all vectors.
            index.train(np.zeros((1, vectors.shape[1]), np.float32))
            index.add(np.ascontiguousarray(vectors[begin:end]))
            codes.append(faiss.serialize_index(index))
        begin = end
    return {
        "vector": vectors.ravel(),
        "code": np.concatenate((np.zeros(0, np.uint8), *codes)),
        "code_ends": np.cumsum([len(each) for each in codes], dtype=np.uint64),
    }


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
