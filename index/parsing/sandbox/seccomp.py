"""Seccomp: the kernel refuses the system calls that no parser needs.

https://docs.kernel.org/userspace-api/seccomp_filter.html. The filter is a program of the classic
Berkeley packet filter over `struct seccomp_data`: the call's number, the architecture, and the low
halves of its arguments.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _ANY_OF, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_THREAD = 0x00010000
"""CLONE_THREAD: a thread, not a process."""
_X32 = 0x40000000
"""From here on, numbers are of x86's other interface."""

# name: number on x86_64, and on aarch64, which has only the newer forms of some
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # networks and other sockets
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206),
    "sendmsg": (46, 211), "sendmmsg": (307, 269), "mq_open": (240, 180), "msgget": (68, 186),
    "semget": (64, 190), "shmget": (29, 194),
    # other processes
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "process_madvise": (440, 440), "kcmp": (312, 272),
    # names, owners, modes and times of files
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "removexattrat": (466, 466), "creat": (85, None), "truncate": (76, 45), "rename": (82, None),
    "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "unlink": (87, None), "unlinkat": (263, 35),
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "mknod": (133, None),
    "mknodat": (259, 33), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # the system, and more rights
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "sethostname": (170, 161),
    "setdomainname": (171, 162), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "setuid": (105, 146), "setgid": (106, 144),
    "setreuid": (113, 145), "setregid": (114, 143), "setgroups": (116, 159),
    "setresuid": (117, 147), "setresgid": (119, 149), "capset": (126, 91), "personality": (135, 92),
    "ioperm": (173, None), "iopl": (172, None),
}  # fmt: skip
_CLONE, _CLONE3, _TGKILL, _PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Machine: which of the numbers are its own, and what the kernel calls it (linux/audit.h)."""


def refuse_calls() -> bool:
    """Have the kernel refuse these calls to this process and its threads; return whether it does.

    The process may still signal itself, as `abort` does, limit itself, and start threads.
    """
    known = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    program = _program(*known)
    code = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, described, 0, 0) == 0)


def _program(own: int, architecture: int) -> bytes:
    """Return the filter's instructions, eight bytes each: what to do, two jumps, and a value."""

    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    refused = step(_RETURN, _ERROR | errno.EPERM)
    steps = [
        step(_LOAD, _ARCHITECTURE),
        step(_EQUAL, architecture, 1, 0),
        step(_RETURN, _KILL),
        step(_LOAD, _NUMBER),
    ]
    if own == 0:
        steps += [step(_AT_LEAST, _X32, 0, 1), step(_RETURN, _KILL)]
    for numbers in _REFUSED.values():
        if (number := numbers[own]) is not None:
            steps += [step(_EQUAL, number, 0, 1), refused]
    # The C library falls back on clone, whose flags can be looked at.
    steps += [step(_EQUAL, _CLONE3[own], 0, 1), step(_RETURN, _ERROR | errno.ENOSYS)]
    for number, code, allowed in (
        (_CLONE[own], _ANY_OF, _THREAD),
        (_TGKILL[own], _EQUAL, os.getpid()),
        (_PRLIMIT[own], _EQUAL, 0),
    ):
        steps += [
            step(_EQUAL, number, 0, 3),
            step(_LOAD, _FIRST_ARGUMENT),
            step(code, allowed, 1, 0),
            refused,
            step(_LOAD, _NUMBER),
        ]
    return b"".join([*steps, step(_RETURN, _ALLOW)])
