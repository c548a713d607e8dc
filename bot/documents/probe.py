"""A try to parse an uploaded file, in a process of its own.

A hostile file may take all the memory or time that there is. Only that process suffers, and the one
that answers questions goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.parsing import ParsingLimits
from index.parsing.sandbox.process import ParsingProcess

__all__ = ["ProbeResult", "probe_file"]

_NICE = 10


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What was found in the file; `pages` is 0 for a format without pages."""

    title: str
    pages: int


def probe_file(path: Path, name: str, limits: ParsingLimits) -> ProbeResult:
    """Return what parsing the file finds, which may take long.

    Raises UnreadableDocument and ParsingUnavailable.
    """
    with ParsingProcess(nice=_NICE, in_brief=True) as process:
        document = process.parse_file(path, name, limits=limits)
    return ProbeResult(document.title, len(document.pages))
