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
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import accumulate, islice, product

import numpy as np
from numpy.typing import NDArray

from index.ports import Filter
from index.store.places import Places
from index.store.postings import MOST_TOKENS, Occurrences, Postings, Texts, best_rows
from index.store.vocabulary import Vocabulary, Words
from index.text import SUPERSCRIPT_DIGITS, WORD, words_of

__all__ = [
    "CREATE_LEXICAL",
    "DELETE_LEXICAL",
    "INSERT_LEXICAL",
    "LEXICAL_PLACES",
    "STOP_WORDS",
    "LexicalIndex",
    "Mention",
    "content_words",
    "know_tokens",
    "tokens_of",
]

_TOKENIZER = (
    f"tokenize = \"porter unicode61 remove_diacritics 2 separators '{SUPERSCRIPT_DIGITS}'\""
)
CREATE_LEXICAL = f"CREATE VIRTUAL TABLE lexical USING fts5(context, body, {_TOKENIZER})"
INSERT_LEXICAL = "INSERT INTO lexical (rowid, context, body) VALUES (?, ?, ?)"
DELETE_LEXICAL = "DELETE FROM lexical WHERE rowid = ?"
LEXICAL_PLACES = Places("lexical", ("context", "body"), _TOKENIZER)
_BEGINS_OF_DOCUMENTS = "SELECT min(key) FROM passages GROUP BY document"

_TEXTS = "SELECT context || ' ' || text FROM passages"
_ALL_TEXTS = f"{_TEXTS} ORDER BY key"
_TEXTS_OF = f"{_TEXTS} WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"

_WEIGHTS = {"context": 2.0, "body": 1.0}
"""Title and headings count double, which proved best on short documents."""
_TEXT_ONLY = {"context": 0.0, "body": 1.0}
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


class _Seen:
    """The passages that may be seen, and their words."""

    def __init__(self, texts: Texts, vocabulary: Vocabulary) -> None:
        self.texts = texts
        self._vocabulary = vocabulary

    @property
    def mask(self) -> NDArray[np.bool_]:
        return self.texts.seen

    @cached_property
    def words(self) -> Words:
        return self._vocabulary.within(np.flatnonzero(self.mask))


