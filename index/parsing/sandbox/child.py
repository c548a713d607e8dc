"""The process that reads for a `ParsingProcess`: bytes in, a Document or a reason out.

Started as a file, not with `-m`, and without the package's own `__init__`: that would import numpy
and half the engine, which takes longer than reading most documents.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import signal
import sys
from pathlib import Path
from types import ModuleType

__all__: list[str] = []

_ROOT = Path(__file__).resolve().parents[2]


def _main(settings: str) -> None:
    from index.errors import UnreadableDocument
    from index.parsing.limits import ParsingLimits
    from index.parsing.parser import parse
    from index.parsing.sandbox.confinement import Tripwire, allow_seconds, confine
    from index.parsing.sandbox.protocol import pack, receive, send

    mimetypes.init([])  # python-pptx would have it read files of the system
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)  # what a library prints is no answer
    wanted = json.loads(settings)
    limits = ParsingLimits(**wanted["limits"])
    if hasattr(os, "nice"):
        os.nice(wanted["nice"])
    status = _status()
    enforced = confine(limits.max_memory)
    tripwire = Tripwire()
    send(answers, json.dumps(enforced).encode())
    while True:
        try:
            named = json.loads(receive(questions, 1 << 20))
            files = [receive(questions, limits.max_bytes) for _ in named]
        except EOFError:
            return
        answers_now: list[bytes] = []
        for (name, suffix), data in zip(named, files, strict=True):
            allow_seconds(limits.seconds(len(data)))
            tripwire.reached.clear()
            document, reason, cause, broken = b"", "", "", ""
            try:
                document = pack(parse(data, name, suffix, limits=limits))
            except UnreadableDocument as exc:
                if isinstance(exc.__cause__, MemoryError) and len(files) > 1:
                    return  # it may be those before it that took it: each is asked for alone
                reason, cause = exc.reason, repr(exc.__cause__)[:500]
            except MemoryError:
                reason = "it takes more memory to read than there is"
            except (ImportError, OSError) as exc:  # of a library, whose fault is not the file's
                broken = str(exc) or repr(exc)
            peak = _peak(status)
            said = {
                "reason": reason,
                "cause": cause,
                "broken": broken,
                "reached": tripwire.reached,
                "peak": peak,
                # What is left of a large document would count against the next one.
                "last": peak > limits.max_memory // 2,
            }
            answers_now += [json.dumps(said).encode(), document]
        del files, data
        send(answers, *answers_now)
        if said["last"]:
            return


def _status() -> int | None:
    """What Linux says of this process, opened before nothing more may be."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return None


def _peak(status: int | None) -> int:
    """Bytes of resident memory, at most so far; 0 where the system does not tell.

    Of Linux' getrusage it is the parent's peak, where that is greater: it outlives fork and exec.
    """
    if status is not None:
        told = re.search(rb"VmHWM:\s*(\d+) kB", os.pread(status, 1 << 14, 0))
        return int(told[1]) * 1024 if told else 0
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes, on macOS


if __name__ == "__main__":
    package = ModuleType("index")
    package.__path__ = [str(_ROOT)]
    sys.modules["index"] = package
    _main(sys.argv[1])
