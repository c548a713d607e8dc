"""Lists of web pages: the marks of their entries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from index.parsing.text.numerals import letters, roman

_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?(?P<case>lower|upper)-(?P<kind>\w+)")


@dataclass(slots=True)
class OpenList:
    """A list whose entries are being counted; `style` is "a", "A", "i", "I" or "1"."""

    group: int
    ordered: bool = False
    count: int = 0
    step: int = 1
    style: str = "1"

    @classmethod
    def of(cls, element: etree._Element, group: int) -> OpenList:
        """Return the list that an element begins."""
        if element.tag != "ol":
            return cls(group)
        step = 1 if element.get("reversed") is None else -1
        first = _number(element.get("start"))
        if first is None:
            first = 1 if step > 0 else sum(1 for each in element if each.tag == "li")
        return cls(group, True, first - step, step, _style_of(element))

    def count_entry(self, element: etree._Element) -> None:
        """Count an entry, which may have a number of its own."""
        value = _number(element.get("value"))
        self.count = self.count + self.step if value is None else value

    @property
    def marker(self) -> str:
        """The mark of the entry that was counted last."""
        if not self.ordered:
            return "•"
        kind = self.style.lower()
        written = {"a": letters, "i": roman}.get(kind, str)(self.count)
        return f"{written.upper() if self.style.isupper() else written}."


def _style_of(element: etree._Element) -> str:
    kind = str(element.get("type") or "1").strip()
    if style := _STYLE.search(str(element.get("style") or "")):
        kind = (
            "i"
            if style["kind"] == "roman"
            else "a"
            if style["kind"] in ("alpha", "latin")
            else kind
        )
        return kind.upper() if style["case"] == "upper" else kind
    return kind


def _number(written: object) -> int | None:
    text = str(written or "").strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
