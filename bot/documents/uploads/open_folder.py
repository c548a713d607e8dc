"""A folder of the corpus, held open: a link put in its way meanwhile leads nothing out of it."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.documents.corpus_files import match_folder_rights
from index.store.atomic_files import sync_file

_CAN_HOLD = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
"""Whether this system can do things in a folder that is open; Windows cannot."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_LINK


class OpenFolder:
    """What can be done with the files in one folder; `name` is always that of a file in it.

    Every method raises OSError, and none follows a link.
    """

    def __init__(self, path: Path, handle: int | None) -> None:
        self.path = path
        self._handle = handle

    @classmethod
    @contextmanager
    def below(
        cls, root: Path, folders: Sequence[str], *, make: bool = False
    ) -> Iterator[OpenFolder]:
        """Open the folder that lies below `root`, step by step; with `make`, make what is missing.

        `root` has no link in it. Raises FileNotFoundError where a step is missing, and OSError
        where it is a link or no folder.
        """
        folder = cls(root, os.open(root, _FOLDER) if _CAN_HOLD else None)
        try:
            for name in folders:
                if make:
                    folder._make(name)
                inner = folder._inner(name)
                folder.close()
                folder = inner
            yield folder
        finally:
            folder.close()

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def digest(self, name: str) -> str | None:
        """Return the SHA-256 of a file, None where there is none."""
        try:
            with self._open(name) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def copy_in(self, source: Path, name: str) -> None:
        """Copy a file into the folder, durably, with the folder's group and rights."""
        self.unlink(name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | _NO_LINK
        try:
            handle = os.open(self._at(name), flags, 0o600, dir_fd=self._handle)
            with source.open("rb") as old, os.fdopen(handle, "wb") as new:
                shutil.copyfileobj(old, new)
                if self._handle is not None:
                    match_folder_rights(new.fileno(), self._handle)
                new.flush()
                os.fsync(new.fileno())
        except BaseException:
            self.unlink(name)
            raise

    def copy_out(self, name: str, target: Path) -> None:
        """Copy a file out of the folder, durably; `sync_directory` makes the new name durable."""
        try:
            with self._open(name) as old, target.open("wb") as new:
                shutil.copyfileobj(old, new)
            sync_file(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def move_out(self, name: str, target: Path) -> None:
        """Move a file out of the folder."""
        try:
            os.rename(self._at(name), target, src_dir_fd=self._handle)
        except OSError:  # another file system; or no right, which the copy will report
            self.copy_out(name, target)
            try:
                os.unlink(self._at(name), dir_fd=self._handle)
            except OSError:
                target.unlink()
                raise

    def replace(self, old: str, new: str) -> None:
        """Give the file `old` the name `new`, in the place of the file of that name."""
        os.replace(self._at(old), self._at(new), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def unlink(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._handle)

    def sync(self) -> None:
        """Make the names in the folder durable."""
        if self._handle is not None:
            os.fsync(self._handle)

    def _make(self, name: str) -> None:
        try:
            os.mkdir(self._at(name), dir_fd=self._handle)
        except FileExistsError:
            return
        inner = self._inner(name)
        try:
            if inner._handle is not None:
                match_folder_rights(inner._handle, self._handle)
        finally:
            inner.close()
        self.sync()

    def _inner(self, name: str) -> OpenFolder:
        path = self.path / name
        if self._handle is None:
            if path.is_symlink() or not path.is_dir():
                raise NotADirectoryError(20, os.strerror(20), str(path))
            return OpenFolder(path, None)
        return OpenFolder(path, os.open(name, _FOLDER, dir_fd=self._handle))

    def _open(self, name: str) -> io.BufferedReader:
        # Without O_NONBLOCK, opening a named pipe would wait for a writer that may never come.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | _NO_LINK
        handle = os.open(self._at(name), flags, dir_fd=self._handle)
        return io.BufferedReader(io.FileIO(handle))

    def _at(self, name: str) -> str:
        return name if self._handle is not None else str(self.path / name)
