"""Questions that have two readings with different answers."""

from __future__ import annotations

from index.answering.scope import Found, Scope

__all__ = ["ask_back"]


def ask_back(question: str, found: Found, scope: Scope) -> Found | None:
    """Return up to three choices; None where the question is clear."""
    return None
