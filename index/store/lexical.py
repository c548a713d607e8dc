"""Lexical index: BM25 over the passages that may be seen.

FTS5 divides texts into tokens and stores the places of each. Its own bm25() is not used, since it
counts all passages of the file: a passage that a person may not see would change the scores of
those that they may see.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, islice, product

import numpy as np
from numpy.typing import NDArray

from index.store.postings import MOST_TOKENS, Occurrences, Postings, best_rows
from index.store.vocabulary import Vocabulary
from index.text import SUPERSCRIPT_DIGITS, WORD, words_of

__all__ = [
    "CREATE_LEXICAL",
    "DELETE_LEXICAL",
    "INSERT_LEXICAL",
    "STOP_WORDS",
    "LexicalIndex",
    "Mention",
    "content_words",
    "tokens_of",
]

_TOKENIZER = (
    f"tokenize = \"porter unicode61 remove_diacritics 2 separators '{SUPERSCRIPT_DIGITS}'\""
)
CREATE_LEXICAL = f"CREATE VIRTUAL TABLE lexical USING fts5(context, body, {_TOKENIZER})"
INSERT_LEXICAL = "INSERT INTO lexical (rowid, context, body) VALUES (?, ?, ?)"
DELETE_LEXICAL = "DELETE FROM lexical WHERE rowid = ?"

_TEXTS = "SELECT context || ' ' || text FROM passages"
_TEXTS_OF = f"{_TEXTS} WHERE key IN (SELECT value FROM json_each(?))"

_WEIGHTS = {"context": 2.0, "body": 1.0}
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
_BEGINS, _ENDS = "\x02", "\x03"
_HIGHLIGHTED = (
    f"SELECT highlight(lexical, 1, '{_BEGINS}', '{_ENDS}') FROM lexical"
    " WHERE lexical MATCH ? AND rowid = ?"
)


@dataclass(frozen=True, slots=True)
class Mention:
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


class LexicalIndex:
    """BM25 over the passages of a catalog that no longer changes. Safe to use from several threads.

    `allowed` are the keys of the passages that count, None for all: scores and counts are as if
    there were no others.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._postings = Postings(db, "lexical", _WEIGHTS)
        self._vocabulary = Vocabulary(_words(db))

    def search(
        self, question: str, k: int, allowed: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        """Return at most `k` (key, BM25), the greatest first, by key where they are equal."""
        seen = self._postings.seen(allowed)
        found = (self._frequencies(word, seen) for word in content_words(question))
        scores = self._postings.bm25(found, seen)
        return [(int(self._postings.keys[row]), float(scores[row])) for row in best_rows(scores, k)]

    def coverage(
        self, question: str, keys: Sequence[int], allowed: Sequence[int] | None
    ) -> dict[str, tuple[int, frozenset[int]]]:
        """Count, for each content word, the passages that contain it; tell which of `keys` do."""
        seen = self._postings.seen(allowed)
        covered = {}
        for word in content_words(question):
            rows, _ = self._frequencies(word, seen)
            covered[word] = (
                len(rows),
                frozenset(self._postings.keys[rows].tolist()).intersection(keys),
            )
        return covered

    def document_frequency(self, word: str, allowed: Sequence[int] | None) -> int:
        """Count the passages with the word in any form of the same stem, but no other spelling."""
        return int(self._postings.seen(allowed)[self._postings.of(tokens_of(word))[0]].sum())

    def phrase_query(self, phrases: Sequence[str], allowed: Sequence[int] | None) -> str:
        """Return what `mentions` looks for: all phrases, each word in any form or spelling."""
        return self._query(phrases, self._postings.seen(allowed))

    def mentions(self, query: str, allowed: Sequence[int] | None) -> list[Mention]:
        """Return the passages that hold what a query looks for, by key."""
        if not query:
            return []
        found = self._matching(query, allowed)
        in_text = self._matching(f"body : ({query})", allowed)
        return [Mention(key, key in in_text) for key in sorted(found)]

    def places(self, query: str, key: int) -> list[tuple[int, int]]:
        """Return where a passage's text holds what a query looks for, as (start, end) in it."""
        row = self._db.execute(_HIGHLIGHTED, (query, key)).fetchone()
        if row is None:
            return []
        places: list[tuple[int, int]] = []
        pieces, length = str(row[0]).split(_BEGINS), 0
        for number, piece in enumerate(pieces):
            held, ends, rest = piece.partition(_ENDS)
            if number and ends:
                places.append((length, length + len(held)))
            length += len(held) + len(rest)
        return places

    def _matching(self, query: str, allowed: Sequence[int] | None) -> set[int]:
        rows = self._db.execute("SELECT rowid FROM lexical WHERE lexical MATCH ?", (query,))
        found = {int(key) for (key,) in rows}
        return found if allowed is None else found.intersection(allowed)

    def _query(self, phrases: Sequence[str], seen: NDArray[np.bool_]) -> str:
        """Return the phrases as FTS5 asks for them; empty where one has no word."""
        groups = []
        for phrase in phrases:
            spelled = [[word, *self._same_case(word, seen)] for word in words_of(phrase)]
            if not spelled:
                return ""
            forms = islice(product(*spelled), _MOST_SPELLINGS)
            groups.append(" OR ".join(f'"{" ".join(form)}"' for form in forms))
        return " AND ".join(f"({group})" for group in groups)

    def near(self, word: str, edits: int) -> dict[str, int]:
        """Return similar words (see `Vocabulary`), also from passages that are not allowed."""
        return self._vocabulary.near(word, edits)

    def written(self, word: str, allowed: Sequence[int] | None) -> Counter[str]:
        """Count how a word is written, in small letters or capitals, in the first allowed passages
        that contain it; empty where none does."""
        return self._written(word, self._postings.seen(allowed))

    def _written(self, word: str, seen: NDArray[np.bool_]) -> Counter[str]:
        # Compared by lower(), as the vocabulary was made. A comparison without regard to case takes
        # ſ for s and İ for i, and would find a word from a hidden passage in one that is seen.
        rows = self._postings.of(tokens_of(word))[0]
        keys = self._postings.keys[rows[seen[rows]]].tolist()
        forms = Counter[str]()
        for n, (text,) in enumerate(self._db.execute(_TEXTS_OF, (json.dumps(keys),))):
            if forms and n >= _MOST_SAMPLES:
                break
            forms.update(form for form in WORD.findall(text) if form.lower() == word)
        return forms

    def _frequencies(self, word: str, seen: NDArray[np.bool_]) -> Occurrences:
        """Return the rows with a word, and its frequencies there, weighted by column.

        A word counts in any form of the same stem, and in other spellings.
        """
        others = (other for other in self._vocabulary.spellings(word) if self._is_seen(other, seen))
        spellings = dict.fromkeys(map(tokens_of, (word, *others)))
        frequencies = np.zeros(len(self._postings.keys))
        for tokens in spellings:
            rows, weighted = self._postings.of(tokens)
            frequencies[rows] += weighted
        found = np.flatnonzero(frequencies * seen)
        return found, frequencies[found]

    def _same_case(self, word: str, seen: NDArray[np.bool_]) -> list[str]:
        """Return other spellings of a word that are names where it is one: Støre is no store."""
        others = {
            other: forms
            for other in self._vocabulary.spellings(word)
            if (forms := self._written(other, seen))
        }
        if not others:
            return []
        own = self._written(word, seen)
        names = {other for other, forms in others.items() if _is_name(forms)}
        is_name = _is_name(own) if own else bool(names)
        return [other for other in others if (other in names) is is_name]

    def _is_seen(self, word: str, seen: NDArray[np.bool_]) -> bool:
        """Return whether a word stands in a passage that is seen, letter by letter.

        Its tokens alone do not tell: another word of the same stem may stand there.
        """
        return bool(self._written(word, seen))


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


def _is_name(forms: Counter[str]) -> bool:
    """Return whether most of a word's forms begin with a capital letter."""
    return 2 * sum(forms[form] for form in forms if form[:1].isupper()) > forms.total()


_CUT = bytes(code if code > 127 or chr(code).isalnum() else ord(" ") for code in range(256))
