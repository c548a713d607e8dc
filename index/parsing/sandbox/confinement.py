"""Confinement of the worker process: it gives up every right that parsing does not need.

The system enforces: memory, open files and written files by `setrlimit`; writing, running programs,
TCP and signals by Landlock (Linux 5.13 and later; later versions enforce more); all network by a
network namespace, where one may be made without privileges. In addition, an audit hook in Python is
a tripwire. It is not a fence: machine code that a damaged file smuggles in could step over it. But
a library that a file talks into opening a file or a connection cannot, and the attempt is reported.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["Tripwire", "allow_more_seconds", "allow_seconds", "confine"]

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
"""Beginnings of the names of refused events (docs.python.org/3/library/audit_events.html)."""


def confine(memory: int) -> list[str]:
    """Limit this process to `memory` bytes of address space, and to its open pipes.

    Return what the system enforces from now on, of "memory", "files", "writing" and "network".
    """
    return [
        *_limits(memory),
        *(["network"] if _without_network() else []),
        *(["writing"] if _without_writing() else []),
    ]


def allow_seconds(seconds: int) -> None:
    """Have the system end this process after so many more seconds of processor time."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        wanted = int(used.ru_utime + used.ru_stime) + seconds + 1
        if most == resource.RLIM_INFINITY or wanted <= most:
            resource.setrlimit(resource.RLIMIT_CPU, (wanted, most))


def allow_more_seconds(seconds: int) -> None:
    """Put off the end that `allow_seconds` set."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        wanted, most = resource.getrlimit(resource.RLIMIT_CPU)
        if wanted != resource.RLIM_INFINITY:
            wanted += seconds
            if most == resource.RLIM_INFINITY or wanted <= most:
                resource.setrlimit(resource.RLIMIT_CPU, (wanted, most))


class Tripwire:
    """Refuses, within Python, what no parser needs, and keeps what was tried in `attempts`."""

    def __init__(self) -> None:
        self.attempts: list[str] = []
        package = Path(__file__).parents[2]
        paths = [str(package), *filter(None, sys.path), sys.prefix, sys.base_prefix, os.devnull]
        self._readable = tuple({os.path.realpath(path) for path in paths})
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and flags & _WRITING
            if isinstance(path, int) or not (writes or self._foreign(path)):
                return
        elif not event.startswith(_REFUSED):
            return
        attempt = " ".join([event, *(str(argument)[:100] for argument in arguments[:1])])
        if len(self.attempts) < 10:
            self.attempts.append(attempt)
        raise PermissionError(f"{attempt} is refused")

    def _foreign(self, path: object) -> bool:
        """Return whether a file belongs to neither Python, a library nor this package."""
        real = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
        return not any(real == root or Path(real).is_relative_to(root) for root in self._readable)


def _limits(memory: int) -> list[str]:
    try:
        import resource
    except ImportError:  # Windows
        return []
    enforced = []
    for name, limit, measure in (
        ("RLIMIT_AS", memory, "memory"),
        ("RLIMIT_FSIZE", 0, "files"),
        ("RLIMIT_NOFILE", _OPEN_FILES, ""),
        ("RLIMIT_CORE", 0, ""),
    ):
        kind = getattr(resource, name)
        _, most = resource.getrlimit(kind)
        wanted = limit if most == resource.RLIM_INFINITY else min(limit, most)
        with suppress(OSError, ValueError):  # macOS refuses a limit of memory
            resource.setrlimit(kind, (wanted, wanted))
            enforced += [measure] if measure else []
    return enforced


def _without_network() -> bool:
    """Move into a new network namespace, which holds nothing but a loopback that is down."""
    if sys.platform != "linux":
        return False
    import ctypes

    libc = ctypes.CDLL(None)
    made = libc.unshare(_NEW_USER | _NEW_NET | _NEW_IPC) == 0 or libc.unshare(_NEW_NET) == 0
    # A new user namespace comes with all rights inside it. They open more of the kernel to attack,
    # so they are dropped.
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())
    return bool(made)


def _without_writing() -> bool:
    """Restrict by Landlock: no writing, no new names, no programs, no TCP, no signals to others."""
    if sys.platform != "linux":
        return False
    import ctypes

    libc = ctypes.CDLL(None)
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    # linux/landlock.h: all rights on files that a version knows, except reading files and folders;
    # both rights of TCP (version 4); abstract sockets and signals (version 6).
    rights = 13 if version < 2 else 14 if version < 3 else 15
    files = (1 << rights) - 1 & ~0b1100
    wanted = (ctypes.c_uint64 * 3)(files, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(_LANDLOCK_CREATE, wanted, size, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(ruleset >= 0 and libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
