"""Columns that say yes or no of each row, in words or by a mark."""

from __future__ import annotations

from collections.abc import Sequence

_YES = frozenset("yes y true x ✓ ✔ ✅ ☑ ja oui included allowed".split())
_NO = frozenset("no n false ✗ ✘ ❌ ☐ nein nei non".split())


def mark_of(text: str) -> bool | None:
    """Return whether a cell says yes; None where it says neither yes nor no."""
    low = text.strip().strip("*_`.").lower()
    return True if low in _YES else False if low in _NO else None


def are_marks(texts: Sequence[str]) -> bool:
    """Return whether the cells of a column say yes or no, each of both at least once."""
    said = {mark_of(text) for text in texts if text}
    return said == {True, False}
