"""The share of Discord's servers that one process serves."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shard:
    """`number`, from 0, of `count`, as Discord tells servers apart by their ids."""

    number: int = 0
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `2/4`, the second of four; raises ValueError."""
        found = re.fullmatch(r"\s*(\d{1,4})\s*/\s*(\d{1,4})\s*", text)
        number, count = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 1 <= number <= count:
            raise ValueError(text)
        return cls(number - 1, count)

    def __str__(self) -> str:
        return f"{self.number + 1}/{self.count}"

    def has(self, guild: int | None) -> bool:
        """Return whether this share has a server; direct messages are in the first."""
        return ((guild or 0) >> 22) % self.count == self.number

    @property
    def is_first(self) -> bool:
        """Whether this share also does what is done once for all."""
        return self.number == 0
