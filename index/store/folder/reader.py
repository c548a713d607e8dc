"""Reads an index folder: which generation answers, and what is stored of any."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from index.errors import IndexDamaged, IndexMissing
from index.store.catalog.catalog import Catalog
from index.store.catalog.history import Moment
from index.store.file_errors import catalog_not_opened
from index.store.folder.generation_files import CATALOG, open_generation, verify_files
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.pointer import Pointer, read_pointer
from index.store.quarantine import Quarantine, read_quarantine


class FolderReader:
    """Reads one index folder, and never writes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = str(root)
        self._current = root / "CURRENT"
        self._held = root / "HELD"

    def pointer(self) -> Pointer:
        """Return what CURRENT says; raises IndexMissing and IndexDamaged."""
        try:
            return read_pointer(self._current)
        except FileNotFoundError as exc:
            if self.numbers():
                raise IndexDamaged(str(self._current), "is missing") from exc
            raise IndexMissing(
                f"There is no index in {self.root} yet. Run `briefing-bot reindex` to build it."
            ) from exc

    def stamp(self, *, fresh: bool = False) -> tuple[int, int] | None:
        """Return a value that changes whenever CURRENT is written, even with the same content.

        None where the file cannot be looked at; `pointer` then says why.
        """
        try:
            stat = self._current.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino

    def open(self, expected: Recipe | None, *, trust: Trust = Trust.NONE) -> Generation:
        """Open the current generation; raises what `pointer` and `open_generation` raise."""
        pointer = self.pointer()
        while True:
            try:
                directory = self.directory(pointer.current)
                opened = open_generation(directory, expected, trust=trust)
                return replace(opened, withheld=frozenset(pointer.withheld))
            except IndexDamaged:
                # Two generations may have been published meanwhile: then the files are gone, but
                # nothing is damaged.
                newer = self.pointer()
                if newer == pointer:
                    raise
                pointer = newer

    def open_number(self, number: int, expected: Recipe | None = None) -> Generation:
        """Open any generation; raises what `open_generation` raises."""
        return open_generation(self.directory(number), expected)

    def catalog(self, number: int) -> Catalog:
        """Open the catalog of a generation; raises IndexDamaged and IndexUnreadable."""
        path = self.directory(number) / CATALOG
        try:
            return Catalog.open(path)
        except (OSError, sqlite3.Error) as exc:
            raise catalog_not_opened(path, exc) from exc

    def verify(self, manifest: Manifest) -> None:
        """Raise IndexDamaged unless every file of a generation is what was published."""
        verify_files(self.directory(manifest.number), manifest)

    def size(self) -> int:
        """Return how many bytes the files of all generations have."""
        return sum(_size_of(path) for path in (self.root / "generations").rglob("*"))

    def marks(self, number: int) -> tuple[tuple[int, int, int], ...]:
        """Return values that change when a file of this generation is changed, replaced or removed.

        Nothing in this program does that to a published generation.
        """
        found = []
        with suppress(OSError):
            for path in sorted(self.directory(number).iterdir()):
                stat = path.stat()
                found.append((stat.st_size, stat.st_mtime_ns, stat.st_ino))
        return tuple(found)

    def directory(self, number: int) -> Path:
        return self.root / "generations" / f"{number:06}"

    def quarantine(self) -> Quarantine:
        """Return what is held back, as far as it does not answer; raises IndexUnreadable."""
        return read_quarantine(self._held)

    def numbers(self) -> set[int]:
        """Return the numbers of all generations that are there, also of those left by a crash."""
        names = (path.name for path in (self.root / "generations").glob("[0-9]*"))
        return {int(name) for name in names if name.isdecimal()}

    def next_moment(self) -> Moment:
        """Return the number of the next generation, the same while the lock is held, and the time
        now."""
        number = max(self.numbers(), default=0) + 1
        return Moment(number, datetime.now(UTC).isoformat(timespec="seconds"))


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # just removed by a reindex, or not readable
        return 0
