"""Headings of a Word document: by their styles, or by their looks where no style names any."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.parsing.builder import one_line
from index.parsing.formats.docx.styles import WordStyle, outline_level
from index.parsing.formats.docx.text import ParagraphText
from index.parsing.text.characters import ITEM_MARK, LONG, NUMBERED, looks_like_heading

_LONGEST = 200
_MOST_WORDS = 12
"""Words that a heading which ends as a sentence may have; more are a paragraph set large."""
_FIGURE = re.compile(r"(?<![^\W\d_])\d")
_NAMED = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:annex|appendix|article|attachment|chapter|clause|day|exhibit|figure"
    r"|level|lot|module|part|phase|question|rule|schedule|section|stage|step|table|unit|version|week"
    r"|year)\s+\d{1,3}\b",
    re.IGNORECASE,
)
"""Figures that a heading may well have: a year, and the number of a part of the document."""


class Headings:
    """Tells the headings of a document, given the styles that are used in it."""

    def __init__(self, styles: Iterable[WordStyle]) -> None:
        self._titled = self._styled = False
        for style in styles:
            self._titled = self._titled or style.title
            self._styled = self._styled or bool(style.heading)

    def level(
        self,
        text: ParagraphText,
        following: ParagraphText | None,
        *,
        numbered: bool,
        first: bool,
    ) -> int:
        """Return the level of a heading, 0 for any other paragraph."""
        words = one_line(text.text())
        if len(words) > _LONGEST:
            return 0
        if words.endswith(".") and len(words.split()) > _MOST_WORDS:
            return 0
        if text.style.title:
            return 1
        if level := outline_level(text.properties) or text.style.heading:
            return min(level + int(self._titled), 6)
        below = one_line(following.text()) if following else ""
        bold = text.is_bold and not (following is not None and following.is_bold)
        if self._styled or text.style.list or numbered:
            return 0
        if (mark := ITEM_MARK.match(words)) and not (bold and below and mark["number"]):
            return 0
        shaped = looks_like_heading(words, LONG * "xx" if bold else below)
        return (1 if first else 2) if shaped and _names_what(words) else 0


def _names_what(words: str) -> bool:
    """Return whether a line names what follows, rather than being the fact itself ("Net 1,304")."""
    number = NUMBERED.match(words)
    return not _FIGURE.search(_NAMED.sub("", words[number.end() :] if number else words))
