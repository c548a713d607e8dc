"""What happened at a time, or between two."""

from __future__ import annotations

from index.answering.scope import Found, Scope

__all__ = ["answer_timeline"]


def answer_timeline(question: str, scope: Scope) -> Found | None:
    """Return dated statements in order of date; None for any other question."""
    return None
