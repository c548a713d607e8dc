"""Table of the catalog: documents and passages by the words in them, of what may be seen."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Sequence

from index.ports import Filter
from index.store.catalog.layers import counted
from index.store.segments.segments import Segments, VisibleRows
from index.store.successions.index import SuccessionIndex
from index.store.successions.successions import Successions
from index.store.tables import Tables
from index.store.views import Views
from index.store.visibility import VisibilityClasses, VisibleNames
from index.store.words.document_index import DocumentIndex
from index.store.words.lexical import LexicalIndex
from index.store.words.name_index import NameIndex


class WordTable:
    """Looks words up in segments. Safe to use from several threads, once nothing changes."""

    def __init__(self, connection: Tables) -> None:
        self._db = connection
        self._lock = threading.RLock()
        self._views: Views | None = None
        self._lexical_index: LexicalIndex | None = None
        self._name_index: NameIndex | None = None
        self._document_index: DocumentIndex | None = None
        self._succession_index: SuccessionIndex | None = None
        self._classes = VisibilityClasses(connection)
        self.successions = Successions(connection)

    def _segments_now(self) -> Segments:
        """Return the segments of the documents as they are now."""
        raise NotImplementedError

    def _forget_indexes(self) -> None:
        self._classes = VisibilityClasses(self._db)
        self._views = self._lexical_index = None
        self._document_index = self._name_index = self._succession_index = None

    def filter_of(self, names: Collection[str] | None) -> Filter | None:
        """Return the filter that lets the documents of these names be seen; None for all."""
        return None if names is None else self._classes.filter_of(names)

    def class_sizes(self) -> dict[str, int]:
        """Return each visibility class, with how many documents it has."""
        return self.segments().class_sizes()

    def visible_names(self, allowed: Filter, others: frozenset[str] = frozenset()) -> VisibleNames:
        """Return the names of what a filter lets be seen, and those of other files."""
        return VisibleNames(self._db, allowed, others)

    def segments(self) -> Segments:
        """Return the segments of the documents as they are now.

        Of documents that are in none yet, one is made, and kept in memory.
        """
        return self._viewed().segments

    def _viewed(self) -> Views:
        with self._lock:
            if self._views is None:
                self._views = Views(self._db, self._segments_now(), self._classes)
            return self._views

    def view(self, allowed: Filter | None) -> VisibleRows:
        """Return the rows of what a filter lets be seen, None for all."""
        return self._viewed().of(allowed)

    def passage_count(self, allowed: Filter | None = None) -> int:
        """Count the passages that may be seen."""
        if allowed is not None:
            return self.lexical().passage_count(allowed)
        return counted(self._db, "passages")

    def name_index(self) -> NameIndex:
        """Return what the documents are called, those that may not be seen among them."""
        with self._lock:
            if self._name_index is None:
                views = self._viewed()
                self._name_index = NameIndex(self._db, views.segments, views.of_names)
            return self._name_index

    def coverage(
        self, question: str, keys: Sequence[int], allowed: Filter | None = None
    ) -> dict[str, tuple[int, frozenset[int]]]:
        """Count, for each content word, the passages that contain it; tell which of `keys` do.

        A word may stand there in any form with the same stem, or in another spelling. With
        `allowed`, only these passages count.
        """
        return self.lexical().coverage(question, keys, allowed)

    def search(
        self, question: str, k: int, allowed: Filter | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `k` (key, BM25), the greatest first; empty where no word is found.

        With `allowed`, scores are as if there were no other passages.
        """
        return self.lexical().search(question, k, allowed)

    def search_documents(
        self, question: str, k: int, allowed: Collection[str] | None = None
    ) -> dict[str, float]:
        """Return at most `k` documents by name with the score in [0, 1] of their names and how they
        begin, the greatest first.

        With `allowed`, scores are as if there were no other documents.
        """
        return self._documents().search(question, k, allowed)

    def document_words(self, name: str) -> frozenset[str]:
        """Return the terms (see `name_terms`) in the names and the beginning of a document."""
        return self._documents().words(name)

    def said_by_documents(self, question: str, names: Collection[str]) -> frozenset[str]:
        """Return the question's terms for which these documents count in `search_documents`."""
        return self._documents().said(question, names)

    def _documents(self) -> DocumentIndex:
        with self._lock:
            if self._document_index is None:
                views = self._viewed()
                self._document_index = DocumentIndex(self._db, views.segments, views.of_names)
            return self._document_index

    def succession_index(self) -> SuccessionIndex:
        """Return which documents replace which, those that may not be seen among them."""
        with self._lock:
            if self._succession_index is None:
                self._succession_index = SuccessionIndex(
                    self.successions, self.name_index().standing
                )
            return self._succession_index

    def document_frequency(self, word: str, allowed: Filter | None = None) -> int:
        """Count the passages with the word in any form of the same stem, but no other spelling."""
        return self.lexical().document_frequency(word, allowed)

    def similar_words(self, word: str, edits: int, allowed: Filter | None = None) -> dict[str, int]:
        """Return similar words of the allowed passages, with their distance (see `Words`)."""
        return self.lexical().similar_words(word, edits, allowed)

    def written(self, word: str, allowed: Filter | None = None) -> Counter[str]:
        """Count how a word is written, in small letters or capitals, in the first allowed passages
        that contain it; empty where none does."""
        return self.lexical().written(word, allowed)

    def lexical(self) -> LexicalIndex:
        """Return the index over the words of the passages as they are now."""
        with self._lock:
            if self._lexical_index is None:
                views = self._viewed()
                self._lexical_index = LexicalIndex(self._db, views.segments, views.of)
            return self._lexical_index
