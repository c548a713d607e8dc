"""Signs that tell headings, list items and labels in a line of plain text."""

from __future__ import annotations

import re

from index.parsing.text.dates import iso_date

ITEM_MARK = re.compile(
    r"(?P<bullet>(?:[*•◦▪▫●○■□‣⁃·–—\-\uf0a7\uf0b7]|\*{2,5}|#\.)(?=\s))"
    r"|(?P<number>\d{1,3})[.)](?=\s)"
    r"|\(?(?P<letter>[A-Za-z])\)(?=\s)"
    r"|\((?P<closed>\d{1,3})\)(?=\s)"
    r"|(?P<roman>[ivxl]{2,5})[.)](?=\s)"
)
"""The mark that an entry of a list begins with; stars of AsciiDoc say how deep it is."""

NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]?\s+(?=\S)")
"""The number of a heading such as "3.2 Logistics"."""

_FEWEST_IN_SENTENCE = 6
"""Words."""
_STOPS = (".", "!", "?")

WRAP = 120
"""Characters; nobody wraps lines wider than this, so a longer line is a whole paragraph."""

LONG = 60
"""Characters that a text needs for a short line above it to count as its heading."""

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
    """Derives the depth of each entry of one list from its indent."""

    def __init__(self) -> None:
        self._indents: list[float] = []

    def level(self, indent: float, tolerance: float = 0) -> int:
        """Return the depth, from 0, of the next entry."""
        while self._indents and self._indents[-1] > indent + tolerance:
            self._indents.pop()
        if not self._indents or self._indents[-1] < indent - tolerance:
            self._indents.append(indent)
        return len(self._indents) - 1


def looks_like_heading(line: str, following: str) -> bool:
    """Return whether a short line of its own is the heading of the longer text that follows."""
    return has_heading_shape(line) and len(following) >= max(LONG, 1.5 * len(line))


def header_likely(rows: list[list[str]]) -> bool:
    """Return whether the first row names the columns: short, all different, and no figures."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    return (
        len(named) >= len(first) - 1
        and len(set(named)) == len(named)
        and all(map(is_column_name, named))
    )


def is_column_name(cell: str) -> bool:
    """Return whether a table's cell may name its column: a short text that is no figure."""
    return len(cell) <= 60 and _NUMERIC.fullmatch(cell) is None


def has_heading_shape(text: str, *, lenient: bool = False) -> bool:
    """Return whether a line has few words, no closing punctuation and no lower-case beginning.

    `lenient` is for a title on the first line with an empty line below it: it may be longer.
    """
    words = text.split()
    most_words, most_characters = (20, WRAP) if lenient else (_HEADING_WORDS, _HEADING_LENGTH)
    if not 1 <= len(words) <= most_words or len(text) > most_characters:
        return False
    if text.endswith(_CLOSING) and not (lenient and _is_title_ending(text, words)):
        return False
    letters = [character for character in text if character.isalpha()]
    if not letters or (len(words) == 1 and len(text) > 40):
        return False
    if letters[0].islower() and not lenient:
        return False
    if _LABEL.match(text) or _GREETING.match(text) or _ADDRESS.search(text):
        return False
    return iso_date(text) is None


def _is_title_ending(text: str, words: list[str]) -> bool:
    """Return whether a title may end like this: a question, a call, or a short one with a stop."""
    return text.endswith(("?", "!", "？", "！", "…")) or (text.endswith(".") and len(words) <= 6)


def is_shouted(text: str) -> bool:
    """Return whether a line is written in capitals."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and all(character.isupper() for character in letters)


def cells_of(text: str) -> list[str]:
    """Return the cells of a table row that is drawn with pipes."""
    return [cell.strip() for cell in text.strip("|").split("|")]


def ends_sentence(text: str) -> bool:
    """Return whether a line ends as a sentence does."""
    return _SENTENCE_END.search(text) is not None


def is_sentence(text: str) -> bool:
    """Return whether a cell holds a sentence, which neither names a column nor is a value."""
    return text.endswith(_STOPS) and len(text.split()) >= _FEWEST_IN_SENTENCE


def is_label(text: str) -> bool:
    """Return whether a line is like "Date: …" or "From: …"."""
    return _LABEL.match(text) is not None
