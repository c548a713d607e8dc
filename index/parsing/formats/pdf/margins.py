"""Running heads and feet of a PDF's pages: what the page says of itself, not the document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.parsing.formats.pdf.lines import Line, Part

_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page|side|seite|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*(?:of|/|av|von)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)
_NUMBER_AT_END = re.compile(r"^(?P<first>\d{1,4})\b(?![.,]\d)|(?<![\d.,])(?P<last>\d{1,4})$")
_FIGURES = re.compile(r"\d+")
_NEAR_PAGES = 2  # a running head is on the next page, or on the one after it
_FEWEST_PAGES = 3  # that tell the running head of a page with wide margins
_SAME_PLACE = 4.0  # points
_LARGE = 1.3  # of the usual size: a line as large is a title, unless it is on most pages
_MOST_WORDS = 16


@dataclass(slots=True)
class Margins:
    """Pages without their running lines. `heads` holds, by page from 1, the first of each kind."""

    pages: list[list[Part]] = field(default_factory=list)
    heads: dict[int, list[Line]] = field(default_factory=dict)


def without_running_lines(pages: Sequence[Sequence[Part]], size: float) -> Margins:
    """Part running heads, feet and page numbers from the pages; `size` is the usual type size."""
    margins = [_edges(page) for page in pages]
    running = _repeated(margins, size)
    offset = _page_offset(margins)
    found = Margins()
    seen: set[str] = set()
    for number, page in enumerate(pages):
        outermost = _outermost(page)
        kept: list[Part] = []
        for part in page:
            if not isinstance(part, Line) or not (part.in_margin or part in outermost):
                kept.append(part)
            elif (number, key := _key(part)) in running:
                if key not in seen and not _PAGE_NUMBER.fullmatch(part.text):
                    found.heads.setdefault(number + 1, []).append(part)
                seen.add(key)
            elif not (
                (len(pages) > 1 and part.in_margin and _PAGE_NUMBER.fullmatch(part.text))
                or (part in outermost and _has_page_number(part, number, offset))
            ):
                kept.append(part)
        found.pages.append(kept)
    return found if any(found.pages) else Margins([list(page) for page in pages])


def _edges(page: Sequence[Part]) -> list[Line]:
    """Return the lines in a page's margins, and its outermost ones: its margins may be wide."""
    outermost = _outermost(page)
    return [
        part for part in page if isinstance(part, Line) and (part.in_margin or part in outermost)
    ]


def _repeated(margins: Sequence[Sequence[Line]], size: float) -> set[tuple[int, str]]:
    """Return the page and key of lines that stand in the same place on pages near each other."""
    places: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, lines in enumerate(margins):
        for line in lines:
            places[_key(line)].append((number, line))
    running: set[tuple[int, str]] = set()
    for key, found in places.items():
        if found[0][1].size > _LARGE * size and 2 * len(found) <= max(3, len(margins)):
            continue
        if len(found) < _FEWEST_PAGES and not all(line.in_margin for _, line in found):
            continue
        for (one, line), (two, other) in pairwise(found):
            if two - one <= _NEAR_PAGES and abs(line.foot - other.foot) <= _SAME_PLACE:
                running |= {(one, key), (two, key)}
    return running


def _page_offset(margins: Sequence[Sequence[Line]]) -> int | None:
    """Return what is to be added to a page's place to have its number, where pages have one."""
    offsets: Counter[int] = Counter()
    for number, lines in enumerate(margins):
        offsets.update({found - number for line in lines for found in _numbers(line)})
    if not offsets:
        return None
    offset, count = offsets.most_common(1)[0]
    return offset if count >= max(3, len(margins) // 3) else None


def _has_page_number(line: Line, page: int, offset: int | None) -> bool:
    if offset is None or len(line.text.split()) > _MOST_WORDS:
        return False
    return page + offset in _numbers(line)


def _numbers(line: Line) -> set[int]:
    """Return the numbers of a page that a line may hold; among the text, it holds nothing else."""
    if not line.in_margin and not _PAGE_NUMBER.fullmatch(line.text):
        return set()
    return {int(found.group()) for found in _NUMBER_AT_END.finditer(line.text)}


def _outermost(page: Sequence[Part]) -> list[Line]:
    lines = [part for part in page if isinstance(part, Line) and not part.is_turned]
    if not lines:
        return []
    return [min(lines, key=lambda line: line.foot), max(lines, key=lambda line: line.foot)]


def _key(line: Line) -> str:
    """Return the same for a running line on each of its pages."""
    if not line.in_margin:
        return line.text
    words = _FIGURES.sub("#", line.text)
    return words.strip("# ") or words  # on some pages the number is a line of its own
