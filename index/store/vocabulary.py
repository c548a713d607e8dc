"""Vocabulary: which words are spellings of the same word, and which differ by a typing error."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from index.text import fold

__all__ = ["Vocabulary", "Words"]

_DIGRAPH = re.compile(r"aa|ae|oe|ue")
_SHORTEST = 6
"""Letters that the longer of two words needs, where both are in plain letters, to be taken for
spellings of the same word: a poet is not a pot."""

_Numbers = NDArray[np.int32]


class Vocabulary:
    """The words of many texts in lower case, and which of them each text holds."""

    def __init__(self, texts: Iterable[Iterable[str]]) -> None:
        """Take the words of each text; a text is known by its row."""
        numbers: dict[str, int] = {}
        held, ends = array("i"), array("q", [0])
        for words in texts:
            held.extend({numbers.setdefault(word, len(numbers)) for word in words})
            ends.append(len(held))
        plain = {word: fold(word) for word in numbers}
        keys = {word: _key(plain[word]) for word in numbers}
        # The spellings of a word stand together.
        self.words = sorted(numbers, key=lambda word: (keys[word], word))
        self.plain = [plain[word] for word in self.words]
        self._groups: dict[str, tuple[int, int]] = {}
        for number, word in enumerate(self.words):
            first, _ = self._groups.get(keys[word], (number, 0))
            self._groups[keys[word]] = first, number + 1
        place = np.empty(len(self.words), dtype=np.int32)
        place[[numbers[word] for word in self.words]] = np.arange(len(self.words))
        self._held = place[np.asarray(held)]
        self._ends = np.asarray(ends)

    def within(self, rows: NDArray[np.intp]) -> Words:
        """Return the words of some texts. To make it takes time by what these hold, not by what
        others do."""
        starts, sizes = self._ends[rows], self._ends[rows + 1] - self._ends[rows]
        before = np.cumsum(sizes) - sizes
        places = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
        held, texts = self._held[places], np.repeat(rows, sizes).astype(np.int32)
        order = np.argsort(held, kind="stable")
        return Words(self, held[order], texts[order])

    def group(self, word: str) -> tuple[int, int]:
        """Return the first number of the words that may be spellings of a word, and where they
        end."""
        return self._groups.get(_key(fold(word)), (0, 0))


class Words:
    """Words of a vocabulary, to look up other spellings and similar words in."""

    def __init__(self, vocabulary: Vocabulary, held: _Numbers, rows: _Numbers) -> None:
        """Take the number of each word that a text holds, in order, and the rows of the texts."""
        self._vocabulary = vocabulary
        self._numbers, starts = np.unique(held, return_index=True)
        self._starts = np.append(starts, len(held))
        self._rows = rows

    @cached_property
    def _plain(self) -> list[str]:
        return [self._vocabulary.plain[number] for number in self._numbers.tolist()]

    def rows(self, word: str) -> _Numbers:
        """Return the rows of the texts that hold a word, in order."""
        first, last = np.searchsorted(self._numbers, self._vocabulary.group(word)).tolist()
        for at in range(first, last):
            if self._vocabulary.words[self._numbers[at]] == word:
                return self._rows[self._starts[at] : self._starts[at + 1]]
        return self._rows[:0]

    def spellings(self, word: str) -> list[str]:
        """Return other spellings: Støre, Stoere and Store; Müller, Mueller and Muller."""
        return [other for other in self._group(word) if other != word and _may_be_same(word, other)]

    def near(self, word: str, edits: int) -> dict[str, int]:
        """Return the words at a distance of at most `edits`, with their distance.

        An edit is a letter left out, put in, changed, or two exchanged (the restricted distance of
        Damerau and Levenshtein). Marks on letters do not count; other spellings have distance 0.
        """
        (distances,) = cdist([fold(word)], self._plain, scorer=OSA.distance, score_cutoff=edits)
        rows = np.flatnonzero(distances <= edits)
        words = (self._vocabulary.words[number] for number in self._numbers[rows].tolist())
        found = dict(sorted(zip(words, distances[rows].tolist(), strict=True)))
        return found | dict.fromkeys(self.spellings(word), 0)

    def _group(self, word: str) -> list[str]:
        """Return the words that may be spellings of a word, itself among them."""
        first, last = np.searchsorted(self._numbers, self._vocabulary.group(word)).tolist()
        return [self._vocabulary.words[number] for number in self._numbers[first:last].tolist()]


def _key(plain: str) -> str:
    """What the spellings of a word have in common: with what å and ä, ø and ö, ü may become."""
    return _DIGRAPH.sub(lambda match: match[0][0], plain)


def _may_be_same(word: str, other: str) -> bool:
    """Return whether two words of equal fold are spellings of the same word."""
    return not (word + other).isascii() or max(len(word), len(other)) >= _SHORTEST
