"""Document index: BM25 over one text a document, its names and how it begins.

A passage seldom repeats whom or which year its document is about; its file name, its title and its
first lines tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from index.document import Document
from index.store.segments.segments import Segments, VisibleRows
from index.store.tables import Tables
from index.store.words.lexical import STOP_WORDS
from index.store.words.name_index import DocumentName, joined_terms, name_terms, terms_of_document
from index.store.words.postings import Postings, WeightedTexts
from index.store.words.ranking import SATURATION, ListedTexts, best_texts, idf

# What is stored are stems already.
CREATE_DOCUMENT_WORDS = (
    "CREATE TABLE document_words"
    " (key INTEGER PRIMARY KEY, called TEXT NOT NULL, placed TEXT NOT NULL, opening TEXT NOT NULL)"
    " STRICT"
)
INSERT_DOCUMENT_WORDS = "INSERT INTO main.document_words VALUES (?, ?, ?, ?)"
DELETE_DOCUMENT_WORDS = "DELETE FROM main.document_words WHERE key = ?"
_NAMES = "SELECT key, name FROM documents WHERE key IN (SELECT value FROM json_each(?))"
_TEXTS_OF = (
    "SELECT called || ' ' || placed, opening FROM documents JOIN document_words USING (key)"
    " WHERE name IN (SELECT value FROM json_each(?))"
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
_MOST_JOINED = 3
"""Words of a question that a file name may write as one."""


class DocumentIndex:
    """BM25 over the documents of a catalog that no longer changes."""

    def __init__(
        self,
        db: Tables,
        segments: Segments,
        visible_rows: Callable[[Collection[str] | None], VisibleRows],
    ) -> None:
        """Take what tells which documents of some names may be seen."""
        self._db = db
        self._keys = segments.document_keys
        blocks = [each.documents for each in segments.all]
        self._postings = Postings(blocks, segments.document_ends)
        self._seen = visible_rows

    def search(self, question: str, k: int, allowed: Collection[str] | None) -> dict[str, float]:
        """Return at most `k` documents by name with their score in [0, 1], the greatest first.

        It is their BM25, over what a text full of all the question's words would have. How a
        document begins counts for names and numbers alone: other words stand there by chance.
        """
        texts = self._seen(allowed).documents
        asked = [term for term in name_terms(question) if term not in _NOT_TELLING]
        joined = joined_terms(question, _MOST_JOINED)
        marked = _marked(question) | set(joined)
        documents = len(texts)
        found, most, unmatched = [], 0.0, 0
        for term in list(dict.fromkeys([*asked, *joined]))[:_MOST_TERMS]:
            opening = 1.0 if term in marked else 0.0
            occurrences = self._postings.of((term,), texts)
            rows, frequencies = WeightedTexts(occurrences, (_NAME_WEIGHT, opening)).listed()
            visible = frequencies > 0
            unmatched += not visible.any()
            if visible.any() or (term in asked and unmatched <= _MOST_UNMATCHED):
                most += idf(documents, max(int(visible.sum()), documents // _COMMON)) * SATURATION
                found.append(ListedTexts(rows[visible], frequencies[visible]))
        best = best_texts(found, k, self._postings.bm25(texts), self._keys)
        scores = {int(self._keys[row]): score for row, score in best}
        names = dict(self._db.execute(_NAMES, (json.dumps(list(scores)),)).fetchall())
        return {names[key]: min(1.0, score / (most or 1.0)) for key, score in scores.items()}

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

    def _texts(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Return the names and the opening of each of these documents, as they are stored."""
        return list(self._db.execute(_TEXTS_OF, (json.dumps(list(names)),)))


def indexed_texts(document: Document) -> tuple[str, str, str]:
    """Return how a document is called, where it is placed and how it begins, as terms with spaces
    between."""
    name = DocumentName(document.name, document.title, document.metadata.get("date"))
    called, placed = (" ".join(dict.fromkeys(terms)) for terms in terms_of_document(name))
    return called, placed, " ".join(name_terms(document.text[:_OPENING]))


def _marked(question: str) -> set[str]:
    """Return the terms of names and numbers; of all words where none is written as a name."""
    words = question.split()
    names = [word for word in words if not word.islower()]
    return {term for word in (names or words) for term in name_terms(word)}


_NOT_TELLING = frozenset(term for word in STOP_WORDS for term in name_terms(word))
