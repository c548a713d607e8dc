"""An amount that a text states: what it measures, and from how much to how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from index.document import Span

__all__ = ["Amount"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A value that a text states, at `span` of it.

    It lies from `low` to `high`, which are the same but for ranges. `dimension` says what may be
    compared: "mass", "EUR", "time", "date", "count" and so on; `kind` what it is for people.
    `noun` is the word that is counted, `per` what it is for each of. With `bound` "least" or
    "most" it is a limit, and with `about` no exact value. `digits` tells how precisely it is given.
    """

    kind: str
    dimension: str
    low: Decimal
    high: Decimal
    span: Span
    noun: str = ""
    per: str = ""
    about: bool = False
    bound: str = ""
    digits: int = 0
    text: str = ""
    is_uneven: bool = False

    @property
    def is_range(self) -> bool:
        return self.low != self.high
