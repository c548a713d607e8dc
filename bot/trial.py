"""Finds out whether a file can be read, in a process that may die of it.

`python -m bot.trial PATH NAME LIMITS` prints one line of JSON. A file that somebody sent may be
made to take all memory or time there is; the process that answers questions must not pay for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import UnreadableDocument
from index.reading import ReadingLimits, read_document

__all__ = ["Trial", "try_reading"]

_MEMORY = 4 << 30
"""Bytes of address space; what a process maps is far more than what it uses."""
_NICE = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """What a file is, once it was read; `pages` is 0 for a format without."""

    title: str
    pages: int


def try_reading(path: Path, name: str, limits: ReadingLimits, *, seconds: float = 240) -> Trial:
    """Blocks for as long as reading takes, at most `seconds`. Raises UnreadableDocument."""
    command = [sys.executable, "-m", "bot.trial", str(path), name, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "DISCORD_TOKEN": ""},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise UnreadableDocument(f"reading it takes longer than {seconds:g} seconds") from exc
    lines = done.stdout.splitlines()
    try:
        found = json.loads(lines[-1])  # a library that prints does so before
        if "reason" in found:
            raise UnreadableDocument(found["reason"])
        return Trial(found["title"], found["pages"])
    except (LookupError, TypeError, ValueError) as exc:
        raise UnreadableDocument(
            "reading it takes more memory than there is, or brings the reader down"
        ) from exc


def _main(path: str, name: str, limits: str) -> None:
    _be_modest()
    try:
        document = read_document(Path(path), name, limits=ReadingLimits(**json.loads(limits)))
    except UnreadableDocument as exc:
        print(json.dumps({"reason": exc.reason}))
    else:
        print(json.dumps({"title": document.title, "pages": len(document.pages)}))


def _be_modest() -> None:
    with suppress(ImportError, OSError, ValueError):  # Windows has neither
        import resource

        os.nice(_NICE)
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


if __name__ == "__main__":
    _main(*sys.argv[1:])
