"""Lexical index: BM25 over the passages that may be seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice, product

import numpy as np
from numpy.typing import NDArray

from index.ports import Filter
from index.store.segments.blocks import bound_mapped
from index.store.segments.segments import Segments, VisibleRows
from index.store.tables import Tables
from index.store.words.postings import MOST_TOKENS, Postings, WeightedTexts
from index.store.words.ranking import ListedTexts, WordTexts, best_texts
from index.store.words.tokens import know_tokens, places_in, tokens_of
from index.store.words.vocabulary import PassageVocabulary
from index.text import WORD, words_of

_TEXTS_OF = (
    "SELECT context || ' ' || text FROM passages"
    " WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"
)
_TEXT_OF = "SELECT context, text FROM passages WHERE key = ?"

_WEIGHTS = 2.0, 1.0
"""Title and headings count double, which proved best on short documents."""
_MOST_SAMPLES = 20
"""Passages to look into for how a word is written."""

STOP_WORDS = frozenset(
    "a about an and are as at be been by can could did do does for from had has have he her his how"
    " i if in is it its may me might my no not of on or our she should so than that the their them"
    " then there these they this those to was we were what when where which who whom whose why will"
    " with would you your".split()
)
_MOST_WORDS = 64
"""Words of a question that are looked up; more hardly improve the ranking."""

_MOST_SPELLINGS = 16
"""Spellings of a phrase that are looked up."""
_CLASSES_KEPT = 16
"""Sets of passages that may be seen, of which the words are kept."""


@dataclass(frozen=True, slots=True)
class PassageMention:
    """A passage that holds what was looked for: in its own text, or only in what is above it."""

    key: int
    in_text: bool


def content_words(question: str) -> list[str]:
    """Return the question's words in lower case, each once, without stop words.

    Together they have at most 64 tokens.
    """
    words = list(dict.fromkeys(words_of(question)))
    content = ([word for word in words if word not in STOP_WORDS] or words)[:_MOST_WORDS]
    tokens = accumulate(min(len(tokens_of(word)), MOST_TOKENS) for word in content)
    return [word for word, n in zip(content, tokens, strict=True) if n <= _MOST_WORDS]


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of all words of a text but stop words."""
    content = frozenset(words_of(text)) - STOP_WORDS
    know_tokens(content)
    return frozenset(stem for word in content for stem in tokens_of(word))


class _Visible:
    """The passages that may be seen, and their words."""

    def __init__(self, segments: Segments, visible: VisibleRows) -> None:
        self.passages = visible.passages
        words = [each.words for each in segments.all]
        self.words = PassageVocabulary(words, segments.passage_ends, visible.passages)


