"""Matching: finds entries by what a person has typed so far, with errors and half words."""

from __future__ import annotations

import bisect
import enum
import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.text import fold, words_of

_MOST_TYPED = 200
"""Characters of the typed text that are used; nobody types more to find a title."""
_MOST_WORDS = 12
_ENOUGH = 0.6
"""The least mean closeness of the typed words: one word in three may be missing."""
_LEAST_GUESSED = 4
"""Characters below which what was typed is taken only as it stands."""


def folded_words(text: str) -> str:
    """Return the words of a text in lower case and without accents, a space between them."""
    return " ".join(words_of(fold(text)))


class Grade(enum.IntEnum):
    """How an entry matches; higher is better."""

    FUZZY = 1
    """Most typed words are like its words."""
    INSIDE = 2
    """It contains what was typed, spaces and punctuation aside."""
    WORDS = 3
    """Every typed word begins one of its words."""
    BEGINNING = 4
    EXACT = 5


@dataclass(frozen=True, slots=True)
class Match:
    """`index` counts the entries from 0; `closeness` in (0, 1] is below 1 only for FUZZY."""

    index: int
    grade: Grade
    closeness: float = 1.0


class Matcher:
    """Finds entries by their texts, such as name and title; a match of one text is enough."""

    def __init__(self, entries: Iterable[Sequence[str]]) -> None:
        self._texts = [tuple(dict.fromkeys(map(folded_words, texts))) for texts in entries]
        self._solid = ["\n".join(texts).replace(" ", "") for texts in self._texts]
        self._lengths = [min(map(len, texts), default=0) for texts in self._texts]
        holders: defaultdict[str, set[int]] = defaultdict(set)
        for index, texts in enumerate(self._texts):
            for text in texts:
                for word in text.split():
                    holders[word].add(index)
        self._holders = dict(holders)
        self._words = sorted(holders)
        # With each letter that is typed, only the last word changes.
        self._words_like = lru_cache(64)(self._find_words_like)

    def best(self, typed: str, limit: int) -> list[Match]:
        """Return at most `limit` matches, best first; of equal ones the shorter entry first."""
        query = folded_words(typed[:_MOST_TYPED])
        if not query:
            return []
        solid = query.replace(" ", "")
        found = self._by_words(list(dict.fromkeys(query.split()))[:_MOST_WORDS])
        for index, texts in enumerate(self._texts):
            if solid not in self._solid[index]:
                continue
            if query in texts:
                found[index] = Match(index, Grade.EXACT)
            elif any(text.startswith(query) for text in texts):
                found[index] = Match(index, Grade.BEGINNING)
            elif index not in found or found[index].grade < Grade.INSIDE:
                found[index] = Match(index, Grade.INSIDE)
        return heapq.nsmallest(
            limit,
            found.values(),
            key=lambda m: (-m.grade, -m.closeness, self._lengths[m.index], m.index),
        )

    def best_matches(self, typed: str) -> tuple[bool, list[int]]:
        """Return whether what was typed is a text of theirs, and the entries that it can mean.

        Else it can mean those with a text that it is but for typing errors, or those whose words it
        begins, or that hold it. Figures count as they are: last year's report is not this year's.
        """
        query = folded_words(typed[:_MOST_TYPED])
        best = self.best(typed, len(self._texts))
        exact = [match.index for match in best if match.grade is Grade.EXACT]
        if exact or len(query) < _LEAST_GUESSED:
            return bool(exact), exact
        words = [match.index for match in best if match.grade >= Grade.WORDS]
        inside = [match.index for match in best if match.grade is Grade.INSIDE]
        return False, self._but_for_errors(query) or words or inside

    def _but_for_errors(self, query: str) -> list[int]:
        """Return the entries with a text that is nearest to all of what was typed."""
        flat = [(text, index) for index, texts in enumerate(self._texts) for text in texts]
        found = process.extract(
            query,
            [text for text, _ in flat],
            scorer=OSA.distance,
            score_cutoff=_errors_in(query),
            limit=None,
        )
        near = [
            (distance, flat[place][1])
            for text, distance, place in found
            if _figures(text) == _figures(query)
        ]
        least = min((distance for distance, _ in near), default=0)
        return sorted({index for distance, index in near if distance == least})

    def _by_words(self, typed: Sequence[str]) -> dict[int, Match]:
        totals: defaultdict[int, float] = defaultdict(float)
        for word in typed:
            nearest: dict[int, float] = {}
            for known, closeness in self._words_like(word).items():
                for index in self._holders[known]:
                    if closeness > nearest.get(index, 0):
                        nearest[index] = closeness
            for index, closeness in nearest.items():
                totals[index] += closeness
        means = {index: total / len(typed) for index, total in totals.items()}
        return {
            index: Match(index, Grade.WORDS if mean == 1 else Grade.FUZZY, mean)
            for index, mean in means.items()
            if mean >= _ENOUGH
        }

    def _find_words_like(self, typed: str) -> dict[str, float]:
        """Return the known words that begin with nearly what was typed, and how close they are."""
        first = bisect.bisect_left(self._words, typed)
        after = bisect.bisect_left(self._words, typed + chr(0x10FFFF))
        like: dict[str, float] = {}
        errors = _errors_in(typed)
        # A word may be typed half, and without a letter: so two lengths of its beginning count.
        for length in (None, len(typed), len(typed) + 1) if errors else ():
            beginnings = [word[:length] for word in self._words]
            for _, distance, index in process.extract(
                typed, beginnings, scorer=OSA.distance, score_cutoff=errors, limit=None
            ):
                word = self._words[index]
                like[word] = max(like.get(word, 0), 1 - distance / len(typed))
        return like | dict.fromkeys(self._words[first:after], 1.0)


def _errors_in(typed: str) -> int:
    """Return how many typing errors may be in what was typed."""
    return 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2


def _figures(text: str) -> str:
    return "".join(filter(str.isdigit, text))
