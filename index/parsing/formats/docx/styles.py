"""Styles of a Word document: what they say about the paragraphs and runs that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lxml.etree import _Element as Element

from index.document import StyleKind
from index.parsing.formats.docx.xml import W, child, children_of, integer, switched_on, value
from index.parsing.text.scripts import HEIGHTS, shifted
from index.parsing.text.styling import Kinds
from index.parsing.unread.looks import NAMED_COLOURS

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST = re.compile(r"list (bullet|number)(?: ([2-5]))?$")
_UNSHADED = ("", "auto", "none")
_RELIEF = "relief"
"""Stands for the edges of letters that are embossed, which are seen on any colour."""
_PATTERN = "pattern"
_NO_PATTERNS = ("", "clear", "nil")
_MONOSPACED = frozenset(
    {
        "cascadia code", "cascadia mono", "consolas", "courier", "courier new",
        "dejavu sans mono", "liberation mono", "lucida console", "menlo", "monaco",
        "source code pro",
    }
)  # fmt: skip
_QUOTES = frozenset({"quote", "intense quote", "block text"})
_DEEPEST = 12
"""Styles that a style may be based on; they may be based on each other in a circle."""


class _Tags:
    STYLE = f"{W}rStyle"
    VANISH = f"{W}vanish"
    BOLD = f"{W}b"
    ITALIC = f"{W}i"
    STRUCK = f"{W}strike"
    SCRIPT = f"{W}vertAlign"
    POSITION = f"{W}position"
    FONTS = f"{W}rFonts"
    COLOUR = f"{W}color"
    SHADING = f"{W}shd"
    HIGHLIGHT = f"{W}highlight"
    SIZE = f"{W}sz"
    EMBOSS = f"{W}emboss"
    IMPRINT = f"{W}imprint"
    OUTLINE = f"{W}outline"
    SHADOW = f"{W}shadow"


class RunLook(NamedTuple):
    """What the properties of a run or style say; None where they say nothing."""

    hidden: bool | None = None
    bold: bool | None = None
    height: int | None = None
    """1 for raised text, -1 for lowered."""
    font: str | None = None
    colour: str | None = None
    background: str | None = None
    """Both as six hexadecimal digits, or the name that a highlight has; empty for none."""
    size: float | None = None
    style: str | None = None
    italic: bool | None = None
    struck: bool | None = None

    @classmethod
    def of(cls, properties: Element | None) -> RunLook:
        if properties is None or not len(properties):
            return _PLAIN
        hidden = bold = height = font = colour = background = size = None
        style = italic = struck = None
        for each in properties:
            match each.tag:
                case _Tags.STYLE:
                    style = each.get(f"{W}val")
                case _Tags.VANISH:
                    hidden = switched_on(each)
                case _Tags.BOLD:
                    bold = switched_on(each)
                case _Tags.ITALIC:
                    italic = switched_on(each)
                case _Tags.STRUCK:
                    struck = switched_on(each)
                case _Tags.SCRIPT:
                    height = HEIGHTS.get(each.get(f"{W}val", ""), 0)
                case _Tags.POSITION:
                    height = shifted(integer(each.get(f"{W}val")))
                case _Tags.FONTS:
                    font = each.get(f"{W}ascii") or each.get(f"{W}hAnsi") or None
                case _Tags.COLOUR:
                    colour = _colour(each.get(f"{W}val", ""))
                case _Tags.SHADING:
                    background = fill_of(each)
                case _Tags.HIGHLIGHT:
                    background = _colour(each.get(f"{W}val", ""))
                case _Tags.EMBOSS | _Tags.IMPRINT | _Tags.OUTLINE | _Tags.SHADOW if switched_on(
                    each
                ):
                    background = _RELIEF
                case _Tags.SIZE:
                    size = integer(each.get(f"{W}val"), 24) / 2
                case _:
                    pass
        return cls(hidden, bold, height, font, colour, background, size, style, italic, struck)

    def over(self, below: RunLook) -> RunLook:
        """Return this look, filled up by another one where it says nothing."""
        if self is _PLAIN:
            return below
        if below is _PLAIN:
            return self
        filled = (under if own is None else own for own, under in zip(self, below, strict=True))
        return RunLook._make(filled)._replace(style=None)

    @property
    def kinds(self) -> Kinds:
        """How its text is set."""
        found = {
            StyleKind.BOLD: self.bold,
            StyleKind.ITALIC: self.italic,
            StyleKind.STRUCK: self.struck,
            StyleKind.MONOSPACED: (self.font or "").lower() in _MONOSPACED,
        }
        return frozenset(kind for kind, is_so in found.items() if is_so)


_PLAIN = RunLook()


def fill_of(shading: Element) -> str:
    """Return the colour of a shading, empty for none, or a name of its own for a pattern."""
    if shading.get(f"{W}val", "") not in _NO_PATTERNS:
        return _PATTERN
    return _colour(shading.get(f"{W}fill", ""))


def _colour(written: str) -> str:
    written = NAMED_COLOURS.get(written, written.lower())
    return "" if written in _UNSHADED else written


@dataclass(frozen=True, slots=True)
class WordStyle:
    """A paragraph or character style, with what it takes from the styles it is based on.

    `list` is "bullet" or "number" for Word's own list styles, of depth `depth`. `numbering` is the
    list and the level, -1 where the list itself says which of its levels belongs to `numbered_by`.
    """

    heading: int = 0
    title: bool = False
    list: str = ""
    depth: int = 0
    numbering: tuple[str, int] | None = None
    numbered_by: tuple[str, ...] = ()
    look: RunLook = _PLAIN
    is_quote: bool = False
    background: str = ""
    """The colour of its paragraphs' shading, empty for none."""


