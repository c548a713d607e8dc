"""Signs by which a line of plain text shows what it is."""

from __future__ import annotations

import re

from index.parsing.dates import iso_date

__all__ = [
    "ITEM_MARK",
    "LONG",
    "NUMBERED",
    "WRAP",
    "Nesting",
    "cells_of",
    "ends_sentence",
    "has_heading_shape",
    "header_likely",
    "is_label",
    "is_shouted",
    "looks_like_heading",
]

ITEM_MARK = re.compile(
    r"(?P<bullet>[*•◦▪▫●○■□‣⁃·–—\-\uf0a7\uf0b7](?=\s))"
    r"|(?P<number>\d{1,3})[.)](?=\s)"
    r"|\(?(?P<letter>[A-Za-z])\)(?=\s)"
    r"|\((?P<closed>\d{1,3})\)(?=\s)"
    r"|(?P<roman>[ivxl]{2,5})[.)](?=\s)"
)
"""The mark that an entry of a list begins with."""

NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]?\s+(?=\S)")
"""The number of a heading such as "3.2 Logistics"."""

WRAP = 120
"""No one wraps lines wider than this; a longer line is a paragraph of its own."""

LONG = 60
"""Characters of what follows that make a short line its heading."""

_HEADING_WORDS = 12
_HEADING_LENGTH = 90
_GREETING = re.compile(
    r"(?:dear|hi|hello|hei|kjære)\b(?!,? the\b)|(?:best|kind|warm) regards\b"
    r"|yours (?:sincerely|truly)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:date|dated|dato|from|fra|to|til|cc|bcc|sent|subject|emne|re|author|authors|by|tel|phone|fax"
    r"|e-?mail|note|nb|tip|pro tip|did you know|source|sources|see|see also|classification|version"
    r"|status|distribution|ref|reference|url|contact|warning|update|updated|published)\s*[:?]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+")
_CLOSING = tuple(".,;:!?…。！？：；،؟")
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_NUMERIC = re.compile(r"[\d\s.,%+\-–:/$€£]*\d[\d\s.,%+\-–:/$€£]*(?:[A-Za-z]{1,3})?")


class Nesting:
    """Depth of a list's entries by how far they are set in."""

    def __init__(self) -> None:
        self._indents: list[float] = []

    def level(self, indent: float, tolerance: float = 0) -> int:
        while self._indents and self._indents[-1] > indent + tolerance:
            self._indents.pop()
        if not self._indents or self._indents[-1] < indent - tolerance:
            self._indents.append(indent)
        return len(self._indents) - 1


def looks_like_heading(line: str, following: str) -> bool:
    """Whether a short line on its own is the heading of the longer text that follows."""
    return has_heading_shape(line) and len(following) >= max(LONG, 1.5 * len(line))


def header_likely(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: short different words, none a figure."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    return (
        len(named) >= len(first) - 1
        and len(set(named)) == len(named)
        and not any(len(cell) > 60 or _NUMERIC.fullmatch(cell) for cell in named)
    )


def has_heading_shape(text: str, *, lenient: bool = False) -> bool:
    """Few words, no closing punctuation, a beginning that is no lower-case letter.

    `lenient` is for a title on the first line, apart from the text, which may be longer.
    """
    words = text.split()
    most_words, most_characters = (20, WRAP) if lenient else (_HEADING_WORDS, _HEADING_LENGTH)
    if not 1 <= len(words) <= most_words or len(text) > most_characters:
        return False
    if text.endswith(_CLOSING) and not (lenient and _may_end_so(text, words)):
        return False
    letters = [character for character in text if character.isalpha()]
    if not letters or (len(words) == 1 and len(text) > 40):
        return False
    if letters[0].islower() and not lenient:
        return False
    if _LABEL.match(text) or _GREETING.match(text) or _ADDRESS.search(text):
        return False
    return iso_date(text) is None


def _may_end_so(text: str, words: list[str]) -> bool:
    """Titles can be questions and calls, and end in abbreviations, but are no sentences."""
    return text.endswith(("?", "!", "？", "！", "…")) or (text.endswith(".") and len(words) <= 6)


def is_shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and all(character.isupper() for character in letters)


def cells_of(text: str) -> list[str]:
    return [cell.strip() for cell in text.strip("|").split("|")]


def ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None


def is_label(text: str) -> bool:
    """Whether a line is of the kind "Date: …", "From: …"."""
    return _LABEL.match(text) is not None
