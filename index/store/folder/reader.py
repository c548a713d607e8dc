"""Reads an index folder: which generation answers, and what is stored of any."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from index.errors import IndexDamaged, IndexMissing
from index.store.catalog.catalog import Catalog
from index.store.file_errors import catalog_not_opened
from index.store.folder.generation_files import CATALOG, open_generation, verify_files
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.pointer import Pointer, read_pointer
from index.store.ports import Stamp, Store
from index.store.quarantine import Quarantine, read_quarantine


class FolderReader(Store):
    """Reads one index folder, and never writes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = str(root)
        self._current = root / "CURRENT"
        self._held = root / "HELD"

    def pointer(self) -> Pointer:
        try:
            return read_pointer(self._current)
        except FileNotFoundError as exc:
            if self.numbers():
                raise IndexDamaged(str(self._current), "is missing") from exc
            raise IndexMissing(
                f"There is no index in {self.root} yet. Run `briefing-bot reindex` to build it."
            ) from exc

    def stamp(self, *, fresh: bool = False) -> Stamp | None:
        try:
            stat = self._current.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino

    def open_number(
        self, number: int, expected: Recipe | None = None, *, trust: Trust = Trust.NONE
    ) -> Generation:
        return open_generation(self.directory(number), expected, trust=trust)

    def catalog(self, number: int) -> Catalog:
        path = self.directory(number) / CATALOG
        try:
            return Catalog.open(path)
        except (OSError, sqlite3.Error) as exc:
            raise catalog_not_opened(path, exc) from exc

    def verify(self, manifest: Manifest) -> None:
        verify_files(self.directory(manifest.number), manifest)

    def size(self) -> int:
        return sum(_size_of(path) for path in (self.root / "generations").rglob("*"))

    def marks(self, number: int) -> tuple[tuple[int, int, int], ...]:
        # Nothing in this program changes a file of a published generation, or removes it.
        found = []
        with suppress(OSError):
            for path in sorted(self.directory(number).iterdir()):
                stat = path.stat()
                found.append((stat.st_size, stat.st_mtime_ns, stat.st_ino))
        return tuple(found)

    def directory(self, number: int) -> Path:
        return self.root / "generations" / f"{number:06}"

    def quarantine(self) -> Quarantine:
        return read_quarantine(self._held)

    def numbers(self) -> set[int]:
        names = (path.name for path in (self.root / "generations").glob("[0-9]*"))
        return {int(name) for name in names if name.isdecimal()}


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # just removed by a reindex, or not readable
        return 0
