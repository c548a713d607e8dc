"""Fields of a form in a text: boxes to tick, and choices of one of several entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_CHECK_BOX, _CHOICE = 1, 2
_AS_BEFORE = 25
"""What says that a field has the value that it had at first."""


def box(is_ticked: bool) -> str:
    """Return the sign of a box to tick."""
    return "☒" if is_ticked else "☐"


@dataclass(slots=True)
class FormField:
    """A field as old Word and rich text describe it, by the number of its kind."""

    kind: int = 0
    result: int = _AS_BEFORE
    default: int = 0
    entries: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """Return the text that the field shows; empty where that stands beside it."""
        value = self.default if self.result == _AS_BEFORE else self.result
        if self.kind == _CHECK_BOX:
            return box(bool(value))
        return chosen(self.entries, value) if self.kind == _CHOICE else ""


def chosen(entries: Sequence[str], number: int) -> str:
    """Return the entry of this number, from 0; empty where there is none."""
    return entries[number] if 0 <= number < len(entries) else ""
