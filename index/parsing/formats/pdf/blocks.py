"""Paragraphs, headings, lists and tables of a PDF, from the lines and tables of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.document import BlockKind, TextOrigin
from index.parsing.builder import DocumentBuilder
from index.parsing.formats.pdf.hyphens import LineJoiner
from index.parsing.formats.pdf.lines import Line, Part
from index.parsing.page_content import PageTable
from index.parsing.tables.grid import spread
from index.parsing.text.characters import (
    ITEM_MARK,
    NUMBERED,
    Nesting,
    ends_sentence,
    looks_like_heading,
)

_LARGER = 1.12  # a line of at least so many times the body's type size may be a heading
_HEADING_LENGTH = 200
_SMALLER = 0.95  # of the body's type size: a note at the foot of the page
_FIGURE = re.compile(
    r"[$€£¥]\s*\d|\d\s*[%€£]|\d[,.\s']\d{3}(?!\d)|\d[.,]\d+\s*$|\d[.,]\d+\s+(?:million|billion|bn|m)\b",
    re.IGNORECASE,
)
_NOTHING = "\0"  # the separator within a divided word
_CAPTION = re.compile(
    r"(?:fig(?:ure|ur)?|tab(?:le|leau|elle|ell)?|abb(?:ildung)?)\b\.?\s*\d+(?:\.\d+)?\s*[:.–—|-]\s",
    re.IGNORECASE,
)
"""How what stands beside a figure begins, in which no sentence of the page before goes on."""
_ENDS_CLAUSE = (".", ",", ";", ":")


@dataclass(frozen=True, slots=True)
class Body:
    """The type of most of a document's text, and the sizes of its headings, largest first."""

    size: float
    bold: bool
    larger: tuple[float, ...]
    plain: bool
    """No line is larger or bolder than the others, so the type does not tell headings apart."""


@dataclass(slots=True)
class _Group:
    """Lines that belong together, or a table."""

    lines: list[Line]
    table: PageTable | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    text: str = ""


def body_of(pages: Sequence[Sequence[Part]]) -> Body:
    """Return the type that most characters are set in."""
    sizes: Counter[float] = Counter()
    named: set[float] = set()
    bold = 0
    for page in pages:
        for part in page:
            if isinstance(part, Line):
                sizes[part.size] += len(part.text)
                bold += len(part.text) if part.is_bold else 0
                if part.size not in named and _names_something(part.text):
                    named.add(part.size)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    mostly_bold = 2 * bold > sum(sizes.values())
    larger = sorted((each for each in named if each >= _LARGER * size), reverse=True)
    return Body(size, mostly_bold, tuple(larger), not larger and (mostly_bold or not bold))


