"""Summaries of a document, or of what the documents say on a topic."""

from __future__ import annotations

from index.answering.scope import Found, Scope

__all__ = ["answer_summary"]


def answer_summary(question: str, scope: Scope) -> Found | None:
    """Return the sentences that say most, in reading order; None for any other question."""
    return None
