"""Confinement of the worker process: it gives up every right that parsing does not need.

The system enforces: memory, open files and written files by `setrlimit`; by Landlock (Linux 5.13
and later; later versions enforce more) that nothing is read but Python, its libraries and a few
files about the machine, and nothing written; by seccomp that no program or process is started, no
socket is made, no mode, owner, time or attribute of a file is changed, and nobody is signalled; all
network by a network namespace, where one may be made without privileges. Whether a file exists, and
how large it is, can still be asked.

In addition, an audit hook in Python is a tripwire. It is not a fence: machine code that a damaged
file smuggles in could step over it. But a library that a file talks into opening a file or a
connection cannot, and the attempt is reported.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from index.parsing.sandbox.landlock import restrict
from index.parsing.sandbox.seccomp import refuse_calls

_OPEN_FILES = 64
_NEW_USER, _NEW_IPC, _NEW_NET = 0x10000000, 0x08000000, 0x40000000
_CAPABILITIES_VERSION_3 = 0x20080522
_PACKAGE = Path(__file__).parents[2]
_OF_THE_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
    "/usr/share/zoneinfo", "/usr/share/fonts", "/dev/null", "/dev/urandom", "/proc/self",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/usr/share/tesseract-ocr",
    "/usr/share/tessdata", "/usr/local/share/tessdata",
)  # fmt: skip
"""What libraries read of the machine."""
_LIBRARIES = ("site-packages", "dist-packages")
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

    Return what was tried afterwards and refused, of "memory", "files", "reading", "writing",
    "network", "programs", "processes", "modes" and "signals".
    """
    enforced = _limits(memory)
    _without_network()
    restrict(_readable())
    refuse_calls()
    return [*enforced, *(what for what, attempt in _TRIALS.items() if _is_refused(attempt))]


def _readable() -> list[Path]:
    """Return the folders and files that may be read: this package, Python and its libraries.

    Other folders of the search path are not among them. That of a checkout, or the one that the bot
    was started in, may hold settings and documents.
    """
    python = [Path(path).resolve() for path in (sys.prefix, sys.base_prefix)]
    searched = [Path(path).resolve() for path in filter(None, sys.path)]
    libraries = [path for path in searched if path.name in _LIBRARIES or path.suffix == ".zip"]
    return [_PACKAGE, *python, *libraries, *map(Path, _OF_THE_SYSTEM)]


def _is_refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except PermissionError:
        return True
    except (OSError, AttributeError):
        return False
    return False


def _try_to_read() -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _try_to_write() -> None:
    os.close(os.open(os.devnull, os.O_WRONLY))


def _try_to_connect() -> None:
    socket.socket(socket.AF_UNIX).close()
    socket.socket(socket.AF_INET).close()


def _try_to_fork() -> None:
    if not os.fork():
        os._exit(0)


_TRIALS: dict[str, Callable[[], object]] = {
    "reading": _try_to_read,
    "writing": _try_to_write,
    "network": _try_to_connect,
    "programs": lambda: os.execv("/nowhere", ["nowhere"]),  # noqa: S606
    "processes": _try_to_fork,
    "modes": lambda: os.fchmod(0, 0o600),
    "signals": lambda: os.kill(os.getppid(), 0),
}


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
        self._readable = tuple({os.path.realpath(path) for path in _readable()})
        self._searched = {os.path.realpath(path) for path in filter(None, sys.path)}
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int):
                return
            real = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
            writes = isinstance(flags, int) and flags & _WRITING
            if not writes and not self._is_foreign(real):
                return
            if not writes and real in self._searched:
                raise PermissionError("this folder may not be read")  # a library looks for another
        elif not event.startswith(_REFUSED):
            return
        attempt = " ".join([event, *(str(argument)[:100] for argument in arguments[:1])])
        if len(self.attempts) < 10:
            self.attempts.append(attempt)
        raise PermissionError(f"{attempt} is refused")

    def _is_foreign(self, real: str) -> bool:
        """Return whether a file belongs to neither Python, a library nor this package."""
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


def _without_network() -> None:
    """Move into a new network namespace, which holds nothing but a loopback that is down."""
    if sys.platform != "linux":
        return
    import ctypes

    libc = ctypes.CDLL(None)
    if libc.unshare(_NEW_USER | _NEW_NET | _NEW_IPC) != 0:
        libc.unshare(_NEW_NET)
    # A new user namespace comes with all rights inside it. They open more of the kernel to attack,
    # so they are dropped.
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())
