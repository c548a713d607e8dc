"""Landlock: the kernel lets this process read a few folders and do nothing else with files.

https://docs.kernel.org/userspace-api/landlock.html; names and numbers are those of
linux/landlock.h. What it does not cover, such as asking for a file's size, stays possible.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_NO_NEW_PRIVILEGES = 38
_RIGHTS_OF_VERSIONS = (13, 14, 15, 15, 16)
"""How many rights on files a version knows, from version 1; later ones know no more."""
_TCP, _SCOPES = 0b11, 0b11
"""Both rights of TCP (version 4); abstract sockets and signals to others (version 6)."""


def restrict(readable: Iterable[Path]) -> bool:
    """Allow reading below these paths, and no other use of files, TCP or signals.

    Return whether the kernel has done so.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _RIGHTS_OF_VERSIONS[min(version, len(_RIGHTS_OF_VERSIONS)) - 1]) - 1
    wanted = (rights, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    attributes = struct.pack("=QQQ", *wanted)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        return False
    for path in readable:
        _allow(libc, ruleset, path)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there cannot be read
    try:
        rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    finally:
        os.close(handle)
