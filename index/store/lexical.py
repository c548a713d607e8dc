"""The lexical half of retrieval: BM25 over the passages that may be seen.

FTS5 cuts texts into tokens and keeps where each stands. Its own bm25() is not used: it counts in
every passage of the file, and so one that a person may not see would move the scores of others.
"""

from __future__ import annotations

import json
import math
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.store.vocabulary import Vocabulary
from index.text import WORD, words_of

__all__ = [
    "CREATE_LEXICAL",
    "DELETE_LEXICAL",
    "INSERT_LEXICAL",
    "STOP_WORDS",
    "LexicalIndex",
    "content_words",
    "tokens_of",
]

_TOKENIZER = 'tokenize = "porter unicode61 remove_diacritics 2"'
CREATE_LEXICAL = f"CREATE VIRTUAL TABLE lexical USING fts5(context, body, {_TOKENIZER})"
INSERT_LEXICAL = "INSERT INTO lexical (rowid, context, body) VALUES (?, ?, ?)"
DELETE_LEXICAL = "DELETE FROM lexical WHERE rowid = ?"

# https://www.sqlite.org/fts5.html, "The fts5vocab Virtual Table Module"; in temp, as the file of a
# published generation is not written to.
_CREATE_INSTANCES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.lexical_instances"
    " USING fts5vocab(main, lexical, instance)"
)
_TEXTS = "SELECT context || ' ' || text FROM passages"
_TEXTS_OF = f"{_TEXTS} WHERE key IN (SELECT value FROM json_each(?))"
_INSTANCES = "SELECT doc, col, offset FROM temp.lexical_instances WHERE term = ?"

_WEIGHTS = {"context": 2.0, "body": 1.0}
"""Title and headings count double: on short documents that is worth more than any other weight."""
_K1, _B, _LEAST_IDF = 1.2, 0.75, 1e-6
"""As in FTS5: https://www.sqlite.org/fts5.html, "The bm25() function". A word that half of the
passages hold would have an IDF below zero; it gets the least."""
_CACHED_POSTINGS = 2_048
_LOOKED_INTO = 20
"""Passages, for how a word is written."""

STOP_WORDS = frozenset(
    "a about an and are as at be been by can could did do does for from had has have he her his how"
    " i if in is it its may me might my no not of on or our she should so than that the their them"
    " then there these they this those to was we were what when where which who whom whose why will"
    " with would you your".split()
)
_MOST_WORDS = 64
"""Of a question as long as a page only the first words are looked up; ranking hardly gains."""
_MOST_TOKENS = 8
"""Of a word. Each is looked up, and one that every text holds has at least as many places as there
are texts."""

_Tokens = tuple[str, ...]
_Rows = NDArray[np.intp]
_Floats = NDArray[np.float64]


def content_words(question: str) -> list[str]:
    """The question's words in lower case, each once, without those that every text holds.

    At most 64, or fewer where FTS5 cuts some: they have so many tokens together.
    """
    words = list(dict.fromkeys(words_of(question)))
    telling = ([word for word in words if word not in STOP_WORDS] or words)[:_MOST_WORDS]
    tokens = accumulate(min(len(tokens_of(word)), _MOST_TOKENS) for word in telling)
    return [word for word, n in zip(telling, tokens, strict=True) if n <= _MOST_WORDS]


