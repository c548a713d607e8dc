"""A try to parse an uploaded file, in a process of its own.

A hostile file may take all the memory or time that there is. Only that process suffers, and the one
that answers questions goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.document import AUDIENCE, Document
from index.parsing import ParsingLimits
from index.parsing.sandbox.process import ParsingProcess

_NICE = 10


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What was found in the file; `pages` is 0 for a format without pages.

    `audience` is what the file names as such, None where it names none.
    """

    title: str
    pages: int
    audience: str | None = None


def probe_file(path: Path, name: str, limits: ParsingLimits) -> ProbeResult:
    """Return what parsing the file finds, which may take long.

    Raises UnreadableDocument and ParsingUnavailable.
    """
    document = _parsed(path, name, limits, in_brief=True)
    return ProbeResult(document.title, len(document.pages), document.metadata.get(AUDIENCE))


def read_file(path: Path, name: str, limits: ParsingLimits) -> Document:
    """Return the document in a file, with all its text; raises what `probe_file` raises."""
    return _parsed(path, name, limits, in_brief=False)


def _parsed(path: Path, name: str, limits: ParsingLimits, *, in_brief: bool) -> Document:
    with ParsingProcess(nice=_NICE, in_brief=in_brief) as process:
        return process.parse_file(path, name, limits=limits)
