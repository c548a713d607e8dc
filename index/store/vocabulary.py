"""Vocabulary: which words are spellings of the same word, and which differ by a typing error."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

__all__ = ["Vocabulary"]

# Letters that Unicode does not decompose, and how they are written in plain letters.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "ð": "d",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "œ": "oe",
        "ß": "ss",
        "þ": "th",
    }
)
_DIGRAPH = re.compile(r"aa|ae|oe|ue")
_SHORTEST = 6
"""Letters that the longer of two words needs, where both are in plain letters, to be taken for
spellings of the same word: a poet is not a pot."""


class Vocabulary:
    """Words in lower case, to look up other spellings and similar words in."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = sorted(words)
        self._plain = [_plain(word) for word in self._words]
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for word, plain in zip(self._words, self._plain, strict=True):
            self._spellings[_fold(plain)].append(word)

    def spellings(self, word: str) -> list[str]:
        """Return other spellings: Støre, Stoere and Store; Müller, Mueller and Muller."""
        others = self._spellings.get(_fold(_plain(word)), ())
        return [other for other in others if other != word and _may_be_same(word, other)]

    def near(self, word: str, edits: int) -> dict[str, int]:
        """Return the words at a distance of at most `edits`, with their distance.

        An edit is a letter left out, put in, changed, or two exchanged (the restricted distance of
        Damerau and Levenshtein). Marks on letters do not count; other spellings have distance 0.
        """
        plain = _plain(word)
        (distances,) = cdist([plain], self._plain, scorer=OSA.distance, score_cutoff=edits)
        found = {
            self._words[row]: int(distances[row]) for row in np.flatnonzero(distances <= edits)
        }
        return found | dict.fromkeys(self.spellings(word), 0)


def _plain(word: str) -> str:
    """Return the word without marks on its letters."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word.translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _fold(plain: str) -> str:
    """Return what all spellings of a word share: å, ä, ø, ö and ü may be written as two letters."""
    return _DIGRAPH.sub(lambda match: match[0][0], plain)


def _may_be_same(word: str, other: str) -> bool:
    """Return whether two words of equal fold are spellings of the same word."""
    return not (word + other).isascii() or max(len(word), len(other)) >= _SHORTEST
