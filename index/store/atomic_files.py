"""Writing so that a crash at any byte leaves the old file or the new one."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["replace_file", "sync_directory", "sync_file"]


def replace_file(path: Path, content: bytes) -> None:
    """Makes `content` the file at `path`, atomically and durably."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)


def sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Makes the names in a directory durable, as `fsync` of a file does not."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
