"""Block store: the arrays of segments, under names that are made of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from index.store.segments.blocks import Arrays, StoredArrays, read_blocks, write_blocks


class BlockStore(Protocol):
    """Arrays that never change, each set under the SHA-256 of its file and an ending."""

    def names(self) -> list[str]:
        """Return all names, in order."""
        ...

    def read(self, name: str) -> StoredArrays:
        """Return arrays, which may be read only when they are used; raises OSError."""
        ...

    def verified(self, name: str) -> Arrays | None:
        """Return arrays of which every byte was compared with the name; None where they are not
        what was stored, or that would take longer than to make them anew."""
        ...

    def put(self, ending: str, arrays: Arrays, checked: Collection[str]) -> str:
        """Store arrays, of which those named are checked at each opening; return their name."""
        ...

    def remove(self, name: str) -> None:
        """Take arrays out."""
        ...


class FolderBlockStore:
    """Arrays in files of a folder, mapped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        return sorted(each.name for each in self._folder.iterdir())

    def read(self, name: str) -> StoredArrays:
        return read_blocks(self._folder / name)

    def verified(self, name: str) -> Arrays | None:
        path = self._folder / name
        return read_blocks(path) if name.startswith(digest_of_file(path)) else None

    def put(self, ending: str, arrays: Arrays, checked: Collection[str]) -> str:
        new = self._folder / f".new{ending}"
        write_blocks(new, arrays, checked)
        name = f"{digest_of_file(new)}{ending}"
        new.replace(self._folder / name)
        return name

    def remove(self, name: str) -> None:
        (self._folder / name).unlink()


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
