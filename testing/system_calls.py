"""Runs a program and tells what it, and all that it starts, does to the network and the disk.

The kernel asks before each call: a seccomp filter with a listener (Linux 5.5), for which neither
another package nor a privilege is needed, and which holds for threads of native code as for Python.

As a program, `python -m testing.system_calls FD ARGV...`, it hands the listener through the socket
FD to whoever reads it, and becomes ARGV.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class _Calls:
    """Numbers of system calls, as <asm/unistd.h> of the architecture has them."""

    audit: int
    seccomp: int
    named: Mapping[str, int]


_CALLS = {
    "x86_64": _Calls(
        0xC000003E, 317,
        {
            "open": 2, "openat": 257, "openat2": 437, "creat": 85, "mkdir": 83, "mkdirat": 258,
            "mknod": 133, "mknodat": 259, "rename": 82, "renameat": 264, "renameat2": 316,
            "link": 86, "linkat": 265, "symlink": 88, "symlinkat": 266, "truncate": 76,
            "unlink": 87, "unlinkat": 263, "rmdir": 84, "connect": 42, "bind": 49, "sendto": 44,
            "sendmsg": 46, "sendmmsg": 307, "io_uring_setup": 425,
        },
    ),
    "aarch64": _Calls(
        0xC00000B7, 277,
        {
            "openat": 56, "openat2": 437, "mkdirat": 34, "mknodat": 33, "renameat": 38,
            "renameat2": 276, "linkat": 37, "symlinkat": 36, "truncate": 45, "unlinkat": 35,
            "connect": 203, "bind": 200, "sendto": 206, "sendmsg": 211, "sendmmsg": 269,
            "io_uring_setup": 425,
        },
    ),
}  # fmt: skip

_PATHS: Mapping[str, Sequence[tuple[int | None, int]]] = {
    "open": [(None, 0)], "openat": [(0, 1)], "openat2": [(0, 1)], "creat": [(None, 0)],
    "mkdir": [(None, 0)], "mkdirat": [(0, 1)], "mknod": [(None, 0)], "mknodat": [(0, 1)],
    "rename": [(None, 0), (None, 1)], "renameat": [(0, 1), (2, 3)], "renameat2": [(0, 1), (2, 3)],
    "link": [(None, 1)], "linkat": [(2, 3)], "symlink": [(None, 1)], "symlinkat": [(1, 2)],
    "truncate": [(None, 0)], "unlink": [(None, 0)], "unlinkat": [(0, 1)], "rmdir": [(None, 0)],
}  # fmt: skip
"""For each call that writes: which arguments are the folder's descriptor and the name in it."""

_WRITING = {"open": 1, "openat": 2}
"""Which argument says whether the file is opened for reading only, which is left alone."""
_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_LOAD, _EQUAL, _COMMON, _RETURN = 0x20, 0x15, 0x45, 0x06  # classic BPF, <linux/bpf_common.h>
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_NO_NEW_PRIVILEGES, _SET_FILTER, _NEW_LISTENER = 38, 1, 8
_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # ioctls of <linux/seccomp.h>
_GO_ON = 1
_NOTIFICATION = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_UNKNOWN = "what cannot be told"


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """A system call, and what it was about: "127.0.0.1:443", "unix:/run/x", or an absolute path."""

    call: str
    what: str

    @property
    def network(self) -> bool:
        return self.call not in _PATHS


@dataclass
class Trace:
    """A program that runs, or has run, and what was seen of it."""

    process: subprocess.Popen[bytes]
    acts: list[Act] = field(default_factory=list)

    @property
    def network(self) -> set[Act]:
        return {act for act in self.acts if act.network}

    def written_outside(self, *folders: Path) -> set[Act]:
        """What was written, made or removed on a disk, but for what lies in one of these."""
        nowhere = [Path(os.devnull), Path("/proc")]
        return {
            act
            for act in self.acts
            if not act.network
            and not any(Path(act.what).is_relative_to(folder) for folder in [*nowhere, *folders])
        }


