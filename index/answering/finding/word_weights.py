"""Stems of words, and what each weighs: how much it tells of what a text is about."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from index.answering.scope import Scope
from index.store.words.lexical import STOP_WORDS
from index.store.words.tokens import tokens_of
from index.text import words_of

Stem = tuple[str, ...]


class WordWeights:
    """The stems of texts, and their IDF among the passages that may be seen.

    Words of `same` are each the other's synonyms, and have one stem.
    """

    def __init__(self, scope: Scope, same: Iterable[frozenset[str]] = ()) -> None:
        self._scope = scope
        self._passages = scope.catalog.passage_count(scope.allowed)
        self._synonyms = {
            tokens_of(word): (f"={number}",) for number, words in enumerate(same) for word in words
        }
        self._words: dict[Stem, set[str]] = {}
        self._weights: dict[Stem, float] = {}

    def stems(self, text: str, without: Collection[str] = ()) -> frozenset[Stem]:
        """Return the stems of a text's words, but for words of grammar and those in `without`."""
        found = set()
        for word in words_of(text):
            if word in STOP_WORDS or word in without or (len(word) < 2 and not word.isdigit()):
                continue
            if tokens := tokens_of(word):
                stem = self._synonyms.get(tokens, tokens)
                self._words.setdefault(stem, set()).add(word)
                found.add(stem)
        return frozenset(found)

    def of(self, stems: Iterable[Stem]) -> float:
        """Return the sum of the stems' weights."""
        return sum(map(self._weight, stems))

    def share(self, stems: Collection[Stem], held: Collection[Stem]) -> float:
        """Return the share of the stems' weight that is in `held`; 0 without stems."""
        whole = self.of(stems)
        return self.of(stem for stem in stems if stem in held) / whole if whole else 0.0

    def _weight(self, stem: Stem) -> float:
        if stem not in self._weights:
            frequency = self._scope.catalog.document_frequency
            counts = (frequency(word, self._scope.allowed) for word in self._words[stem])
            self._weights[stem] = math.log1p(self._passages / (1 + max(counts)))
        return self._weights[stem]
