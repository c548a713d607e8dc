"""Segment: the words of some documents and their passages, in arrays that never change.

Documents are in order of visibility class and key, and passages in that of their documents, so that
a class is one run of either. Both are known by their numbers, their rows. What is stored of a row
takes time to read by the rows that are asked for, not by the others: so nothing tells of those that
may not be seen.

documents.key, documents.class           of each document its key, and the number of its class
documents.passages                       of each document where its passages end
passages.key                             of each passage its key
classes                                  the names of the classes, in order
{documents,passages}.length              of each text how many tokens it has
{documents,passages}.token               the tokens, in order
{documents,passages}.token_ends          of each token where its postings end
{documents,passages}.row                 of each posting the row of its text
{documents,passages}.count0, .count1     of each posting how often either column holds the token
{documents,passages}.place               of each posting the places of the token: in the first
                                         column, then in the second
{documents,passages}.mark                of each 256th posting where its places begin
word, word.letters, word.length          the words, those that may be spellings of one together,
                                         with the letters that each has when folded, and how many
names.digest, names.ends, names.row      what documents are called, as digests in order, where the
                                         rows of each end, and the rows
held, held_ends                          of each passage the numbers of its words, in order
class_held, class_held_ends              of each class the numbers of the words of its passages
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.store.segments.blocks import Arrays, SortedStrings, StringArray
from index.text import fold

CHECKED = frozenset(
    {
        "documents.key",
        "documents.class",
        "documents.passages",
        "passages.key",
        "classes.text",
        "classes.ends",
        "class_held",
        "class_held_ends",
    }
)
"""Arrays that say what belongs to whom: damage to them would show what may not be seen, and large
files are used before they are verified."""
PLACES_MARKED = 256
_DIGRAPH = re.compile(r"aa|ae|oe|ue")

Rows = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class PostingList:
    """Texts of one segment that hold a token, and how often either column does.

    Those that count are runs among all postings of the token, which begin at `first` in `columns`:
    from each of `starts` to its stop. What is not asked for is not read. `places` are the places in
    the first row, first column, then its second, then those in the next row, where they were asked
    for.
    """

    token_rows: Rows
    columns: tuple[NDArray[Any], NDArray[Any]]
    first: int
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    places: NDArray[Any] | None = None

    def __len__(self) -> int:
        return int((self.stops - self.starts).sum())

    def listed(self) -> tuple[Rows, NDArray[Any], NDArray[Any]]:
        """Return the rows that count, and how often either column of each holds the token."""
        at = gathered(self.starts, self.stops)
        if isinstance(at, slice):
            counted: slice | NDArray[np.int64] = slice(at.start + self.first, at.stop + self.first)
        else:
            counted = at + self.first
        return self.token_rows[at], self.columns[0][counted], self.columns[1][counted]

    def among(self, rows: Rows) -> tuple[NDArray[np.bool_], tuple[NDArray[Any], NDArray[Any]]]:
        """Return which of some rows that count hold the token, and how often these do."""
        at = self.token_rows.searchsorted(rows)
        at[at == len(self.token_rows)] = 0
        held = self.token_rows[at] == rows if len(self.token_rows) else np.zeros(len(at), np.bool_)
        found = at[held] + self.first
        return held, (self.columns[0][found], self.columns[1][found])


class TokenBlocks(Protocol):
    """The postings of the texts of one segment. Only here is anything read of what is stored."""

    @property
    def lengths(self) -> NDArray[Any]:
        """The number of tokens of each text."""
        ...

    def postings(
        self, token: str, starts: Rows, stops: Rows, *, places: bool = False
    ) -> PostingList:
        """Return which texts hold a token, among those from each of `starts` to its stop."""
        ...


class MappedTokens:
    """The postings of a segment in arrays."""

    def __init__(self, arrays: Arrays, texts: str) -> None:
        self.lengths = arrays[f"{texts}.length"]
        tokens = StringArray(arrays[f"{texts}.token.text"], arrays[f"{texts}.token.ends"])
        self._tokens = SortedStrings[bytes](tokens, list)
        self._ends = arrays[f"{texts}.token_ends"]
        self._rows = arrays[f"{texts}.row"]
        self._counts = arrays[f"{texts}.count0"], arrays[f"{texts}.count1"]
        self._places = arrays[f"{texts}.place"]
        self._marks = arrays[f"{texts}.mark"]

    def postings(
        self, token: str, starts: Rows, stops: Rows, *, places: bool = False
    ) -> PostingList:
        found = self._tokens.having(token.encode(errors="replace"))
        first = int(self._ends[found.start - 1]) if found.start else 0
        rows = self._rows[first : int(self._ends[found.start]) if found else first]
        begins, ends = rows.searchsorted(starts), rows.searchsorted(stops)
        kept = ends > begins
        begins, ends = begins[kept], ends[kept]
        held = self._places_of(gathered(begins + first, ends + first)) if places else None
        return PostingList(rows, self._counts, first, begins, ends, held)

    def _places_of(self, postings: slice | NDArray[np.int64]) -> NDArray[Any]:
        if isinstance(postings, slice):
            postings = np.arange(postings.start, postings.stop)
        if not len(postings):
            return self._places[:0]
        # From the last mark on, the places before a posting are counted.
        counts = self._counts[0], self._counts[1]
        marked = postings // PLACES_MARKED
        needed = np.unique(marked)
        starts = needed * PLACES_MARKED
        stops = np.minimum(starts + PLACES_MARKED, len(self._rows))
        around = all_between(starts, stops)
        sizes = counts[0][around].astype(np.int64) + counts[1][around]
        before = np.cumsum(sizes) - sizes
        firsts = np.searchsorted(around, starts)
        base = self._marks[needed].astype(np.int64) - before[firsts]
        at = np.searchsorted(around, postings)
        begins = before[at] + base[np.searchsorted(needed, marked)]
        return self._places[all_between(begins, begins + sizes[at])]


class NameBlocks(Protocol):
    """What the documents of one segment are called."""

    def rows(self, digest: int) -> Rows:
        """Return the documents that something with this digest is a name of, in order."""
        ...


class MappedNames:
    """The names of a segment in arrays."""

    def __init__(self, arrays: Arrays) -> None:
        self._digests = arrays["names.digest"]
        self._ends, self._rows = arrays["names.ends"], arrays["names.row"]

    def rows(self, digest: int) -> Rows:
        sought = np.uint64(digest)
        at = int(np.searchsorted(self._digests, sought))
        if at == len(self._digests) or self._digests[at] != sought:
            return self._rows[:0].astype(np.uint32)
        first = int(self._ends[at - 1]) if at else 0
        return self._rows[first : int(self._ends[at])].astype(np.uint32)


class PassageWords(Protocol):
    """The words of the passages of one segment."""

    words: StringArray
    letters: NDArray[np.uint32]
    sizes: NDArray[np.uint8]
    class_ends: NDArray[np.int64]

    def group(self, word: str) -> range:
        """Return the numbers of the words that may be spellings of a word."""
        ...

    def held_by_class(self, number: int) -> NDArray[np.uint32]:
        """Return the numbers of the words of all passages of a class, in order."""
        ...

    def word_numbers(
        self, starts: Rows, stops: Rows
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the numbers of the words of some passages, and how many each passage has."""
        ...


