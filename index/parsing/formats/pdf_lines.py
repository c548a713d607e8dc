"""Lines of a PDF's pages, joined to blocks by their type size, weight and distances."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.parsing.builder import DocumentBuilder
from index.parsing.characters import ITEM_MARK, Nesting, header_likely, looks_like_heading

__all__ = ["Line", "Table", "body_type", "running_lines", "write_lines"]

_LARGER = 1.12  # a line of at least so many times the body's type size is a heading
_HEADING_LENGTH = 200
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page|side|p\.)?\s*\d{1,4}(?:\s*(?:of|/|av)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_HYPHEN_BREAK = re.compile(r"[^\W\d]-$")


@dataclass(frozen=True, slots=True)
class Line:
    """Distances are in points from the left and top of the page; `size` is the type size."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    in_margin: bool

    @property
    def key(self) -> str:
        """Equal for a running line on every page; empty for a line in the body of the page."""
        if not self.in_margin:
            return ""
        return "#" if _PAGE_NUMBER.fullmatch(self.text) else re.sub(r"\d+", "#", self.text)


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Body:
    """The type of most of a document's text, and the sizes of its headings, largest first."""

    size: float
    bold: bool
    larger: tuple[float, ...]
    plain: bool
    """No line is larger or bolder than the others, so the type does not tell headings apart."""


def body_type(lines: Sequence[Line]) -> Body:
    """Return the type that most characters are set in."""
    sizes: Counter[float] = Counter()
    bold = 0
    for line in lines:
        sizes[line.size] += len(line.text)
        bold += len(line.text) if line.bold else 0
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    mostly_bold = 2 * bold > sum(sizes.values())
    larger = sorted({line.size for line in lines if line.size >= _LARGER * size}, reverse=True)
    return Body(size, mostly_bold, tuple(larger), not larger and (mostly_bold or not bold))


def running_lines(pages: Sequence[Sequence[Line | Table]]) -> set[str]:
    """Return the keys of page numbers, and of headers and footers on at least half the pages."""
    counts = Counter(
        key
        for page in pages
        for key in {part.key for part in page if isinstance(part, Line) and part.key}
    )
    enough = max(3, (len(pages) + 1) // 2)
    return {
        key for key, count in counts.items() if count >= enough or (key == "#" and len(pages) > 1)
    }


def write_lines(parts: Sequence[Line | Table], body: Body, builder: DocumentBuilder) -> None:
    """Add the lines and tables of one page."""
    paragraphs = _paragraphs(parts, body)
    nesting: Nesting | None = None
    group = 0
    for number, lines in enumerate(paragraphs):
        if isinstance(lines, Table):
            builder.table(lines.rows, header_rows=int(header_likely(lines.rows)))
            nesting = None
            continue
        text = _joined(lines)
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        after = _joined(following) if isinstance(following, list) else ""
        mark = ITEM_MARK.match(text)
        if level := _heading_level(lines, text, after, body, first=not builder.length):
            builder.heading(text, level)
            nesting = None
        elif mark is not None:
            if nesting is None:
                nesting, group = Nesting(), builder.group()
            content = text[mark.end() :].lstrip("• ")
            level = nesting.level(lines[0].left, tolerance=2)
            builder.item(content, group=group, level=level, marker=mark.group())
        else:
            builder.paragraph(text)
            nesting = None


def _paragraphs(parts: Sequence[Line | Table], body: Body) -> list[list[Line] | Table]:
    leading = _leading([part for part in parts if isinstance(part, Line)])
    right = max((part.right for part in parts if isinstance(part, Line)), default=0.0)
    paragraphs: list[list[Line] | Table] = []
    for part in parts:
        last = paragraphs[-1] if paragraphs else None
        if isinstance(part, Table):
            paragraphs.append(part)
        elif isinstance(last, list) and _belongs(last, part, leading, right, body):
            last.append(part)
        else:
            paragraphs.append([part])
    return paragraphs


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance from the foot of one line to the foot of the next."""
    steps = Counter(
        round(two.bottom - one.bottom)
        for one, two in pairwise(lines)
        if 0 < two.bottom - one.bottom < 3 * one.size
    )
    common = steps.most_common()
    # The least of the frequent distances: a page of lists has as many larger ones.
    return min((step for step, count in common if 2 * count >= common[0][1]), default=14)


def _belongs(paragraph: list[Line], line: Line, leading: float, right: float, body: Body) -> bool:
    last = paragraph[-1]
    if abs(line.size - last.size) > 0.6 or (
        line.bold != last.bold and _stands_out(line, last, body)
    ):
        return False
    if ITEM_MARK.match(line.text):
        return False
    step = line.bottom - last.bottom
    if not 0 < step <= max(leading * 1.25, 0) + 1.5 and last.size < _LARGER * body.size:
        return False
    if last.size >= _LARGER * body.size:
        return 0 < step < 1.45 * last.size
    if ITEM_MARK.match(paragraph[0].text) and line.left < paragraph[0].left + 2:
        return not _SENTENCE_END.search(last.text) and last.right > 0.85 * right
    if not _SENTENCE_END.search(last.text):
        return True
    return line.left < last.left + line.size or ITEM_MARK.match(paragraph[0].text) is not None


def _stands_out(line: Line, last: Line, body: Body) -> bool:
    """Return whether one of two lines is wholly bold in a body that is not."""
    return not body.bold and (line.bold or last.bold)


def _joined(lines: Sequence[Line]) -> str:
    """Join a paragraph's lines; a word divided at a line's end keeps its hyphen, not the break."""
    text = ""
    for line in lines:
        parted = _HYPHEN_BREAK.search(text) and line.text[:1].islower()
        text += line.text if not text or parted else f" {line.text}"
    return text


def _heading_level(lines: Sequence[Line], text: str, after: str, body: Body, *, first: bool) -> int:
    if len(text) > _HEADING_LENGTH or not any(character.isalpha() for character in text):
        return 0
    size = lines[0].size
    if size in body.larger:
        return min(body.larger.index(size) + 1, 5)
    if body.plain:
        return (1 if first else 2) if len(lines) == 1 and looks_like_heading(text, after) else 0
    bold = not body.bold and all(line.bold for line in lines) and ITEM_MARK.match(text) is None
    apart = len(text) <= 100 and not text.endswith((".", ",", ";", ":"))
    return min(len(body.larger) + 1, 6) if bold and apart and size >= 0.95 * body.size else 0
