"""Styles of an Excel workbook: what a cell's style says of its number and its weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from lxml.etree import _Element as Element

from index.parsing.formats.numbers.codes import BUILTIN_FORMATS

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class CellStyle:
    """A number format, whether the letters are bold, and the colour of a filled ground."""

    code: str = ""
    is_bold: bool = False
    fill: str = ""

    @property
    def is_marked(self) -> bool:
        """Whether the cell is set apart."""
        return self.is_bold or bool(self.fill)


def read_styles(root: Element | None) -> dict[str, CellStyle]:
    """Return the styles by what cells call them; those that say nothing are left out."""
    if root is None:
        return {}
    codes = dict(BUILTIN_FORMATS)
    for each in root.iterfind("{*}numFmts/{*}numFmt"):
        if each.get("numFmtId", "").isdecimal():
            codes[int(each.get("numFmtId", ""))] = each.get("formatCode", "")
    bold = [_is_bold(font) for font in root.iterfind("{*}fonts/{*}font")]
    fills = [_fill(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    styles = {}
    for number, each in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        is_bold = _at(bold, each.get("fontId"), default=False)
        fill = _at(fills, each.get("fillId"), default="")
        code = (
            codes.get(int(number_id), "")
            if (number_id := each.get("numFmtId", "0")).isdecimal()
            else ""
        )
        code = "" if code.lower() == "general" else code
        if code or is_bold or fill:
            styles[str(number)] = CellStyle(code, is_bold, fill)
    return styles


def _at(values: list[_Value], place: str | None, default: _Value) -> _Value:
    is_known = place is not None and place.isdecimal() and int(place) < len(values)
    return values[int(place or 0)] if is_known else default


def _is_bold(font: Element) -> bool:
    mark = font.find("{*}b")
    return mark is not None and mark.get("val", "1") not in ("0", "false")


def _fill(fill: Element) -> str:
    """Return what tells a filled ground from others; empty for none, and for white."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return "gradient" if fill.find("{*}gradientFill") is not None else ""
    kind = pattern.get("patternType", "none")
    colour = pattern.find("{*}fgColor")
    if kind == "none" or colour is None:
        return "" if kind == "none" else kind
    if colour.get("rgb", "")[-6:].upper() == "FFFFFF" or colour.get("theme") == "0":
        return ""
    return " ".join((kind, *map(str, colour.attrib.values())))
