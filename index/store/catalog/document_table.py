"""Table of the catalog: the documents that answer."""

from __future__ import annotations

import bisect
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from index.document import AUDIENCE, Document, Span
from index.store.catalog.file_table import rows_of
from index.store.rows import DOCUMENT_COLUMNS, beginning_of, compact_json, document_of
from index.store.tables import Tables

CREATE_DOCUMENTS = (
    # The last good version of each document, from which answers are taken; `file` is empty for one
    # that is a file itself. What is long comes last: SQLite reads a row up to the last column that
    # is asked for. AUTOINCREMENT: the key of a removed document is never used again.
    """CREATE TABLE documents (
        key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, file TEXT NOT NULL,
        class TEXT NOT NULL, title TEXT NOT NULL, metadata TEXT NOT NULL, sha256 TEXT NOT NULL,
        indexed_at TEXT NOT NULL, remarks TEXT NOT NULL, doubtful TEXT NOT NULL,
        has_hidden INTEGER NOT NULL, pages TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX documents_file ON documents (file)",
    "CREATE INDEX documents_class ON documents (class, name)",
)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that answers, a file that could not be read, or both.

    `failure` says why the current file was not read; with `indexed_at` set, its last good version
    still answers. `remarks` say what could not be read well. `file` is the file that a document
    lies in, if it is none itself; a file without a text of its own has neither title nor failure.
    """

    name: str
    title: str | None
    date: str | None
    pages: int | None
    passages: int
    indexed_at: str | None
    failure: str | None
    remarks: tuple[str, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What tells two versions of a document apart: its SHA-256, and its audience; also the file
    that it lies in."""

    sha256: str
    audience: str | None
    file: str = ""


class DocumentTable:
    """Reads and writes documents."""

    def __init__(self, connection: Tables) -> None:
        self._db = connection

    def document_names(self) -> set[str]:
        """Return the names of the documents that answer."""
        return {name for (name,) in self._db.execute("SELECT name FROM documents")}

    def document(self, name: str) -> Document | None:
        """Return the last good version of a document; None where there is none."""
        row = self._db.execute(
            f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE name = ?", (name,)
        ).fetchone()
        return document_of(row) if row else None

    def beginning(self, name: str, most: int) -> Document | None:
        """Return a document as far as whole blocks go in its first `most` characters.

        It may be of any length, so what a question reads of it is bounded.
        """
        row = self._db.execute(
            "SELECT name, title, substr(text, 1, :most), substr(blocks, 1, 2 * :most), pages,"
            " metadata, sha256, remarks, '[]', has_hidden, file FROM documents WHERE name = :name",
            {"name": name, "most": most},
        ).fetchone()
        return beginning_of(row, most) if row else None

    def indexed_at(self, name: str) -> str | None:
        """Return when a document was indexed; None where there is no such document."""
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
        found = self._db.execute("SELECT name, metadata FROM documents")
        documents = {name: json.loads(metadata) for name, metadata in found}
        files = (name for (name,) in self._db.execute("SELECT name FROM files"))
        return {name: {} for name in files} | documents

    def names_in(self, classes: Collection[str]) -> list[str]:
        """Return the names of the documents of some visibility classes, in order."""
        found = self._db.execute(
            "SELECT name FROM documents WHERE class IN (SELECT value FROM json_each(?))"
            " ORDER BY name",
            (compact_json(sorted(classes)),),
        )
        return [name for (name,) in found]

    def classes_of(self, names: Collection[str]) -> set[str]:
        """Return the visibility classes of some documents."""
        found = self._db.execute(
            "SELECT DISTINCT class FROM documents WHERE name IN (SELECT value FROM json_each(?))",
            (compact_json(sorted(names)),),
        )
        return {of for (of,) in found}

    def file_of(self, name: str) -> str:
        """Return the file that a document lies in; empty for one that is a file itself, and where
        there is none of that name."""
        row = self._db.execute("SELECT file FROM documents WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def metadata_of(self, name: str) -> dict[str, str]:
        """Return a document's metadata; empty where there is no such document."""
        row = self._db.execute("SELECT metadata FROM documents WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else {}

    def versions(self, names: Collection[str] | None = None) -> dict[str, Version]:
        """Return the version of every document that answers, or of those of some names, by name."""
        found = self._db.execute(
            f"SELECT name, sha256, metadata, file FROM {rows_of('documents', names)}",
            {"allowed": None if names is None else compact_json(sorted(names))},
        )
        return {
            name: Version(sha256, json.loads(metadata).get(AUDIENCE), file)
            for name, sha256, metadata, file in found
        }

    def content_digests(self) -> dict[str, str]:
        """Return a digest of what can be read of each document that answers, by name.

        The SHA-256 of its file also tells of what lies in it beside the document.
        """
        found = self._db.execute("SELECT name, title, metadata, text FROM documents")
        return {
            name: hashlib.sha256("\0".join(read).encode(errors="surrogatepass")).hexdigest()
            for name, *read in found
        }

    def sha256(self, name: str) -> str | None:
        """Return the SHA-256 of what a document was parsed from; None without such a document."""
        row = self._db.execute("SELECT sha256 FROM documents WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def digests(self, names: Collection[str]) -> dict[str, str]:
        """Return the SHA-256 of what each of these documents was parsed from."""
        rows = self._db.execute(
            "SELECT name, sha256 FROM documents WHERE name IN (SELECT value FROM json_each(?))",
            (compact_json(list(names)),),
        )
        return dict(rows.fetchall())

    def words(self, name: str) -> tuple[str, str] | None:
        """Return the title and the text of a document; None where there is no such document."""
        row = self._db.execute(
            "SELECT title, text FROM documents WHERE name = ?", (name,)
        ).fetchone()
        return (row[0], row[1]) if row else None

    def title(self, name: str) -> str | None:
        """Return the title of a document; None where there is no such document."""
        row = self._db.execute("SELECT title FROM documents WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def date(self, name: str) -> str | None:
        """Return the date that a document states; None where it states none, or is not there."""
        row = self._db.execute("SELECT metadata FROM documents WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]).get("date") if row else None

    def containers(self, files: Collection[str] | None = None) -> dict[str, str]:
        """Return the file of each document that lies in another file, or in one of these, by the
        document's name."""
        found = self._db.execute(
            f"SELECT name, file FROM {rows_of('documents', files, 'file')} WHERE file > ''",
            {"allowed": None if files is None else compact_json(sorted(files))},
        )
        return dict(found.fetchall())

    def documents_in(self, files: Collection[str]) -> set[str]:
        """Return the documents that these files are, and those that lie in them, at any depth."""
        return {name for name in files if self.sha256(name) is not None} | set(
            self.containers(files)
        )

    def have_hidden(self, names: Collection[str]) -> bool:
        """Return whether one of these documents has hidden content that was not read."""
        found = self._db.execute(
            "SELECT 1 FROM documents WHERE has_hidden <> 0"
            " AND name IN (SELECT value FROM json_each(?)) LIMIT 1",
            (compact_json(list(names)),),
        )
        return found.fetchone() is not None

    def enclosed_in(self, file: str) -> list[str]:
        """Return the names of the documents in a file, at any depth; without the file's own."""
        found = self._db.execute(
            "SELECT name FROM documents WHERE file = ? AND file > '' ORDER BY key", (file,)
        )
        return [name for (name,) in found]

    def rows(self, allowed: Collection[str] | None = None) -> list[DocumentRow]:
        """Return every document and every file that is none, in order of name, those that lie in a
        file below it.

        With `allowed`, only those of these names, as if there were no others.
        """
        named = {"allowed": None if allowed is None else compact_json(sorted(set(allowed)))}
        documents = {
            row[0]: row[1:]
            for row in self._db.execute(
                "SELECT name, file, title, metadata, pages, indexed_at, remarks, sha256"
                f" FROM {rows_of('documents', allowed)}",
                named,
            )
        }
        files = {
            name: (failure, remarks)
            for name, failure, remarks in self._db.execute(
                f"SELECT name, failure, remarks FROM {rows_of('files', allowed)}", named
            )
        }
        passages = dict(
            self._db.execute(
                "WITH held AS MATERIALIZED"
                f" (SELECT document FROM {rows_of('passages', allowed, 'document')})"
                " SELECT document, count(*) FROM held GROUP BY document",
                named,
            ).fetchall()
        )
        firsts: dict[str, str] = {}
        for name in sorted(documents):
            firsts.setdefault(documents[name][-1], name)
        found = []
        for name in documents.keys() | files.keys():
            failure, remarks_of_file = files.get(name, (None, "[]"))
            file, title, metadata, pages, indexed_at, remarks, sha256 = documents.get(
                name, ("", None, None, None, None, remarks_of_file, None)
            )
            same = [] if sha256 is None or firsts[sha256] == name else [firsts[sha256]]
            found.append(
                DocumentRow(
                    name=name,
                    file=file,
                    title=title,
                    date=json.loads(metadata).get("date") if metadata else None,
                    pages=len(json.loads(pages)) or None if pages else None,
                    passages=passages.get(name, 0),
                    indexed_at=indexed_at,
                    failure=failure,
                    remarks=(
                        *json.loads(remarks),
                        *(f"It has the same content as {first}." for first in same),
                    ),
                )
            )
        return sorted(found, key=lambda row: (row.file or row.name, row.name))
