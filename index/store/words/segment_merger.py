"""Merger of segments: makes one segment of several by their arrays, without reading any text.

What comes out is, byte for byte, what `build_segment` makes of the same documents, so nothing of a
document that was deleted is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.segments.blocks import Arrays, StringArray, strings_of
from index.store.segments.segment import Segment, all_between
from index.store.words.segment_arrays import (
    arrays_of_names,
    arrays_of_postings,
    arrays_of_words,
    word_order,
)

_Numbers = NDArray[np.int64]
_GONE = -1


def merge_segments(segments: Sequence[Segment], keys: Sequence[int]) -> Arrays:
    """Return the arrays of a segment of the documents with these keys, each of which is in one of
    the segments."""
    order = _Order(segments, np.array(keys, np.int64))
    words = _words(order)
    return {
        "documents.key": order.keys,
        "documents.class": order.classes.astype(np.uint32),
        "documents.passages": order.passage_ends.astype(np.uint32),
        "passages.key": order.passage_keys,
        **strings_of("classes", order.class_names),
        **_names(order),
        **_postings(order, "documents", order.document_rows),
        **_postings(order, "passages", order.passage_rows),
        **words,
    }


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment, and where its documents and passages get: `_GONE` for those that are left out."""

    arrays: Arrays
    documents: _Numbers
    passages: _Numbers


class _Order:
    """The order of documents and passages: by class, then by key."""

    def __init__(self, segments: Sequence[Segment], keys: _Numbers) -> None:
        kept = [np.isin(each.document_keys, keys) for each in segments]
        counted = list(zip(segments, kept, strict=True))
        self.class_names = sorted(
            {each.classes[number] for each, here in counted for number in _used(each, here)}
        )
        number_of = {name: number for number, name in enumerate(self.class_names)}
        classes = [
            np.array([number_of.get(name, _GONE) for name in each.classes], np.int64)[
                each.class_numbers[here]
            ]
            for each, here in counted
        ]
        all_keys = np.concatenate([each.document_keys[here] for each, here in counted])
        all_classes = np.concatenate(classes)
        order = np.lexsort((all_keys, all_classes))
        self.keys, self.classes = all_keys[order], all_classes[order]
        row = np.empty(len(order), np.int64)
        row[order] = np.arange(len(order))
        sizes = np.concatenate(
            [np.diff(each.passage_ends.astype(np.int64), prepend=0)[here] for each, here in counted]
        )
        self.passage_ends = np.cumsum(sizes[order])
        first = (self.passage_ends - sizes[order])[row]
        self.parts: list[_Part] = []
        begin = 0
        for each, here in counted:
            rows, firsts = row[begin:][: here.sum()], first[begin:][: here.sum()]
            begin += len(rows)
            documents = np.full(len(here), _GONE)
            documents[here] = rows
            ends = each.passage_ends.astype(np.int64)
            begins = np.append(0, ends)[:-1]
            passages = np.full(int(ends[-1]) if len(ends) else 0, _GONE)
            places = all_between(begins[here], ends[here])
            passages[places] = all_between(firsts, firsts + (ends - begins)[here])
            self.parts.append(_Part(each.arrays, documents, passages))
        self.document_rows = [each.documents for each in self.parts]
        self.passage_rows = [each.passages for each in self.parts]
        self.passage_keys = _placed(
            [each.arrays["passages.key"] for each in self.parts], self.passage_rows
        )


def _used(segment: Segment, kept: NDArray[np.bool_]) -> list[int]:
    """Return the numbers of the classes of the documents that are kept."""
    return [int(number) for number in np.unique(segment.class_numbers[kept])]


def _placed(values: Sequence[NDArray[Any]], rows: Sequence[_Numbers]) -> NDArray[Any]:
    """Return values of rows in the order of where the rows get."""
    kept = [each >= 0 for each in rows]
    found = np.concatenate([each[here] for each, here in zip(values, kept, strict=True)])
    at = np.concatenate([each[here] for each, here in zip(rows, kept, strict=True)])
    placed = np.empty_like(found)
    placed[at] = found
    return placed


def _strings(arrays: Arrays, name: str, numbers: _Numbers) -> list[str]:
    strings = StringArray(arrays[f"{name}.text"], arrays[f"{name}.ends"])
    return [strings[number] for number in numbers.tolist()]


