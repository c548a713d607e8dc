"""Whether a quote was shown: its words, figures and signs, in order, as its document sets them.

This does not ask the typesetting. What is markup in a document is known by its styles, and all
else counts as words. A table's row may be shown as fields, the name of its column before each
cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from bot.text import visible
from index.answering.answer import Excerpt
from index.document import Span, Style, StyleKind, clip_styles, shift_styles
from index.tables.table import TableLine, header_line
from testing.discord_client import discord_client, words

_TABLE = (StyleKind.HEADER, StyleKind.ROW)
_SMALL = re.compile(r"^-# ", re.MULTILINE)
"""The mark of small text, which nobody sees; one of a document is escaped."""
_DIVIDER = re.compile(r"(?<!\\)\|")


def alphanumeric(text: str) -> str:
    """Return what is left of a text when its markup is gone."""
    return "".join(filter(str.isalnum, text))


def seen(markup: str) -> str:
    """Return the words and signs that people see of a message, each with a space after it."""
    return _spaced(discord_client(_SMALL.sub("", markup)).text)


def is_shown(excerpt: Excerpt, shown: str) -> bool:
    """Return whether all of an excerpt stands together in what was `seen`."""
    text = _Text(excerpt.quote, excerpt.styles, excerpt.span)
    names = list[list[str]]()
    if excerpt.header is not None:
        header = _Text(excerpt.header.text, excerpt.styles, excerpt.header.span)
        names += header.heads(header.whole)
    within = [head for block in text.blocks(StyleKind.HEADER) for head in text.heads(block)]
    if text.hides_words:
        return False
    found = re.search(rf"(?<!\S){text.pattern([*names, *within])}", shown)
    # Where the header is quoted as well, its names stand above the columns or before the cells.
    of_header = ".*?".join(re.escape(_spaced(name)) for head in within for name in head)
    return bool(found and re.search(of_header, found[0]))


class _Text:
    """A stored text and how it is set; `span` is where it stands in its document."""

    def __init__(self, text: str, styles: Sequence[Style], span: Span) -> None:
        self._text = text
        self._styles = shift_styles(clip_styles(styles, span), -span.start)
        self._instead = [style for style in self._styles if style.kind is StyleKind.INSTEAD]
        self.whole = Span(0, len(text))

    @property
    def hides_words(self) -> bool:
        """Return whether anything but signs is left out or replaced."""
        replaced = [(style.span.of(self._text), style.text) for style in self._instead]
        return any(_letters(stored) != _letters(shown) for stored, shown in replaced)

    def blocks(self, *kinds: StyleKind) -> Iterator[Span]:
        yield from sorted(style.span for style in self._styles if style.kind in kinds)

    def heads(self, header: Span) -> Iterator[list[str]]:
        """Yield the cells of each line of a table's header."""
        start = header.start
        for line in header_line(TableLine(header.of(self._text), header)).text.split("\n"):
            yield self._cells(Span(start, start + len(line)))
            start += len(line) + 1

    def pattern(self, names: Sequence[Sequence[str]]) -> str:
        """Return an expression for how it may be shown, with the names of its columns."""
        found, done = [], 0
        rows, items = set(self.blocks(StyleKind.ROW)), set(self.blocks(StyleKind.ITEM))
        for block in self.blocks(*_TABLE, StyleKind.ITEM):
            found.append(re.escape(self._seen(Span(done, block.start))))
            done = block.end
            if block in items:
                found.append(_item(self._seen(block)))
            elif block in rows:
                cells = self._cells(block)
                found += map(_cell, cells, _columns(names, len(cells)))
            else:
                found += [_may_be(name) for head in self.heads(block) for name in head]
        return "".join([*found, re.escape(self._seen(Span(done, len(self._text))))])

    def _cells(self, line: Span) -> list[str]:
        ends = [one.start() for one in _DIVIDER.finditer(line.of(self._text))]
        starts = [0, *(end + 1 for end in ends)]
        return [
            self._seen(Span(line.start + start, line.start + end))
            for start, end in zip(starts, [*ends, len(line)], strict=True)
        ]

    def _seen(self, span: Span) -> str:
        parts, done = [], span.start
        for style in self._instead:
            if span.start <= style.span.start < span.end and done <= style.span.start:
                parts += [visible(self._text[done : style.span.start]), visible(style.text)]
                done = style.span.end
        return _spaced("".join([*parts, visible(self._text[done : span.end])]))


def _letters(text: str) -> str:
    return alphanumeric(text).casefold()


def _spaced(text: str) -> str:
    return "".join(f"{word} " for word in words(text))


def _columns(names: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return the names of each column, one of every line of the header."""
    columns = [[name for name in column if name] for column in zip_longest(*names, fillvalue="")]
    return [*columns, *[[] for _ in range(width)]][:width]


def _cell(cell: str, names: Sequence[str]) -> str:
    return "".join([*map(_may_be, names), re.escape(cell)])


def _item(item: str) -> str:
    """Return an expression for an item of a list, whose bullet Discord draws."""
    first, _, rest = item.partition(" ")
    return re.escape(item) if alphanumeric(first) else _may_be(f"{first} ") + re.escape(rest)


def _may_be(text: str) -> str:
    return f"(?:{re.escape(text)})?" if text.strip() else ""
