"""Document index: BM25 over one text a document, its names and how it begins.

A passage seldom repeats whom or which year its document is about; its file name, its title and its
first lines tell.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

import numpy as np

from index.document import Document
from index.store.lexical import STOP_WORDS
from index.store.name_index import DocumentName, joined_terms, name_terms, terms_of_document
from index.store.postings import SATURATION, Postings, best_rows, idf

__all__ = [
    "CREATE_DOCUMENT_INDEX",
    "DELETE_FROM_DOCUMENT_INDEX",
    "INSERT_INTO_DOCUMENT_INDEX",
    "DocumentIndex",
    "indexed_texts",
]

# What is stored are stems already.
CREATE_DOCUMENT_INDEX = (
    "CREATE VIRTUAL TABLE document_words USING fts5(names, opening, tokenize = unicode61)"
)
INSERT_INTO_DOCUMENT_INDEX = "INSERT INTO document_words (rowid, names, opening) VALUES (?, ?, ?)"
DELETE_FROM_DOCUMENT_INDEX = "DELETE FROM document_words WHERE rowid = ?"
_NAMES = "SELECT rowid, name FROM documents ORDER BY rowid"
_WEIGHTS = {"names": 3.0, "opening": 1.0}
_OPENING = 600
"""Characters of a document's beginning that tell what it is."""
_MOST_TERMS = 64
"""Terms of a question that are looked up."""
_MOST_JOINED = 3
"""Words of a question that a file name may write as one."""


class DocumentIndex:
    """BM25 over the documents of a catalog that no longer changes."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._postings = Postings(db, "document_words", _WEIGHTS)
        self._names = [name for _, name in db.execute(_NAMES)]
        self._row_of = {name: row for row, name in enumerate(self._names)}

    def search(self, question: str, k: int, allowed: Collection[str] | None) -> dict[str, float]:
        """Return at most `k` documents by name with their score in [0, 1], the greatest first.

        It is their BM25, over what a text full of all the question's words would have.
        """
        seen = np.ones(len(self._names), dtype=np.bool_)
        if allowed is not None:
            seen[:] = False
            seen[[self._row_of[name] for name in allowed if name in self._row_of]] = True
        terms = [term for term in name_terms(question) if term not in _NOT_TELLING]
        terms = list(dict.fromkeys([*terms, *joined_terms(question, _MOST_JOINED)]))[:_MOST_TERMS]
        found, most = [], 0.0
        for term in terms:
            rows, frequencies = self._postings.of((term,))
            visible = seen[rows]
            found.append((rows[visible], frequencies[visible]))
            most += idf(int(seen.sum()), int(visible.sum())) * SATURATION
        scores = self._postings.bm25(found, seen) / (most or 1.0)
        return {self._names[row]: float(scores[row]) for row in best_rows(scores, k)}


def indexed_texts(document: Document) -> tuple[str, str]:
    """Return the names and the opening of a document, as terms with spaces between."""
    name = DocumentName(document.name, document.title, document.metadata.get("date"))
    return terms_of_document(name), " ".join(name_terms(document.text[:_OPENING]))


_NOT_TELLING = frozenset(term for word in STOP_WORDS for term in name_terms(word))
