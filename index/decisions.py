"""Decisions: what admins decided about documents, by which answers go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Decisions", "DecisionsSource"]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Pairs (old, new) of names of documents of which somebody said that one replaces the other.

    What is in neither set goes by what the documents say.
    """

    confirmed: frozenset[tuple[str, str]] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()


DecisionsSource = Callable[[], Decisions]
"""Returns what is decided at this moment."""
