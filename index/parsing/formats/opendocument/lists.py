"""Numbers of OpenDocument lists and headings, which the file leaves to be counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from index.parsing.formats.opendocument.package import attribute, count_of, qn
from index.parsing.text.list_numbers import BULLET, ListLevel, ReachedNumbers

_MOST_LEVELS = 10
_FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip
_BULLETS = (qn("text:list-level-style-bullet"), qn("text:list-level-style-image"))


@dataclass(slots=True)
class OpenList:
    """A list whose entries are being counted."""

    style: str
    numbers: ReachedNumbers = field(default_factory=ReachedNumbers)


class ListStyles:
    """The list styles of a document, and where each list stopped, since others go on from there."""

    def __init__(self, *roots: Element) -> None:
        self._levels: dict[str, dict[int, ListLevel]] = {}
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
        reached = dict(known.numbers.reached) if known is not None else {}
        current = OpenList(style, ReachedNumbers(reached))
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
        if depth not in levels:
            return BULLET
        return current.numbers.count(levels, depth, number=_start(item)).strip()

    def heading_number(self, heading: Element, depth: int) -> str:
        """Count a heading that stands in no list, and return its number or nothing."""
        levels = self._levels.get("", {})
        if attribute(heading, "text:is-list-header") == "true" or depth not in levels:
            return ""
        return self._outline.numbers.count(levels, depth, number=_start(heading)).strip()


def _start(element: Element) -> int | None:
    """Return the number that an entry or a level begins with, where it says one."""
    written = attribute(element, "text:start-value")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else None


def _levels(style: Element) -> dict[int, ListLevel]:
    elements = {
        count_of(each, "text:level", _MOST_LEVELS) - 1: each for each in style.iterchildren("{*}*")
    }
    forms = {depth: attribute(each, "style:num-format") for depth, each in elements.items()}
    found: dict[int, ListLevel] = {}
    for depth, each in elements.items():
        shown = count_of(each, "text:display-levels", _MOST_LEVELS)
        places = [n for n in range(max(0, depth + 1 - shown), depth + 1) if forms.get(n)]
        numbers = ".".join(f"%{place + 1}" for place in places)
        before, after = (attribute(each, f"style:num-{name}") for name in ("prefix", "suffix"))
        start = _start(each)
        found[depth] = ListLevel(
            1 if start is None else start,
            "bullet" if each.tag in _BULLETS else _FORMS.get(forms[depth], "decimal"),
            f"{before}{numbers}{after}" if forms[depth] else "",
        )
    return found
