"""Gives up, for good, what a process that only reads documents never needs.

What the system enforces: memory, open files and written files by `setrlimit`; writing, running
programs, TCP and signals by Landlock (Linux 5.13 and later, more of it in later ones); any network
by a network namespace, where one may be made without privileges. Under all of it lies an audit hook
in Python, which is a tripwire and no fence: code that a damaged file brings to run could step over
it, but a library that was talked into opening a file or a connection cannot, and is told of.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["Tripwire", "allow_seconds", "confine"]

_OPEN_FILES = 64
_NEW_USER, _NEW_IPC, _NEW_NET = 0x10000000, 0x08000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
_CAPABILITIES_VERSION_3 = 0x20080522
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446  # the same on every architecture
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (
    "ftplib.", "http.", "imaplib.", "nntplib.", "os.chmod", "os.chown", "os.exec", "os.fork",
    "os.kill", "os.link", "os.mkdir", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir",
    "os.spawn", "os.startfile", "os.symlink", "os.system", "os.truncate", "os.utime", "poplib.",
    "pty.", "shutil.", "smtplib.", "socket.", "sqlite3.", "subprocess.", "telnetlib.", "tempfile.",
    "urllib.", "webbrowser.",
)  # fmt: skip
"""Beginnings of the names of events, as CPython's audit events table has them."""


def confine(memory: int) -> list[str]:
    """Limits this process to `memory` bytes of address space, and to reading what it is sent.

    Returns what the system enforces from now on, of "memory", "files", "writing" and "network".
    """
    return [
        *_limits(memory),
        *(["network"] if _without_network() else []),
        *(["writing"] if _without_writing() else []),
    ]


def allow_seconds(seconds: int) -> None:
    """The system ends this process after so many more seconds of processor time."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        wanted = int(used.ru_utime + used.ru_stime) + seconds + 1
        if most == resource.RLIM_INFINITY or wanted <= most:
            resource.setrlimit(resource.RLIMIT_CPU, (wanted, most))


class Tripwire:
    """Refuses, within Python, what reading needs nowhere, and keeps what was tried in `reached`."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        ours = Path(__file__).parents[2]
        paths = [str(ours), *filter(None, sys.path), sys.prefix, sys.base_prefix, os.devnull]
        self._readable = tuple({os.path.realpath(path) for path in paths})
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and flags & _WRITING
            if isinstance(path, int) or not (writes or self._foreign(path)):
                return
        elif not event.startswith(_REFUSED):
            return
        what = " ".join([event, *(str(argument)[:100] for argument in arguments[:1])])
        if len(self.reached) < 10:
            self.reached.append(what)
        raise PermissionError(f"{what} is refused")

    def _foreign(self, path: object) -> bool:
        """Whether a file belongs to none of the libraries."""
        real = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        return not any(real == root or Path(real).is_relative_to(root) for root in self._readable)


def _limits(memory: int) -> list[str]:
    try:
        import resource
    except ImportError:  # Windows
        return []
    held = []
    for name, limit, measure in (
        ("RLIMIT_AS", memory, "memory"),
        ("RLIMIT_FSIZE", 0, "files"),
        ("RLIMIT_NOFILE", _OPEN_FILES, ""),
        ("RLIMIT_CORE", 0, ""),
    ):
        kind = getattr(resource, name)
        _, most = resource.getrlimit(kind)
        wanted = limit if most == resource.RLIM_INFINITY else min(limit, most)
        with suppress(OSError, ValueError):  # macOS takes no limit of memory
            resource.setrlimit(kind, (wanted, wanted))
            held += [measure] if measure else []
    return held


def _without_network() -> bool:
    """A network namespace of its own, where nothing is but a loopback that is down."""
    if sys.platform != "linux":
        return False
    import ctypes

    libc = ctypes.CDLL(None)
    made = libc.unshare(_NEW_USER | _NEW_NET | _NEW_IPC) == 0 or libc.unshare(_NEW_NET) == 0
    # A new user namespace gives all rights within it, which are more of the kernel to attack.
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())
    return bool(made)


def _without_writing() -> bool:
    """Landlock without a rule: no write, no new name, no program, no TCP, no signal to others."""
    if sys.platform != "linux":
        return False
    import ctypes

    libc = ctypes.CDLL(None)
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    # linux/landlock.h: all file rights that a version knows but reading files and folders, both
    # rights of TCP (version 4), abstract sockets and signals (version 6).
    rights = 13 if version < 2 else 14 if version < 3 else 15
    files = (1 << rights) - 1 & ~0b1100
    wanted = (ctypes.c_uint64 * 3)(files, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(_LANDLOCK_CREATE, wanted, size, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(ruleset >= 0 and libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
