"""Rows, columns and cells of tables, compared and computed."""

from __future__ import annotations

from index.answering.scope import Found, Scope

__all__ = ["answer_table"]


def answer_table(question: str, found: Found, scope: Scope) -> Found | None:
    """Return the rows that answer; None where no table settles it. `found` is by the sentences."""
    return None
