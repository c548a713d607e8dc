"""Lists, decisions and steps: sections whose heading is the question."""

from __future__ import annotations

from index.answering.scope import Found, Scope

__all__ = ["answer_section"]


def answer_section(question: str, found: Found, scope: Scope) -> Found | None:
    """Return the section that answers; None where no heading asks it."""
    return None
