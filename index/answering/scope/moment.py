"""The moment that a question is about, as its words tell (see `understanding.moments`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AskedMoment:
    """What a question says of the time for which its answer shall hold.

    `day` is that day; None is today. `before` asks for what was replaced by what holds. `years` are
    those that the question names, and `version` the one that it names, or asks for what was
    `before` it. `rest` is the question without these words, as far as it asks what held, and not
    what happened.
    """

    day: date | None = None
    before: bool = False
    years: frozenset[str] = frozenset()
    version: str = ""
    rest: str = ""

    @property
    def is_now(self) -> bool:
        """Return whether it asks for what holds today, and names no other time."""
        return not (self.day or self.before or self.years or self.version)
