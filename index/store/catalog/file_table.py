"""Table of the catalog: the files that the last scan of the corpus found."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.sources.folder import FileState
from index.store.catalog.layers import RemovalKind, counted, hide
from index.store.rows import compact_json
from index.store.tables import Tables

CREATE_FILES = (
    # Every file that the last scan of the corpus found, readable or not. The remarks are on files
    # without a text of their own, such as archives.
    """CREATE TABLE files (
        name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER,
        sha256 TEXT NOT NULL, failure TEXT, remarks TEXT NOT NULL
    ) STRICT""",
)


class FileTable:
    """Reads and writes files, whether they are documents or not."""

    def __init__(self, connection: Tables) -> None:
        self._db = connection

    def files_without_document(self) -> set[str]:
        """Return the files that are no documents, such as those that were never read."""
        found = self._db.execute(
            "SELECT name FROM files"
            " WHERE NOT EXISTS (SELECT 1 FROM documents WHERE documents.name = files.name)"
        )
        return {name for (name,) in found}

    def file_count(self) -> int:
        """Count the files that the last scan found."""
        return counted(self._db, "files")

    def has_files_below(self, name: str) -> bool:
        """Return whether the last scan found files in a folder of that name."""
        found = self._db.execute(
            "SELECT 1 FROM files WHERE substr(name, 1, :length) = :below LIMIT 1",
            {"below": f"{name}/", "length": len(name) + 1},
        )
        return found.fetchone() is not None

    def failures(self) -> dict[str, str]:
        """Return why files could not be read, by name, in order of name."""
        found = self._db.execute(
            "SELECT name, failure FROM files WHERE failure IS NOT NULL ORDER BY name"
        )
        return dict(found.fetchall())

    def files(
        self, names: Collection[str] | None = None
    ) -> dict[str, tuple[FileState, str | None]]:
        """Return the state of each file in the last scan, or of those of some names, and why it
        could not be read."""
        return {
            name: (FileState(*state), failure)
            for name, *state, failure in self._db.execute(
                "SELECT name, size, mtime_ns, ctime_ns, inode, sha256, failure"
                f" FROM {rows_of('files', names)}",
                {"allowed": None if names is None else compact_json(sorted(names))},
            )
        }

    def same_files(self, names: Collection[str]) -> set[str]:
        """Return the files that are one on the disk with those of some names, as links are, and
        those that could not be opened, which may be."""
        found = self._db.execute(
            "SELECT name FROM files WHERE inode = 0 OR inode IN"
            " (SELECT inode FROM files WHERE name IN (SELECT value FROM json_each(?)))",
            (compact_json(sorted(names)),),
        )
        return {name for (name,) in found}

    def answering_files(self) -> dict[str, str]:
        """Return the SHA-256 of each file that was read, as it was read."""
        found = self._db.execute(
            "SELECT name, sha256 FROM files WHERE failure IS NULL AND sha256 <> ''"
        )
        return dict(found.fetchall())

    def put_file(
        self, name: str, state: FileState, failure: str | None, remarks: Sequence[str] = ()
    ) -> None:
        """Store the state of a file, why it could not be read, and remarks if it has no text."""
        self.delete_file(name)
        self._db.execute(
            "INSERT INTO main.files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                name,
                state.size,
                state.mtime_ns,
                state.ctime_ns,
                state.inode,
                state.sha256,
                failure,
                compact_json(remarks),
            ),
        )

    def file_sha256(self, name: str) -> str | None:
        """Return the SHA-256 of a file as it was read; None where it was not."""
        row = self._db.execute("SELECT sha256 FROM files WHERE name = ?", (name,)).fetchone()
        return (row[0] or None) if row else None

    def forget_state(self, name: str) -> None:
        """Have the next reindex read a file as if it had changed."""
        row = self._db.execute("SELECT * FROM files WHERE name = ?", (name,)).fetchone()
        if row:
            self.delete_file(name)
            marks = ",".join("?" * len(row))
            self._db.execute(f"INSERT INTO main.files VALUES ({marks})", (name, -1, *row[2:]))

    def delete_file(self, name: str) -> None:
        """Forget a file that is not in the corpus any more."""
        self._db.execute("DELETE FROM main.files WHERE name = ?", (name,))
        hide(self._db, RemovalKind.FILE, [name])


def rows_of(table: str, allowed: Collection[str] | None, name: str = "name") -> str:
    """Return what to read a table from: others than those allowed take no time."""
    if allowed is None:
        return table
    return f"json_each(:allowed) AS seen CROSS JOIN {table} ON {table}.{name} = seen.value"
