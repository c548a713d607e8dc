"""Rights of what the bot writes: the corpus goes by its folders, all else is the bot's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["as_its_folder", "privately"]


@contextmanager
def privately() -> Iterator[None]:
    """Make whatever is written meanwhile readable for the bot's own user alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def as_its_folder(path: Path) -> None:
    """Give a file or folder of the corpus the group and the rights of the folder that it is in."""
    folder = path.parent.stat()
    with suppress(PermissionError):  # only a member of the group, or root, may do that
        if hasattr(os, "chown"):
            os.chown(path, -1, folder.st_gid)
    allowed = 0o7777 if path.is_dir() else 0o666
    path.chmod(stat.S_IMODE(folder.st_mode) & allowed)