def cannot_trace() -> str:
    """Why nothing can be traced here; empty where it can be."""
    if not sys.platform.startswith("linux") or platform.machine() not in _CALLS:
        return "only Linux on x86-64 and ARM64 can tell what a program does"
    tried = subprocess.run(
        [sys.executable, "-c", "from testing import system_calls; system_calls._listen()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return tried.stderr.strip().rpartition("\n")[2]


@contextmanager
def traced(
    argv: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    reachable: str = "",
    stdout: int | None = None,
) -> Iterator[Trace]:
    """Run a program; on leaving, all that it started must have ended, or is killed.

    What goes to another address of the Internet than `reachable` is noted and fails: a test must
    not do what it is to find.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "testing.system_calls", str(theirs.fileno()), *map(str, argv)],
            env={**environment, "PYTHONPATH": str(ROOT)},
            cwd=cwd,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
        )
        theirs.close()
        _, (listener, *_), _, _ = socket.recv_fds(ours, 1, 1)
    trace = Trace(process)
    watching = threading.Thread(target=_watch, args=(listener, trace.acts, reachable))
    watching.start()
    try:
        yield trace
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
        watching.join(20)
        assert not watching.is_alive(), "something that the program started runs on"


# In the process that watches


def _watch(listener: int, acts: list[Act], reachable: str) -> None:
    """Note and answer each call, until all processes under the filter have ended."""
    calls = _CALLS[platform.machine()]
    names = {number: name for name, number in calls.named.items()}
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    try:
        while not any(event & select.POLLHUP for _, event in waiting.poll()):
            asked = bytearray(_NOTIFICATION.size)
            try:
                fcntl.ioctl(listener, _RECEIVE, asked)
            except OSError as exc:
                if exc.errno != errno.ENOENT:  # it was killed meanwhile
                    raise
                continue
            notice, task, _, number, audit, _, *arguments = _NOTIFICATION.unpack(asked)
            name = names.get(number, "") if audit == calls.audit else ""
            refused = False
            for what in _about(name, task, arguments):
                acts.append(Act(name or "a call of another architecture", what))
                refused |= what != reachable and not what.startswith(("/", "unix:"))
            answer = _ANSWER.pack(
                notice, 0, -errno.ENETUNREACH if refused else 0, 0 if refused else _GO_ON
            )
            try:
                fcntl.ioctl(listener, _SEND, bytearray(answer))
            except OSError as exc:
                if exc.errno != errno.ENOENT:
                    raise
    finally:
        os.close(listener)


def _about(name: str, task: int, arguments: Sequence[int]) -> list[str]:
    """Absolute paths, or addresses; none where the call goes to who is connected already."""
    try:
        if name in _PATHS:
            return [
                _path(task, arguments[at], None if folder is None else arguments[folder])
                for folder, at in _PATHS[name]
            ]
        if name in ("connect", "bind"):
            return [_address(_memory(task, arguments[1], arguments[2]))]
        if name == "sendto":
            return [_address(_memory(task, arguments[4], arguments[5]))]
        if name in ("sendmsg", "sendmmsg"):
            # struct msghdr, and 8 bytes more in struct mmsghdr, begin with a name and its length.
            count = arguments[2] if name == "sendmmsg" else 1
            headers = _memory(task, arguments[1], 64 * count)
            named = [struct.unpack_from("=QI", headers, 64 * n) for n in range(count)]
            return [_address(_memory(task, at, size)) for at, size in named if at]
        return [_UNKNOWN]
    except OSError:  # it has ended, or its memory may not be read
        return [_UNKNOWN]


def _path(task: int, at: int, folder: int | None) -> str:
    name = b""
    while b"\0" not in name:  # to the end of a page at a time: what follows may not be mapped
        more = _memory(task, at + len(name), 4096 - (at + len(name)) % 4096)
        if not more:
            return _UNKNOWN
        name += more
    told = os.fsdecode(name.partition(b"\0")[0])
    inside = ctypes.c_int32(folder or 0).value
    within = "cwd" if folder is None or inside == -100 else f"fd/{inside}"
    path = Path(f"/proc/{task}/{within}").readlink() / told
    return os.path.realpath(str(path).replace("/proc/self/", f"/proc/{task}/"))


def _address(raw: bytes) -> str:
    """As `Act.what` has it."""
    family = int.from_bytes(raw[:2], sys.byteorder)
    if family == socket.AF_UNIX:
        return "unix:" + os.fsdecode(raw[2:].lstrip(b"\0").partition(b"\0")[0])
    if family == socket.AF_INET:
        return f"{socket.inet_ntop(family, raw[4:8])}:{int.from_bytes(raw[2:4], 'big')}"
    if family == socket.AF_INET6:
        return f"[{socket.inet_ntop(family, raw[8:24])}]:{int.from_bytes(raw[2:4], 'big')}"
    return f"an address of family {family}"


def _memory(task: int, at: int, size: int) -> bytes:
    with Path(f"/proc/{task}/mem").open("rb", buffering=0) as memory:
        memory.seek(at)
        return memory.read(size)


# In the process that is watched


def _listen() -> int:
    """Put this thread under the filter; the descriptor of its listener. Raises OSError."""
    calls = _CALLS[platform.machine()]
    filter_ = [_code(_LOAD, 4), _code(_EQUAL, calls.audit, 1, 0), _code(_RETURN, _NOTIFY)]
    filter_.append(_code(_LOAD, 0))
    for name, number in calls.named.items():
        notify = [_code(_RETURN, _NOTIFY)]
        if name in _WRITING:
            mask = _code(_COMMON, _FLAGS, 0, 1)
            notify = [_code(_LOAD, _argument(_WRITING[name])), mask, *notify]
            notify.append(_code(_RETURN, _ALLOW))
        elif name == "sendto":  # without an address it is `send`
            halves = [_argument(4), _argument(4) + 4]
            notify = [
                _code(_LOAD, halves[0]), _code(_EQUAL, 0, 0, 2),
                _code(_LOAD, halves[1]), _code(_EQUAL, 0, 1, 0),
                *notify, _code(_RETURN, _ALLOW),
            ]  # fmt: skip
        filter_ += [_code(_EQUAL, number, 0, len(notify)), *notify]
    filter_.append(_code(_RETURN, _ALLOW))
    codes = ctypes.create_string_buffer(b"".join(filter_))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(filter_), ctypes.addressof(codes)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs is refused")
    listener: int = libc.syscall(calls.seccomp, _SET_FILTER, _NEW_LISTENER, program)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "a seccomp filter with a listener is refused")
    return listener


def _code(operation: int, value: int, if_so: int = 0, else_: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, if_so, else_, value)


def _argument(number: int) -> int:
    """Where the filter finds the lower half of an argument of a call."""
    return 16 + 8 * number


def _main(control: int, argv: list[str]) -> None:
    made = threading.Event()
    listener = -1

    def hand_over() -> None:
        """From a thread that is not under the filter, since nobody reads the listener yet."""
        made.wait()
        with socket.socket(fileno=control) as there:
            socket.send_fds(there, [b"\0"], [listener])

    handing = threading.Thread(target=hand_over, daemon=True)
    handing.start()
    listener = _listen()
    made.set()
    handing.join()
    os.execvp(argv[0], argv)


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2:])
