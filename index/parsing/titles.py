"""The title that a document is shown under."""

from __future__ import annotations

import re

from index.document import BlockKind
from index.parsing.draft import Draft

__all__ = ["heading_words", "title_of"]

_LONGEST_TITLE = 200
_SHORT_LINE = 100
_UNDERLINE = re.compile(r"[\r\n][>\s]*(?:=+|-+|~+)\s*$")
_OPENING_MARKS = re.compile(r"^(?:(?:>|[-*+]|\d{1,9}[.)])\s+)*(?P<hashes>#{1,6}\s+)?")
_CLOSING_HASHES = re.compile(r"\s+#+\s*$")
_EMPHASIS = re.compile(
    r"(?<!\w)(?P<mark>\*{1,3}|_{1,3}|`+)(?=\S)(?P<inner>.+?)(?<=\S)(?P=mark)(?!\w)"
)
_LINK = re.compile(r"!?\[(?P<words>[^\]]*)\]\([^)]*\)")


def heading_words(raw: str) -> str:
    """Return a heading's text without the marks of its format (`## Aims ##`, underlines)."""
    words = _UNDERLINE.sub("", raw[:1000])
    marks = _OPENING_MARKS.match(words)
    marked = marks is not None and marks["hashes"] is not None
    if marks is not None and marked:
        words = _CLOSING_HASHES.sub("", words[marks.end() :])
    words = _LINK.sub(r"\g<words>", words)
    if marked or words.startswith(("*", "_", "`")):
        words = _EMPHASIS.sub(r"\g<inner>", words)
    return " ".join(words.split())


def title_of(draft: Draft, stem: str) -> str:
    """Return the title: as the file gives it, or its first heading, short first line or name."""
    candidates = [draft.title]
    headings = [block for block in draft.blocks if block.kind is BlockKind.HEADING]
    outermost = [block for block in headings if block.level == 1]
    candidates += [
        heading_words(block.span.of(draft.text)) for block in (outermost or headings)[:1]
    ]
    bodies = [block for block in draft.blocks if block.kind is not BlockKind.FRONT_MATTER][:1]
    if bodies and bodies[0].kind is BlockKind.PARAGRAPH:
        first_line = bodies[0].span.of(draft.text).split("\n", 1)[0].strip()
        candidates += [first_line] if len(first_line) <= _SHORT_LINE else []
    candidates += [stem.replace("-", " ").replace("_", " "), stem]
    for candidate in candidates:
        title = " ".join(candidate.split())
        if any(character.isalnum() for character in title):
            return title[:_LONGEST_TITLE].rstrip()
    return stem
