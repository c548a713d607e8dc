"""One generation's documents, passages and lexical index, in one SQLite file."""

from __future__ import annotations

import bisect
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.chunking.passage import Passage, Unit
from index.document import Block, BlockKind, Document, Span
from index.sources.folder import FileState
from index.store.lexical import (
    CREATE_LEXICAL,
    DELETE_LEXICAL,
    INSERT_LEXICAL,
    LexicalIndex,
)

__all__ = ["Catalog", "DocumentRow"]

_SCHEMA = (
    # What was seen in the corpus at the last reindex, readable or not.
    """CREATE TABLE files (
        name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
        sha256 TEXT NOT NULL, failure TEXT
    ) STRICT""",
    # The last good version of each document: what answers are taken from.
    """CREATE TABLE documents (
        name TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL,
        pages TEXT NOT NULL, metadata TEXT NOT NULL, sha256 TEXT NOT NULL, remarks TEXT NOT NULL,
        indexed_at TEXT NOT NULL
    ) STRICT""",
    # AUTOINCREMENT: the key of a removed passage is never given to another.
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
)
_PASSAGE_COLUMNS = (
    "key, id, document, title, heading, page, start, stop, text, units, lead, context"
)

_HOLDING = "SELECT units FROM passages WHERE document = ? AND instr(units, ?)"
_FIRST_HOLDING = f"{_HOLDING} ORDER BY start, stop LIMIT 1"
_LAST_HOLDING = f"{_HOLDING} ORDER BY start DESC, stop DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line of what is known: a document that answers, a file that could not be read, or both.

    `failure` says why the file as it is now was not read; with `indexed_at` set, its last good
    version still answers. `remarks` say what was read less than well.
    """

    name: str
    title: str | None
    date: str | None
    pages: int | None
    passages: int
    indexed_at: str | None
    failure: str | None
    remarks: tuple[str, ...]


class Catalog:
    """Safe to read from several threads: the file of a published generation never changes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._lock = threading.Lock()
        self._read: LexicalIndex | None = None

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Opens a published generation's file, which nobody writes any more."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

    @classmethod
    def create(cls, path: Path) -> Catalog:
        catalog = cls(cls._writer(path))
        for statement in _SCHEMA:
            catalog._db.execute(statement)
        return catalog

    @classmethod
    def edit(cls, path: Path) -> Catalog:
        """Opens a copy that is not published yet."""
        return cls(cls._writer(path))

    @staticmethod
    def _writer(path: Path) -> sqlite3.Connection:
        # A crash before the publish discards the file, so it needs no journal of its own.
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
            "SELECT name, title, text, blocks, pages, metadata, sha256, remarks FROM documents"
            " WHERE name = ?",
            (name,),
        ).fetchone()
        return _document(row) if row else None

    def indexed_at(self, name: str) -> str | None:
        row = self._db.execute(
            "SELECT indexed_at FROM documents WHERE name = ?", (name,)
        ).fetchone()
        return row[0] if row else None

    def quote(self, document: str, span: Span) -> str | None:
        """The stored text at `span`; None where there is no such document."""
        row = self._db.execute(
            "SELECT substr(text, ?, ?) FROM documents WHERE name = ?",
            (span.start + 1, len(span), document),
        ).fetchone()
        return row[0] if row else None

    def page_at(self, document: str, offset: int) -> int | None:
        """The page, counted from 1, of the character at `offset`; None without pages."""
        row = self._db.execute("SELECT pages FROM documents WHERE name = ?", (document,)).fetchone()
        if row is None or row[0] == "[]":
            return None
        pages = json.loads(row[0])
        ends = [end for _, end in pages]
        return min(bisect.bisect_right(ends, offset) + 1, len(pages))

    def metadata(self) -> dict[str, dict[str, str]]:
        """Of every document, by name; empty for a file that could not be read."""
        found = self._db.execute(
            "SELECT name, metadata FROM (SELECT name FROM documents UNION SELECT name FROM files)"
            " LEFT JOIN documents USING (name)"
        )
        return {name: json.loads(metadata) if metadata else {} for name, metadata in found}

    def rows(self, allowed: Collection[str] | None = None) -> list[DocumentRow]:
        """Every document and every file that could not be read, by name.

        With `allowed`, by name, as if there were no others.
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
                WHERE :within IS NULL OR name IN (SELECT value FROM json_each(:within))
                GROUP BY sha256
            ) AS copies ON copies.sha256 = documents.sha256
            WHERE :within IS NULL OR name IN (SELECT value FROM json_each(:within))
            ORDER BY name
            """,
            {"within": None if allowed is None else _json(list(allowed))},
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
        self._db.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.name,
                document.title,
                document.text,
                _json(
                    [[b.kind, b.span.start, b.span.end, b.level, b.group] for b in document.blocks]
                ),
                _json([[page.start, page.end] for page in document.pages]),
                _json(dict(document.metadata)),
                document.sha256,
                _json(document.remarks),
                indexed_at,
            ),
        )

    def delete_document(self, name: str) -> None:
        self._db.execute("DELETE FROM documents WHERE name = ?", (name,))

    # Files

    def files(self) -> dict[str, tuple[FileState, str | None]]:
        """What was seen of each file, and why it could not be read."""
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
            f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE key IN ({marks})", list(keys)
        )
        return {key: _passage(row) for key, *row in rows}

    def passages_of(self, document: str) -> list[Passage]:
        rows = self._db.execute(
            f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE document = ? ORDER BY start, stop",
            (document,),
        )
        return [_passage(row) for _, *row in rows]

    def span_of_group(self, document: str, group: int) -> Span | None:
        """From the first unit of a list or table to the last, whichever passages they are in."""
        # A unit is stored as a list, of which the group is the last.
        ends = [
            self._db.execute(query, (document, f",{group}]")).fetchone()
            for query in (_FIRST_HOLDING, _LAST_HOLDING)
        ]
        units = [unit for end in ends if end for unit in _parse_units(end[0])]
        spans = [unit.span for unit in units if unit.group == group]
        if not spans:
            return None
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    def units_before(self, document: str, offset: int) -> list[Unit]:
        """The units that end at `offset` or before, of the last block that has any, in order; one
        that two passages share is there twice."""
        rows = self._db.execute(
            "SELECT units FROM passages WHERE document = ? AND start < ?"
            " ORDER BY start DESC, stop DESC",
            (document, offset),
        )
        found: list[Unit] = []
        for unit in (unit for (units,) in rows for unit in reversed(_parse_units(units))):
            if unit.span.end > offset:
                continue
            if found and unit.block != found[0].block:
                break
            found.append(unit)
        return found[::-1]

    def key_of_text(self, index_sha256: bytes) -> int | None:
        """A passage whose index text has this hash, and so the vector that it would get."""
        row = self._db.execute(
            "SELECT key FROM passages WHERE index_sha256 = ?", (index_sha256,)
        ).fetchone()
        return int(row[0]) if row else None

    def put_passage(self, passage: Passage, index_sha256: bytes) -> int:
        """Its key."""
        cursor = self._db.execute(
            "INSERT INTO passages (id, document, title, heading, page, start, stop, text, units,"
            " lead, context, index_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage.id,
                passage.document,
                passage.title,
                _json(passage.heading),
                passage.page,
                passage.span.start,
                passage.span.end,
                passage.text,
                _units(passage.units),
                _units(passage.lead),
                passage.context,
                index_sha256,
            ),
        )
        assert cursor.lastrowid is not None
        self._read = None
        self._db.execute(INSERT_LEXICAL, (cursor.lastrowid, passage.context, passage.text))
        return cursor.lastrowid

    def delete_passages(self, document: str) -> list[int]:
        """The keys that are gone."""
        rows = self._db.execute(
            "DELETE FROM passages WHERE document = ? RETURNING key", (document,)
        ).fetchall()
        keys = [int(key) for (key,) in rows]
        self._read = None
        self._db.executemany(DELETE_LEXICAL, [(key,) for key in keys])
        return keys

    def keys_of(self, documents: Collection[str]) -> list[int]:
        """The keys of all passages of these documents, in order."""
        rows = self._db.execute(
            "SELECT key FROM passages WHERE document IN (SELECT value FROM json_each(?))"
            " ORDER BY key",
            (_json(list(documents)),),
        )
        return [int(key) for (key,) in rows]

    def coverage(
        self, question: str, keys: Sequence[int], allowed: Sequence[int] | None = None
    ) -> dict[str, tuple[int, frozenset[int]]]:
        """For each telling word: how many passages hold it, and which of `keys` are among them.

        A word is held by a passage if it is there in any form that the stemmer knows, or in another
        spelling. Only passages of `allowed` are counted, if given.
        """
        return self._lexical().coverage(question, keys, allowed)

    def search(
        self, question: str, k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """At most `k` (key, BM25), the greatest first; empty where no word of it is found.

        With `allowed`, scores are what they would be if there were no other passages.
        """
        return self._lexical().search(question, k, allowed)

    def document_frequency(self, word: str, allowed: Sequence[int] | None = None) -> int:
        """How many passages hold the word, spelt like this, in a form that the stemmer knows."""
        return self._lexical().document_frequency(word, allowed)

    def near(self, word: str, edits: int) -> dict[str, int]:
        """As in `Vocabulary`, whose words are those of all passages: see `written`."""
        return self._lexical().near(word, edits)

    def written(self, word: str, allowed: Sequence[int] | None = None) -> Counter[str]:
        """How often a word that is `near` is written in small letters and capitals: in the first
        of these passages that hold it, empty where none does."""
        return self._lexical().written(word, allowed)

    def _lexical(self) -> LexicalIndex:
        """Of the passages as they are now."""
        with self._lock:
            if self._read is None:
                self._read = LexicalIndex(self._db)
            return self._read


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _units(units: Iterable[Unit]) -> str:
    return _json([[u.kind, u.span.start, u.span.end, u.block, u.level, u.group] for u in units])


def _parse_units(stored: str) -> tuple[Unit, ...]:
    return tuple(
        Unit(BlockKind(kind), Span(start, end), block, level, group)
        for kind, start, end, block, level, group in json.loads(stored)
    )


def _passage(row: Sequence[Any]) -> Passage:
    id_, document, title, heading, page, start, stop, text, units, lead, context = row
    return Passage(
        id=id_,
        document=document,
        title=title,
        heading=tuple(json.loads(heading)),
        page=page,
        span=Span(start, stop),
        text=text,
        units=_parse_units(units),
        lead=_parse_units(lead),
        context=context,
    )


def _document(row: Sequence[Any]) -> Document:
    name, title, text, blocks, pages, metadata, sha256, remarks = row
    return Document(
        name=name,
        title=title,
        text=text,
        blocks=tuple(
            Block(BlockKind(kind), Span(start, end), level, group)
            for kind, start, end, level, group in json.loads(blocks)
        ),
        pages=tuple(Span(start, end) for start, end in json.loads(pages)),
        metadata=json.loads(metadata),
        sha256=sha256,
        remarks=tuple(json.loads(remarks)),
    )
