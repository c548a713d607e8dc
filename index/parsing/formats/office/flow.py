"""Paragraphs of word processors as blocks: headings, entries of lists, text, and what is unseen."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.document import TextOrigin
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.options import HiddenContent
from index.parsing.text.characters import ITEM_MARK
from index.parsing.text.list_numbers import BULLET
from index.parsing.text.styling import Runs
from index.parsing.unread.hidden import HiddenParts

_PAGE_WORDS = re.compile(
    r"(?:[\W\d_]|\b(?:page|pages|pg|p|of|side|sider|av|af|seite|seiten|von|página|páginas|pagina|de"
    r"|van|sida|sivu|strona|z|стр)\b)*",
    re.IGNORECASE,
)
"""A line such as "Page 3 of 12", or what is left of it without its figures."""
_TYPED = "typed"
"""What stands for the list of entries whose marks are a part of their text."""


class FlowWriter:
    """Writes paragraphs one after another; entries that follow each other are one list."""

    def __init__(self, builder: DocumentBuilder, hidden: HiddenParts) -> None:
        self._builder = builder
        self._hidden = hidden
        self._group = 0
        self._list: object = None

    def end_list(self) -> None:
        self._group = 0

    def heading(self, words: str, level: int, marker: str = "", runs: Runs = ()) -> None:
        self.end_list()
        self._builder.heading(words if marker == BULLET else f"{marker} {words}", level, runs)

    def text(
        self,
        words: str,
        runs: Runs = (),
        *,
        marker: str = "",
        of: object = None,
        depth: int = 0,
        is_quote: bool = False,
    ) -> None:
        """Add a paragraph, which is an entry of the list `of` where it has a mark."""
        words = words.strip()
        if not words:
            return
        if not marker and (mark := ITEM_MARK.match(words)):
            words, marker, of, depth = words[mark.end() :], mark.group(), _TYPED, 0
        if marker:
            if not self._group or (depth == 0 and of != self._list):
                self._group, self._list = self._builder.group(), of
            self._builder.item(words, group=self._group, level=depth, marker=marker, runs=runs)
            return
        self.end_list()
        self._builder.quote(is_quote)
        self._builder.paragraph(words, runs)
        self._builder.quote(-is_quote)

    def unseen(self, hidden: str, deleted: str, place: str = "") -> None:
        """Write what of a paragraph is hidden or deleted, where that is asked for."""
        self._hidden.write(HiddenContent.DELETED, "tracked deletion", deleted, place)
        self._hidden.write(HiddenContent.HIDDEN, "hidden text", hidden, place)

    def margins(self, texts: Iterable[str]) -> None:
        """Add each line of headers and footers once, unless it is a mere number of a page."""
        with self._builder.origin(TextOrigin.MARGIN):
            for text in dict.fromkeys(map(one_line, texts)):
                if not _PAGE_WORDS.fullmatch(text):
                    self._builder.paragraph(text)
