"""Structure of plain text: paragraphs, unmarked headings, lists, tables drawn with pipes.

Nothing here changes the text. Lines are taken one after another, and each begins a block or joins
the block before it; which of the two may depend on the lines that follow.
"""

from __future__ import annotations

import re

from index.document import Block, BlockKind, Span
from index.parsing.text.characters import (
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
from index.parsing.text.text_lines import TextLines

_AMID_SENTENCE = re.compile(r"\d+(?:[.,;)]|\s+[a-z])|[.,;:)]")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_MARKED = re.compile(r"(?P<level>={1,6})[ \t]+[^\W\d_].{0,90}?(?:[ \t]+=*)?")
"""A heading of AsciiDoc or of a wiki, as "== Aims ==" is."""
_COLUMNS = re.compile(r"\||\S[ \t]{2,}\S.*\S[ \t]{2,}\S")
"""The names of columns, which stand far apart."""
_RULE = re.compile(r"(?:([-=_*~#+.])\s?){3,}")


def structure(text: str, *, title: bool = True) -> list[Block]:
    """Return the blocks of `text`; with `title`, a heading on its first line has level 1, not 2."""
    return _Structure(text, title=title).blocks()


class _Structure:
    def __init__(self, text: str, *, title: bool) -> None:
        self._lines = TextLines(text)
        self._title = title
        self._first = self._lines.next(-1) or 0
        self._blocks: list[Block] = []
        self._groups = 0
        self._nesting: Nesting | None = None
        self._family = ""

    def blocks(self) -> list[Block]:
        at = 0
        while at < len(self._lines):
            at = self._take(at) if self._lines[at].text else at + 1
        return self._blocks

    def _take(self, at: int) -> int:
        """Make a block that begins with this line; return the number of the line after it."""
        line = self._lines[at]
        if level := self._underlined(at):
            return self._add(BlockKind.HEADING, at, at + 2, level=level)
        if self._is_overlined(at):
            return self._add(BlockKind.HEADING, at, at + 3, level=1)
        if (marked := _MARKED.fullmatch(line.text)) and not (at and self._lines[at - 1].text):
            return self._add(BlockKind.HEADING, at, at + 1, level=len(marked["level"]))
        if (end := self._lines.table_end(at)) > at:
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

    def _paragraph_end(self, at: int) -> int:
        end = at + 1
        while end < len(self._lines) and self._lines[end].text:
            if not self._lines.runs_on(end - 1) or self._begins_block(end):
                break
            end += 1
        return end

    def _begins_block(self, at: int) -> bool:
        text = self._lines[at].text
        return bool(
            text.startswith(">")
            or self._item(at)
            or _RULE.fullmatch(text)
            or self._lines.table_end(at) > at
            or self._heading_level(at)
        )

    def _quote_end(self, at: int) -> int:
        """Find the end of a quoted e-mail's paragraph: an unquoted line or an empty quoted one."""
        end = at + 1
        while end < len(self._lines) and self._lines[end].text.startswith(">"):
            bare = not self._lines[end].text.strip("> ")
            end += 1
            if bare:
                break
        return end

    # Headings

    def _underlined(self, at: int) -> int:
        """Return the level of a heading with a line drawn below it, 0 for any other line."""
        below = at + 1
        if below >= len(self._lines) or (at and self._lines[at - 1].text):
            return 0
        text, line = self._lines[at].text, self._lines[below].text
        if not _UNDERLINE.fullmatch(line) or len(text) > WRAP or _RULE.fullmatch(text):
            return 0
        if 2 * len(line) < len(text) or _COLUMNS.search(text) or ITEM_MARK.match(text):
            return 0
        return 1 if line[0] == "=" else 2

    def _is_overlined(self, at: int) -> bool:
        """Return whether a heading stands between this line, which is drawn, and one like it."""
        if at + 2 >= len(self._lines) or not self._lines[at + 1].text:
            return False
        above, words, below = (self._lines[number].text for number in range(at, at + 3))
        is_drawn = _UNDERLINE.fullmatch(above) is not None and above == below
        return is_drawn and len(words) <= 2 * len(above) and not _RULE.fullmatch(words)

    def _heading_level(self, at: int, chain: int = 0) -> int:
        """Return the level of a heading, 0 for any other line.

        `chain` counts the lines above that may be headings because this one is.
        """
        text = self._lines[at].text
        first = self._title and at == self._first
        after = self._lines.next(at)
        if after is None or not self._stands_apart(at):
            return 0
        gap = after > at + 1
        following = self._lines[after].text
        if ITEM_MARK.match(text):
            return self._numbered_level(at)
        if not has_heading_shape(text, lenient=first and gap):
            return 0
        level = 1 if first else self._depth(text)
        if first and (gap or is_label(following)):
            return level
        if is_shouted(text):
            return 0 if is_shouted(following) else level
        if ITEM_MARK.match(following) and self._numbered_level(after) == 0:
            return level if gap else 0
        enough = max(LONG, len(text) * 1.5)
        if self._lines.length_from(after) >= enough and (gap or self._leads(at, after)):
            return level
        leads_on = chain < 2 and self._heading_level(after, chain + 1) > 0
        return level if leads_on and (gap or first) else 0

    def _stands_apart(self, at: int) -> bool:
        """Return whether no sentence of the line above goes on in this line."""
        if at == 0 or not self._lines[at - 1].text:
            return True
        above = self._lines[at - 1]
        if self._lines.is_unwrapped(at - 1) or ends_sentence(above.text):
            return True
        if _RULE.fullmatch(above.text):
            return True
        last = self._blocks[-1] if self._blocks else None
        return last is not None and last.span.end == above.end and last.kind is BlockKind.HEADING

    def _leads(self, at: int, after: int) -> bool:
        """Return whether a line directly above other text is so short that it must be a heading."""
        line, below = self._lines[at], self._lines[after]
        if _AMID_SENTENCE.match(below.text):  # such as "O" above "2 from the air", a subscript
            return False
        if self._lines.is_unwrapped(after):
            return below.width >= 1.5 * line.width
        if below.text[0].islower() or below.width < max(40, 1.2 * line.width):
            return False
        return self._lines.has_room(at, 0.7)

    def _numbered_level(self, at: int) -> int:
        """Return the level of "1. Aims" above its text, 0 for "1. aim" in a list."""
        text = self._lines[at].text
        number = NUMBERED.match(text)
        if number is None or not has_heading_shape(text[number.end() :]):
            return 0
        before, after = self._lines.previous(at), self._lines.next(at)
        if after is None:
            return 0
        above = self._lines[before].text if before is not None else ""
        if any(ITEM_MARK.match(other) for other in (above, self._lines[after].text)):
            return 0
        if self._lines[after].indent > self._lines[at].indent:
            return 0
        if before == at - 1 and not ends_sentence(above) and not self._lines.is_unwrapped(before):
            return 0
        return self._depth(text) if self._lines.length_from(after) >= LONG else 0

    @staticmethod
    def _depth(text: str) -> int:
        number = NUMBERED.match(text)
        return 2 if number is None else min(number["number"].count(".") + 2, 6)

    # Lists

    def _item(self, at: int) -> re.Match[str] | None:
        """Return the mark that makes this line an entry of a list."""
        line = self._lines[at]
        mark = ITEM_MARK.match(line.text)
        if mark is None or self._nesting is not None or mark["bullet"]:
            return mark
        begins = (mark["number"] or mark["closed"] or mark["letter"] or mark["roman"]).lower()
        if begins in ("1", "a", "i") or at == 0 or not self._lines[at - 1].text:
            return mark
        # "… in the year\n12. The …" is prose whose line happens to begin with a figure.
        return mark if not self._lines.runs_on(at - 1) else None

    def _add_item(self, at: int, mark: re.Match[str]) -> int:
        line = self._lines[at]
        family = "bullet" if mark["bullet"] else "ordered"
        if self._nesting is None:
            self._nesting = self._begin_list(family)
        indent = line.indent + max(1, mark.group().count("*")) - 1
        level = self._nesting.level(indent)
        if level == 0 and family != self._family:
            self._nesting = self._begin_list(family)
            self._nesting.level(indent)
        return self._add(BlockKind.ITEM, at, self._item_end(at), level=level, group=self._groups)

    def _begin_list(self, family: str) -> Nesting:
        self._groups += 1
        self._family = family
        return Nesting()

    def _item_end(self, at: int) -> int:
        indent = self._lines[at].indent
        end = at + 1
        while (number := self._lines.next(end - 1)) is not None:
            line = self._lines[number]
            if ITEM_MARK.match(line.text) or line.text.startswith(">"):
                break
            if _RULE.fullmatch(line.text) or self._lines.table_end(number) > number:
                break
            if number > end:
                continues = line.indent >= indent + 2
            else:
                continues = line.indent > indent or self._wraps_into(number)
            if not continues:
                break
            end = number + 1
        return end

    def _wraps_into(self, at: int) -> bool:
        """Return whether the line above was wrapped, so that it goes on in this one."""
        above = self._lines[at - 1]
        if self._lines.is_unwrapped(at) or ends_sentence(above.text):
            return False
        return self._lines[at].text[0].islower() or not self._lines.has_room(at - 1, 0.85)

    # Tables

    def _add_table(self, at: int, end: int) -> None:
        self._groups += 1
        rows = [number for number in range(at, end) if not self._lines.is_table_rule(number)]
        cells = [cells_of(self._lines[number].text) for number in rows]
        ruled = rows[0] + 1 < end and self._lines.is_table_rule(rows[0] + 1)
        headed = ruled or header_likely(cells)
        for place, number in enumerate(rows):
            begin = at if place == 0 else number
            stop = rows[place + 1] if place + 1 < len(rows) else end
            kind = BlockKind.HEADER if headed and place == 0 else BlockKind.ROW
            self._add(kind, begin, stop, group=self._groups)
