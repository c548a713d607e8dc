"""Questions about the documents themselves: which, how many, how old, by whom."""

from __future__ import annotations

from index.answering.scope import Found, Scope

__all__ = ["answer_collection"]


def answer_collection(question: str, scope: Scope) -> Found | None:
    """Return what the catalog says; None for any other question."""
    return None