class LexicalIndex:
    """BM25 over the passages of a catalog that does not change meanwhile. Safe to use from several
    threads.

    `allowed` are the keys of the passages that count, None for all: scores and counts are what they
    would be if there were no others.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute(_CREATE_INSTANCES)
        sizes = db.execute("SELECT id, sz FROM lexical_docsize ORDER BY id").fetchall()
        # A passage goes by its row in these two.
        self._keys = np.array([key for key, _ in sizes], dtype=np.int64)
        self._lengths = np.array([_sum_of_varints(size) for _, size in sizes], dtype=np.float64)
        self._vocabulary = Vocabulary(_words(db))
        self._postings = lru_cache(_CACHED_POSTINGS)(self._read_postings)

    def search(
        self, question: str, k: int, allowed: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        """At most `k` (key, BM25), the greatest first, by key where they are equal."""
        seen = self._seen(allowed)
        passages = int(seen.sum())
        tokens = float(self._lengths[seen].sum())
        scores = np.zeros(len(self._keys))
        for word in content_words(question):
            rows, frequencies = self._held(word, seen)
            if len(rows):
                idf = math.log((passages - len(rows) + 0.5) / (len(rows) + 0.5))
                lengths = 1 - _B + _B * self._lengths[rows] / (tokens / passages)
                saturated = frequencies * (_K1 + 1) / (frequencies + _K1 * lengths)
                scores[rows] += max(idf, _LEAST_IDF) * saturated
        found = np.flatnonzero(scores)
        best = found[np.lexsort((found, -scores[found]))][:k]
        return list(zip(self._keys[best].tolist(), scores[best].tolist(), strict=True))

    def coverage(
        self, question: str, keys: Sequence[int], allowed: Sequence[int] | None
    ) -> dict[str, tuple[int, frozenset[int]]]:
        """For each telling word: how many passages hold it, and which of `keys` are among them."""
        seen = self._seen(allowed)
        covered = {}
        for word in content_words(question):
            rows, _ = self._held(word, seen)
            covered[word] = len(rows), frozenset(self._keys[rows].tolist()).intersection(keys)
        return covered

    def document_frequency(self, word: str, allowed: Sequence[int] | None) -> int:
        """How many passages hold the word, spelt like this, in a form that the stemmer knows."""
        return int(self._seen(allowed)[self._postings(tokens_of(word))[0]].sum())

    def near(self, word: str, edits: int) -> dict[str, int]:
        """As in `Vocabulary`; a passage that holds it need not be seen."""
        return self._vocabulary.near(word, edits)

    def written(self, word: str, allowed: Sequence[int] | None) -> Counter[str]:
        """How often a word of the vocabulary is written in small letters and capitals: in the first
        passages that hold it, empty where none does."""
        return self._written(word, self._seen(allowed))

    def _written(self, word: str, seen: NDArray[np.bool_]) -> Counter[str]:
        """Only forms that the vocabulary has the word from: without regard to case, ſ is an s and İ
        an i, and so a word of a passage that is not seen would stand in one that is."""
        rows = self._postings(tokens_of(word))[0]
        keys = self._keys[rows[seen[rows]]].tolist()
        forms = Counter[str]()
        for n, (text,) in enumerate(self._db.execute(_TEXTS_OF, (json.dumps(keys),))):
            if forms and n >= _LOOKED_INTO:
                break
            forms.update(form for form in WORD.findall(text) if form.lower() == word)
        return forms

    def _seen(self, allowed: Sequence[int] | None) -> NDArray[np.bool_]:
        """(passages,)"""
        if allowed is None:
            return np.ones(len(self._keys), dtype=np.bool_)
        return np.isin(self._keys, np.asarray(allowed, dtype=np.int64))

    def _held(self, word: str, seen: NDArray[np.bool_]) -> tuple[_Rows, _Floats]:
        """The rows among those seen that hold a word, in any form that the stemmer knows or another
        spelling, and how often, by column weighted."""
        known = (one for one in self._vocabulary.spellings(word) if self._is_seen(one, seen))
        spellings = dict.fromkeys(map(tokens_of, (word, *known)))
        frequencies = np.zeros(len(self._keys))
        for tokens in spellings:
            rows, weighted = self._postings(tokens)
            frequencies[rows] += weighted
        held = np.flatnonzero(frequencies * seen)
        return held, frequencies[held]

    def _is_seen(self, word: str, seen: NDArray[np.bool_]) -> bool:
        """Whether a word of the vocabulary stands in a passage among those seen, letter by letter:
        another with its stem may be there of which it is no spelling."""
        return bool(self._written(word, seen))

    def _read_postings(self, tokens: _Tokens) -> tuple[_Rows, _Floats]:
        """The rows that hold these tokens one after the other, and how often, weighted."""
        places = self._instances(tokens[0]) if tokens else ()
        for n, token in enumerate(tokens[1:_MOST_TOKENS], start=1):
            begun = ((key, column, offset - n) for key, column, offset in self._instances(token))
            # One by one, so that the places of a single token are held.
            places = set(places).intersection(begun)
            if not places:
                break
        weights: dict[int, float] = defaultdict(float)
        for key, column, _ in places:
            weights[key] += _WEIGHTS[column]
        keys = np.array(sorted(weights), dtype=np.int64)
        frequencies = np.array([weights[key] for key in sorted(weights)], dtype=np.float64)
        return np.searchsorted(self._keys, keys), frequencies

    def _instances(self, token: str) -> Iterable[tuple[int, str, int]]:
        return self._db.execute(_INSTANCES, (token,))


_tokenizer_lock = threading.Lock()


@lru_cache(16_384)
def tokens_of(word: str) -> tuple[str, ...]:
    """Return what FTS5 makes of a word: mostly one token, its stem; none of signs it does not know.

    FTS5 takes the usual accents off a word, but splits it at most others, and at letters that it
    does not know: a word may be any number of tokens.
    """
    with _tokenizer_lock:
        db = _tokenizer()
        db.execute("INSERT INTO words (rowid, word) VALUES (1, ?)", (word,))
        tokens = tuple(token for (token,) in db.execute("SELECT term FROM tokens ORDER BY offset"))
        db.execute("INSERT INTO words (words) VALUES ('delete-all')")
    return tokens


@cache
def _tokenizer() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.execute(f"CREATE VIRTUAL TABLE words USING fts5(word, content = '', {_TOKENIZER})")
    db.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab(words, instance)")
    return db


def _words(db: sqlite3.Connection) -> set[str]:
    """Every word of the passages, in lower case."""
    texts = db.execute(_TEXTS)
    # Cut at what is no part of a word in ASCII, which is a fifth of the work of WORD; then WORD
    # sees each piece once.
    pieces = set("\n".join(text for (text,) in texts).encode().translate(_CUT).split())
    return {word for piece in pieces for word in words_of(piece.decode())}


_CUT = bytes(code if code > 127 or chr(code).isalnum() else ord(" ") for code in range(256))


def _sum_of_varints(stored: bytes) -> int:
    """https://www.sqlite.org/fileformat2.html#varint; each is below 2 to the 56th."""
    total = value = 0
    for byte in stored:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            total, value = total + value, 0
    return total
