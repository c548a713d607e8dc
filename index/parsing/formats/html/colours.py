"""Colours of a web page's text and of what is behind it, as far as the page itself says them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from enum import Enum, auto
from itertools import islice

from lxml import etree

from index.parsing.unread.looks import NAMED_COLOURS, WHITE, Look, is_unseen

_DECLARATION = re.compile(
    r"(?:^|;)\s*(color|background(?:-color|-image)?|font(?:-size)?|text-shadow|position)"
    r"\s*:([^;]*)"
)
_COLOUR = re.compile(r"#[0-9a-f]+|rgba?\([^()]*\)")
_PARTS = re.compile(r"[^\s,/()]+")
_WORD = re.compile(r"\s*([a-z]+)\s*(?:!\s*important\s*)?")
_SELECTOR = re.compile(r"\s*([a-z][a-z0-9]*)?([.#][\w-]+)?\s*")
_NAME = re.compile(r"[.#]?[a-z_][\w-]*")
_SIZE = re.compile(r"\s*([0-9]{1,4}(?:\.[0-9]{1,4})?|\.[0-9]{1,4})(px|pt|)\s*(?:!important\s*)?")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_NO_COLOUR = ("none", "transparent", "inherit", "initial", "unset", "revert")
_UNKNOWN = "unknown"
_READABLE = math.inf
"""Stands for a size that is not known, and is its own."""
_MOST_RULES, _MOST_AROUND, _MOST_WITHIN = 2_000, 100, 500


_PLAIN = Look()
_OF_BROWSERS = {
    "mark": Look("000000", "ffff00"),
    **dict.fromkeys(("button", "input", "select", "textarea"), Look(_UNKNOWN, _UNKNOWN)),
}


class _When(Enum):
    """When a rule of a style sheet holds."""

    ALWAYS = auto()
    AT_TIMES = auto()
    NEVER = auto()
    """Only on paper."""


class Colours:
    """Tells which elements of a page have the colour of what is behind them, or are tiny.

    Known are attributes, and rules of the page's own style sheets for a tag, class or id alone.
    What other rules may decide is not known.
    """

    def __init__(self, root: etree._Element) -> None:
        self._rules: dict[str, Look] = {}
        self._in_doubt: dict[str, Look] = {}
        self._behind_all = WHITE
        for element in root.iter("link", "style"):
            if element.tag == "style":
                when = _when(f"@media {element.get('media') or ''}".lower(), _When.ALWAYS)
                self._add_rules(_COMMENT.sub("", str(element.text or "").lower()), when)
            elif "style" in f"{element.get('rel')} {element.get('as')}".lower():
                self._behind_all = _UNKNOWN

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

    def _look(self, element: etree._Element) -> Look:
        style = element.get("style")
        look = _PLAIN if style is None else _declared(str(style).lower())
        if element.attrib:
            look = look.over(_of_attributes(element))
        if self._rules or self._in_doubt:
            names = list(_names_of(element))
            for name in names:
                look = look.over(self._in_doubt.get(name, _PLAIN))
            classes = [
                self._rules[name] for name in names if name[0] == "." and name in self._rules
            ]
            if len(set(classes)) > 1:  # the last one in the style sheets counts
                for each in classes:
                    look = look.over(_in_doubt(each))
            for name in names:
                look = look.over(self._rules.get(name, _PLAIN))
        return look.over(_OF_BROWSERS.get(str(element.tag), _PLAIN))

    def _add_rules(self, sheet: str, when: _When) -> None:
        if "@import" in sheet:
            self._behind_all = _UNKNOWN
        for selectors, declarations, at in _rules(sheet, when):
            look = _declared(declarations)
            if look == _PLAIN or at is _When.NEVER:
                continue
            for selector in selectors.split(","):
                match = _SELECTOR.fullmatch(selector)
                is_simple = match is not None and (match[1] is None or match[2] is None)
                is_full = len(self._rules) + len(self._in_doubt) >= _MOST_RULES
                name = selector.strip() if is_simple else _last_name(selector)
                if is_full or not name or (look.background and not is_simple):
                    self._behind_all = _UNKNOWN  # it may be behind anything
                if is_full or not name:
                    continue
                if is_simple and at is _When.ALWAYS:
                    self._rules[name] = look.over(self._rules.get(name, _PLAIN))
                else:
                    in_doubt = self._in_doubt.get(name, _PLAIN)
                    self._in_doubt[name] = _in_doubt(look).over(in_doubt)


def _in_doubt(look: Look) -> Look:
    """Return what is known of an element that may look like this."""
    return Look(
        None if look.colour is None else _UNKNOWN,
        None if look.background is None else _UNKNOWN,
        None if look.size is None else _READABLE,
    )


def _rules(sheet: str, when: _When) -> Iterator[tuple[str, str, _When]]:
    """Yield the selectors and the declarations of rules, and when they hold."""
    start = 0
    around: list[tuple[str, _When]] = []
    for brace in _BRACE.finditer(sheet):
        stretch = sheet[start : brace.start()]
        start = brace.end()
        selectors, at = around[-1] if around else ("", when)
        if brace[0] == "}":
            if around:
                around.pop()
            if selectors:
                yield selectors, stretch, at
            continue
        declarations, _, begun = stretch.rpartition(";")
        if selectors and declarations:
            yield selectors, declarations, at
        begun = begun.strip()
        if begun.startswith("@"):
            around.append((selectors, _when(begun, at)))
        else:
            around.append((f"& {begun}" if selectors else begun, at))


def _when(rule: str, around: _When) -> _When:
    """Return when something holds within an at-rule, which is itself within something."""
    words = rule.split()
    if around is _When.NEVER or ("print" in words and "," not in rule):
        return _When.NEVER
    if words[0] == "@media" and set(words[1:]) <= {"only", "screen", "all"}:
        return around
    return _When.AT_TIMES


def _last_name(selector: str) -> str:
    """Return by which name a selector finds elements at last, such as `.b` of `.a p.b:hover`."""
    words = re.split(r"[\s>+~]+", selector.strip())
    names = _NAME.findall(re.split(r"[:\[]", words[-1])[0])
    return names[-1] if names else ""


def _names_of(element: etree._Element) -> Iterator[str]:
    """Yield what a rule may name an element by, the most exact first."""
    if name := element.get("id"):
        yield f"#{str(name).lower()}"
    for name in str(element.get("class") or "").lower().split():
        yield f".{name}"
    yield str(element.tag)


def _of_attributes(element: etree._Element) -> Look:
    colour, background = element.get("color"), element.get("bgcolor")
    behind = None if background is None else _colour(str(background).lower())
    if element.get("background") is not None:
        behind = _UNKNOWN  # a picture
    has_size = element.tag == "font" and element.get("size") is not None
    return Look(
        None if colour is None else _colour(str(colour).lower()),
        behind,
        _READABLE if has_size else None,
    )


def _declared(written: str) -> Look:
    colour = background = size = None
    has_other = False  # something behind the text that has no single colour
    for name, value in _DECLARATION.findall(written):
        if name == "color":
            colour = _colour(value)
        elif name.startswith("font"):
            found = _SIZE.fullmatch(value) if name == "font-size" else None
            size = float(found[1]) if found else _READABLE
        elif name == "position":
            has_other |= "absolute" in value or "fixed" in value
        elif name == "text-shadow":
            has_other |= "none" not in value
        else:
            has_other |= "(" in _COLOUR.sub("", value)  # a picture
            background = background if name == "background-image" else _colour(value)
    return Look(colour, _UNKNOWN if has_other else background, size)


def _colour(written: str) -> str:
    """Return six hexadecimal digits, or a name; empty for none."""
    found = _COLOUR.search(written)
    if found is None:
        word = _WORD.fullmatch(written)
        if word is None:
            return _UNKNOWN if written.strip() else ""
        return "" if word[1] in _NO_COLOUR else NAMED_COLOURS.get(word[1], word[1])
    if found[0].startswith("#"):
        digits = found[0][1:]
        return "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = _PARTS.findall(found[0])[1:]
    if len(parts) == 4:
        alpha = parts.pop()
        if alpha in ("0", "0%"):
            return ""
        if alpha not in ("1", "100%"):
            return _UNKNOWN
    if len(parts) != 3 or not all(_is_byte(part) for part in parts):
        return _UNKNOWN
    return bytes(map(int, parts)).hex()


def _is_byte(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= 3 and int(part) <= 255
