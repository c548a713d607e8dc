"""Opens files of a folder: what was opened is checked, never only what was named."""

from __future__ import annotations

import errno
import os
from pathlib import Path

__all__ = ["open_below"]


def open_below(root: Path, path: Path) -> int:
    """Return a handle for reading the file at `path`; a link may lead to it, but not out of `root`.

    A name may be made a link between a look at it and its opening. So the file that was opened is
    compared with the one that lies, without any link, below the root. Raises OSError, with EXDEV
    where it does not lie there.
    """
    # Without O_NONBLOCK, opening a named pipe would wait for a writer that may never come.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        real = path.resolve(strict=True)
        lies_below = real.is_relative_to(root.resolve(strict=True))
        if not lies_below or not os.path.samestat(real.lstat(), os.fstat(handle)):
            raise OSError(errno.EXDEV, "it is a link that leads elsewhere", str(path))
    except BaseException:
        os.close(handle)
        raise
    return handle
