"""Numbers of lists of several levels, which files leave to be counted: "4.2", "(iii)"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.parsing.text.numerals import written_number

BULLET = "•"
_PLACE = re.compile(r"%([1-9])")
_NOTHING: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class ListLevel:
    """A level of a list: its `form` as Word names it, and its `text` with numbers as %1 to %9.

    `restart` is the number of the level, from 1, that begins this one anew; 0 for none, None for
    any above it. A legal level shows all numbers as decimals.
    """

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    is_legal: bool = False


_USUAL = ListLevel()


@dataclass(slots=True)
class ReachedNumbers:
    """The numbers that a list has reached, by its levels from 0."""

    reached: dict[int, int] = field(default_factory=dict)

    def count(
        self,
        levels: Mapping[int, ListLevel],
        depth: int,
        *,
        number: int | None = None,
        starts: Mapping[int, int] = _NOTHING,
    ) -> str:
        """Count an entry and return its number, BULLET or nothing.

        `number` is one that it says itself, `starts` are those with which levels begin instead of
        their own. A level above that was not met yet counts as begun.
        """
        level, reached = levels.get(depth, _USUAL), self.reached
        for above in range(depth):
            if above in levels:
                reached.setdefault(above, starts.get(above, levels[above].start))
        if number is None:
            begun = reached.get(depth)
            number = starts.get(depth, level.start) if begun is None else begun + 1
        reached[depth] = number
        for deeper in [each for each in reached if each > depth]:
            restart = levels.get(deeper, _USUAL).restart
            if restart is None or depth < restart:
                del reached[deeper]
        if level.form == "bullet":
            return BULLET
        return _PLACE.sub(lambda place: self._number(levels, level, int(place[1]) - 1), level.text)

    def _number(self, levels: Mapping[int, ListLevel], shown: ListLevel, depth: int) -> str:
        level = levels.get(depth, _USUAL)
        if level.form == "bullet":
            return ""
        is_legal = shown.is_legal and level.form not in ("none", "decimalZero")
        number = self.reached.get(depth, level.start)
        return written_number(number, "decimal" if is_legal else level.form)