class LexicalIndex:
    """BM25 over the passages of a catalog that no longer changes. Safe to use from several threads.

    `allowed` says which passages count, None for all: scores and counts are as if there were no
    others, and so is what it takes to find them.
    """

    def __init__(
        self, db: sqlite3.Connection, keys_of: Callable[[Filter], NDArray[np.int64]]
    ) -> None:
        self._keys_of = keys_of
        self._db = db
        begins = [key for (key,) in db.execute(_BEGINS_OF_DOCUMENTS)]
        self._postings = Postings(db, LEXICAL_PLACES, _WEIGHTS, begins)
        self._in_text = Postings(db, LEXICAL_PLACES, _TEXT_ONLY, begins)
        self._vocabulary = Vocabulary(_words(db))
        self._cached_seen = lru_cache(_CLASSES_KEPT)(self._read_seen)

    def keys(self, allowed: Filter | None) -> NDArray[np.int64]:
        """Return the keys of the passages that count, in order."""
        return self._postings.keys[self._seen(allowed).mask]

    def passage_count(self, allowed: Filter | None) -> int:
        """Count the passages that count."""
        return int(self._seen(allowed).mask.sum())

    def search(self, question: str, k: int, allowed: Filter | None) -> list[tuple[int, float]]:
        """Return at most `k` (key, BM25), the greatest first, by key where they are equal."""
        seen = self._seen(allowed)
        found = (self._frequencies(word, seen) for word in content_words(question))
        scores = self._postings.bm25(found, seen.mask)
        return [(int(self._postings.keys[row]), float(scores[row])) for row in best_rows(scores, k)]

    def coverage(
        self, question: str, keys: Sequence[int], allowed: Filter | None
    ) -> dict[str, tuple[int, frozenset[int]]]:
        """Count, for each content word, the passages that contain it; tell which of `keys` do."""
        seen = self._seen(allowed)
        covered = {}
        for word in content_words(question):
            rows, _ = self._frequencies(word, seen)
            covered[word] = (
                len(rows),
                frozenset(self._postings.keys[rows].tolist()).intersection(keys),
            )
        return covered

    def document_frequency(self, word: str, allowed: Filter | None) -> int:
        """Count the passages with the word in any form of the same stem, but no other spelling."""
        return len(self._postings.of(_tokens(word), self._seen(allowed).texts)[0])

    def mentions(self, phrases: Sequence[str], allowed: Filter | None) -> tuple[list[Mention], str]:
        """Return the passages that hold all phrases, each word in any form or spelling, by key.

        Also return what `places` is asked for in them.
        """
        seen = self._seen(allowed)
        spelled = self._spelled(phrases, seen)
        found = self._holding(spelled, self._postings, seen)
        in_text = self._holding(spelled, self._in_text, seen)
        mentions = [
            Mention(int(self._postings.keys[row]), bool(in_text[row]))
            for row in np.flatnonzero(found).tolist()
        ]
        groups = (" OR ".join(f'"{form}"' for form in forms) for forms in spelled)
        return mentions, " AND ".join(f"({group})" for group in groups)

    def forms(self, word: str, allowed: Filter | None) -> frozenset[tuple[str, ...]]:
        """Return the tokens of a word as `mentions` looks for it: of each spelling its own."""
        seen = self._seen(allowed)
        return frozenset(map(tokens_of, (word, *self._same_case(word, seen))))

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

    def _holding(
        self, spelled: Sequence[Sequence[str]], postings: Postings, seen: _Seen
    ) -> NDArray[np.bool_]:
        """Return which texts hold one form of each phrase."""
        groups = [[tokens for form in forms if (tokens := tokens_of(form))] for forms in spelled]
        asked = [group for group in groups if group]  # FTS5 ignores what has no token
        holding = seen.mask if asked else np.zeros_like(seen.mask)
        for group in asked:
            held = np.zeros_like(seen.mask)
            for tokens in group:
                rows, frequencies = postings.of(tokens, seen.texts)
                held[rows[frequencies > 0]] = True
            holding = holding & held
        return holding

    def _spelled(self, phrases: Sequence[str], seen: _Seen) -> list[list[str]]:
        """Return the forms of each phrase, none where one of them has no word."""
        found = []
        for phrase in phrases:
            spelled = [[word, *self._same_case(word, seen)] for word in words_of(phrase)]
            if not spelled:
                return []
            found.append([" ".join(form) for form in islice(product(*spelled), _MOST_SPELLINGS)])
        return found

    def _seen(self, allowed: Filter | None) -> _Seen:
        # By what may be seen, never by what may not: this is all that is kept of a question.
        return self._cached_seen(allowed)

    def _read_seen(self, allowed: Filter | None) -> _Seen:
        keys = None if allowed is None else self._keys_of(allowed)
        return _Seen(self._postings.texts(keys), self._vocabulary)

    def near(self, word: str, edits: int, allowed: Filter | None) -> dict[str, int]:
        """Return similar words of the allowed passages (see `Words`)."""
        return self._seen(allowed).words.near(word, edits)

    def written(self, word: str, allowed: Filter | None) -> Counter[str]:
        """Count how a word is written, in small letters or capitals, in the first allowed passages
        that contain it; empty where none does."""
        return self._written(word, self._seen(allowed))

    def _written(self, word: str, seen: _Seen) -> Counter[str]:
        # Compared by lower(), as the vocabulary was made. A comparison without regard to case takes
        # ſ for s and İ for i, and would find a word from a hidden passage in one that is seen.
        written = seen.words.rows(word)
        if not len(written):
            return Counter()
        rows, _ = self._postings.of(_tokens(word), seen.texts)
        sampled = np.intersect1d(rows[:_MOST_SAMPLES], written)
        if not len(sampled):
            sampled = np.intersect1d(rows, written)[:1]
        keys = json.dumps(self._postings.keys[sampled].tolist())
        return Counter(
            form
            for (text,) in self._db.execute(_TEXTS_OF, (keys,))
            for form in WORD.findall(text)
            if form.lower() == word
        )

    def _frequencies(self, word: str, seen: _Seen) -> Occurrences:
        """Return the rows with a word, and its frequencies there, weighted by column.

        A word counts in any form of the same stem, and in other spellings.
        """
        spellings = dict.fromkeys(map(_tokens, (word, *seen.words.spellings(word))))
        frequencies = np.zeros(len(self._postings.keys))
        for tokens in spellings:
            rows, weighted = self._postings.of(tokens, seen.texts)
            frequencies[rows] += weighted
        found = np.flatnonzero(frequencies)
        return found, frequencies[found]

    def _same_case(self, word: str, seen: _Seen) -> list[str]:
        """Return other spellings of a word that are names where it is one: Støre is no store."""
        others = {
            other: forms
            for other in seen.words.spellings(word)
            if (forms := self._written(other, seen))
        }
        if not others:
            return []
        own = self._written(word, seen)
        names = {other for other, forms in others.items() if _is_name(forms)}
        is_name = _is_name(own) if own else bool(names)
        return [other for other in others if (other in names) is is_name]


