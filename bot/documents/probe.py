"""Finds out whether a file can be read, in a process that may die of it.

A file that somebody sent may be made to take all memory or time there is; the process that answers
questions must not pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.parsing import ParsingLimits
from index.parsing.sandbox.process import ParsingProcess

__all__ = ["Trial", "try_reading"]

_NICE = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """What a file is, once it was read; `pages` is 0 for a format without."""

    title: str
    pages: int


def try_reading(path: Path, name: str, limits: ParsingLimits) -> Trial:
    """Blocks for as long as reading takes. Raises UnreadableDocument and ParsingUnavailable."""
    with ParsingProcess(nice=_NICE) as process:
        document = process.parse_file(path, name, limits=limits)
    return Trial(document.title, len(document.pages))
