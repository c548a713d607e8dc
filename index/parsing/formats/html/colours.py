"""Colours of a web page's text and of what is behind it, as far as the page itself says them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree

from index.parsing.unread.hidden import WHITE, is_unseen

__all__ = ["Colours"]

_DECLARATION = re.compile(r"(?:^|;)\s*(color|background(?:-color)?|font-size)\s*:([^;]*)")
_COLOUR = re.compile(r"#[0-9a-f]+|rgba?\([^()]*\)")
_WORD = re.compile(r"\s*([a-z]+)\s*(?:!\s*important\s*)?")
_SELECTOR = re.compile(r"\s*([a-z][a-z0-9]*)?([.#][\w-]+)?\s*")
_SIZE = re.compile(r"\s*([0-9]{1,4}(?:\.[0-9]{1,4})?|\.[0-9]{1,4})(px|pt|)\s*(?:!important\s*)?")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_NAMED = {"white": WHITE, "black": "000000", "none": ""}
_UNKNOWN = "unknown"
_MOST_RULES, _MOST_AROUND, _MOST_WITHIN = 2_000, 100, 500


class _Look(NamedTuple):
    colour: str | None = None
    background: str | None = None
    size: float | None = None

    def over(self, below: _Look) -> _Look:
        return _Look(
            below.colour if self.colour is None else self.colour,
            below.background if self.background is None else self.background,
            below.size if self.size is None else self.size,
        )


_PLAIN = _Look()


class Colours:
    """Tells which elements of a page have the colour of what is behind them, or are tiny.

    Known are attributes, and rules of the page's own style sheets for a tag, class or id alone.
    """

    def __init__(self, root: etree._Element) -> None:
        self._rules: dict[str, _Look] = {}
        self._behind_all = WHITE
        for element in root.iter("link", "style"):
            if element.tag == "link" and "stylesheet" in str(element.get("rel") or "").lower():
                self._behind_all = _UNKNOWN
            elif element.tag == "style":
                self._add_rules(_COMMENT.sub("", str(element.text or "").lower()))

    def is_unseen(self, element: etree._Element) -> bool:
        """Return whether nobody sees an element, nor what is in it."""
        own = self._look(element)
        if own.colour is None and own.size is None:
            return False
        if own.colour == _UNKNOWN or not is_unseen(own.colour, self._behind(element), own.size):
            return False
        within = list(islice(element.iterdescendants(etree.Element), _MOST_WITHIN))
        if len(within) == _MOST_WITHIN or any(each.tag == "a" for each in within):
            return False  # links have a colour of their own
        return all(self._look(each) == _PLAIN for each in within)

    def _behind(self, element: etree._Element) -> str:
        around: etree._Element | None = element
        for _ in range(_MOST_AROUND):
            if around is None:
                return self._behind_all
            if background := self._look(around).background:
                return background
            around = around.getparent()
        return _UNKNOWN

    def _look(self, element: etree._Element) -> _Look:
        style = element.get("style")
        look = _PLAIN if style is None else _declared(str(style).lower())
        if "color" in element.attrib or "bgcolor" in element.attrib:
            colour, background = element.get("color"), element.get("bgcolor")
            look = look.over(
                _Look(
                    None if colour is None else _colour(str(colour).lower()),
                    None if background is None else _colour(str(background).lower()),
                )
            )
        if self._rules:
            for name in _names_of(element):
                look = look.over(self._rules.get(name, _PLAIN))
        return look

    def _add_rules(self, sheet: str) -> None:
        for selectors, declarations in _rules(sheet):
            look = _declared(declarations)
            if look == _PLAIN:
                continue
            for selector in selectors.split(","):
                match = _SELECTOR.fullmatch(selector)
                is_simple = match is not None and (match[1] is None or match[2] is None)
                if is_simple and len(self._rules) < _MOST_RULES:
                    name = selector.strip()
                    self._rules[name] = look.over(self._rules.get(name, _PLAIN))
                elif look.background:
                    self._behind_all = _UNKNOWN  # it may be behind anything


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and the declarations of rules, those that hold at times as others do."""
    start, selectors = 0, ""
    for brace in _BRACE.finditer(sheet):
        stretch = sheet[start : brace.start()]
        start = brace.end()
        if brace[0] == "{":
            selectors = stretch
        elif selectors:
            yield selectors, stretch
            selectors = ""


def _names_of(element: etree._Element) -> Iterator[str]:
    """Yield what a rule may name an element by, the most exact first."""
    if name := element.get("id"):
        yield f"#{str(name).lower()}"
    for name in str(element.get("class") or "").lower().split():
        yield f".{name}"
    yield str(element.tag)


def _declared(written: str) -> _Look:
    colour = background = size = None
    for name, value in _DECLARATION.findall(written):
        if name == "color":
            colour = _colour(value)
        elif name == "font-size":
            found = _SIZE.fullmatch(value)
            size = float(found[1]) if found else size
        elif "(" in value and "rgb" not in value:
            background = _UNKNOWN  # a picture
        else:
            background = _colour(value)
    return _Look(colour, background, size)


def _colour(written: str) -> str:
    """Return six hexadecimal digits, or a name; empty for none."""
    found = _COLOUR.search(written) or _WORD.fullmatch(written)
    if found is None:
        return _UNKNOWN if written.strip() else ""
    name = found[found.re.groups]
    if name.startswith("#"):
        digits = name[1:]
        return "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    if name.startswith("rgb"):
        parts = [int(part) for part in re.findall(r"(?<![.\d])\d{1,3}(?![\d%])", name)[:4]]
        is_solid = len(parts) >= 3 and max(parts) <= 255 and not re.search(r",\s*0?\.", name)
        return bytes(parts[:3]).hex() if is_solid else _UNKNOWN
    return "" if name in ("transparent", "inherit", "initial") else _NAMED.get(name, name)
