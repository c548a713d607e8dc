"""Lexical index: BM25 over the passages that may be seen.

FTS5 divides texts into tokens and stores the places of each. Its own bm25() is not used, since it
counts all passages of the file: a passage that a person may not see would change the scores of
those that they may see.
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

# https://www.sqlite.org/fts5.html, "The fts5vocab Virtual Table Module"; in temp, since the file of
# a published generation is read-only.
_CREATE_INSTANCES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.lexical_instances"
    " USING fts5vocab(main, lexical, instance)"
)
_TEXTS = "SELECT context || ' ' || text FROM passages"
_TEXTS_OF = f"{_TEXTS} WHERE key IN (SELECT value FROM json_each(?))"
_INSTANCES = "SELECT doc, col, offset FROM temp.lexical_instances WHERE term = ?"

_WEIGHTS = {"context": 2.0, "body": 1.0}
"""Title and headings count double, which proved best on short documents."""
_K1, _B, _LEAST_IDF = 1.2, 0.75, 1e-6
"""As in FTS5: https://www.sqlite.org/fts5.html, "The bm25() function". A word in more than half of
the passages would have an IDF below zero; it gets the least."""
_CACHED_POSTINGS = 2_048
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
_MOST_TOKENS = 8
"""Tokens of a word that are looked up; each may have as many places as there are texts, or more."""

_Tokens = tuple[str, ...]
_Rows = NDArray[np.intp]
_Floats = NDArray[np.float64]


def content_words(question: str) -> list[str]:
    """Return the question's words in lower case, each once, without stop words.

    Together they have at most 64 tokens.
    """
    words = list(dict.fromkeys(words_of(question)))
    content = ([word for word in words if word not in STOP_WORDS] or words)[:_MOST_WORDS]
    tokens = accumulate(min(len(tokens_of(word)), _MOST_TOKENS) for word in content)
    return [word for word, n in zip(content, tokens, strict=True) if n <= _MOST_WORDS]


class LexicalIndex:
    """BM25 over the passages of a catalog that no longer changes. Safe to use from several threads.

    `allowed` are the keys of the passages that count, None for all: scores and counts are as if
    there were no others.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.execute(_CREATE_INSTANCES)
        sizes = db.execute("SELECT id, sz FROM lexical_docsize ORDER BY id").fetchall()
        # Below, a passage is known by its row in these two.
        self._keys = np.array([key for key, _ in sizes], dtype=np.int64)
        self._lengths = np.array([_sum_of_varints(size) for _, size in sizes], dtype=np.float64)
        self._vocabulary = Vocabulary(_words(db))
        self._postings = lru_cache(_CACHED_POSTINGS)(self._read_postings)

    def search(
        self, question: str, k: int, allowed: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        """Return at most `k` (key, BM25), the greatest first, by key where they are equal."""
        seen = self._seen(allowed)
        passages = int(seen.sum())
        tokens = float(self._lengths[seen].sum())
        scores = np.zeros(len(self._keys))
        for word in content_words(question):
            rows, frequencies = self._frequencies(word, seen)
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
        """Count, for each content word, the passages that contain it; tell which of `keys` do."""
        seen = self._seen(allowed)
        covered = {}
        for word in content_words(question):
            rows, _ = self._frequencies(word, seen)
            covered[word] = len(rows), frozenset(self._keys[rows].tolist()).intersection(keys)
        return covered

    def document_frequency(self, word: str, allowed: Sequence[int] | None) -> int:
        """Count the passages with the word in any form of the same stem, but no other spelling."""
        return int(self._seen(allowed)[self._postings(tokens_of(word))[0]].sum())

    def near(self, word: str, edits: int) -> dict[str, int]:
        """Return similar words (see `Vocabulary`), also from passages that are not allowed."""
        return self._vocabulary.near(word, edits)

    def written(self, word: str, allowed: Sequence[int] | None) -> Counter[str]:
        """Count how a word is written, in small letters or capitals, in the first allowed passages
        that contain it; empty where none does."""
        return self._written(word, self._seen(allowed))

    def _written(self, word: str, seen: NDArray[np.bool_]) -> Counter[str]:
        # Compared by lower(), as the vocabulary was made. A comparison without regard to case takes
        # ſ for s and İ for i, and would find a word from a hidden passage in one that is seen.
        rows = self._postings(tokens_of(word))[0]
        keys = self._keys[rows[seen[rows]]].tolist()
        forms = Counter[str]()
        for n, (text,) in enumerate(self._db.execute(_TEXTS_OF, (json.dumps(keys),))):
            if forms and n >= _MOST_SAMPLES:
                break
            forms.update(form for form in WORD.findall(text) if form.lower() == word)
        return forms

    def _seen(self, allowed: Sequence[int] | None) -> NDArray[np.bool_]:
        """Return which passages count, (passages,)."""
        if allowed is None:
            return np.ones(len(self._keys), dtype=np.bool_)
        return np.isin(self._keys, np.asarray(allowed, dtype=np.int64))

    def _frequencies(self, word: str, seen: NDArray[np.bool_]) -> tuple[_Rows, _Floats]:
        """Return the rows with a word, and its frequencies there, weighted by column.

        A word counts in any form of the same stem, and in other spellings.
        """
        others = (other for other in self._vocabulary.spellings(word) if self._is_seen(other, seen))
        spellings = dict.fromkeys(map(tokens_of, (word, *others)))
        frequencies = np.zeros(len(self._keys))
        for tokens in spellings:
            rows, weighted = self._postings(tokens)
            frequencies[rows] += weighted
        found = np.flatnonzero(frequencies * seen)
        return found, frequencies[found]

    def _is_seen(self, word: str, seen: NDArray[np.bool_]) -> bool:
        """Return whether a word stands in a passage that is seen, letter by letter.

        Its tokens alone do not tell: another word of the same stem may stand there.
        """
        return bool(self._written(word, seen))

    def _read_postings(self, tokens: _Tokens) -> tuple[_Rows, _Floats]:
        """Return the rows with these tokens in sequence, and their weighted frequencies."""
        places = self._instances(tokens[0]) if tokens else ()
        for n, token in enumerate(tokens[1:_MOST_TOKENS], start=1):
            begins = ((key, column, offset - n) for key, column, offset in self._instances(token))
            # Token by token, so that no more than the places of one are in memory.
            places = set(places).intersection(begins)
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
    """Return the tokens that FTS5 makes of a word: mostly one, its stem; none for unknown signs."""
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
    """Return every word of the passages, in lower case."""
    texts = db.execute(_TEXTS)
    # First split at ASCII signs, which is five times as fast as WORD, so that WORD sees each
    # piece only once.
    pieces = set("\n".join(text for (text,) in texts).encode().translate(_CUT).split())
    return {word for piece in pieces for word in words_of(piece.decode())}


_CUT = bytes(code if code > 127 or chr(code).isalnum() else ord(" ") for code in range(256))


def _sum_of_varints(stored: bytes) -> int:
    """Add up varints below 2**56 (https://www.sqlite.org/fileformat2.html#varint)."""
    total = value = 0
    for byte in stored:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            total, value = total + value, 0
    return total
