"""Catalog of one generation, in one SQLite file: its tables, and the indexes of their words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.chunking.passage import Passage
from index.document import AUDIENCE, Document
from index.store.catalog.document_table import CREATE_DOCUMENTS, DocumentTable
from index.store.catalog.figures import CREATE_FIGURES, KeyFigures
from index.store.catalog.file_table import CREATE_FILES, FileTable
from index.store.catalog.history import CREATE_HISTORY, History
from index.store.catalog.layers import (
    CREATE_GONE,
    IN_ROWS,
    RemovalKind,
    connect,
    continue_keys,
    counted,
    hide,
    keys_of_documents,
    layers_of,
    merge,
    names_above,
    stack,
)
from index.store.catalog.layouts import CREATE_LAYOUTS, Layouts
from index.store.catalog.particulars import CREATE_PARTICULARS, Particulars
from index.store.catalog.passage_table import CREATE_PASSAGES, PassageTable
from index.store.catalog.word_table import WordTable
from index.store.rows import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    compact_json,
    document_row,
    passage_row,
)
from index.store.segments.block_store import BlockStore, FolderBlockStore
from index.store.segments.blocks import Arrays
from index.store.segments.files import (
    AT_ONCE,
    MOST_PASSAGES,
    WORDS,
    KeptSegment,
    in_parts,
    plan_segments,
    read_segments,
    segments_in,
    segments_to_merge,
    stored_segment,
)
from index.store.segments.merging import Merging
from index.store.segments.segment import CHECKED, Segment, missing_from
from index.store.segments.segments import Segments
from index.store.successions.successions import CREATE_SUCCESSIONS
from index.store.tables import Tables
from index.store.visibility import class_of
from index.store.words.document_index import (
    CREATE_DOCUMENT_WORDS,
    DELETE_DOCUMENT_WORDS,
    INSERT_DOCUMENT_WORDS,
    indexed_texts,
)
from index.store.words.segment_builder import build_segment
from index.store.words.segment_merger import merge_segments

_SCHEMA = (
    *CREATE_FILES,
    *CREATE_DOCUMENTS,
    *CREATE_PASSAGES,
    CREATE_DOCUMENT_WORDS,
    *CREATE_PARTICULARS,
    *CREATE_SUCCESSIONS,
    CREATE_FIGURES,
    *CREATE_HISTORY,
    CREATE_LAYOUTS,
    CREATE_GONE,
)
_NO_KEYS = np.zeros(0, np.int64)
_DOCUMENT_KEYS = "SELECT key FROM documents ORDER BY key"
_PASSAGES_OF = (
    "WITH named AS MATERIALIZED (SELECT key, class, name FROM documents"
    " WHERE key IN (SELECT value FROM json_each(?))),"
    " held AS MATERIALIZED (SELECT named.key FROM named"
    " CROSS JOIN passages ON passages.document = named.name)"
    " SELECT key, number FROM (SELECT named.key, class, count(held.key) AS number FROM named"
    " LEFT JOIN held USING (key) GROUP BY named.key, class) AS counted ORDER BY class, key"
)


class Catalog(DocumentTable, FileTable, PassageTable, WordTable):
    """Safe to read from several threads, since the file of a published generation never changes."""

    def __init__(self, connection: Tables, segments: Mapping[str, Segment] | None = None) -> None:
        """Take the segments that are stored beside the file, by their names."""
        DocumentTable.__init__(self, connection)
        FileTable.__init__(self, connection)
        PassageTable.__init__(self, connection)
        WordTable.__init__(self, connection)
        self._lower = 0
        self._stored = dict(segments or {})
        self.particulars = Particulars(connection)
        self.figures = KeyFigures(connection)
        self.history = History(connection)
        self.layouts = Layouts(connection)

    @classmethod
    def open(cls, path: Path, segments: Mapping[str, Segment] | None = None) -> Catalog:
        """Open the files of a published generation, which are not written to any more."""
        return cls(connect(path), segments)

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """Make an empty catalog."""
        db = cls._writer(path)
        db.execute("BEGIN")
        for statement in _SCHEMA:
            db.execute(statement)
        return cls(db)

    @classmethod
    def edit(cls, path: Path) -> Catalog:
        """Open a copy that is not published yet, with the segments that lie beside it.

        Where it has layers, only the newest is written to; it may be an empty file.
        """
        beside = segments_in(each.name for each in path.parent.iterdir())
        *older, newest = layers_of(path)
        db = cls._writer(newest)
        is_new = not newest.stat().st_size
        for statement in _SCHEMA if is_new else ():
            db.execute(statement)
        stack(db, older)
        db.execute("BEGIN")
        if is_new:
            continue_keys(db)
        catalog = cls(db, read_segments(path.parent, beside))
        catalog._lower = len(older)
        return catalog

    @staticmethod
    def merge(paths: Sequence[Path], to: Path, *, whole: bool) -> None:
        """Make one file of layers of a catalog, the lowest first; `whole` with all of them."""
        merge(paths, to, _SCHEMA, whole=whole)

    @staticmethod
    def _writer(path: Path) -> sqlite3.Connection:
        # No journal: a file that is not published after a crash is thrown away.
        uri = ":memory:" if str(path) == ":memory:" else path.absolute().as_uri()
        connection = sqlite3.connect(uri, isolation_level=None, uri=True)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def commit(self) -> None:
        """Write what was changed, and close the file."""
        self._db.execute("COMMIT")
        self._db.close()

    @staticmethod
    def write_anew(path: Path) -> None:
        """Write a file that is not published anew, so that nothing of what was deleted is in it.

        SQLite leaves deleted rows in unused parts of the file.
        """
        new = path.with_name(f".{path.name}.new")
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = OFF")
            # Unlike a plain VACUUM, it keeps every rowid, by which tables here find each other.
            db.execute("VACUUM INTO ?", (str(new),))
        new.replace(path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # Moved from one store to another

    def dump(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table, in the order in which they were written where that tells."""
        end = " ORDER BY rowid" if table in IN_ROWS else ""
        if table == "document_words":  # lower layers have those of documents that are gone
            end = " WHERE key IN (SELECT key FROM documents)"
        return iter(self._db.execute(f"SELECT {', '.join(columns)} FROM {table}{end}"))

    def load(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Store rows that `dump` yielded."""
        marks = ", ".join("?" * len(columns))
        self._db.executemany(
            f"INSERT INTO main.{table} ({', '.join(columns)}) VALUES ({marks})", rows
        )
        self._forget_indexes()

    # Written when indexing

    def put_document(self, document: Document, indexed_at: str) -> None:
        """Store a document in the place of the one of its name."""
        self.delete_document(document.name)
        cursor = self._db.execute(
            f"INSERT INTO main.documents ({DOCUMENT_COLUMNS}, indexed_at, class)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
            (*document_row(document), indexed_at, class_of(document, self._outer(document))),
        )
        ((key,),) = cursor.fetchall()
        self._db.execute(INSERT_DOCUMENT_WORDS, (key, *indexed_texts(document)))
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
        self._forget_indexes()
        deleted = self._db.execute(
            "DELETE FROM main.documents WHERE name = ? RETURNING key", (name,)
        )
        self._db.executemany(DELETE_DOCUMENT_WORDS, deleted.fetchall())
        self.particulars.delete(name)
        self.successions.delete(name)
        self.figures.delete(name)
        self.layouts.delete(name)
        hide(self._db, RemovalKind.DOCUMENT, [name])

    def put_passage(self, passage: Passage, index_sha256: bytes) -> int:
        """Store a passage; return its key."""
        cursor = self._db.execute(
            f"INSERT INTO main.passages ({PASSAGE_COLUMNS}, index_sha256)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
            (*passage_row(passage), index_sha256),
        )
        ((key,),) = cursor.fetchall()
        self._forget_indexes()
        return int(key)

    def delete_passages(self, document: str) -> list[int]:
        """Delete a document's passages; return their keys."""
        keys = self.keys_of([document])
        self._db.execute("DELETE FROM main.passages WHERE document = ?", (document,))
        hide(self._db, RemovalKind.PASSAGES, [document])
        self._forget_indexes()
        return keys

    def touched(self, base: Catalog) -> set[str] | None:
        """Return the documents that may differ from those of the catalog that this is the edited
        copy of; None where that may be any."""
        if not self._lower:
            return None
        # What only a layer above had that was edited too, and is deleted, left no trace here.
        return self.names_above(self._lower) | base.names_above(self._lower)

    def names_above(self, kept: int) -> set[str]:
        """Return the documents that the layers over the lowest `kept` have or take out."""
        return names_above(self._db, kept)

    # Segments

    def _segments_now(self) -> Segments:
        keys = self._document_keys()
        missing = self._in_no_segment(keys)
        made = [Segment(build_segment(self._db, missing))] if missing else []
        return Segments([*self._stored.values(), *made], keys)

    def store_segments(self, folder: Path, *, clean: bool = False) -> Mapping[str, Segment]:
        """Write segments of the documents that are in none, and remove those that go; return all.

        The segments lie in this folder. With `clean`, nothing of a deleted document stays in them.
        """
        return self.store_segments_on(FolderBlockStore(folder), clean=clean)

    def store_segments_on(
        self, blocks: BlockStore, *, clean: bool = False, merging: Merging | None = None
    ) -> Mapping[str, Segment]:
        """Do what `store_segments` does, wherever the segments lie.

        What takes long is left to the background, where there is one.
        """
        keys = self._document_keys()
        if merging:
            self._take_in(blocks, merging)
        missing = self._in_no_segment(keys)
        going, loose = plan_segments(
            self._kept_segments(keys),
            sum(self._passages_of(missing).values()),
            clean=clean,
            at_once=AT_ONCE if merging else MOST_PASSAGES,
        )
        merged = [
            Segment(arrays)
            for name in sorted(going if loose else ())
            if (arrays := blocks.verified(name)) is not None
        ]
        for part in in_parts(self._passages_of([*missing, *loose])):
            name = blocks.put(WORDS, self._segment_of(part, merged), CHECKED)
            self._stored[name] = Segment(blocks.read(name))
            going.discard(name)
        for name in going:
            blocks.remove(name)
            del self._stored[name]
        self._forget_indexes()
        return self._stored

    def plan_merge(self, merging: Merging) -> None:
        """Plan which segments become one in the background."""
        merging.plan(
            self._stored, lambda: segments_to_merge(self._kept_segments(self._document_keys()))
        )

    def _kept_segments(self, keys: NDArray[np.int64]) -> list[KeptSegment]:
        return [stored_segment(name, segment, keys) for name, segment in self._stored.items()]

    def _take_in(self, blocks: BlockStore, merging: Merging) -> None:
        """Let a segment that was made in the background take the place of those it was made of.

        What is there of these and not in it, as after a rollback, gets into a segment as new
        documents do.
        """
        if made := merging.take_in(self._stored):
            plan, name = made
            for each in plan.sources:
                blocks.remove(each)
                del self._stored[each]
            self._stored[name] = Segment(blocks.read(name))

    def _segment_of(self, keys: Sequence[int], merged: Sequence[Segment]) -> Arrays:
        """Return the arrays of a segment of these documents: of texts for those that are in none of
        the segments to be merged."""
        held = [each.document_keys for each in merged]
        texts = missing_from(np.concatenate((*held, _NO_KEYS)), np.array(keys, np.int64))
        if len(texts) == len(keys):
            return build_segment(self._db, keys)
        made = [Segment(build_segment(self._db, texts.tolist()))] if len(texts) else []
        return merge_segments([*merged, *made], keys)

    def _document_keys(self) -> NDArray[np.int64]:
        """Return the keys of all documents, in order."""
        stored = [np.zeros(0, np.int64), *(each.document_keys for each in self._stored.values())]
        keys = keys_of_documents(self._db, np.concatenate(stored))
        return self._all_keys() if keys is None else keys

    def _all_keys(self) -> NDArray[np.int64]:
        return np.fromiter((key for (key,) in self._db.execute(_DOCUMENT_KEYS)), np.int64)

    def _in_no_segment(self, keys: NDArray[np.int64]) -> list[int]:
        """Return which of these documents are in no segment that is stored."""
        stored = [each.document_keys for each in self._stored.values()]
        return [int(key) for key in missing_from(np.concatenate((_NO_KEYS, *stored)), keys)]

    def _passages_of(self, keys: Sequence[int]) -> dict[int, int]:
        """Return documents as they stand in a segment, with how many passages each has."""
        return dict(self._db.execute(_PASSAGES_OF, (compact_json(keys),)).fetchall())

    def document_count(self) -> int:
        """Count the documents that answer."""
        return counted(self._db, "documents")