class WordStyles:
    """The styles by their ids, each put together when it is first asked for."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._found: dict[str, WordStyle] = {}
        self._default = ""
        for each in () if root is None else root.iterchildren(f"{W}style"):
            name = each.get(f"{W}styleId", "")
            self._elements.setdefault(name, each)
            if each.get(f"{W}type") == "paragraph" and each.get(f"{W}default") in ("1", "true"):
                self._default = name

    def paragraph(self, properties: Mapping[str, Element]) -> WordStyle:
        """Return the style of a paragraph with these properties."""
        named = properties.get(f"{W}pStyle")
        return self._style(self._default if named is None else named.get(f"{W}val", ""))

    def used_in(self, body: Element) -> Iterator[WordStyle]:
        """Yield the styles that are named in a body, once each."""
        for name in {each.get(f"{W}val", "") for each in body.iter(f"{W}pStyle")}:
            yield self._style(name)

    def run(self, properties: Element | None) -> RunLook:
        """Return how a run with these properties looks, the paragraph's style apart."""
        look = RunLook.of(properties)
        return look if look.style is None else look.over(self._style(look.style).look)

    def _style(self, name: str) -> WordStyle:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._put_together(name)
        return found

    def _put_together(self, style_id: str) -> WordStyle:
        heading, title, listed, depth, numbering = 0, False, "", 0, None
        quotes = False
        shading: Element | None = None
        chain: list[str] = []
        look = _PLAIN
        current: str | None = style_id
        while current in self._elements and current not in chain and len(chain) < _DEEPEST:
            chain.append(current)
            element = self._elements[current]
            own = children_of(child(element, "pPr"))
            name = (value(element, "name") or "").lower()
            match = _HEADING.match(name)
            heading = heading or (int(match[1]) if match else 0) or outline_level(own)
            title = title or name == "title"
            quotes = quotes or name in _QUOTES
            shading = own.get(f"{W}shd") if shading is None else shading
            numbering = numbering or _numbering(element)
            if not listed and (match := _LIST.match(name)):
                listed, depth = match[1], int(match[2] or 1) - 1
            look = look.over(RunLook.of(child(element, "rPr")))
            current = value(element, "basedOn")
        background = "" if shading is None else fill_of(shading)
        return WordStyle(
            heading, title, listed, depth, numbering, tuple(chain), look, quotes, background
        )


def outline_level(properties: Mapping[str, Element]) -> int:
    """Return the level of heading, from 1, that a paragraph or style names itself; 0 for none."""
    named = properties.get(f"{W}outlineLvl")
    depth = 9 if named is None else integer(named.get(f"{W}val"), 9)
    return depth + 1 if 0 <= depth < 9 else 0


def _numbering(element: Element) -> tuple[str, int] | None:
    number = value(element, "pPr", "numPr", "numId")
    if number is None:
        return None
    level = value(element, "pPr", "numPr", "ilvl")
    return number, -1 if level is None else integer(level)
