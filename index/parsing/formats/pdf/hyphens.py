"""Lines of a PDF joined to a text; a word that was divided at a line's end becomes whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from index.english_words import listed_words
from index.parsing.formats.pdf.lines import Line, Part
from index.parsing.page_content import DIVIDING

_HYPHENS = ("-", "‐", DIVIDING)
_LONGEST = 100  # characters of a part of a word
_DIVIDED = re.compile(rf"(?P<stem>[^\W\d_]+)[-‐{DIVIDING}]$")
_REST = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")  # written without spaces
_LABEL = re.compile(r"[^\W\d_a-z][^\W\d_]*(?: [^\W\d_]+){0,2}:(?:\s|$)")
_EARLY = 0.15  # of the width: so much further than the next word would have gone

_listed = cache(listed_words)


class LineJoiner:
    """Joins lines, with the words of the whole document to tell what a divided word was."""

    def __init__(self, pages: Iterable[Sequence[Part]]) -> None:
        lines = [part for page in pages for part in page if isinstance(part, Line)]
        divided = any(line.text.endswith(_HYPHENS) for line in lines)
        self._known = {
            each.lower()
            for line in (lines if divided else ())
            for each in _WORD.findall(_undivided(line.text))
        }

    def joined(self, lines: Sequence[Line]) -> str:
        """Return the text of a paragraph, with a line break where a line ends early."""
        edges: dict[float, float] = {}  # of the paragraph, in each of its columns
        for line in lines:
            edges[line.edge] = max(line.right, edges.get(line.edge, 0))
        pieces = [lines[0].text]
        for above, line in pairwise(lines):
            edge = edges[above.edge]
            ends_early = above.right + line.first < edge - _EARLY * (edge - above.left)
            ends_early |= _LABEL.match(line.text) is not None
            pieces[-1], between = self.seam(pieces[-1], line.text, "\n" if ends_early else " ")
            pieces.append(between + line.text)
        return shown("".join(pieces))

    def rows(self, rows: Sequence[Sequence[str]]) -> list[list[str]]:
        """Return a table's rows, whose cells hold the words of their lines with spaces between."""
        return [[self._cell(cell) if DIVIDING in cell else cell for cell in row] for row in rows]

    def _cell(self, cell: str) -> str:
        first, *others = re.split(rf"(?<={DIVIDING})\s+", cell)
        for other in others:
            first = "".join((*self.seam(first, other), other))
        return shown(first)

    def seam(self, text: str, following: str, separator: str = " ") -> tuple[str, str]:
        """Return the text as it stands before the following line, and what is between them."""
        divided = _DIVIDED.search(text[-_LONGEST:]) if text[-1:] in _HYPHENS else None
        rest = _REST.match(following)
        if divided is not None and rest is not None and following[0].islower():
            is_whole = self._is_word(divided["stem"].lower(), rest.group().lower())
            return text[:-1] + ("" if is_whole else "-"), ""
        if _WIDE.match(text[-1:]) and _WIDE.match(following[:1]):
            return text, ""
        return text, separator

    def _is_word(self, stem: str, rest: str) -> bool:
        """Return whether both parts make one word, which the document does not hyphenate."""
        word = stem + rest
        known = self._known
        if f"{stem}-{rest}" in known:
            return False
        if word in known or word in _listed():
            return True
        stems = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
        return any(stem in known or stem in _listed() for stem in stems)


def _undivided(text: str) -> str:
    """Return a line without the part of a word that it ends with."""
    return text[: text.rfind(" ") + 1] if text.endswith(_HYPHENS) else text


def shown(text: str) -> str:
    """Return the text with a hyphen where a line ends with one, and without soft hyphens."""
    return re.sub(rf"{DIVIDING}(?!\w)", "-", text).replace(DIVIDING, "")
