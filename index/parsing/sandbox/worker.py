"""Worker process: receives files, parses them, and sends back documents or reasons."""

from __future__ import annotations

import json
import mimetypes
import os
import re
import sys
from collections.abc import Callable
from typing import IO

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing.limits import ParsingLimits
from index.parsing.ocr import prepare
from index.parsing.options import ParsingOptions
from index.parsing.parser import OUT_OF_MEMORY, parse_bytes
from index.parsing.sandbox.confinement import (
    Tripwire,
    allow_more_seconds,
    allow_seconds,
    confine,
)
from index.parsing.sandbox.pipes import own_pipes
from index.parsing.sandbox.protocol import pack, pack_in_brief, receive, send

_PAGES_A_MESSAGE = 16


def serve(settings: str) -> None:
    """Confine this process, then parse what is sent to it until the pipe is closed.

    `settings` is JSON: the limits, the options, how far to lower the priority, and whether
    documents go back in brief. A request is a list of names and suffixes followed by the bytes of
    each file; the answer is a result in JSON and a packed document for each.
    """
    mimetypes.init([])  # otherwise python-pptx makes it read files of the system
    requests, answers = own_pipes()
    wanted = json.loads(settings)
    limits = ParsingLimits(**wanted["limits"])
    options = ParsingOptions.of_lists(wanted["options"])
    packed = pack_in_brief if wanted["in_brief"] else pack
    if hasattr(os, "nice"):
        os.nice(wanted["nice"])
    status = _open_status()
    prepare(options)
    enforced = confine(limits.max_memory)
    tripwire = Tripwire()
    send(answers, json.dumps(enforced).encode())
    while True:
        try:
            names = json.loads(receive(requests, 1 << 20))
            files = [receive(requests, limits.max_bytes) for _ in names]
        except EOFError:
            return
        messages: list[bytes | bytearray] = []
        for (name, suffix), data in zip(names, files, strict=True):
            result, document = _parse(
                data, name, suffix, limits, options, tripwire, PageCount(limits, answers), packed
            )
            if result["short"] and len(files) > 1:
                return  # an earlier file may have taken the memory, so each is sent again alone
            peak = _peak_memory(status)
            # What is left of a large document would count against the next one.
            is_last = peak > limits.max_memory // 2
            messages += [json.dumps(result | {"peak": peak, "last": is_last}).encode(), document]
        del files, data
        send(answers, *messages)
        if is_last:
            return


class PageCount:
    """Counts the pages that were read of a file: tells them, and allows more time for each."""

    def __init__(self, limits: ParsingLimits, answers: IO[bytes]) -> None:
        self._limits = limits
        self._answers = answers
        self._pages = self._recognised = 0
        self._left = limits.max_pages
        self._seconds = 0.0

    def page_read(self, recognised: bool) -> None:
        """Count a page; the documents in a file may have more than one file gets time for."""
        if not self._left:
            return
        self._left -= 1
        self._pages += not recognised
        self._recognised += recognised
        if recognised or self._pages >= _PAGES_A_MESSAGE:
            self.tell()

    def tell(self) -> None:
        """Tell the other process of the pages since the last time."""
        if not self._pages + self._recognised:
            return
        self._seconds += self._limits.more_seconds(self._pages, self._recognised)
        if self._seconds >= 1:
            allow_more_seconds(int(self._seconds))
            self._seconds %= 1
        counted = {"pages": self._pages, "recognised": self._recognised}
        send(self._answers, json.dumps(counted).encode())
        self._pages = self._recognised = 0


def _parse(
    data: bytes,
    name: str,
    suffix: str,
    limits: ParsingLimits,
    options: ParsingOptions,
    tripwire: Tripwire,
    count: PageCount,
    packed: Callable[[Document], bytearray],
) -> tuple[dict[str, object], bytes | bytearray]:
    """Return a result and the packed document, which is empty where there is none."""
    allow_seconds(limits.seconds(len(data)))
    tripwire.attempts.clear()
    result: dict[str, object] = {
        "reason": "",
        "cause": "",
        "broken": "",
        "short": False,
        "attempts": tripwire.attempts,
    }
    try:
        document = parse_bytes(
            data, name, suffix, limits=limits, options=options, page_read=count.page_read
        )
        count.tell()
        result["short"] = any(OUT_OF_MEMORY in remark for remark in document.remarks)
        return result, packed(document)
    except UnreadableDocument as exc:
        short = OUT_OF_MEMORY in exc.reason
        result |= {"reason": exc.reason, "cause": repr(exc.__cause__)[:500], "short": short}
    except MemoryError:
        result |= {"reason": OUT_OF_MEMORY, "short": True}
    except (ImportError, OSError) as exc:  # a fault of a library, not of the file
        result["broken"] = str(exc) or repr(exc)
    return result, b""


def _open_status() -> int | None:
    """Open what Linux says about this process, while files may still be opened."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return None


def _peak_memory(status: int | None) -> int:
    """Return the most resident memory so far, in bytes; 0 where the system does not tell.

    On Linux, getrusage is of no use: it gives the parent's peak where that is greater, since the
    figure outlives fork and exec.
    """
    if status is not None:
        found = re.search(rb"VmHWM:\s*(\d+) kB", os.pread(status, 1 << 14, 0))
        return int(found[1]) * 1024 if found else 0
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes, on macOS


if __name__ == "__main__":
    serve(sys.argv[1])
