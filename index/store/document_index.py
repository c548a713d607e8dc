"""Document index: BM25 over one text a document, its names and how it begins.

A passage seldom repeats whom or which year its document is about; its file name, its title and its
first lines tell.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from functools import lru_cache

from index.document import Document
from index.store.lexical import STOP_WORDS
from index.store.name_index import DocumentName, joined_terms, name_terms, terms_of_document
from index.store.places import Places
from index.store.postings import SATURATION, Postings, Texts, best_rows, idf

__all__ = [
    "CREATE_DOCUMENT_INDEX",
    "DELETE_FROM_DOCUMENT_INDEX",
    "DOCUMENT_PLACES",
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
DOCUMENT_PLACES = Places("document_words", ("names", "opening"), "tokenize = unicode61")
_NAMES = "SELECT rowid, name FROM documents ORDER BY rowid"
_TEXTS_OF = (
    "SELECT names, opening FROM document_words WHERE rowid IN (SELECT value FROM json_each(?))"
)
_NAME_WEIGHT = 3.0
_OPENING = 600
"""Characters of a document's beginning that tell what it is."""
_COMMON = 20
"""One document in so many holds a word that weighs as much as words that none holds."""
_MOST_UNMATCHED = 3
"""Words that no name has that count: a long question asks no less for what it names."""
_MOST_TERMS = 64
"""Terms of a question that are looked up."""
_CLASSES_KEPT = 32
"""Sets of documents that may be seen, which are kept."""
_MOST_JOINED = 3
"""Words of a question that a file name may write as one."""


class DocumentIndex:
    """BM25 over the documents of a catalog that no longer changes."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        keys, self._names = [], []
        for key, name in db.execute(_NAMES):
            keys.append(key)
            self._names.append(name)
        weights = {"names": _NAME_WEIGHT, "opening": 1.0}
        self._postings = Postings(db, DOCUMENT_PLACES, weights, keys)
        self._names_only = Postings(db, DOCUMENT_PLACES, weights | {"opening": 0.0}, keys)
        self._cached_texts = lru_cache(_CLASSES_KEPT)(self._read_texts)
        self._row_of = {name: row for row, name in enumerate(self._names)}

    def search(self, question: str, k: int, allowed: Collection[str] | None) -> dict[str, float]:
        """Return at most `k` documents by name with their score in [0, 1], the greatest first.

        It is their BM25, over what a text full of all the question's words would have. How a
        document begins counts for names and numbers alone: other words stand there by chance.
        """
        texts = self._cached_texts(None if allowed is None else frozenset(allowed))
        asked = [term for term in name_terms(question) if term not in _NOT_TELLING]
        joined = joined_terms(question, _MOST_JOINED)
        marked = _marked(question) | set(joined)
        documents = int(texts.seen.sum())
        found, most, unmatched = [], 0.0, 0
        for term in list(dict.fromkeys([*asked, *joined]))[:_MOST_TERMS]:
            postings = self._postings if term in marked else self._names_only
            rows, frequencies = postings.of((term,), texts)
            visible = frequencies > 0
            unmatched += not visible.any()
            if visible.any() or (term in asked and unmatched <= _MOST_UNMATCHED):
                most += idf(documents, max(int(visible.sum()), documents // _COMMON)) * SATURATION
                found.append((rows[visible], frequencies[visible]))
        scores = self._postings.bm25(found, texts.seen) / (most or 1.0)
        return {self._names[row]: min(1.0, float(scores[row])) for row in best_rows(scores, k)}

    def words(self, name: str) -> frozenset[str]:
        """Return the terms in the names and the beginning of a document."""
        return frozenset(
            term for texts in self._texts([name]) for text in texts for term in text.split()
        )

    def said(self, question: str, names: Collection[str]) -> frozenset[str]:
        """Return the question's terms for which these documents count in a search."""
        rows = self._texts(names)
        called = {term for names_, _ in rows for term in names_.split()}
        begun = {term for _, opening in rows for term in opening.split()}
        asked = {term for term in name_terms(question) if term not in _NOT_TELLING}
        return frozenset(asked & (called | (begun & _marked(question))))

    def _read_texts(self, allowed: Collection[str] | None) -> Texts:
        if allowed is None:
            return self._postings.texts(None)
        rows = [self._row_of[name] for name in allowed if name in self._row_of]
        return self._postings.texts(self._postings.keys[rows])

    def _texts(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Return the names and the opening of each of these documents, as they are stored."""
        keys = [int(self._postings.keys[self._row_of[name]]) for name in names]
        return list(self._db.execute(_TEXTS_OF, (json.dumps(keys),)))


def indexed_texts(document: Document) -> tuple[str, str]:
    """Return the names and the opening of a document, as terms with spaces between."""
    name = DocumentName(document.name, document.title, document.metadata.get("date"))
    return terms_of_document(name), " ".join(name_terms(document.text[:_OPENING]))


def _marked(question: str) -> set[str]:
    """Return the terms of names and numbers; of all words where none is written as a name."""
    words = question.split()
    names = [word for word in words if not word.islower()]
    return {term for word in (names or words) for term in name_terms(word)}


_NOT_TELLING = frozenset(term for word in STOP_WORDS for term in name_terms(word))
