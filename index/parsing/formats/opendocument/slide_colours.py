"""The colour behind the texts of an OpenDocument slide, as far as the file settles it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.etree import _Element as Element

from index.parsing.formats.opendocument.package import Package, attribute, names
from index.parsing.unread.hidden import WHITE

__all__ = ["colour_behind"]

(_MASTER, _NOTES, _PROPERTIES) = names(
    "style:master-page", "presentation:notes", "style:drawing-page-properties"
)
_PICTURES = names("draw:image", "draw:object", "draw:object-ole", "draw:plugin", "table:table")
_SHAPES = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}*"


def colour_behind(slide: Element, package: Package, roots: Iterable[Element]) -> str:
    """Return the colour behind texts that have no fill of their own; empty where it is not known.

    It is not known where a picture or a filled shape may lie behind them, or without a master.
    """
    name = attribute(slide, "draw:master-page-name")
    masters = (each for root in roots for each in root.iter(_MASTER))
    master = next((each for each in masters if attribute(each, "style:name") == name), None)
    pages = [] if master is None else [slide, master]
    if not pages or any(_may_cover(shape, package) for page in pages for shape in _shapes(page)):
        return ""
    return next((colour for page in pages if (colour := _own(page, package)) is not None), WHITE)


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
