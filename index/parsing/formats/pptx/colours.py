"""Colours on a slide: which texts have that of what is behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain, islice

from lxml.etree import _Element as Element

from index.parsing.formats.office.drawing_text import local_name
from index.parsing.formats.pptx.lists import Styles
from index.parsing.formats.pptx.shapes import ShapeBox
from index.parsing.unread.looks import NAMED_COLOURS, WHITE, is_unseen

_FILLS = frozenset(("noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill"))
_OUTLINES = frozenset(("ln", "effectLst", "effectDag"))
_FIRST_BACKGROUND = 1001
"""The number of the first of a theme's fills for backgrounds."""
_MOST_BELOW = 200
"""Shapes below a text beyond which nobody looks what is behind it."""


class Palette:
    """The colours of a theme, as a master and a layout name them."""

    def __init__(self, layout: Element | None, master: Element | None, theme: Element | None):
        self._roots = [root for root in (layout, master) if root is not None]
        scheme = None if theme is None else theme.find("{*}themeElements/{*}clrScheme")
        self._colours = {
            local_name(each): colour
            for each in (() if scheme is None else scheme.iterchildren("{*}*"))
            if (colour := self._colour(each, {}))
        }
        fills = "{*}themeElements/{*}fmtScheme/{*}bgFillStyleLst/{*}*"
        self._backgrounds = [] if theme is None else theme.findall(fills)

    def names(self, slide: Element) -> dict[str, str]:
        """Return the colours by the names that a slide has for them."""
        names: dict[str, str] = {}
        for root in (slide, *self._roots):
            written = root.find("{*}clrMapOvr/{*}overrideClrMapping")
            written = root.find("{*}clrMap") if written is None else written
            if written is not None:
                names = {str(name): str(value) for name, value in written.attrib.items()}
                break
        mapped = {name: self._colours.get(value, "") for name, value in names.items()}
        return {**self._colours, **mapped}

    def colour(self, fill: Element, names: dict[str, str]) -> str:
        """Return the colour of a solid fill, empty where it is not known."""
        return self._colour(fill, names)

    def background(self, slide: Element, names: dict[str, str]) -> str:
        """Return the colour of a slide's background, empty where it is not known."""
        for root in (slide, *self._roots):
            background = root.find("{*}cSld/{*}bg")
            if background is None:
                continue
            solid = background.find("{*}bgPr/{*}solidFill")
            reference = background.find("{*}bgRef")
            if reference is not None and self._is_plain(reference.get("idx", "")):
                solid = reference
            return "" if solid is None else self._colour(solid, names)
        return ""

    def _is_plain(self, number: str) -> bool:
        """Return whether a background of the theme is the one colour that it is given."""
        place = int(number) - _FIRST_BACKGROUND if number.isdecimal() else -1
        if not 0 <= place < len(self._backgrounds):
            return False
        colour = self._backgrounds[place].find("{*}schemeClr")
        return colour is not None and colour.get("val") == "phClr" and not len(colour)

    @staticmethod
    def _colour(fill: Element, names: dict[str, str]) -> str:
        for each in fill.iterchildren("{*}*"):
            if len(each):  # changed in its lightness or transparency
                return ""
            value = each.get("val", "")
            match local_name(each):
                case "srgbClr":
                    return str(value).lower()
                case "sysClr":
                    return str(each.get("lastClr", "")).lower()
                case "schemeClr":
                    return names.get(value, "")
                case "prstClr":
                    return NAMED_COLOURS.get(value, "")
        return ""