class MappedWords:
    """The words of a segment in arrays."""

    def __init__(self, arrays: Arrays) -> None:
        self.words = StringArray(arrays["word.text"], arrays["word.ends"])
        self._sorted = SortedStrings[str](self.words, _keys_of)
        self.letters = arrays["word.letters"]
        self.sizes = arrays["word.length"]
        self._held = arrays["held"]
        self._ends = arrays["held_ends"]
        self._class_held = arrays["class_held"]
        self._class_held_ends = arrays["class_held_ends"]
        last = np.searchsorted(
            arrays["documents.class"], np.arange(len(self._class_held_ends)), side="right"
        )
        ends = np.append(0, arrays["documents.passages"].astype(np.int64))
        self.class_ends = ends[last]

    def group(self, word: str) -> range:
        return self._sorted.having(key_of(fold(word)))

    def held_by_class(self, number: int) -> NDArray[np.uint32]:
        start = int(self._class_held_ends[number - 1]) if number else 0
        return self._class_held[start : int(self._class_held_ends[number])]

    def word_numbers(
        self, starts: Rows, stops: Rows
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        rows = all_between(starts, stops)
        ends = self._ends[rows].astype(np.int64)
        begins = np.where(rows > 0, self._ends[np.maximum(rows - 1, 0)], 0).astype(np.int64)
        return self._held[gathered(begins, ends)], ends - begins


@dataclass(frozen=True, eq=False)
class Segment:
    """One segment, with the arrays that are in its file or were just made."""

    arrays: Arrays

    @cached_property
    def documents(self) -> TokenBlocks:
        return MappedTokens(self.arrays, "documents")

    @cached_property
    def passages(self) -> TokenBlocks:
        return MappedTokens(self.arrays, "passages")

    @cached_property
    def names(self) -> NameBlocks:
        return MappedNames(self.arrays)

    @cached_property
    def words(self) -> PassageWords:
        return MappedWords(self.arrays)

    @cached_property
    def classes(self) -> list[str]:
        names = StringArray(self.arrays["classes.text"], self.arrays["classes.ends"])
        return [names[number] for number in range(len(names))]

    @property
    def document_keys(self) -> NDArray[np.int64]:
        return self.arrays["documents.key"]

    @property
    def class_numbers(self) -> NDArray[np.uint32]:
        return self.arrays["documents.class"]

    @property
    def passage_ends(self) -> NDArray[np.uint32]:
        return self.arrays["documents.passages"]

    @property
    def passage_keys(self) -> NDArray[np.int64]:
        return self.arrays["passages.key"]


def _keys_of(words: list[bytes]) -> list[str]:
    """Return the keys of several words, which takes less time all at once."""
    return key_of(fold(b"\n".join(words).decode())).split("\n") if words else []


def key_of(plain: str) -> str:
    """Return what the spellings of a folded word have in common: with what å and ä, ø and ö, ü may
    become."""
    return _DIGRAPH.sub(lambda match: match[0][0], plain)


def gathered(starts: NDArray[Any], stops: NDArray[Any]) -> slice | NDArray[np.int64]:
    """Return an index of all from each of `starts` to its stop: a slice, where they are one run."""
    kept = stops > starts
    starts, stops = starts[kept], stops[kept]
    if not len(starts):
        return slice(0, 0)
    if (starts[1:] == stops[:-1]).all():
        return slice(int(starts[0]), int(stops[-1]))
    return all_between(starts, stops)


def all_between(starts: NDArray[Any], stops: NDArray[Any]) -> NDArray[np.int64]:
    """Return all numbers from each of `starts` to its stop."""
    starts, sizes = starts.astype(np.int64), stops.astype(np.int64) - starts.astype(np.int64)
    before = np.cumsum(sizes) - sizes
    return np.asarray(np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes))


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return each of some values once, in order; ten times as fast as `np.unique`, which hashes."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def missing_from(known: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which keys are not among those known, each once, in order."""
    found = distinct(keys)
    return found[~are_in(found, np.sort(known))]


def are_in(keys: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which keys are among those known, which are in order."""
    if not len(known):
        return np.zeros(len(keys), np.bool_)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[at] == keys)
