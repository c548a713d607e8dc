"""What soak is to do, and what was seen."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np

from tools.hardening.caches import CacheUse
from tools.hardening.vitals import Memory

MOST_GROWTH = 1.0
"""MB of its own memory for 1,000 questions."""
_FEWEST = 10
"""Samples that tell whether memory grows."""


@dataclass(frozen=True)
class Plan:
    """The plan of a soak. With 0 `passages` to read, no model is used and the documents are few.

    `warm_up` questions come before the first look at what the bot holds, `sample` between two looks
    at its memory, which empty its caches, `admin` between two acts of the admin. `faults` and
    `losses` are seconds between requests that fail and between lost connections. The latter should
    be over a minute: after that the bot no longer counts them as failures in a row. The bot has
    `settled` seconds to come to rest before each look. Where the questions take longer than
    `minutes`, fewer are asked.
    """

    questions: int = 20_000
    minutes: float = math.inf
    seed: int = 2026
    people: int = 36
    passages: int = 2
    warm_up: int = 1_000
    sample: int = 100
    admin: int = 200
    faults: float = 2.0
    losses: float = 62.0
    settled: float = 600.0


@dataclass(frozen=True, slots=True)
class Growth:
    """MB for 1,000 questions by least squares, and its 95 % interval."""

    slope: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.slope:.2f} MB ({self.low:.2f} to {self.high:.2f})"


@dataclass(slots=True)
class Caches:
    """The use of bounded caches, by name, in all; of bytes and entries the most seen at once."""

    used: dict[str, CacheUse] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return sum(use.bytes for use in self.used.values())

    @property
    def full(self) -> float:
        """Bytes when all are full."""
        return sum(use.full for use in self.used.values())

    def most_first(self) -> list[CacheUse]:
        """Return those that held something, by what they would hold when full."""
        return sorted(filter(attrgetter("kept"), self.used.values()), key=lambda use: -use.full)

    def note(self, uses: Iterable[CacheUse]) -> None:
        """Note how they were used since they were last emptied."""
        for use in uses:
            before = self.used.get(use.name, use)
            if before is not use:
                use = CacheUse(
                    use.name,
                    max(before.kept, use.kept),
                    max(before.most, use.most),
                    max(before.bytes, use.bytes),
                    before.hits + use.hits,
                    before.misses + use.misses,
                )
            self.used[use.name] = use


@dataclass(slots=True)
class Figures:
    """What was seen; `full` and `memory` are by the number of questions asked until then."""

    plan: Plan
    asked: int = 0
    answered: int = 0
    seconds: float = 0.0
    took: tuple[float, float] = (0.0, 0.0)
    """Median and 95th percentile from question to answer, in seconds."""
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    admin: Counter[str] = field(default_factory=Counter)
    generations: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    full: list[tuple[int, Memory]] = field(default_factory=list)
    """With what bounded caches hold, right before `memory`."""
    memory: list[tuple[int, Memory]] = field(default_factory=list)
    """Once bounded caches were emptied."""
    caches: Caches = field(default_factory=Caches)
    records: int = 0
    """Bytes of the records' file."""
    at_rest: list[tuple[str, int, int]] = field(default_factory=list)
    """What the bot holds, after the warm-up and in the end."""
    excerpts: int = 0
    watches: int = 0
    """Questions that are watched in the end."""
    told: int = 0
    """Messages to people whose watched questions had another answer."""
    problems: list[str] = field(default_factory=list)

    @property
    def growth(self) -> Growth:
        return self._growth([memory.own for _, memory in self.memory])

    @property
    def growth_of_allocated(self) -> Growth:
        return self._growth([memory.allocated for _, memory in self.memory])

    def wrong(self) -> list[str]:
        """Return what is wrong, in sentences; of memory only what is known."""
        grown = self.growth
        if not grown.low > MOST_GROWTH:
            return self.problems
        grew = f"Memory grew by {grown} for 1,000 questions; {MOST_GROWTH:g} MB is the most"
        return [*self.problems, grew]

    @property
    def tells_growth(self) -> bool:
        """Whether so many questions were asked that memory is known to grow, or not to."""
        grown = self.growth
        return grown.low > MOST_GROWTH or grown.slope <= MOST_GROWTH

    @property
    def judged_from(self) -> int:
        """The question from which on the growth of memory counts.

        Before, tables of Python double, and what is read once is read.
        """
        return max(2 * self.plan.warm_up, max((asked for asked, _ in self.memory), default=0) // 2)

    def _growth(self, sizes: Sequence[int]) -> Growth:
        asked = [number for number, _ in self.memory]
        return growth(list(zip(asked, sizes, strict=True)), self.judged_from)


def growth(samples: Sequence[tuple[int, int]], since: int) -> Growth:
    """Return the growth over samples of (questions asked, bytes), from `since` questions on.

    It is nan where there are fewer than ten samples. Memory grows in steps, as tables double and
    arenas are added, so neighbouring samples are alike: they count for as many as their correlation
    leaves of them (that of an AR(1) process).
    """
    used = [(asked / 1_000, size / 1e6) for asked, size in samples if asked >= since]
    if len(used) < _FEWEST:
        return Growth(math.nan, math.nan, math.nan)
    x, y = np.array(used, dtype=np.float64).T
    slope, start = np.polyfit(x, y, 1)
    left = y - slope * x - start
    squares = float((left**2).sum())
    alike = max(0.0, float((left[1:] * left[:-1]).sum()) / squares) if squares else 0.0
    error = math.sqrt(squares / (len(x) - 2) / float(((x - x.mean()) ** 2).sum()))
    error *= math.sqrt((1 + alike) / (1 - alike))
    return Growth(float(slope), float(slope - 2 * error), float(slope + 2 * error))
