"""Numbers of OpenDocument lists and headings, which the file leaves to be counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from index.parsing.formats.opendocument.package import attribute, count_of, qn
from index.parsing.text.numerals import numeral

__all__ = ["ListStyles", "OpenList"]

_MOST_LEVELS = 10
_MOST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class _Level:
    """How the entries of one level are marked; a `form` of "" has no number."""

    form: str
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1
    """How many levels the number has: 2 for "4.2"."""
    is_bullet: bool = False


@dataclass(slots=True)
class OpenList:
    """A list whose entries are being counted: `counts` has the number of each level so far."""

    style: str
    counts: list[int] = field(default_factory=list)


class ListStyles:
    """The list styles of a document, and where each list stopped, since others go on from there."""

    def __init__(self, *roots: Element) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._by_id: dict[str, OpenList] = {}
        self._by_style: dict[str, OpenList] = {}
        for root in roots:
            for style in root.iter(qn("text:list-style")):
                self._levels[attribute(style, "style:name")] = _levels(style)
            for outline in root.iter(qn("text:outline-style")):
                self._levels[""] = _levels(outline)
        self._outline = OpenList("")

    def open(self, element: Element, style: str) -> OpenList:
        """Return the list that an outermost `text:list` begins or goes on with."""
        known = self._by_id.get(attribute(element, "text:continue-list"))
        if known is None and attribute(element, "text:continue-numbering") == "true":
            known = self._by_style.get(style)
        current = OpenList(style, list(known.counts) if known is not None else [])
        if identifier := str(element.get("{http://www.w3.org/XML/1998/namespace}id") or ""):
            self._by_id[identifier] = current
        self._by_style[style] = current
        return current

    def nested(self, element: Element, outer: OpenList) -> OpenList:
        """Return the list that a list within an entry goes on with, or the other one it begins."""
        style = attribute(element, "text:style-name")
        return outer if style in ("", outer.style) else OpenList(style)

    def marker(self, current: OpenList, depth: int, item: Element) -> str:
        """Count an entry, and return its mark: "4.2", "•", or nothing."""
        levels = self._levels.get(current.style, {})
        level = levels.get(depth, _Level("", is_bullet=True))
        self._count(current, levels, depth, attribute(item, "text:start-value"))
        return "•" if level.is_bullet else _written(levels, depth, current.counts)

    def heading_number(self, heading: Element, depth: int) -> str:
        """Count a heading that stands in no list, and return its number or nothing."""
        levels = self._levels.get("", {})
        if attribute(heading, "text:is-list-header") == "true" or depth not in levels:
            return ""
        self._count(self._outline, levels, depth, attribute(heading, "text:start-value"))
        return _written(levels, depth, self._outline.counts)

    @staticmethod
    def _count(current: OpenList, levels: dict[int, _Level], depth: int, start: str) -> None:
        counts = current.counts
        del counts[depth + 1 :]
        while len(counts) <= depth:
            above = levels.get(len(counts), _Level(""))
            counts.append(above.start - int(len(counts) == depth))
        if start.isascii() and start.isdigit() and len(start) < 7:
            counts[depth] = int(start)
        else:
            counts[depth] = min(counts[depth] + 1, _MOST_COUNT)


def _levels(style: Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for each in style:
        if not isinstance(each.tag, str):
            continue
        start = attribute(each, "text:start-value")
        found[count_of(each, "text:level", _MOST_LEVELS) - 1] = _Level(
            form=attribute(each, "style:num-format"),
            prefix=attribute(each, "style:num-prefix"),
            suffix=attribute(each, "style:num-suffix"),
            start=int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1,
            shown=count_of(each, "text:display-levels", _MOST_LEVELS),
            is_bullet=each.tag
            in (qn("text:list-level-style-bullet"), qn("text:list-level-style-image")),
        )
    return found


def _written(levels: dict[int, _Level], depth: int, counts: list[int]) -> str:
    level = levels.get(depth, _Level(""))
    if not level.form:
        return ""
    first = max(0, depth + 1 - level.shown)
    numbers = [
        numeral(counts[each], levels[each].form)
        for each in range(first, depth + 1)
        if each in levels and levels[each].form
    ]
    return f"{level.prefix}{'.'.join(numbers)}{level.suffix}".strip()