class SlideColours:
    """Finds the runs on a slide that nobody sees. What is not known is seen."""

    def __init__(self, slide: Element, styles: Styles, palette: Palette) -> None:
        self._styles = styles
        self._palette = palette
        self._names = palette.names(slide)
        self._background = palette.background(slide, self._names)

    def unseen_in_shape(self, shape: Element) -> Collection[Element]:
        """Return the runs of a shape that have the colour of what is behind them, or no size."""
        unseen: dict[Element, None] = {}
        behind = None
        for run in shape.iterfind("{*}txBody/{*}p/{*}r"):
            colour = self._colour_of(run, shape)
            if colour and behind is None:
                behind = self._behind(shape)
            if self._is_unseen(run, colour, behind or ""):
                unseen[run] = None
        return unseen

    def unseen_in_cell(self, cell: Element) -> Collection[Element]:
        """Return the runs of a cell that have the colour of its own fill, or no size."""
        behind = self._ground_of(cell)
        return {
            run: None
            for run in cell.iterfind("{*}txBody/{*}p/{*}r")
            if self._is_unseen(run, self._colour_of(run, None), behind)
        }

    def fill_of_cell(self, cell: Element) -> str:
        """Return the colour that fills a cell; empty for white, and where it is not known."""
        ground = self._ground_of(cell)
        return "" if ground == WHITE else ground

    def _ground_of(self, cell: Element) -> str:
        fill = cell.find("{*}tcPr/{*}solidFill")
        return "" if fill is None else self._palette.colour(fill, self._names)

    def _is_unseen(self, run: Element, colour: str, behind: str) -> bool:
        properties = run.find("{*}rPr")
        size = "" if properties is None else properties.get("sz", "")
        marked = None if properties is None else properties.find("{*}highlight")
        if marked is not None:
            behind = self._palette.colour(marked, self._names)
        return is_unseen(colour, behind, int(size) / 100 if size.isdecimal() else None)

    def _colour_of(self, run: Element, shape: Element | None) -> str:
        """Return the colour of a run, empty where it is not known."""
        for properties in self._properties(run, shape):
            children = {local_name(child): child for child in properties}
            if _OUTLINES & children.keys() or "hlinkClick" in children:
                return ""
            for name in _FILLS & children.keys():
                is_solid = name == "solidFill"
                return self._palette.colour(children[name], self._names) if is_solid else ""
        return ""

    def _properties(self, run: Element, shape: Element | None) -> Iterator[Element]:
        yield from run.iterfind("{*}rPr")
        if shape is None or shape.find("{*}style/{*}fontRef") is not None:
            return
        level = next((each.get("lvl", "0") for each in run.iterfind("../{*}pPr")), "0")
        number = int(level) + 1 if level.isdecimal() else 1
        for style in self._styles.levels(shape):
            yield from style.iterfind(f"{{*}}lvl{number}pPr/{{*}}defRPr")

    def _behind(self, shape: Element) -> str:
        """Return the colour behind the text of a shape, empty where it is not known."""
        fill = self._fill(shape)
        if fill is not None:
            return fill
        box = self._styles.box_of(shape)
        parent = shape.getparent()
        if box is None or parent is None or local_name(parent) != "spTree":
            return ""
        siblings = shape.itersiblings(preceding=True)
        below = list(islice(chain(siblings, self._styles.behind), _MOST_BELOW + 1))
        if len(below) > _MOST_BELOW or any(self._may_cover(each, box) for each in below):
            return ""
        return self._background

    def _may_cover(self, element: Element, box: ShapeBox) -> bool:
        if local_name(element) in ("nvGrpSpPr", "grpSpPr"):
            return False
        if local_name(element) == "sp" and self._fill(element) is None:
            return False
        other = self._styles.box_of(element)
        return other is None or not (
            other.right <= box.left or box.right <= other.left
            or other.bottom <= box.top or box.bottom <= other.top
        )  # fmt: skip

    def _fill(self, element: Element) -> str | None:
        """Return the colour of a shape, empty where it is not known; None for a shape without."""
        if element.get("useBgFill") in ("1", "true"):
            return ""
        for one in (element, *self._styles.models(element)):
            for child in one.iterfind("{*}spPr/{*}*"):
                name = local_name(child)
                if name in _FILLS:
                    solid = self._palette.colour(child, self._names) if name == "solidFill" else ""
                    return None if name == "noFill" else solid
            if any(each.get("idx") != "0" for each in one.iterfind("{*}style/{*}fillRef")):
                return ""
        return None
