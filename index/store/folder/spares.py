"""Spares: second copies of files that generations share, so that damage to one loses nothing.

A file that is copied for each generation is there twice: as of now and as of before. What several
generations share, such as the great file of a large catalog, would be damaged for all of them. They
are compressed: nobody reads them unless something is damaged.
"""

from __future__ import annotations

import gzip
import os
import shutil
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

from index.errors import IndexDamaged
from index.store.atomic_files import sync_directory, sync_file
from index.store.folder.generation_files import verify_file
from index.store.generation import FileSeal

_LEVEL = 1
"""The fastest: a third of what a catalog takes is left, and hardly less by the others."""
_AT_ONCE = 1 << 20


class Spares:
    """The spares in a folder, by the SHA-256 of the files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, path: Path, sealed: FileSeal) -> None:
        """Keep a copy of a file, where there is none; raises OSError."""
        spare = self._folder / sealed.sha256
        if not spare.exists():
            self._folder.mkdir(exist_ok=True)
            with path.open("rb") as file, gzip.open(self._new, "wb", _LEVEL) as compressed:
                shutil.copyfileobj(file, compressed, _AT_ONCE)
            sync_file(self._new)
            self._new.replace(spare)
            sync_directory(self._folder)

    def put_back(self, paths: Sequence[Path], sealed: FileSeal, written_ns: int | None) -> bool:
        """Put a sound copy in the place of one damaged file under all its names; raises OSError.

        Return whether there is one. Its time becomes that of publishing.
        """
        try:
            with (
                gzip.open(self._folder / sealed.sha256) as compressed,
                self._new.open("wb") as file,
            ):
                shutil.copyfileobj(compressed, file, _AT_ONCE)
            verify_file(self._new, sealed)
        except (FileNotFoundError, gzip.BadGzipFile, EOFError, zlib.error, IndexDamaged):
            self._new.unlink(missing_ok=True)
            return False
        if written_ns is not None:
            os.utime(self._new, ns=(written_ns, written_ns))
        sync_file(self._new)
        for path in paths:
            linked = self._new.with_suffix(".link")
            linked.unlink(missing_ok=True)
            try:
                os.link(self._new, linked)
            except OSError:
                shutil.copy2(self._new, linked)
            linked.replace(path)
            sync_directory(path.parent)
        self._new.unlink()
        return True

    def prune(self, wanted: Collection[str]) -> None:
        """Remove the spares of all files but those of these SHA-256; raises OSError."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in wanted:
                path.unlink()

    @property
    def _new(self) -> Path:
        return self._folder / ".new"