class LexicalIndex:
    """BM25 over the passages of segments. Safe to use from several threads.

    `allowed` says which passages count, None for all: scores and counts are as if there were no
    others, and so is what it takes to find them.
    """

    def __init__(
        self,
        db: Tables,
        segments: Segments,
        visible: Callable[[Filter | None], VisibleRows],
    ) -> None:
        """Take what tells which passages a filter lets be seen."""
        self._db = db
        self._segments = segments
        self._keys = segments.passage_keys
        self._rows_of = segments.rows_of_passages
        blocks = [each.passages for each in segments.all]
        self._postings = Postings(blocks, segments.passage_ends)
        # By what may be seen, never by what may not: this is all that is kept of a question.
        self._seen = lru_cache(_CLASSES_KEPT)(lambda allowed: _Visible(segments, visible(allowed)))

    def keys(self, allowed: Filter | None) -> NDArray[np.int64]:
        """Return the keys of the passages that count, in order."""
        return np.sort(self._keys[self._seen(allowed).passages.rows()])

    def passage_count(self, allowed: Filter | None) -> int:
        """Count the passages that count."""
        return len(self._seen(allowed).passages)

    def search(self, question: str, k: int, allowed: Filter | None) -> list[tuple[int, float]]:
        """Return at most `k` (key, BM25), the greatest first, by key where they are equal."""
        visible = self._seen(allowed)
        words = [self._holding_word(word, visible) for word in content_words(question)]
        best = best_texts(words, k, self._postings.bm25(visible.passages), self._keys)
        bound_mapped(segment.arrays for segment in self._segments.all)
        return [(int(self._keys[row]), score) for row, score in best]

    def coverage(
        self, question: str, keys: Sequence[int], allowed: Filter | None
    ) -> dict[str, tuple[int, frozenset[int]]]:
        """Count, for each content word, the passages that contain it; tell which of `keys` do."""
        visible = self._seen(allowed)
        rows = np.sort(visible.passages.among(self._rows_of(np.array(list(keys), np.int64))))
        covered = {}
        for word in content_words(question):
            texts = self._holding_word(word, visible)
            holding, _ = texts.among(rows)
            covered[word] = len(texts), frozenset(self._keys[rows[holding]].tolist())
        return covered

    def document_frequency(self, word: str, allowed: Filter | None) -> int:
        """Count the passages with the word in any form of the same stem, but no other spelling."""
        return len(self._postings.of(_tokens(word), self._seen(allowed).passages))

    def mentions(
        self, phrases: Sequence[str], allowed: Filter | None
    ) -> tuple[list[PassageMention], str]:
        """Return the passages that hold all phrases, each word in any form or spelling, by key.

        Also return what `places` is asked for in them.
        """
        visible = self._seen(allowed)
        spelled = self._spelled(phrases, visible)
        found, in_text = self._holding(spelled, visible)
        order = np.argsort(self._keys[found])
        mentions = [
            PassageMention(int(self._keys[row]), row in in_text) for row in found[order].tolist()
        ]
        groups = (" OR ".join(f'"{form}"' for form in forms) for forms in spelled)
        return mentions, " AND ".join(f"({group})" for group in groups)

    def forms(self, word: str, allowed: Filter | None) -> frozenset[tuple[str, ...]]:
        """Return the tokens of a word as `mentions` looks for it: of each spelling its own."""
        visible = self._seen(allowed)
        return frozenset(map(tokens_of, (word, *self._same_case(word, visible))))

    def places(self, query: str, key: int) -> list[tuple[int, int]]:
        """Return where a passage's text holds what a query looks for, as (start, end) in it."""
        for context, text in self._db.execute(_TEXT_OF, (key,)).fetchall():
            return places_in(context, text, query)
        return []

    def _holding(
        self, spelled: Sequence[Sequence[str]], visible: _Visible
    ) -> tuple[NDArray[np.int64], frozenset[int]]:
        """Return the passages that hold one form of each phrase; also those whose text does."""
        groups = [[tokens for form in forms if (tokens := tokens_of(form))] for forms in spelled]
        asked = [group for group in groups if group]  # FTS5 ignores what has no token
        if not asked:
            return np.zeros(0, np.int64), frozenset()
        found, in_text = [], []
        for group in asked:
            held = [self._postings.of(tokens, visible.passages).listed() for tokens in group]
            found.append(_all_of([rows for rows, _, _ in held]))
            in_text.append(_all_of([rows[in_second > 0] for rows, _, in_second in held]))
        return _common(found), frozenset(_common(in_text).tolist())

    def _spelled(self, phrases: Sequence[str], visible: _Visible) -> list[list[str]]:
        """Return the forms of each phrase, none where one of them has no word."""
        found = []
        for phrase in phrases:
            spelled = [[word, *self._same_case(word, visible)] for word in words_of(phrase)]
            if not spelled:
                return []
            found.append([" ".join(form) for form in islice(product(*spelled), _MOST_SPELLINGS)])
        return found

    def similar_words(self, word: str, edits: int, allowed: Filter | None) -> dict[str, int]:
        """Return similar words of the allowed passages (see `PassageVocabulary`)."""
        return self._seen(allowed).words.similar_words(word, edits)

    def written(self, word: str, allowed: Filter | None) -> Counter[str]:
        """Count how a word is written, in small letters or capitals, in the first allowed passages
        that contain it; empty where none does."""
        return self._written(word, self._seen(allowed))

    def _written(self, word: str, visible: _Visible) -> Counter[str]:
        # Compared by lower(), as the vocabulary was made. A comparison without regard to case takes
        # ſ for s and İ for i, and would find a word from a hidden passage in one that is seen.
        if word not in visible.words:
            return Counter()
        rows = self._postings.of(_tokens(word), visible.passages).rows
        rows = _first(rows, self._keys, _MOST_SAMPLES)
        sampled = rows[visible.words.holding(word, rows)]
        if not len(sampled):
            sampled = self._first_written(word, visible)
        keys = json.dumps(self._keys[sampled].tolist())
        return Counter(
            form
            for (text,) in self._db.execute(_TEXTS_OF, (keys,))
            for form in WORD.findall(text)
            if form.lower() == word
        )

    def _first_written(self, word: str, visible: _Visible) -> NDArray[np.int64]:
        """Return the first passage with a word among those with one of its stem, by key."""
        rows = self._postings.of(_tokens(word), visible.passages).rows
        rows = rows[np.argsort(self._keys[rows])]
        at, size = _MOST_SAMPLES, _MOST_SAMPLES
        while at < len(rows):
            some = rows[at : at + size]
            if len(found := some[visible.words.holding(word, some)]):
                return found[:1]
            at, size = at + size, 2 * size
        return rows[:0]

    def _holding_word(self, word: str, visible: _Visible) -> WordTexts:
        """Return the texts with a word, in any form of the same stem or another spelling."""
        spellings = dict.fromkeys(map(_tokens, (word, *visible.words.spellings(word))))
        texts = [
            WeightedTexts(self._postings.of(tokens, visible.passages), _WEIGHTS)
            for tokens in spellings
        ]
        if len(texts) == 1:
            return texts[0]
        listed = [each.listed() for each in texts]
        rows, places = np.unique(np.concatenate([each for each, _ in listed]), return_inverse=True)
        weights = np.concatenate([each for _, each in listed])
        return ListedTexts(rows, np.bincount(places, weights, len(rows)).astype(np.float64))

    def _same_case(self, word: str, visible: _Visible) -> list[str]:
        """Return other spellings of a word that are names where it is one: Støre is no store."""
        others = {
            other: forms
            for other in visible.words.spellings(word)
            if (forms := self._written(other, visible))
        }
        if not others:
            return []
        own = self._written(word, visible)
        names = {other for other, forms in others.items() if _is_name(forms)}
        is_name = _is_name(own) if own else bool(names)
        return [other for other in others if (other in names) is is_name]


def _tokens(word: str) -> tuple[str, ...]:
    """Return the tokens of a word that are looked up."""
    return tokens_of(word)[:MOST_TOKENS]


def _first(rows: NDArray[np.int64], keys: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return those of some rows that have the least keys, in order of these."""
    if len(rows) > most:
        rows = rows[np.argpartition(keys[rows], most)[:most]]
    return rows[np.argsort(keys[rows])]


def _all_of(rows: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.unique(np.concatenate(rows))


def _common(rows: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    found, *others = rows
    for each in others:
        found = np.intersect1d(found, each, assume_unique=True)
    return found


def _is_name(forms: Counter[str]) -> bool:
    """Return whether most of a word's forms begin with a capital letter."""
    return 2 * sum(forms[form] for form in forms if form[:1].isupper()) > forms.total()