_tokenizer_lock = threading.Lock()
_known_tokens: dict[str, tuple[str, ...]] = {}
_TOKENS_KNOWN = 16_384


def tokens_of(word: str) -> tuple[str, ...]:
    """Return the tokens that FTS5 makes of a word: mostly one, its stem; none for unknown signs."""
    found = _known_tokens.get(word)
    return _tokenized((word,))[word] if found is None else found


def know_tokens(words: Set[str]) -> None:
    """Find the tokens of words that are asked for next, which takes less time all at once."""
    if missing := words - _known_tokens.keys():
        _tokenized(sorted(missing)[:_TOKENS_KNOWN])


def _tokenized(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    tokens: list[list[str]] = [[] for _ in words]
    with _tokenizer_lock:
        db = _tokenizer()
        db.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", enumerate(words))
        for row, token in db.execute("SELECT doc, term FROM tokens ORDER BY doc, offset"):
            tokens[row].append(token)
        db.execute("INSERT INTO words (words) VALUES ('delete-all')")
        found = dict(zip(words, map(tuple, tokens), strict=True))
        if len(_known_tokens) + len(found) > _TOKENS_KNOWN:
            _known_tokens.clear()
        _known_tokens.update(found)
    return found


@cache
def _tokenizer() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.execute(f"CREATE VIRTUAL TABLE words USING fts5(word, content = '', {_TOKENIZER})")
    db.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab(words, instance)")
    return db


def _tokens(word: str) -> tuple[str, ...]:
    """Return the tokens of a word that are looked up."""
    return tokens_of(word)[:MOST_TOKENS]


def _words(db: sqlite3.Connection) -> Iterator[list[str]]:
    """Yield the words of each passage, in lower case."""
    known: dict[bytes, list[str]] = {}
    for (text,) in db.execute(_ALL_TEXTS):
        # First split at ASCII signs, which is five times as fast as WORD, so that WORD sees each
        # piece only once.
        pieces = set(text.encode().translate(_CUT).split())
        for piece in pieces.difference(known):
            known[piece] = words_of(piece.decode())
        yield [word for piece in pieces for word in known[piece]]


def _is_name(forms: Counter[str]) -> bool:
    """Return whether most of a word's forms begin with a capital letter."""
    return 2 * sum(forms[form] for form in forms if form[:1].isupper()) > forms.total()


_CUT = bytes(code if code > 127 or chr(code).isalnum() else ord(" ") for code in range(256))
