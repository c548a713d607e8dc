"""Limits of a file's size, contents, memory and time, beyond which it is refused."""

from __future__ import annotations

from dataclasses import dataclass

_LEAST_SECONDS = 30
_BYTES_A_SECOND = 2_000
_PAGE_SECONDS = 0.25
_RECOGNISED_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ParsingLimits:
    """Sizes are in bytes; `max_unpacked_bytes` and `max_members` are for zip formats (Office).

    `max_enclosed` documents may lie in a file, `max_depth` deep, and `max_unpacked_bytes` is also
    for all of them together. `max_memory` and `max_seconds` are enforced only by a
    `ParsingProcess`.
    """

    max_bytes: int = 50_000_000
    max_unpacked_bytes: int = 200_000_000
    max_members: int = 10_000
    max_characters: int = 25_000_000
    max_pages: int = 5_000
    max_enclosed: int = 1_000
    max_depth: int = 4
    max_memory: int = 1_500_000_000
    max_seconds: int = 240

    def seconds(self, size: int) -> int:
        """Return the seconds of processor time for a file of `size` bytes.

        A small file gets less, so that it cannot keep others waiting. More is allowed with each
        page that was read.
        """
        return min(self.max_seconds, _LEAST_SECONDS + size // _BYTES_A_SECOND)

    def more_seconds(self, pages: int, recognised: int) -> float:
        """Return the seconds more once so many `pages` were read, and others `recognised`.

        A full page of a PDF takes 15 ms, one whose picture is recognised some seconds; the rest is
        for busy machines.
        """
        return _PAGE_SECONDS * pages + _RECOGNISED_SECONDS * recognised
