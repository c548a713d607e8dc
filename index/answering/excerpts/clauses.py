"""Clauses: the numbers by which people cite paragraphs and headings, such as 4.2."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.chunking.passage import Passage
from index.document import BlockKind, Span

_NUMBER = re.compile(r"(?:§\s?)?\(?(\d{1,3}(?:\.\d{1,3}){1,5})\.?\)?\s+(?=\w)")
"""At the beginning; 4 alone may be anything."""
_CHAPTER = re.compile(r"\d{1,3}(?=\.?\s)")
_MOST = 24
"""Characters at the beginning of a text in which a number may stand."""


def clause_at(passage: Passage, span: Span) -> str:
    """Return the number of the paragraph or item that a text of a passage begins in, or nothing."""
    own = next((unit for unit in passage.units if unit.span.end > span.start), None)
    if own is None or own.kind in (BlockKind.ROW, BlockKind.HEADER, BlockKind.HEADING):
        return ""
    first = next(unit for unit in passage.units if unit.block == own.block)
    return clause_of(passage.text_of(first.span)[:_MOST], own.kind, passage.heading)


def clauses_in(passage: Passage, span: Span) -> str:
    """Return the number of the clause of a text, or the first and the last: "4.1–4.3"."""
    first = clause_at(passage, span)
    last = clause_at(passage, Span(max(span.start, span.end - 1), span.end))
    return f"{first}–{last}" if first and last and first != last else first


def clause_of(text: str, kind: BlockKind, heading: Sequence[str]) -> str:
    """Return the number that the text of a block begins with; nothing for a mere figure.

    That of an item is its mark; any other, unlike "4.2 million", goes on from a heading above it.
    """
    number = number_of(text)
    if not number or kind is BlockKind.ITEM:
        return number
    chapters = (number_of(part) or _chapter(part) for part in reversed(heading))
    chapter = next(filter(None, chapters), "")
    return number if chapter and number.startswith(f"{chapter}.") else ""


def number_of(text: str) -> str:
    """Return the number that a text, such as a heading, begins with."""
    found = _NUMBER.match(text[:_MOST])
    return found[1] if found else ""


def _chapter(heading: str) -> str:
    found = _CHAPTER.match(heading)
    return found[0] if found else ""
