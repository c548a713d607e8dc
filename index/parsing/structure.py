"""The structure of plain text: paragraphs, unmarked headings, lists, and tables drawn with pipes.

Nothing here changes the text. Lines are taken one after another, and each becomes the beginning of
a block or joins the one before; what a line is may depend on the lines that follow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.document import Block, BlockKind, Span
from index.parsing.characters import (
    ITEM_MARK,
    LONG,
    NUMBERED,
    WRAP,
    Nesting,
    cells_of,
    ends_sentence,
    has_heading_shape,
    header_likely,
    is_label,
    is_shouted,
)

__all__ = ["structure"]

_AMID_SENTENCE = re.compile(r"\d+(?:[.,;)]|\s+[a-z])|[.,;:)]")
_FAR_ENOUGH = 270  # characters after which it is settled that a text is long
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_RULE = re.compile(r"(?:([-=_*~#+.])\s?){3,}")
_DELIMITERS = re.compile(r"[-+:|=\s]*[-=]{2,}[-+:|=\s]*")


@dataclass(frozen=True, slots=True)
class _Line:
    """`start` and `end` leave out the white space around `text`; an empty line has no text."""

    start: int
    end: int
    indent: int
    text: str

    @property
    def width(self) -> int:
        return self.indent + len(self.text)


def structure(text: str, *, title: bool = True) -> list[Block]:
    """Blocks of `text`; with `title`, a heading on its first line is of level 1, not 2."""
    return _Structure(text, title=title).blocks()


class _Structure:
    def __init__(self, text: str, *, title: bool) -> None:
        self._lines = list(_split(text))
        self._title = title
        self._first = next((n for n, line in enumerate(self._lines) if line.text), 0)
        self._blocks: list[Block] = []
        self._groups = 0
        self._nesting: Nesting | None = None
        self._family = ""
        fitting = [line.width for line in self._lines if line.text and line.width <= WRAP]
        self._width = max(fitting, default=0)
        self._long_runs = self._find_long_runs()

    def blocks(self) -> list[Block]:
        at = 0
        while at < len(self._lines):
            at = self._take(at) if self._lines[at].text else at + 1
        return self._blocks

    def _take(self, at: int) -> int:
        """Makes a block of the line and of those that belong to it; returns the next line's."""
        lines = self._lines
        line = lines[at]
        if level := self._underlined(at):
            return self._add(BlockKind.HEADING, at, at + 2, level=level)
        if (end := self._table_end(at)) > at:
            self._add_table(at, end)
            return end
        if _RULE.fullmatch(line.text):
            return self._add(BlockKind.PARAGRAPH, at, at + 1)
        if line.text.startswith(">"):
            return self._add(BlockKind.PARAGRAPH, at, self._quote_end(at))
        if level := self._heading_level(at):
            return self._add(BlockKind.HEADING, at, at + 1, level=level)
        if (mark := self._item(at)) is not None:
            return self._add_item(at, mark)
        return self._add(BlockKind.PARAGRAPH, at, self._paragraph_end(at))

    def _add(self, kind: BlockKind, at: int, end: int, *, level: int = 0, group: int = 0) -> int:
        span = Span(self._lines[at].start, self._lines[end - 1].end)
        self._blocks.append(Block(kind, span, level, group))
        if kind is not BlockKind.ITEM:
            self._nesting = None
        return end

    # Paragraphs

    def _find_long_runs(self) -> set[int]:
        """Lines in a stretch without empty lines that holds one too long to have been wrapped."""
        found: set[int] = set()
        run: list[int] = []
        for number, line in enumerate([*self._lines, _Line(0, 0, 0, "")]):
            if line.text:
                run.append(number)
                continue
            if any(self._lines[other].width > WRAP for other in run):
                found.update(run)
            run = []
        return found

    def _fits(self, at: int, share: float) -> bool:
        """Whether the next line's first word would have fitted on this line."""
        word = self._lines[at + 1].text.split(maxsplit=1)[0]
        return self._lines[at].width + 1 + len(word) <= share * self._width

    def _runs_on(self, at: int) -> bool:
        """Whether the line was wrapped, so that the next one continues its paragraph."""
        if at in self._long_runs:
            return False
        if not ends_sentence(self._lines[at].text):
            return True
        set_in = self._lines[at + 1].indent >= self._lines[at].indent + 2
        return not set_in and not self._fits(at, 0.85)

    def _paragraph_end(self, at: int) -> int:
        end = at + 1
        while end < len(self._lines) and self._lines[end].text:
            if not self._runs_on(end - 1) or self._begins_block(end):
                break
            end += 1
        return end

    def _begins_block(self, at: int) -> bool:
        text = self._lines[at].text
        return bool(
            text.startswith(">")
            or self._item(at)
            or _RULE.fullmatch(text)
            or self._table_end(at) > at
            or self._heading_level(at)
        )

    def _quote_end(self, at: int) -> int:
        """The lines of an e-mail that is quoted, up to one that has only its mark."""
        end = at + 1
        while end < len(self._lines) and self._lines[end].text.startswith(">"):
            bare = not self._lines[end].text.strip("> ")
            end += 1
            if bare:
                break
        return end

    # Headings

    def _underlined(self, at: int) -> int:
        below = at + 1
        if below >= len(self._lines) or (at and self._lines[at - 1].text):
            return 0
        text, line = self._lines[at].text, self._lines[below].text
        if not _UNDERLINE.fullmatch(line) or len(text) > WRAP or _RULE.fullmatch(text):
            return 0
        if 2 * len(line) < len(text) or "|" in text or ITEM_MARK.match(text):
            return 0
        return 1 if line[0] == "=" else 2

    def _heading_level(self, at: int, chain: int = 0) -> int:
        """1 to 6 for a heading, 0 for any other line."""
        text = self._lines[at].text
        first = self._title and at == self._first
        after = self._next(at)
        if after is None or not self._stands_apart(at):
            return 0
        gap = after > at + 1
        following = self._lines[after].text
        if ITEM_MARK.match(text):
            return self._numbered_level(at, after, first)
        if not has_heading_shape(text, lenient=first and gap):
            return 0
        level = 1 if first else self._depth(text)
        if first and (gap or is_label(following)):
            return level
        if is_shouted(text):
            return 0 if is_shouted(following) else level
        if ITEM_MARK.match(following) and self._numbered_level(after, None, False) == 0:
            return level if gap else 0
        enough = max(LONG, len(text) * 1.5)
        if self._length_from(after) >= enough and (gap or self._leads(at, after)):
            return level
        leads_on = chain < 2 and self._heading_level(after, chain + 1) > 0
        return level if leads_on and (gap or first) else 0

    def _stands_apart(self, at: int) -> bool:
        """Whether no sentence of the line above goes on into this line."""
        if at == 0 or not self._lines[at - 1].text:
            return True
        above = self._lines[at - 1]
        if at - 1 in self._long_runs or ends_sentence(above.text):
            return True
        if _RULE.fullmatch(above.text):
            return True
        last = self._blocks[-1] if self._blocks else None
        ended = last is not None and last.span.end == above.end
        return ended and last is not None and last.kind is BlockKind.HEADING

    def _leads(self, at: int, after: int) -> bool:
        """Whether a line directly above other text is apart from it, by its length."""
        line, below = self._lines[at], self._lines[after]
        if _AMID_SENTENCE.match(below.text):  # "O" above "2 from the air is …", a lost subscript
            return False
        if after in self._long_runs:
            return below.width >= 1.5 * line.width
        if below.text[0].islower() or below.width < max(40, 1.2 * line.width):
            return False
        return self._fits(at, 0.7)

    def _numbered_level(self, at: int, after: int | None, first: bool) -> int:
        """A level for "1. Aims" above its text, 0 for "1. aim" in a list."""
        text = self._lines[at].text
        number = NUMBERED.match(text)
        if number is None or not has_heading_shape(text[number.end() :]):
            return 0
        after = self._next(at) if after is None else after
        before = self._previous(at)
        if after is None:
            return 0
        above = self._lines[before].text if before is not None else ""
        if any(ITEM_MARK.match(other) for other in (above, self._lines[after].text)):
            return 0
        if self._lines[after].indent > self._lines[at].indent:
            return 0
        if before == at - 1 and not ends_sentence(above) and before not in self._long_runs:
            return 0
        return self._depth(text) if self._length_from(after) >= LONG else 0

    @staticmethod
    def _depth(text: str) -> int:
        number = NUMBERED.match(text)
        return 2 if number is None else min(number["number"].count(".") + 2, 6)

    def _length_from(self, at: int) -> int:
        """Characters of the paragraph that begins at a line, counted until it is long enough."""
        length = 0
        for number in range(at, len(self._lines)):
            text = self._lines[number].text
            if not text or length > _FAR_ENOUGH:
                break
            length += len(text)
            if number in self._long_runs:
                break
        return length

    def _next(self, at: int) -> int | None:
        for number in range(at + 1, len(self._lines)):
            if self._lines[number].text:
                return number
        return None

    def _previous(self, at: int) -> int | None:
        for number in range(at - 1, -1, -1):
            if self._lines[number].text:
                return number
        return None

    # Lists

    def _item(self, at: int) -> re.Match[str] | None:
        line = self._lines[at]
        mark = ITEM_MARK.match(line.text)
        if mark is None or self._nesting is not None or mark["bullet"]:
            return mark
        begins = (mark["number"] or mark["closed"] or mark["letter"] or mark["roman"]).lower()
        if begins in ("1", "a", "i") or at == 0 or not self._lines[at - 1].text:
            return mark
        # "… in the year\n12. The …" is prose whose line happens to begin with a figure.
        return mark if not self._runs_on(at - 1) else None

    def _add_item(self, at: int, mark: re.Match[str]) -> int:
        line = self._lines[at]
        family = "bullet" if mark["bullet"] else "ordered"
        if self._nesting is None:
            self._nesting = self._begin_list(family)
        level = self._nesting.level(line.indent)
        if level == 0 and family != self._family:
            self._nesting = self._begin_list(family)
            self._nesting.level(line.indent)
        return self._add(BlockKind.ITEM, at, self._item_end(at), level=level, group=self._groups)

    def _begin_list(self, family: str) -> Nesting:
        self._groups += 1
        self._family = family
        return Nesting()

    def _item_end(self, at: int) -> int:
        set_in = self._lines[at].indent
        end = at + 1
        while (number := self._next(end - 1)) is not None:
            line = self._lines[number]
            if ITEM_MARK.match(line.text) or line.text.startswith(">"):
                break
            if _RULE.fullmatch(line.text) or self._table_end(number) > number:
                break
            if number > end:
                continues = line.indent >= set_in + 2
            else:
                continues = line.indent > set_in or self._wraps_into(number)
            if not continues:
                break
            end = number + 1
        return end

    def _wraps_into(self, at: int) -> bool:
        above = self._lines[at - 1]
        if at in self._long_runs or ends_sentence(above.text):
            return False
        return self._lines[at].text[0].islower() or not self._fits(at - 1, 0.85)

    # Tables

    def _columns(self, at: int) -> int:
        text = self._lines[at].text if at < len(self._lines) else ""
        return len(cells_of(text)) if "|" in text.strip("|") and not self._delimits(at) else 0

    def _delimits(self, at: int) -> bool:
        text = self._lines[at].text if at < len(self._lines) else ""
        drawn = ("|" in text or "+" in text) and len(text) <= 1000
        return drawn and _DELIMITERS.fullmatch(text) is not None

    def _table_end(self, at: int) -> int:
        """The line after the table that begins at a line; the line itself when none does."""
        begin = at + 1 if self._delimits(at) else at
        columns = self._columns(begin)
        if columns < 2:
            return at
        end = begin + 1
        while self._columns(end) == columns or self._delimits(end):
            end += 1
        rows = sum(1 for number in range(at, end) if not self._delimits(number))
        return end if rows >= 2 or end - at >= 2 else at

    def _add_table(self, at: int, end: int) -> None:
        self._groups += 1
        rows = [number for number in range(at, end) if not self._delimits(number)]
        cells = [cells_of(self._lines[number].text) for number in rows]
        ruled = rows[0] + 1 < end and self._delimits(rows[0] + 1)
        headed = ruled or header_likely(cells)
        for place, number in enumerate(rows):
            begin = at if place == 0 else number
            stop = rows[place + 1] if place + 1 < len(rows) else end
            kind = BlockKind.HEADER if headed and place == 0 else BlockKind.ROW
            self._add(kind, begin, stop, group=self._groups)


def _split(text: str) -> Iterator[_Line]:
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            yield _Line(match.start(), match.start(), 0, "")
            continue
        lead = line[: len(line) - len(line.lstrip())]
        start = match.start() + len(lead)
        yield _Line(start, start + len(stripped), len(lead.expandtabs(4)), stripped)
