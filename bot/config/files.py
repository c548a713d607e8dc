"""Files that settings name: read as text, without waiting and within bounds."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from bot.localization import _

_MOST = 10_000_000
"""Bytes of such a file at most: more are a mistake, and would not fit into memory."""


def text_of(path: Path) -> str:
    """Return the text of an ordinary file, without the mark that Windows puts before it.

    A pipe or a device may never end. Raises OSError, with a reason, and UnicodeDecodeError.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, _("it is not an ordinary file"))
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(_MOST + 1)
    finally:
        os.close(handle)
    if len(data) > _MOST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return data.decode("utf-8-sig")
