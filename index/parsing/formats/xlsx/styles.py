"""Styles of an Excel workbook: what a cell's style says of its number and its weight."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import _Element as Element

from index.parsing.formats.numbers.codes import BUILTIN_FORMATS

__all__ = ["CellStyle", "read_styles"]


@dataclass(frozen=True, slots=True)
class CellStyle:
    """A number format, and whether the cell is set apart by bold letters or a filled ground."""

    code: str = ""
    is_marked: bool = False


def read_styles(root: Element | None) -> dict[str, CellStyle]:
    """Return the styles by what cells call them; those that say nothing are left out."""
    if root is None:
        return {}
    codes = dict(BUILTIN_FORMATS)
    for each in root.iterfind("{*}numFmts/{*}numFmt"):
        if each.get("numFmtId", "").isdecimal():
            codes[int(each.get("numFmtId", ""))] = each.get("formatCode", "")
    bold = [_is_bold(font) for font in root.iterfind("{*}fonts/{*}font")]
    filled = [_is_filled(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    styles = {}
    for number, each in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        marked = _at(bold, each.get("fontId")) or _at(filled, each.get("fillId"))
        code = (
            codes.get(int(number_id), "")
            if (number_id := each.get("numFmtId", "0")).isdecimal()
            else ""
        )
        code = "" if code.lower() == "general" else code
        if code or marked:
            styles[str(number)] = CellStyle(code, marked)
    return styles


def _at(flags: list[bool], place: str | None) -> bool:
    return place is not None and place.isdecimal() and int(place) < len(flags) and flags[int(place)]


def _is_bold(font: Element) -> bool:
    mark = font.find("{*}b")
    return mark is not None and mark.get("val", "1") not in ("0", "false")


def _is_filled(fill: Element) -> bool:
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return fill.find("{*}gradientFill") is not None
    if pattern.get("patternType", "none") == "none":
        return False
    colour = pattern.find("{*}fgColor")
    white = colour is not None and (
        colour.get("rgb", "")[-6:].upper() == "FFFFFF" or colour.get("theme") == "0"
    )
    return not white
