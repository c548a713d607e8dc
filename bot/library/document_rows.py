"""Rows of the list of documents, found by words of their names and titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from index.store.catalog.document_table import DocumentRow


def rows_like(rows: Iterable[DocumentRow], words: str | None) -> list[DocumentRow]:
    """Return the rows with `words` in name or title; with `*` or `?` it must match all of it."""
    return [row for row in rows if words is None or _matches(row, words)]


def _matches(row: DocumentRow, words: str) -> bool:
    texts: Sequence[str] = (row.name.lower(), (row.title or "").lower())
    if any(sign in words for sign in "*?"):
        pattern = words.lower().replace("[", "[[]")
        return any(fnmatchcase(text, pattern) for text in texts)
    return any(words.lower() in text for text in texts)
