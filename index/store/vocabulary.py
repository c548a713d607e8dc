"""Vocabulary: which words are spellings of the same word, and which differ by a typing error."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from index.text import fold

__all__ = ["Vocabulary"]

_DIGRAPH = re.compile(r"aa|ae|oe|ue")
_SHORTEST = 6
"""Letters that the longer of two words needs, where both are in plain letters, to be taken for
spellings of the same word: a poet is not a pot."""


class Vocabulary:
    """Words in lower case, to look up other spellings and similar words in."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = sorted(words)
        self._plain = [fold(word) for word in self._words]
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for word, plain in zip(self._words, self._plain, strict=True):
            self._spellings[_key(plain)].append(word)

    def spellings(self, word: str) -> list[str]:
        """Return other spellings: Støre, Stoere and Store; Müller, Mueller and Muller."""
        others = self._spellings.get(_key(fold(word)), ())
        return [other for other in others if other != word and _may_be_same(word, other)]

    def near(self, word: str, edits: int) -> dict[str, int]:
        """Return the words at a distance of at most `edits`, with their distance.

        An edit is a letter left out, put in, changed, or two exchanged (the restricted distance of
        Damerau and Levenshtein). Marks on letters do not count; other spellings have distance 0.
        """
        plain = fold(word)
        (distances,) = cdist([plain], self._plain, scorer=OSA.distance, score_cutoff=edits)
        found = {
            self._words[row]: int(distances[row]) for row in np.flatnonzero(distances <= edits)
        }
        return found | dict.fromkeys(self.spellings(word), 0)


def _key(plain: str) -> str:
    """What the spellings of a word have in common: with what å and ä, ø and ö, ü may become."""
    return _DIGRAPH.sub(lambda match: match[0][0], plain)


def _may_be_same(word: str, other: str) -> bool:
    """Return whether two words of equal fold are spellings of the same word."""
    return not (word + other).isascii() or max(len(word), len(other)) >= _SHORTEST
