"""The colour behind the texts of an OpenDocument slide, as far as the file settles it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.etree import _Element as Element

from index.parsing.formats.opendocument.package import Package, attribute, names
from index.parsing.unread.looks import WHITE

_MASTER, _PROPERTIES = names("style:master-page", "style:drawing-page-properties")
_PICTURES = names("draw:image", "draw:object", "draw:object-ole", "draw:plugin", "table:table")
_SHAPES = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}*"


class SlideColours:
    """Tells the colour behind the texts of slides that have no fill of their own.

    Of a master, which many slides have, all is found out once.
    """

    def __init__(self, package: Package, roots: Iterable[Element]) -> None:
        self._package = package
        self._masters: dict[str, Element] = {}
        for root in roots:
            for master in root.iter(_MASTER):
                self._masters.setdefault(attribute(master, "style:name"), master)
        self._of_masters: dict[str, tuple[bool, str | None]] = {}

    def behind(self, slide: Element) -> str:
        """Return the colour behind the texts of a slide; empty where it is not known.

        It is not known where a picture or a filled shape may lie behind them, or without a master.
        """
        name = attribute(slide, "draw:master-page-name")
        if name not in self._of_masters:
            self._of_masters[name] = self._master(name)
        is_covered, colour = self._of_masters[name]
        if is_covered or _is_covered(slide, self._package):
            return ""
        own = _own(slide, self._package)
        return next((each for each in (own, colour) if each is not None), WHITE)

    def _master(self, name: str) -> tuple[bool, str | None]:
        """Return whether something of a master may lie behind texts, and its own colour."""
        master = self._masters.get(name)
        if master is None or _is_covered(master, self._package):
            return True, None
        return False, _own(master, self._package)


def _is_covered(page: Element, package: Package) -> bool:
    return any(_may_cover(shape, package) for shape in _shapes(page))


def _shapes(page: Element) -> Iterator[Element]:
    for child in page.iterchildren(_SHAPES):
        yield from child.iter(_SHAPES)


def _may_cover(shape: Element, package: Package) -> bool:
    if shape.tag in _PICTURES or next(shape.iterchildren(*_PICTURES), None) is not None:
        return True
    named = attribute(shape, "draw:style-name") or attribute(shape, "presentation:style-name")
    return bool(named) and package.is_filled(shape)


def _own(page: Element, package: Package) -> str | None:
    """Return a page's own colour, empty for a pattern or a picture; None where it has none."""
    for style in package.chain("drawing-page", attribute(page, "draw:style-name")):
        for properties in style.iterchildren(_PROPERTIES):
            fill = attribute(properties, "draw:fill")
            if fill == "solid":
                return attribute(properties, "draw:fill-color").removeprefix("#").lower()
            if fill not in ("", "none"):
                return ""
    return None
