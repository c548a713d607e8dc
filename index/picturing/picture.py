"""Picture: a drawn page, with what could not be drawn of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG. `is_marked` says whether the excerpt was found on it; `missing` are characters that no
    font has, of which a sign stands in their place; `left_out` counts the rows, columns or lines
    that had no room."""

    png: bytes
    width: int
    height: int
    is_marked: bool = False
    missing: str = ""
    left_out_lines: int = 0
    left_out_columns: int = 0
