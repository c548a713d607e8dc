"""Tokens: what FTS5 makes of words and texts, of whose kind the tokens of questions must be.

FTS5 only divides texts into tokens, in memory. Nothing is searched with it: its own bm25() counts
all texts, so that a passage which may not be seen would change the scores of those that may.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence, Set
from functools import cache

from index.text import LONGEST_KEPT, SUPERSCRIPT_DIGITS

OF_TEXTS = f"tokenize = \"porter unicode61 remove_diacritics 2 separators '{SUPERSCRIPT_DIGITS}'\""
OF_STEMS = "tokenize = unicode61"
"""For what are stems already."""
_TOKENS_KNOWN = 8_192
_BEGINS, _ENDS = "\x02", "\x03"
_HIGHLIGHTED = f"SELECT highlight(held, 1, '{_BEGINS}', '{_ENDS}') FROM held WHERE held MATCH ?"

_lock = threading.Lock()
_known_tokens: dict[str, tuple[str, ...]] = {}


def tokens_of(word: str) -> tuple[str, ...]:
    """Return the tokens that FTS5 makes of a word: mostly one, its stem; none for unknown signs."""
    found = _known_tokens.get(word)
    return _tokenized((word,))[word] if found is None else found


def know_tokens(words: Set[str]) -> None:
    """Find the tokens of words that are asked for next, which takes less time all at once."""
    if missing := words - _known_tokens.keys():
        _tokenized(sorted(missing)[:_TOKENS_KNOWN])


def places_in(context: str, text: str, query: str) -> list[tuple[int, int]]:
    """Return where a text holds what a query of FTS5 looks for, as (start, end) in it.

    What stands in the `context` counts for whether the query is met.
    """
    with _lock:
        db = _tokenizer()
        db.execute("INSERT INTO held (context, text) VALUES (?, ?)", (context, text))
        try:
            row = db.execute(_HIGHLIGHTED, (query,)).fetchone()
        finally:
            db.execute("DELETE FROM held")
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


def _tokenized(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    tokens: list[list[str]] = [[] for _ in words]
    with _lock:
        db = _tokenizer()
        db.executemany("INSERT INTO words (rowid, word) VALUES (?, ?)", enumerate(words))
        for row, token in db.execute("SELECT doc, term FROM tokens ORDER BY doc, offset"):
            tokens[row].append(token)
        db.execute("INSERT INTO words (words) VALUES ('delete-all')")
        found = dict(zip(words, map(tuple, tokens), strict=True))
        if len(_known_tokens) + len(found) > _TOKENS_KNOWN:
            _known_tokens.clear()
        _known_tokens.update(
            (word, tokens) for word, tokens in found.items() if len(word) <= LONGEST_KEPT
        )
    return found


@cache
def _tokenizer() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.execute(f"CREATE VIRTUAL TABLE words USING fts5(word, content = '', {OF_TEXTS})")
    db.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab(words, instance)")
    db.execute(f"CREATE VIRTUAL TABLE held USING fts5(context, text, {OF_TEXTS})")
    return db
