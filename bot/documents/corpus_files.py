"""Rights of what the bot writes: the corpus goes by its folders, all else is the bot's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def private_files() -> Iterator[None]:
    """Make whatever is written meanwhile readable for the bot's own user alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def match_folder_rights(made: Path | int, folder: Path | int | None = None) -> None:
    """Give a file or folder of the corpus the group and the rights of the folder that it is in.

    Both may be handles; the folder of a path is by default the one that is named there.
    """
    if folder is None:
        assert isinstance(made, Path)
        folder = made.parent
    holder, is_folder = os.stat(folder), stat.S_ISDIR(os.stat(made).st_mode)  # noqa: PTH116
    with suppress(PermissionError):  # only a member of the group, or root, may do that
        if hasattr(os, "chown"):
            os.chown(made, -1, holder.st_gid)
    allowed = 0o7777 if is_folder else 0o666
    os.chmod(made, stat.S_IMODE(holder.st_mode) & allowed)  # noqa: PTH101
