"""The scope of a question that a test asks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from index.answering.scope import Scope
from index.answering.scope.stopwatch import Stopwatch
from index.store.generation import Generation

LATE_NOVEMBER = date(2026, 11, 29)


def scope_of(
    generation: Generation,
    names: Collection[str] | None = None,
    today: date = LATE_NOVEMBER,
    **more: Any,
) -> Scope:
    """Return the scope of whoever may see the documents of these names; None for all."""
    allowed = generation.catalog.filter_of(names)
    return Scope(generation, names, allowed, today, Stopwatch(), **more)
