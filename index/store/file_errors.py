"""Errors of files of the index: which of them are damage."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from index.errors import IndexDamaged, IndexUnreadable
from index.store.catalog.layers import layers_of

_NOT_THE_FILES_FAULT = frozenset(
    {errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)
_NOT_THE_CATALOGS_FAULT = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_IOERR_NOMEM,
    }
)


def not_opened(path: Path, error: OSError) -> IndexDamaged | IndexUnreadable:
    """Return the error for a file of the index that the system did not open or read.

    It is damaged only if nothing else explains that: a damaged generation is replaced.
    """
    reason = error.strerror or "it cannot be opened"
    if error.errno in _NOT_THE_FILES_FAULT:
        return IndexUnreadable(str(path), reason)
    return IndexDamaged(str(path), f"cannot be read ({reason})")


def catalog_not_opened(
    path: Path, error: OSError | sqlite3.Error
) -> IndexDamaged | IndexUnreadable:
    """Return the error for a catalog that the system or SQLite did not open or read.

    As above: what SQLite was short of, or waited for in vain, is no damage.
    """
    if isinstance(error, OSError):
        return not_opened(path, error)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code & 0xFF == sqlite3.SQLITE_CANTOPEN:  # it does not say why
        try:
            for layer in layers_of(path):
                layer.open("rb").close()
        except OSError as exc:
            return not_opened(path, exc)
    if {code, code & 0xFF} & _NOT_THE_CATALOGS_FAULT:
        return IndexUnreadable(str(path), str(error))
    return IndexDamaged(str(path), f"cannot be read ({error})")
