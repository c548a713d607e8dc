"""How much of a file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ReadingLimits"]


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Sizes are in bytes; `max_unpacked_bytes` and `max_members` are for zip formats (Office)."""

    max_bytes: int = 50_000_000
    max_unpacked_bytes: int = 200_000_000
    max_members: int = 10_000
    max_characters: int = 20_000_000
    max_pages: int = 5_000
