"""Builder of a document's text and blocks, for formats that are not plain text themselves."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from index.document import (
    Block,
    BlockKind,
    Span,
    Style,
    StyleKind,
    TextOrigin,
    clip_styles,
    shift_styles,
)
from index.errors import UnreadableDocument
from index.parsing.draft import Draft
from index.parsing.limits import ParsingLimits
from index.parsing.packed_blocks import PackedBlocks
from index.parsing.packed_styles import PackedStyles
from index.parsing.text.cutting import beginning, only_the_first, too_long
from index.parsing.text.flowing import flow_styles
from index.parsing.text.invisible import INVISIBLE
from index.parsing.text.structure import structure
from index.parsing.text.styling import Runs, styles_of
from index.text import is_figure

_Part = TypeVar("_Part")

# Besides: control characters that are not white space, and halves of surrogate pairs.
_DROPPED = re.compile(f"{INVISIBLE.pattern[:-1]}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_DIVISIBLE = frozenset({BlockKind.PARAGRAPH, BlockKind.CODE})
"""Blocks of which the beginning says what it says."""
_SPACES = re.compile(r"[^\S\n]+")
_MOST_PIECES = 10_000


def clean(text: str) -> str:
    """Return the text in NFC, with every line break as a newline and tabs as its only controls.

    Soft hyphens, and other characters that are not seen, are dropped.
    """
    text = _DROPPED.sub("", text)
    return unicodedata.normalize("NFC", _NEWLINES.sub("\n", text))


def one_line(text: str) -> str:
    """Return the cleaned text with every run of white space as one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # as most cells of tables are
    return " ".join(clean(text).split())


class TextTooLong(UnreadableDocument):
    """Raised where a document gets more text than one may have."""