class PageWriter:
    """Writes the pages of a document, one after the other, each with the next one at hand."""

    def __init__(self, body: Body, joiner: LineJoiner, builder: DocumentBuilder) -> None:
        self._body = body
        self._joiner = joiner
        self._builder = builder
        self._separator = ""  # before what the next page begins with, where that is continued
        self._has_begun = False
        self._nesting: Nesting | None = None
        self._group = 0

    def write(
        self,
        pages: list[list[Part]],
        recognised: Collection[int] = (),
        write_beside: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Add all pages, and let go of each; the text of `recognised` ones is marked as such.

        `write_beside` adds what is on a page and not of its body.
        """
        groups = self._groups(pages[0]) if pages else []
        for number in range(1, len(pages) + 1):
            following = self._groups(pages[number]) if number < len(pages) else []
            origin = TextOrigin.RECOGNISED if number in recognised else TextOrigin.BODY
            with self._builder.origin(origin):
                over = self._write_page(groups, following)
            write_beside(number)
            with self._builder.origin(origin):
                self._write([over] if over is not None else [])
            self._nesting = None
            self._builder.page_break()
            pages[number - 1] = []
            groups = following

    def _write_page(self, groups: list[_Group], following: list[_Group]) -> _Group | None:
        """Write a page but for the paragraph that goes on on the next one, which is returned.

        So notes at the page's foot come before it, and it stays whole.
        """
        separator, self._separator = self._separator, ""
        over = self._running_over(groups, following, is_continued=bool(separator))
        if over is not None:
            over.text, self._separator = self._joiner.seam(over.text, following[0].text)
            self._separator = self._separator or _NOTHING
        if separator:
            first = groups.pop(0)
            self._builder.go_on(first.text, separator.replace(_NOTHING, ""))
            over = None if over is first else over
        self._write([group for group in groups if group is not over])
        return over

    def _running_over(
        self, groups: list[_Group], following: list[_Group], *, is_continued: bool
    ) -> _Group | None:
        """Return the paragraph of a page that goes on with the first one of the next page."""
        if not groups or not following:
            return None
        begun = following[0]
        candidates = list(groups)
        while len(candidates) > 1 and self._is_foot_note(candidates[-1]):
            candidates.pop()
        last = candidates[-1]
        if is_continued and last is groups[0] and len(groups) > 1:
            return None
        kinds = (BlockKind.PARAGRAPH, BlockKind.ITEM)
        if last.table or begun.table or last.kind not in kinds or begun.kind is not kinds[0]:
            return None
        above, below = last.lines[-1], begun.lines[0]
        same_type = abs(above.size - below.size) <= 0.6 and above.is_bold == below.is_bold
        if not same_type or above.is_turned or below.is_turned or ends_sentence(above.text):
            return None
        if _CAPTION.match(below.text):
            return None
        letter = below.text.lstrip("\"'(“‘«")[:1]
        goes_on = letter.islower() or (
            len(last.text) > 60 and letter.isalnum() and above.right + below.first > above.edge
        )
        return last if goes_on else None

    def _is_foot_note(self, group: _Group) -> bool:
        small = bool(group.lines) and group.lines[0].size < _SMALLER * self._body.size
        return small and not group.lines[0].is_turned

    def _write(self, groups: Sequence[_Group]) -> None:
        for group in groups:
            if group.table is not None:
                rows = self._joiner.rows(spread(group.table.cells))
                self._builder.table(rows, header_rows=group.table.header_rows)
            elif group.kind is BlockKind.HEADING:
                self._builder.heading(group.text, group.level)
            elif group.kind is BlockKind.ITEM:
                self._write_item(group)
                continue
            else:
                self._builder.paragraph(group.text)
            self._nesting = None

    def _write_item(self, group: _Group) -> None:
        mark = ITEM_MARK.match(group.text)
        assert mark is not None
        if self._nesting is None:
            self._nesting, self._group = Nesting(), self._builder.group()
        content = group.text[mark.end() :].lstrip("• ")
        level = self._nesting.level(group.lines[0].left, tolerance=2)
        self._builder.item(content, group=self._group, level=level, marker=mark.group())

    # Groups of lines

    def _groups(self, parts: Sequence[Part]) -> list[_Group]:
        groups: list[_Group] = []
        leading = _leading([part for part in parts if isinstance(part, Line)])
        for part in parts:
            if not isinstance(part, Line):
                groups.append(_Group([], table=part))
            elif groups and groups[-1].lines and self._belongs(groups[-1].lines, part, leading):
                groups[-1].lines.append(part)
            else:
                groups.append(_Group([part]))
        for group in groups:
            group.text = self._joiner.joined(group.lines) if group.lines else ""
        for number, group in enumerate(groups):
            after = groups[number + 1].text if number + 1 < len(groups) else ""
            group.level = self._heading_level(group, after)
            self._has_begun = True
            if group.level:
                group.kind = BlockKind.HEADING
            elif group.lines and ITEM_MARK.match(group.text):
                group.kind = BlockKind.ITEM
        return groups

    def _belongs(self, paragraph: list[Line], line: Line, leading: float) -> bool:
        last, body = paragraph[-1], self._body
        if abs(line.size - last.size) > 0.6 or line.is_turned or last.is_turned:
            return False
        if line.is_bold != last.is_bold and not body.bold:
            return False
        if (line.is_parted or last.is_parted) and not ITEM_MARK.match(paragraph[0].text):
            return False
        if ITEM_MARK.match(line.text):
            return False
        step = line.foot - last.foot
        is_large = last.size >= _LARGER * body.size
        ended = ends_sentence(last.text)
        if step <= 0:  # the next column
            starts_low = line.text[:1].islower()
            full = last.right + line.first > last.edge
            return not ended and not is_large and (starts_low or full) and line.left > last.left
        if is_large:
            return step < 1.45 * last.size
        if step > leading * 1.25 + 1.5:
            return False
        if ITEM_MARK.match(paragraph[0].text) and line.left < paragraph[0].left + 2:
            return not ended and last.right > 0.85 * last.edge
        if not ended:
            return True
        if last.right + line.first + line.size < last.edge and last.right < 0.8 * last.edge:
            return False  # the paragraph ended early in its line
        return line.left < last.left + line.size or ITEM_MARK.match(paragraph[0].text) is not None

    def _heading_level(self, group: _Group, after: str) -> int:
        lines, text, body = group.lines, group.text, self._body
        if not lines or lines[0].is_turned or not _names_something(text):
            return 0
        if (mark := ITEM_MARK.match(text)) and mark["bullet"]:
            return 0
        size = lines[0].size
        if size in body.larger:
            if len(lines) > 1 and ends_sentence(text) and size < 1.5 * body.size:
                return 0  # an introduction in larger type
            return min(body.larger.index(size) + 1, 5)
        if body.plain:
            is_heading = len(lines) == 1 and looks_like_heading(text, after)
            return (2 if self._has_begun else 1) if is_heading else 0
        bold = not body.bold and all(line.is_bold for line in lines)
        if not bold or ITEM_MARK.match(text) or size < 0.95 * body.size:
            return 0
        apart = len(text) <= 100 and not text.endswith(_ENDS_CLAUSE)
        return min(len(body.larger) + 1, 6) if apart else 0


def _names_something(text: str) -> bool:
    """Return whether a large or bold text may be a heading: not a figure, nor a whole sentence."""
    if len(text) > _HEADING_LENGTH or not re.search(r"[^\W\d_]{2}", text):
        return False
    rest = text[mark.end() :] if (mark := NUMBERED.match(text)) else text
    if _FIGURE.search(rest) or _is_amount(text) or re.search(r":\s.*\d", rest):
        return False
    letters = sum(map(str.isalpha, rest))
    if sum(map(str.isdigit, rest)) > letters:
        return False
    return not (text.endswith((".", "!")) and len(text.split()) > 3 and text[-3:] != "...")


def _is_amount(text: str) -> bool:
    """Return whether a text is a figure of some size with its unit."""
    return re.fullmatch(r"[^\w]*\d{3,}\s+[^\W\d_]+", text) is not None


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance from the foot of one line to the foot of the next."""
    steps = Counter(
        round(two.foot - one.foot)
        for one, two in pairwise(lines)
        if 0 < two.foot - one.foot < 3 * one.size
    )
    common = steps.most_common()
    # The least of the frequent distances: a page of lists has as many larger ones.
    return min((step for step, count in common if 2 * count >= common[0][1]), default=14)
