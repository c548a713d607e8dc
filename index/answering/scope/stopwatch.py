"""Measures how long each stage of one question takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Stopwatch:
    """Times stages: `with stopwatch("read"): ...`; a stage that runs twice is added up."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - started) * 1000
            self._stages[stage] = self._stages.get(stage, 0.0) + spent

    def milliseconds(self) -> Mapping[str, float]:
        """Return `total` since the start, then each stage in the order of its first use."""
        total = (time.perf_counter() - self._started) * 1000
        return {
            "total": round(total, 1),
            **{stage: round(spent, 1) for stage, spent in self._stages.items()},
        }
