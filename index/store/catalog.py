"""Catalog of one generation, in one SQLite file: its tables, and the indexes of their words."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chunking.passage import Passage
from index.document import AUDIENCE, Document
from index.ports import Filter
from index.store.document_index import (
    CREATE_DOCUMENT_INDEX,
    DELETE_FROM_DOCUMENT_INDEX,
    DOCUMENT_PLACES,
    INSERT_INTO_DOCUMENT_INDEX,
    DocumentIndex,
    indexed_texts,
)
from index.store.document_table import CREATE_DOCUMENTS, DocumentRow, DocumentTable, Version
from index.store.figures import CREATE_FIGURES, Figures
from index.store.history import CREATE_HISTORY, History
from index.store.layouts import CREATE_LAYOUTS, Layouts
from index.store.lexical import (
    CREATE_LEXICAL,
    DELETE_LEXICAL,
    INSERT_LEXICAL,
    LEXICAL_PLACES,
    LexicalIndex,
)
from index.store.name_index import DocumentName, NameIndex
from index.store.particulars import CREATE_PARTICULARS, Particulars
from index.store.passage_table import CREATE_PASSAGES, PassageTable
from index.store.rows import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    document_row,
    passage_row,
)
from index.store.succession_index import SuccessionIndex
from index.store.successions import CREATE_SUCCESSIONS, Successions
from index.store.visibility import VisibilityClasses, class_of

__all__ = ["Catalog", "DocumentRow", "Version"]

_SCHEMA = (
    *CREATE_DOCUMENTS,
    *CREATE_PASSAGES,
    CREATE_LEXICAL,
    LEXICAL_PLACES.create,
    CREATE_DOCUMENT_INDEX,
    DOCUMENT_PLACES.create,
    *CREATE_PARTICULARS,
    *CREATE_SUCCESSIONS,
    CREATE_FIGURES,
    *CREATE_HISTORY,
    CREATE_LAYOUTS,
)
_DOCUMENT_TEXTS = "SELECT names, opening FROM document_words WHERE rowid = ?"


class Catalog(DocumentTable, PassageTable):
    """Safe to read from several threads, since the file of a published generation never changes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        DocumentTable.__init__(self, connection)
        PassageTable.__init__(self, connection)
        self._lock = threading.Lock()
        self._lexical_index: LexicalIndex | None = None
        self._name_index: NameIndex | None = None
        self._document_index: DocumentIndex | None = None
        self._succession_index: SuccessionIndex | None = None
        self._classes: VisibilityClasses | None = None
        self.particulars = Particulars(connection)
        self.successions = Successions(connection)
        self.figures = Figures(connection)
        self.history = History(connection)
        self.layouts = Layouts(connection)

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Open the file of a published generation, which is not written to any more."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """Make an empty catalog."""
        catalog = cls(cls._writer(path))
        for statement in _SCHEMA:
            catalog._db.execute(statement)
        return catalog

    @classmethod
    def edit(cls, path: Path) -> Catalog:
        """Open a copy that is not published yet."""
        return cls(cls._writer(path))

    @staticmethod
    def _writer(path: Path) -> sqlite3.Connection:
        # No journal: a file that is not published after a crash is thrown away.
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        return connection

    def commit(self) -> None:
        """Write what was changed, and close the file."""
        self._db.execute("COMMIT")
        self._db.close()

    @staticmethod
    def write_anew(path: Path) -> None:
        """Write a file that is not published anew, so that nothing of what was deleted is in it.

        SQLite leaves deleted rows in unused parts of the file, and FTS5 their words in its index.
        """
        new = path.with_name(f".{path.name}.new")
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = OFF")
            for (table,) in db.execute(
                "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%fts5(%'"
            ).fetchall():
                db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
            # Unlike a plain VACUUM, it keeps every rowid, by which tables here find each other.
            db.execute("VACUUM INTO ?", (str(new),))
        new.replace(path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # Written when indexing

    def put_document(self, document: Document, indexed_at: str) -> None:
        """Store a document in the place of the one of its name."""
        self.delete_document(document.name)
        cursor = self._db.execute(
            f"INSERT INTO documents ({DOCUMENT_COLUMNS}, indexed_at, class)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*document_row(document), indexed_at, class_of(document, self._outer(document))),
        )
        assert cursor.lastrowid is not None
        texts = indexed_texts(document)
        self._db.execute(INSERT_INTO_DOCUMENT_INDEX, (cursor.lastrowid, *texts))
        DOCUMENT_PLACES.put(self._db, cursor.lastrowid, texts)
        self.layouts.put(document)

    def _outer(self, document: Document) -> dict[str, str | None]:
        """Return the audience that each document states which this one lies in, by name."""
        if not document.file:
            return {}
        signs = enumerate(document.name)
        places = [document.name[:at] for at, sign in signs if sign == "/"]
        stated = {place: self.metadata_of(place).get(AUDIENCE) for place in places}
        return {place: stated[place] for place in places if len(place) >= len(document.file)}

    def document(self, name: str) -> Document | None:
        """Return the last good version of a document; None where there is none."""
        found = super().document(name)
        return replace(found, styles=self.layouts.words_of(name)) if found else None

    def delete_document(self, name: str) -> None:
        """Delete a document, but not its passages."""
        self._document_index = self._name_index = self._succession_index = None
        self._classes = None
        deleted = self._db.execute("DELETE FROM documents WHERE name = ? RETURNING rowid", (name,))
        for (key,) in deleted.fetchall():
            row = self._db.execute(_DOCUMENT_TEXTS, (key,)).fetchone()
            DOCUMENT_PLACES.delete(self._db, key, row)
            self._db.execute(DELETE_FROM_DOCUMENT_INDEX, (key,))
        self.particulars.delete(name)
        self.successions.delete(name)
        self.figures.delete(name)
        self.layouts.delete(name)

    def put_passage(self, passage: Passage, index_sha256: bytes) -> int:
        """Store a passage; return its key."""
        cursor = self._db.execute(
            f"INSERT INTO passages ({PASSAGE_COLUMNS}, index_sha256)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*passage_row(passage), index_sha256),
        )
        assert cursor.lastrowid is not None
        self._lexical_index = None
        texts = passage.context, passage.text
        self._db.execute(INSERT_LEXICAL, (cursor.lastrowid, *texts))
        LEXICAL_PLACES.put(self._db, cursor.lastrowid, texts)
        return cursor.lastrowid

    def delete_passages(self, document: str) -> list[int]:
        """Delete a document's passages; return their keys."""
        rows = self._db.execute(
            "DELETE FROM passages WHERE document = ? RETURNING key, context, text", (document,)
        ).fetchall()
        keys = [int(key) for key, *_ in rows]
        for key, *texts in rows:
            LEXICAL_PLACES.delete(self._db, key, texts)
        self._lexical_index = None
        self._db.executemany(DELETE_LEXICAL, [(key,) for key in keys])
        return keys

    # What may be seen

    def filter_of(self, names: Collection[str] | None) -> Filter | None:
        """Return the filter that lets the documents of these names be seen; None for all."""
        if names is None:
            return None
        with self._lock:
            if self._classes is None:
                self._classes = VisibilityClasses(self._db)
            return self._classes.filter_of(names)

    def keys_in(self, allowed: Filter) -> NDArray[np.int64]:
        """Return the keys of the passages that a filter lets be seen, in order."""
        whole, single = self.keys_of_classes(allowed.classes), self.keys_of(allowed.documents)
        return np.sort(np.array([*whole, *single], dtype=np.int64))

    def passage_count(self, allowed: Filter | None = None) -> int:
        """Count the passages that may be seen."""
        if allowed is not None:
            return self.lexical().passage_count(allowed)
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    # Looked up by words

    def name_index(self) -> NameIndex:
        """Return what the documents are called, those that may not be seen among them."""
        with self._lock:
            if self._name_index is None:
                found = self._db.execute(
                    "SELECT name, title, metadata FROM documents ORDER BY name"
                )
                self._name_index = NameIndex(
                    [
                        DocumentName(name, title, json.loads(metadata).get("date"))
                        for name, title, metadata in found
                    ]
                )
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
                self._document_index = DocumentIndex(self._db)
            return self._document_index

    def succession_index(self) -> SuccessionIndex:
        """Return which documents replace which, those that may not be seen among them."""
        with self._lock:
            if self._succession_index is None:
                self._succession_index = SuccessionIndex(
                    self.successions.identities(), self.successions.statements()
                )
            return self._succession_index

    def document_frequency(self, word: str, allowed: Filter | None = None) -> int:
        """Count the passages with the word in any form of the same stem, but no other spelling."""
        return self.lexical().document_frequency(word, allowed)

    def near(self, word: str, edits: int, allowed: Filter | None = None) -> dict[str, int]:
        """Return similar words of the allowed passages, with their distance (see `Words`)."""
        return self.lexical().near(word, edits, allowed)

    def written(self, word: str, allowed: Filter | None = None) -> Counter[str]:
        """Count how a word is written, in small letters or capitals, in the first allowed passages
        that contain it; empty where none does."""
        return self.lexical().written(word, allowed)

    def lexical(self) -> LexicalIndex:
        """Return the index over the words of the passages as they are now."""
        with self._lock:
            if self._lexical_index is None:
                self._lexical_index = LexicalIndex(self._db, self.keys_in)
            return self._lexical_index