class DocumentBuilder:
    """Collects blocks in reading order and joins their texts.

    An empty line separates two blocks; a line break separates the entries of one list and the rows
    of one table. An empty text makes no block. Two page breaks in a row make an empty page.
    """

    def __init__(self, limits: ParsingLimits) -> None:
        self._limits = limits
        self._pieces: list[str] = []
        self._joined: list[str] = []
        """Pieces that were joined, since each takes more memory than its characters do."""
        self._length = 0
        self._blocks = PackedBlocks()
        self._groups = self._last_group = 0
        self._pages: list[Span] = []
        self._page_blocks = 0
        self._page_start: int | None = None
        self._remarks: list[str] = []
        self._has_hidden = False
        self._origin = TextOrigin.BODY
        self._styles = PackedStyles()
        self._quotes = 0

    @property
    def length(self) -> int:
        return self._length

    def group(self) -> int:
        """Return the number of a new group: the items of one list, or the rows of one table."""
        self._groups += 1
        return self._groups

    def quote(self, by: int) -> None:
        """Begin (1) or end (-1) a quotation, in which all blocks are that are added meanwhile."""
        self._quotes = max(0, self._quotes + by)

    @contextmanager
    def origin(self, origin: TextOrigin) -> Iterator[None]:
        """Mark all blocks that are added meanwhile as not of the body."""
        before, self._origin = self._origin, origin
        try:
            yield
        finally:
            self._origin = before

    def heading(self, text: str, level: int, runs: Runs = ()) -> None:
        """Add a heading; a figure that is set large, such as "67,845 crowns", names no section."""
        words = one_line(text)
        if is_figure(words):
            self._append(BlockKind.PARAGRAPH, words, runs=runs)
        else:
            # A heading is bold by itself.
            runs = [(run, kinds - {StyleKind.BOLD}) for run, kinds in runs]
            self._append(BlockKind.HEADING, words, level=max(1, min(level, 6)), runs=runs)

    def paragraph(self, text: str, runs: Runs = ()) -> None:
        """Add a paragraph: white space collapses, line breaks stay.

        `runs` say how its words are set, as they do for headings and items.
        """
        self._append(BlockKind.PARAGRAPH, _lines(text), runs=runs)

    def go_on(self, text: str, separator: str = " ") -> None:
        """Continue the last block, from the page before, with the first text of this page."""
        text = one_line(text)
        self._push(separator)
        self._page_start = self._length
        self._push(text)
        last = self._blocks.pop()
        self._blocks.append(replace(last, span=Span(last.span.start, self._length)))

    def item(
        self, text: str, *, group: int, level: int = 0, marker: str = "•", runs: Runs = ()
    ) -> None:
        """Add a list item behind its marker."""
        if content := _lines(text):
            text = f"{marker} {content}"
            self._append(BlockKind.ITEM, text, level=level, group=group, runs=runs)

    def table(
        self,
        rows: Iterable[Sequence[str]],
        *,
        header_rows: int,
        hidden: Collection[int] = (),
        numbers: Sequence[int] = (),
    ) -> None:
        """Add a table; its first `header_rows` rows become one header block, a line each.

        `hidden` are the numbers, from 0, of rows that are hidden and read nevertheless. `numbers`
        are those of the rows in their sheet, from 1.
        """
        group = self.group()
        header: list[str] = []
        for number, cells in enumerate(rows):
            row = _row(cells)
            if number < header_rows:
                header += [row] if row else []
                if number + 1 < header_rows:
                    continue
                row = "\n".join(header)
                self._append(BlockKind.HEADER, row, group=group)
                continue
            of_sheet = numbers[number] if numbers else 0
            if number in hidden:
                with self.origin(TextOrigin.HIDDEN):
                    self._append(BlockKind.ROW, row, group=group, row=of_sheet)
            else:
                self._append(BlockKind.ROW, row, group=group, row=of_sheet)

    def code(self, text: str) -> None:
        """Add preformatted lines without the indent that all of them share."""
        lines = [line.rstrip() for line in clean(text).split("\n")]
        self._append(BlockKind.CODE, textwrap.dedent("\n".join(lines)).strip())

    def plain(self, text: str) -> None:
        """Add plain text, and find its blocks as in a text file."""
        whole = clean(text)
        text = beginning(whole, self._room())
        blocks = structure(text, title=False)
        self.include(Draft(text, blocks, styles=list(flow_styles(text, blocks))))
        if len(text) < len(whole):
            raise self._too_long()

    def include(self, draft: Draft) -> None:
        """Add the blocks of another document, such as one that is inserted in this one."""
        if not draft.blocks:
            return
        first = draft.blocks[0].span.start
        room = self._room()
        blocks = [block for block in draft.blocks if block.span.end - first <= room]
        if not blocks:
            raise self._too_long()
        last = blocks[-1].span.end
        offset = self._separate("\n\n") - first
        groups = {0: 0}
        for block in blocks:
            if block.group not in groups:
                groups[block.group] = self.group()
            span = block.span.moved(offset)
            origin = self._origin if block.origin is TextOrigin.BODY else block.origin
            group = groups[block.group]
            self._place(Block(block.kind, span, block.level, group, origin, block.row))
        self._styles += shift_styles(clip_styles(draft.styles, Span(first, last)), offset)
        self._push(draft.text[first:last])
        for remark in draft.remarks:
            self.remark(remark)
        self._has_hidden |= draft.has_hidden
        if len(blocks) < len(draft.blocks):
            raise self._too_long()

    @contextmanager
    def within_limit(self, pages: str = "", *, may_hide: bool = True) -> Iterator[None]:
        """Write as much of a document as one may have, and remark what is not read.

        `pages` is what one of its pages is called. The rest may hide something, unless that is
        known.
        """
        try:
            yield
        except TextTooLong:
            if pages:
                self.page_break()
            after = f" after {pages} {len(self._pages):,}" if pages else ""
            self.remark(too_long(self._limits.max_characters, after))
            self._has_hidden |= may_hide

    def first(self, parts: Sequence[_Part], called: str) -> Sequence[_Part]:
        """Return as many parts, such as slides, as a document may have, and remark the others."""
        most = self._limits.max_pages
        if len(parts) > most:
            self.hidden(only_the_first(most, len(parts), called))
        return parts[:most]

    def page_break(self) -> None:
        """End the current page; formats with pages call this after each of them."""
        has_block = len(self._blocks) > self._page_blocks
        start = self._blocks[self._page_blocks].span.start if has_block else self._length
        if self._page_start is not None:
            start = self._page_start
        self._pages.append(Span(start, self._length))
        self._page_start = None
        self._page_blocks = len(self._blocks)

    def remark(self, sentence: str) -> None:
        """Note once, in a sentence for a person, what could not be read well."""
        if sentence not in self._remarks:
            self._remarks.append(sentence)

    def hidden(self, sentence: str) -> None:
        """Remark that the file has hidden content that was not read.

        Such a file is not handed out as an original, unless that is set.
        """
        self._has_hidden = True
        self.remark(sentence)

    def draft(self, *, title: str = "", metadata: Mapping[str, str] | None = None) -> Draft:
        """Return what was built."""
        return Draft(
            text="".join((*self._joined, *self._pieces)),
            blocks=self._blocks,
            styles=self._styles,
            pages=tuple(self._pages),
            title=one_line(title),
            metadata=metadata or {},
            remarks=tuple(self._remarks),
            has_hidden=self._has_hidden,
        )

    def _append(
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int = 0,
        group: int = 0,
        runs: Runs = (),
        row: int = 0,
    ) -> None:
        if not text:
            return
        has_block = len(self._blocks) > self._page_blocks  # on this page
        same_group = bool(group) and has_block and self._last_group == group
        indent = "  " * level if kind is BlockKind.ITEM else ""
        if len(text) > self._room(indent):
            if kind in _DIVISIBLE:
                self._append(kind, beginning(text, self._room()))
            raise self._too_long()
        start = self._separate(("\n" if same_group else "\n\n") + indent)
        self._push(text)
        span = Span(start, self._length)
        self._place(Block(kind, span, level, group, self._origin, row))
        if self._quotes:
            self._styles += [Style(StyleKind.QUOTED, span)]
        if runs:
            cleaned = [(clean(run), kinds) for run, kinds in runs]
            self._styles += shift_styles(styles_of(text, cleaned), start)

    def _place(self, block: Block) -> None:
        self._blocks.append(block)
        self._last_group = block.group

    def _separate(self, separator: str) -> int:
        self._push(separator if self._length else separator.lstrip("\n"))
        return self._length

    def _push(self, text: str) -> None:
        if self._length + len(text) > self._limits.max_characters:
            raise self._too_long()
        self._pieces.append(text)
        self._length += len(text)
        if len(self._pieces) >= _MOST_PIECES:
            self._joined.append("".join(self._pieces))
            self._pieces.clear()

    def _room(self, indent: str = "") -> int:
        """Return how many characters the next block may have."""
        between = len("\n\n") if self._length else 0
        return self._limits.max_characters - self._length - between - len(indent)

    def _too_long(self) -> TextTooLong:
        return TextTooLong(f"it holds more than {self._limits.max_characters:,} characters")


def _lines(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _row(cells: Sequence[str]) -> str:
    texts = [one_line(cell) for cell in cells]
    return " | ".join(texts).strip() if any(texts) else ""
