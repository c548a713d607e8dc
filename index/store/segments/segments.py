"""Segments of one generation as one, and what of them may be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.ports import Filter
from index.store.segments.segment import Rows, Segment, are_in

_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RowRuns:
    """Rows that count, over all segments: those from each of `starts` to its stop, in order."""

    starts: _Numbers
    stops: _Numbers

    def within(self, first: int, last: int) -> tuple[Rows, Rows]:
        """Return those of one segment, whose rows begin and end so, by its own numbers."""
        low = int(np.searchsorted(self.starts, first))
        high = int(np.searchsorted(self.starts, last))
        return (
            (self.starts[low:high] - first).astype(np.uint32),
            (self.stops[low:high] - first).astype(np.uint32),
        )

    def __len__(self) -> int:
        return int((self.stops - self.starts).sum())

    def among(self, rows: _Numbers) -> _Numbers:
        """Return those of some rows that count."""
        run = np.searchsorted(self.starts, rows, side="right") - 1
        return rows[(run >= 0) & (rows < np.append(self.stops, 0)[run])]

    def rows(self) -> _Numbers:
        """Return every row."""
        sizes = self.stops - self.starts
        before = np.cumsum(sizes) - sizes
        return np.asarray(np.arange(int(sizes.sum())) + np.repeat(self.starts - before, sizes))


@dataclass(frozen=True, eq=False)
class VisibleRows:
    """What may be seen, as rows of documents and of passages."""

    segments: Segments
    documents: RowRuns

    @cached_property
    def passages(self) -> RowRuns:
        starts = self.segments.passage_starts
        begins, ends = starts[self.documents.starts], starts[self.documents.stops]
        kept = ends > begins
        return RowRuns(begins[kept], ends[kept])


class Segments:
    """All segments of a catalog that no longer changes. Safe to use from several threads.

    Documents and passages are known by their rows, counted on from one segment to the next.
    """

    def __init__(self, segments: Sequence[Segment], document_keys: _Numbers) -> None:
        """Take the keys of the documents that are there, in order: others were deleted."""
        self.all = list(segments)
        self.document_keys = _joined([each.document_keys for each in self.all])
        self.passage_keys = _joined([each.passage_keys for each in self.all])
        self.document_ends = np.cumsum([len(each.document_keys) for each in self.all], dtype=int)
        self.passage_ends = np.cumsum([len(each.passage_keys) for each in self.all], dtype=int)
        ends = [each.passage_ends.astype(np.int64) for each in self.all]
        before = np.append(0, self.passage_ends)[: len(ends)]
        self.passage_starts = np.append(
            0, _joined([e + b for e, b in zip(ends, before, strict=True)])
        )
        self._alive = are_in(self.document_keys, document_keys)
        self._order = np.argsort(self.document_keys, kind="stable")
        self._class_names = names = sorted({name for each in self.all for name in each.classes})
        self._class_of = {name: number for number, name in enumerate(names)}
        self._classes = _joined(
            [
                np.array([self._class_of[name] for name in each.classes], np.int64)[
                    each.class_numbers
                ]
                for each in self.all
            ]
        )
        # Documents of one segment and class stand together.
        self._first_of_run = np.flatnonzero(
            (np.diff(self._classes, prepend=-1) != 0) | _at(self.document_ends, len(self._classes))
        )

    def is_whole(self, document_keys: _Numbers) -> bool:
        """Return whether each of these documents is in a segment."""
        return int(self._alive.sum()) == len(document_keys)

    def class_sizes(self) -> dict[str, int]:
        """Return of each class how many documents it has."""
        counts = np.bincount(self._classes[self._alive], minlength=len(self._class_names))
        sizes = zip(self._class_names, counts.tolist(), strict=True)
        return {name: size for name, size in sizes if size}

    def visible_rows(
        self, allowed: Filter | None, keys_of: Callable[[frozenset[str]], _Numbers]
    ) -> VisibleRows:
        """Return what a filter lets be seen, None for all; `keys_of` gives keys of documents."""
        if allowed is None:
            rows = np.flatnonzero(self._alive)
            return VisibleRows(self, self._runs(rows, np.zeros(len(rows), np.bool_)))
        whole = self._rows_of_classes(allowed.classes)
        single = self._rows_of(keys_of(allowed.documents))
        rows = np.concatenate((whole, single))
        order = np.argsort(rows)
        return VisibleRows(self, self._runs(rows[order], order >= len(whole)))

    def rows_of_documents(self, keys: _Numbers) -> _Numbers:
        """Return the rows of these documents, in the order of the keys."""
        found = np.searchsorted(self.document_keys, keys, sorter=self._order)
        return self._order[found]

    def rows_of_passages(self, keys: _Numbers) -> _Numbers:
        """Return the rows of those of these passages that are in a segment, in the order of the
        keys."""
        order = self._passage_order
        at = np.searchsorted(self.passage_keys, keys, sorter=order)
        rows = order[at[at < len(order)]]
        return np.asarray(rows[self.passage_keys[rows] == keys[at < len(order)]])

    @cached_property
    def _passage_order(self) -> _Numbers:
        return np.argsort(self.passage_keys, kind="stable")

    def _rows_of(self, keys: _Numbers) -> _Numbers:
        rows = self.rows_of_documents(keys) if len(keys) else keys
        return rows[self._alive[rows]]

    def _rows_of_classes(self, classes: frozenset[str]) -> _Numbers:
        wanted = np.array(
            sorted(self._class_of[each] for each in classes if each in self._class_of)
        )
        stops = np.append(self._first_of_run[1:], len(self._classes))
        runs = np.isin(self._classes[self._first_of_run], wanted)
        found = [
            np.arange(start, stop)
            for start, stop in zip(
                self._first_of_run[runs].tolist(), stops[runs].tolist(), strict=True
            )
        ]
        rows = _joined(found)
        return rows[self._alive[rows]]

    def _runs(self, rows: _Numbers, single: NDArray[np.bool_]) -> RowRuns:
        """Return rows in runs. One document that is seen by itself is a run: a run over several
        would be cut by a hidden one between them."""
        if not len(rows):
            return RowRuns(rows, rows)
        begins = (np.diff(rows, prepend=rows[0] - 2) != 1) | single
        begins |= np.append(False, single[:-1])
        begins |= np.isin(rows, self._first_of_run)
        starts = np.flatnonzero(begins)
        ends = np.append(starts[1:], len(rows)) - 1
        return RowRuns(rows[starts], rows[ends] + 1)


def _joined(arrays: Sequence[NDArray[np.int64]]) -> _Numbers:
    return np.concatenate((np.zeros(0, np.int64), *arrays))


def _at(places: _Numbers, size: int) -> NDArray[np.bool_]:
    found = np.zeros(size, np.bool_)
    found[places[places < size]] = True
    return found
