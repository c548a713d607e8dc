"""Small talk, and questions about the bot itself."""

from __future__ import annotations

from index.answering.scope import Found

__all__ = ["answer_talk"]


def answer_talk(question: str) -> Found | None:
    """Return the reply to small talk; None for anything that may be a question."""
    return None
