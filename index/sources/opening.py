"""Opens files of a folder: what was opened is checked, never only what was named."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_TRIES = 10
"""A file may be replaced, as an editor does when it saves, while it is looked at."""


def open_below(root: Path, path: Path) -> int:
    """Return a handle for reading the file at `path`; a link may lead to it, but not out of `root`.

    A name may be made a link between a look at it and its opening. So the file that was opened is
    compared with the one that lies, without any link, below the root. Raises OSError, with EXDEV
    where it does not lie there.
    """
    for _ in range(_TRIES):
        handle = _opened(root, path)
        if handle is not None:
            return handle
    raise OSError(errno.EXDEV, "it is a link that leads elsewhere", str(path))


def _opened(root: Path, path: Path) -> int | None:
    """Return a handle of the file that lies there; None where that is another one by now."""
    # Without O_NONBLOCK, opening a named pipe would wait for a writer that may never come.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root.resolve(strict=True)):
            raise OSError(errno.EXDEV, "it is a link that leads elsewhere", str(path))
        is_same = os.path.samestat(real.lstat(), os.fstat(handle))
    except FileNotFoundError:
        is_same = False  # opening it again says whether it is gone or was replaced
    except BaseException:
        os.close(handle)
        raise
    if not is_same:
        os.close(handle)
        return None
    return handle
