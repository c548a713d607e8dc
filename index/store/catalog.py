"""Catalog of one generation: documents, passages and lexical index, in one SQLite file."""

from __future__ import annotations

import bisect
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.chunking.passage import Passage, Unit
from index.document import AUDIENCE, Document, Span
from index.sources.folder import FileState
from index.store.document_index import (
    CREATE_DOCUMENT_INDEX,
    DELETE_FROM_DOCUMENT_INDEX,
    INSERT_INTO_DOCUMENT_INDEX,
    DocumentIndex,
    indexed_texts,
)
from index.store.groups import (
    passages_of_group,
    span_of_group,
    table_places,
    units_before,
)
from index.store.lexical import (
    CREATE_LEXICAL,
    DELETE_LEXICAL,
    INSERT_LEXICAL,
    LexicalIndex,
)
from index.store.name_index import DocumentName, NameIndex
from index.store.particulars import CREATE_PARTICULARS, Particulars
from index.store.rows import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    compact_json,
    document_of,
    document_row,
    passage_of,
    passage_row,
)

__all__ = ["Catalog", "DocumentRow", "Version"]

_SCHEMA = (
    # Every file that the last scan of the corpus found, readable or not.
    """CREATE TABLE files (
        name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
        sha256 TEXT NOT NULL, failure TEXT
    ) STRICT""",
    # The last good version of each document, from which answers are taken. What is long comes last:
    # SQLite reads a row up to the last column that is asked for.
    """CREATE TABLE documents (
        name TEXT PRIMARY KEY, title TEXT NOT NULL, metadata TEXT NOT NULL, sha256 TEXT NOT NULL,
        indexed_at TEXT NOT NULL, remarks TEXT NOT NULL, pages TEXT NOT NULL, text TEXT NOT NULL,
        blocks TEXT NOT NULL
    ) STRICT""",
    # AUTOINCREMENT: the key of a removed passage is never used again.
    """CREATE TABLE passages (
        key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, document TEXT NOT NULL,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, page INTEGER, heading TEXT NOT NULL,
        title TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, units TEXT NOT NULL,
        lead TEXT NOT NULL, index_sha256 BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX passages_document ON passages (document, start)",
    "CREATE INDEX passages_index_sha256 ON passages (index_sha256)",
    "CREATE UNIQUE INDEX passages_id ON passages (id)",
    CREATE_LEXICAL,
    CREATE_DOCUMENT_INDEX,
    *CREATE_PARTICULARS,
)

_PASSAGES_OF_SPAN = 12
"""Passages that are looked at to find those of a span; an excerpt is hardly ever in as many."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that answers, a file that could not be read, or both.

    `failure` says why the current file was not read; with `indexed_at` set, its last good version
    still answers. `remarks` say what could not be read well.
    """

    name: str
    title: str | None
    date: str | None
    pages: int | None
    passages: int
    indexed_at: str | None
    failure: str | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """What tells two versions of a document apart: the SHA-256 of the file, and its audience."""

    sha256: str
    audience: str | None


class Catalog:
    """Safe to read from several threads, since the file of a published generation never changes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._lock = threading.Lock()
        self._lexical_index: LexicalIndex | None = None
        self._name_index: NameIndex | None = None
        self._document_index: DocumentIndex | None = None
        self.particulars = Particulars(connection)

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
        self._db.execute("COMMIT")
        self._db.close()

    def close(self) -> None:
        self._db.close()

    # Documents

    def document_names(self) -> set[str]:
        return {name for (name,) in self._db.execute("SELECT name FROM documents")}

    def document(self, name: str) -> Document | None:
        row = self._db.execute(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE name = ?", (name,)
        ).fetchone()
        return document_of(row) if row else None

    def indexed_at(self, name: str) -> str | None:
        row = self._db.execute(
            "SELECT indexed_at FROM documents WHERE name = ?", (name,)
        ).fetchone()
        return row[0] if row else None

    def quote(self, document: str, span: Span) -> str | None:
        """Return the stored text at `span`; None where there is no such document."""
        row = self._db.execute(
            "SELECT substr(text, ?, ?) FROM documents WHERE name = ?",
            (span.start + 1, len(span), document),
        ).fetchone()
        return row[0] if row else None

    def page_at(self, document: str, offset: int) -> int | None:
        """Return the page, counted from 1, of the character at `offset`; None without pages."""
        row = self._db.execute("SELECT pages FROM documents WHERE name = ?", (document,)).fetchone()
        if row is None or row[0] == "[]":
            return None
        pages = json.loads(row[0])
        ends = [end for _, end in pages]
        return min(bisect.bisect_right(ends, offset) + 1, len(pages))

    def metadata(self) -> dict[str, dict[str, str]]:
        """Return each document's metadata by name; empty for a file that could not be read."""
        found = self._db.execute(
            "SELECT name, metadata FROM (SELECT name FROM documents UNION SELECT name FROM files)"
            " LEFT JOIN documents USING (name)"
        )
        return {name: json.loads(metadata) if metadata else {} for name, metadata in found}

    def versions(self) -> dict[str, Version]:
        """Return the version of every document that answers, by name."""
        found = self._db.execute("SELECT name, sha256, metadata FROM documents")
        return {
            name: Version(sha256, json.loads(metadata).get(AUDIENCE))
            for name, sha256, metadata in found
        }

    def rows(self, allowed: Collection[str] | None = None) -> list[DocumentRow]:
        """Return every document and every file that could not be read, in order of name.

        With `allowed`, only those of these names, as if there were no others.
        """
        found = self._db.execute(
            """
            SELECT name, title, metadata, pages, indexed_at, failure, remarks, copies.first,
                (SELECT count(*) FROM passages WHERE document = name)
            FROM (SELECT name FROM documents UNION SELECT name FROM files)
            LEFT JOIN documents USING (name)
            LEFT JOIN (SELECT name, failure FROM files) USING (name)
            LEFT JOIN (
                SELECT sha256, min(name) AS first FROM documents
                WHERE :allowed IS NULL OR name IN (SELECT value FROM json_each(:allowed))
                GROUP BY sha256
            ) AS copies ON copies.sha256 = documents.sha256
            WHERE :allowed IS NULL OR name IN (SELECT value FROM json_each(:allowed))
            ORDER BY name
            """,
            {"allowed": None if allowed is None else compact_json(list(allowed))},
        )
        return [
            DocumentRow(
                name=name,
                title=title,
                date=json.loads(metadata).get("date") if metadata else None,
                pages=len(json.loads(pages)) or None if pages else None,
                passages=passages,
                indexed_at=indexed_at,
                failure=failure,
                remarks=(
                    *(json.loads(remarks) if remarks else ()),
                    *(
                        [f"It has the same content as {first}."]
                        if first not in (None, name)
                        else []
                    ),
                ),
            )
            for name, title, metadata, pages, indexed_at, failure, remarks, first, passages in found
        ]

    def put_document(self, document: Document, indexed_at: str) -> None:
        self.delete_document(document.name)
        cursor = self._db.execute(
            f"INSERT INTO documents ({DOCUMENT_COLUMNS}, indexed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*document_row(document), indexed_at),
        )
        self._db.execute(INSERT_INTO_DOCUMENT_INDEX, (cursor.lastrowid, *indexed_texts(document)))

    def delete_document(self, name: str) -> None:
        self._document_index = self._name_index = None
        self._db.executemany(
            DELETE_FROM_DOCUMENT_INDEX,
            self._db.execute(
                "DELETE FROM documents WHERE name = ? RETURNING rowid", (name,)
            ).fetchall(),
        )
        self.particulars.delete(name)

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

    # Files

    def files(self) -> dict[str, tuple[FileState, str | None]]:
        """Return the state of each file in the last scan, and why it could not be read."""
        return {
            name: (FileState(*state), failure)
            for name, *state, failure in self._db.execute(
                "SELECT name, size, mtime_ns, ctime_ns, inode, sha256, failure FROM files"
            )
        }

    def put_file(self, name: str, state: FileState, failure: str | None) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                name,
                state.size,
                state.mtime_ns,
                state.ctime_ns,
                state.inode,
                state.sha256,
                failure,
            ),
        )

    def delete_file(self, name: str) -> None:
        self._db.execute("DELETE FROM files WHERE name = ?", (name,))

    # Passages

    def passage_count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(
            f"SELECT key, {PASSAGE_COLUMNS} FROM passages WHERE key IN ({marks})", list(keys)
        )
        return {key: passage_of(row) for key, *row in rows}

    def passages_of(self, document: str) -> list[Passage]:
        rows = self._db.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE document = ? ORDER BY start, stop",
            (document,),
        )
        return [passage_of(row) for row in rows]

    def passages_around(self, document: str, span: Span) -> dict[int, Passage]:
        """Return the passages that overlap a span, in order, then the one after and the one before.

        The keys are those of the passages.
        """
        before = self._db.execute(
            f"SELECT key, {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND start < ?"
            " ORDER BY start DESC, stop DESC LIMIT ?",
            (document, span.end, _PASSAGES_OF_SPAN),
        ).fetchall()
        after = self._db.execute(
            f"SELECT key, {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND start >= ?"
            " ORDER BY start, stop LIMIT 1",
            (document, span.end),
        ).fetchall()
        found = {key: passage_of(row) for key, *row in (*reversed(before), *after)}
        over = {key: passage for key, passage in found.items() if passage.span.overlaps(span)}
        earlier = [key for key, passage in found.items() if passage.span.end <= span.start]
        beside = [key for key, passage in found.items() if passage.span.start >= span.end]
        return over | {key: found[key] for key in (*beside, *earlier[-1:])}

    def span_of_group(self, document: str, group: int) -> Span | None:
        """Return the span of a whole list or table, whichever passages its units are in."""
        return span_of_group(self._db, document, group)

    def passage_at(self, document: str, span: Span) -> Passage | None:
        """Return the first passage that holds a span whole, else the last that begins before it."""
        rows = self._db.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE document = ? AND start <= ?"
            " ORDER BY stop >= ? DESC, start DESC, stop LIMIT 1",
            (document, span.start, span.end),
        ).fetchone()
        return passage_of(rows) if rows else None

    def table_places(self, keys: Sequence[int]) -> list[tuple[str, int, int]]:
        """Return the tables of these passages: document, group and an offset.

        The offset is where the passage begins. The order is that of the keys.
        """
        return table_places(self._db, keys)

    def passages_of_group(
        self, document: str, group: int, offset: int, most: int
    ) -> tuple[list[Passage], bool]:
        """Return the passages with a list or table, in order, and whether these are all of them.

        One of them begins at `offset`; at most `most` on either side of it are looked for.
        """
        return passages_of_group(self._db, document, group, offset, most)

    def units_before(self, document: str, offset: int) -> list[Unit]:
        """Return the units of the last block before `offset` that end there or earlier, in order.

        A unit that two passages share is there twice.
        """
        return units_before(self._db, document, offset)

    def key_of_text(self, index_sha256: bytes) -> int | None:
        """Return the key of a passage whose index text has this hash, and so the same vector."""
        row = self._db.execute(
            "SELECT key FROM passages WHERE index_sha256 = ?", (index_sha256,)
        ).fetchone()
        return int(row[0]) if row else None

    def put_passage(self, passage: Passage, index_sha256: bytes) -> int:
        """Store a passage; return its key."""
        cursor = self._db.execute(
            f"INSERT INTO passages ({PASSAGE_COLUMNS}, index_sha256)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*passage_row(passage), index_sha256),
        )
        assert cursor.lastrowid is not None
        self._lexical_index = None
        self._db.execute(INSERT_LEXICAL, (cursor.lastrowid, passage.context, passage.text))
        return cursor.lastrowid

    def delete_passages(self, document: str) -> list[int]:
        """Delete a document's passages; return their keys."""
        rows = self._db.execute(
            "DELETE FROM passages WHERE document = ? RETURNING key", (document,)
        ).fetchall()
        keys = [int(key) for (key,) in rows]
        self._lexical_index = None
        self._db.executemany(DELETE_LEXICAL, [(key,) for key in keys])
        return keys

    def keys_of(self, documents: Collection[str]) -> list[int]:
        """Return the keys of all passages of these documents, in order."""
        rows = self._db.execute(
            "SELECT key FROM passages WHERE document IN (SELECT value FROM json_each(?))"
            " ORDER BY key",
            (compact_json(list(documents)),),
        )
        return [int(key) for (key,) in rows]

    def coverage(
        self, question: str, keys: Sequence[int], allowed: Sequence[int] | None = None
    ) -> dict[str, tuple[int, frozenset[int]]]:
        """Count, for each content word, the passages that contain it; tell which of `keys` do.

        A word may stand there in any form with the same stem, or in another spelling. With
        `allowed`, only these passages count.
        """
        return self.lexical().coverage(question, keys, allowed)

    def search(
        self, question: str, k: int, allowed: Sequence[int] | None = None
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

    def document_words(self, names: Collection[str]) -> frozenset[str]:
        """Return the terms (see `name_terms`) in the names and beginnings of these documents."""
        return self._documents().words(names)

    def said_by_documents(self, question: str, names: Collection[str]) -> frozenset[str]:
        """Return the question's terms for which these documents count in `search_documents`."""
        return self._documents().said(question, names)

    def _documents(self) -> DocumentIndex:
        with self._lock:
            if self._document_index is None:
                self._document_index = DocumentIndex(self._db)
            return self._document_index

    def documents_of(self, keys: Sequence[int]) -> dict[int, str]:
        """Return the name of the document of each passage."""
        found = self._db.execute(
            "SELECT key, document FROM passages WHERE key IN (SELECT value FROM json_each(?))",
            (compact_json(list(keys)),),
        )
        return dict(found.fetchall())

    def document_frequency(self, word: str, allowed: Sequence[int] | None = None) -> int:
        """Count the passages with the word in any form of the same stem, but no other spelling."""
        return self.lexical().document_frequency(word, allowed)

    def near(self, word: str, edits: int) -> dict[str, int]:
        """Return similar words of all passages (see `Vocabulary`), whether allowed or not.

        Nobody may be shown one before `written` has found it in a passage that they may see.
        """
        return self.lexical().near(word, edits)

    def written(self, word: str, allowed: Sequence[int] | None = None) -> Counter[str]:
        """Count how a word is written, in small letters or capitals, in the first allowed passages
        that contain it; empty where none does."""
        return self.lexical().written(word, allowed)

    def lexical(self) -> LexicalIndex:
        """Return the index over the words of the passages as they are now."""
        with self._lock:
            if self._lexical_index is None:
                self._lexical_index = LexicalIndex(self._db)
            return self._lexical_index
