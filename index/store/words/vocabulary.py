"""Vocabulary: which words are spellings of the same word, and which differ by a typing error."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from index.store.cached_results import keep_results
from index.store.segments.segment import PassageWords, distinct
from index.store.segments.segments import RowRuns
from index.store.words.segment_arrays import letters_of
from index.text import fold

_SHORTEST = 6
"""Letters that the longer of two words needs, where both are in plain letters, to be taken for
spellings of the same word: a poet is not a pot."""
_FEW = 100_000
"""Words of passages, up to which they are sorted, not marked in a list of all."""

_GROUPS_KEPT = 512
"""Words of questions whose spellings are kept: one question asks for them several times."""

_Numbers = NDArray[np.int64]


class PassageVocabulary:
    """The words of the passages that may be seen, to look up other spellings and similar words in.

    What is read of others is the place of a word among all, nothing more.
    """

    def __init__(
        self, segments: Sequence[PassageWords], ends: NDArray[np.int64], passages: RowRuns
    ) -> None:
        """Take the words of each segment, where the rows of its passages end, and which count."""
        self._segments = segments
        self._begins = np.append(0, ends)
        self._passages = passages
        self._group = keep_results(self._find_group, _GROUPS_KEPT)

    @cached_property
    def _numbers(self) -> list[_Numbers]:
        """The numbers of the words of each segment that a passage holds, in order."""
        found = []
        for number, words in enumerate(self._segments):
            starts, stops = self._passages.within(
                int(self._begins[number]), int(self._begins[number + 1])
            )
            # Of a class that is seen whole, the words are known.
            begins = np.append(0, words.class_ends[:-1])
            of_class = np.searchsorted(begins, starts, side="right") - 1
            whole = (begins[of_class] == starts) & (words.class_ends[of_class] == stops)
            lists = [words.held_by_class(each) for each in of_class[whole].tolist()]
            held, _ = words.word_numbers(starts[~whole], stops[~whole])
            found.append(_distinct([*lists, held], len(words.words)))
        return found

    def holding(self, word: str, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of some passages that count hold a word exactly, (rows,)."""
        holding = np.zeros(len(rows), np.bool_)
        number_of = np.searchsorted(self._begins, rows, side="right") - 1
        for number in np.unique(number_of).tolist():
            words = self._segments[number]
            sought = next((n for n in words.group(word) if words.words[n] == word), None)
            if sought is None:
                continue
            here = np.flatnonzero(number_of == number)
            starts = (rows[here] - self._begins[number]).astype(np.uint32)
            held, sizes = words.word_numbers(starts, starts + np.uint32(1))
            found = np.flatnonzero(held == sought)
            holding[here[np.searchsorted(np.cumsum(sizes), found, side="right")]] = True
        return holding

    def __contains__(self, word: str) -> bool:
        return word in self._group(word)

    def spellings(self, word: str) -> list[str]:
        """Return other spellings: Støre, Stoere and Store; Müller, Mueller and Muller."""
        return [other for other in self._group(word) if other != word and _may_be_same(word, other)]

    def similar_words(self, word: str, edits: int) -> dict[str, int]:
        """Return the words at a distance of at most `edits`, with their distance.

        An edit is a letter left out, put in, changed, or two exchanged (the restricted distance of
        Damerau and Levenshtein). Marks on letters do not count; other spellings have distance 0.
        """
        plain = fold(word)
        found: dict[str, int] = {}
        for words, numbers in zip(self._segments, self._numbers, strict=True):
            near = _maybe_near(words, numbers, plain, edits)
            others = [words.words[number] for number in near.tolist()]
            if not others:
                continue
            folded = [fold(other) for other in others]
            (distances,) = cdist([plain], folded, scorer=OSA.distance, score_cutoff=edits)
            for at in np.flatnonzero(distances <= edits).tolist():
                found[others[at]] = int(distances[at])
        return dict(sorted(found.items())) | dict.fromkeys(self.spellings(word), 0)

    def _find_group(self, word: str) -> Sequence[str]:
        """Return the words that may be spellings of a word, itself among them."""
        found: set[str] = set()
        for words, numbers in zip(self._segments, self._numbers, strict=True):
            group = words.group(word)
            first, last = numbers.searchsorted((group.start, group.stop)).tolist()
            found.update(words.words[number] for number in numbers[first:last].tolist())
        return sorted(found)


def _distinct(lists: Sequence[NDArray[np.uint32]], words: int) -> _Numbers:
    """Return the numbers that are in one of the lists, in order; all are below `words`."""
    if sum(map(len, lists)) < _FEW:
        return distinct(np.concatenate(lists)).astype(np.int64)
    marked = np.zeros(words, np.bool_)
    for each in lists:
        marked[each] = True
    return np.flatnonzero(marked)


def _maybe_near(words: PassageWords, numbers: _Numbers, plain: str, edits: int) -> _Numbers:
    """Return the numbers of all words at a distance of at most `edits`, and of some others.

    An edit changes the number of letters by one at most, and which there are by two.
    """
    sizes = words.sizes[numbers].astype(np.int64)
    fits = np.abs(sizes - min(len(plain), 255)) <= edits
    fitting = numbers[fits]
    differing = np.bitwise_count(words.letters[fitting] ^ np.uint32(letters_of(plain)))
    return np.asarray(fitting[differing <= 2 * edits])


def _may_be_same(word: str, other: str) -> bool:
    """Return whether two words of equal fold are spellings of the same word."""
    return not (word + other).isascii() or max(len(word), len(other)) >= _SHORTEST