def _postings(order: _Order, texts: str, rows_of: Sequence[_Numbers]) -> Arrays:
    """Return the arrays of the postings of documents or passages."""
    tokens, rows, firsts, seconds, begins, places = _columns(6)
    held: list[list[str]] = []
    before = 0
    for part, new in zip(order.parts, rows_of, strict=True):
        arrays = part.arrays
        ends = arrays[f"{texts}.token_ends"].astype(np.int64)
        token = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        row = new[arrays[f"{texts}.row"]]
        first, second = (arrays[f"{texts}.count{n}"].astype(np.int64) for n in (0, 1))
        sizes = first + second
        kept = row >= 0
        used, token = np.unique(token[kept], return_inverse=True)
        held.append(_strings(arrays, f"{texts}.token", used))
        tokens.append(token)
        rows.append(row[kept])
        firsts.append(first[kept])
        seconds.append(second[kept])
        begins.append((np.cumsum(sizes) - sizes)[kept] + before)
        places.append(arrays[f"{texts}.place"].astype(np.int64))
        before += len(places[-1])
    names = sorted({token for each in held for token in each}, key=str.encode)
    number_of = {name: number for number, name in enumerate(names)}
    numbers = [np.array([number_of[name] for name in each], np.int64) for each in held]
    token = np.concatenate([n[t] for n, t in zip(numbers, tokens, strict=True)])
    row = np.concatenate(rows)
    at = np.lexsort((row, token))
    first, second = np.concatenate(firsts)[at], np.concatenate(seconds)[at]
    begin = np.concatenate(begins)[at]
    sizes = first + second
    lengths = [part.arrays[f"{texts}.length"] for part in order.parts]
    return arrays_of_postings(
        texts,
        names,
        (token[at], row[at], first, second),
        np.concatenate(places)[all_between(begin, begin + sizes)],
        _placed([each.astype(np.int64) for each in lengths], rows_of),
    )


def _columns(number: int) -> list[list[_Numbers]]:
    return [[] for _ in range(number)]


def _names(order: _Order) -> Arrays:
    """Return the arrays of what documents are called."""
    digests, rows = list[NDArray[np.uint64]](), list[_Numbers]()
    for part in order.parts:
        ends = part.arrays["names.ends"].astype(np.int64)
        row = part.documents[part.arrays["names.row"]]
        digest = np.repeat(part.arrays["names.digest"], np.diff(ends, prepend=0))
        digests.append(digest[row >= 0])
        rows.append(row[row >= 0])
    return arrays_of_names(np.concatenate(digests), np.concatenate(rows))


def _words(order: _Order) -> Arrays:
    """Return the arrays of the words of passages."""
    held, sizes = list[_Numbers](), list[_Numbers]()
    words: list[list[str]] = []
    for part in order.parts:
        ends = part.arrays["held_ends"].astype(np.int64)
        begins = np.append(0, ends)[:-1]
        kept = part.passages >= 0
        of_kept = part.arrays["held"][all_between(begins[kept], ends[kept])]
        used, places = np.unique(of_kept, return_inverse=True)
        words.append(_strings(part.arrays, "word", used.astype(np.int64)))
        held.append(places)
        sizes.append(ends - begins)
    names = word_order(word for each in words for word in each)
    number_of = {word: number for number, word in enumerate(names)}
    renumbered = [np.array([number_of[word] for word in each], np.int64) for each in words]
    together = np.concatenate([n[h] for n, h in zip(renumbered, held, strict=True)])
    size = _placed(sizes, order.passage_rows)
    # Each passage's words stand together where they came from, in the order of the parts.
    came = np.concatenate([rows[rows >= 0] for rows in order.passage_rows])
    ends_there = np.cumsum(size[came])
    begin_of = np.empty_like(size)
    begin_of[came] = ends_there - size[came]
    together = together[all_between(begin_of, begin_of + size)].astype(np.uint32)
    classes = np.searchsorted(order.classes, np.arange(len(order.class_names)), side="right")
    class_ends = np.append(0, order.passage_ends)[classes]
    return arrays_of_words(names, together, np.cumsum(size), class_ends)
