"""The lexical half of retrieval: BM25 by SQLite's FTS5."""

from __future__ import annotations

import re

__all__ = [
    "CREATE_LEXICAL",
    "DELETE_LEXICAL",
    "INSERT_LEXICAL",
    "SEARCH_LEXICAL",
    "match_query",
    "telling_words",
]

CREATE_LEXICAL = """
CREATE VIRTUAL TABLE lexical USING fts5(
    context, body, tokenize = "porter unicode61 remove_diacritics 2"
)
"""
INSERT_LEXICAL = "INSERT INTO lexical (rowid, context, body) VALUES (?, ?, ?)"
DELETE_LEXICAL = "DELETE FROM lexical WHERE rowid = ?"

# Title and headings count double: on short documents that is worth more than any other weight.
SEARCH_LEXICAL = """
SELECT rowid, -bm25(lexical, 2.0, 1.0) AS score FROM lexical WHERE lexical MATCH :query
AND (:within IS NULL OR rowid IN (SELECT value FROM json_each(:within)))
ORDER BY score DESC, rowid LIMIT :k
"""

_STOP_WORDS = frozenset(
    "a about an and are as at be been by can could did do does for from had has have he her his how"
    " i if in is it its may me might my no not of on or our she should so than that the their them"
    " then there these they this those to was we were what when where which who whom whose why will"
    " with would you your".split()
)
_WORD = re.compile(r"[\w\u0300-\u036f]+")
"""With its combining accents, which FTS5 takes off a word but does not cut it at."""
_MOST_WORDS = 64
"""Of a question as long as a page only the first words are looked up; ranking hardly gains."""


def telling_words(question: str) -> list[str]:
    """The question's words in lower case, each once, without those that every text holds."""
    words = list(dict.fromkeys(_WORD.findall(question.lower())))
    return ([word for word in words if word not in _STOP_WORDS] or words)[:_MOST_WORDS]


def match_query(question: str) -> str | None:
    """An FTS5 expression for any of the question's words; None where it has none.

    Every word is quoted, so nothing in a question is taken as FTS5 syntax.
    """
    return " OR ".join(f'"{word}"' for word in telling_words(question)) or None
