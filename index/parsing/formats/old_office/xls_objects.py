"""Objects and charts on the sheets of old Excel workbooks, by the records of these.

As described in "[MS-XLS]: Excel Binary File Format".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from index.parsing.builder import one_line

__all__ = ["DrawnOnSheets", "SheetObject", "drawn_on_sheets"]

_BEGIN, _SHEET, _OBJECT = 0x0809, 0x0085, 0x005D
_TEXT_BEGIN, _CHART_TEXT, _TEXT_OF = 0x1025, 0x100D, 0x1027
_READ = frozenset((_BEGIN, _SHEET, _OBJECT, _CHART_TEXT, _TEXT_OF))
_TITLE = b"\x01"
"""What says that a text of a chart is its title."""
_FLAGS, _FORMULA = 0x08, 0x09
_AS_ICON = 0x08


@dataclass(frozen=True, slots=True)
class SheetObject:
    """An object in a storage of the file; behind an icon that is seen, everybody can open it."""

    storage: str
    is_icon: bool


@dataclass(slots=True)
class DrawnOnSheets:
    """Objects on the sheets of a workbook, and the titles of charts by the sheets' names."""

    objects: list[SheetObject] = field(default_factory=list)
    charts: dict[str, list[str]] = field(default_factory=dict)


def drawn_on_sheets(workbook: bytes) -> DrawnOnSheets:
    """Return what is drawn, by the stream of a workbook; what is cut off is left out."""
    found = DrawnOnSheets()
    sheets: dict[int, tuple[str, bool]] = {}
    sheet, is_hidden = "", False
    text = ""
    at = 0
    while at + 4 <= len(workbook):
        kind, size = struct.unpack_from("<HH", workbook, at)
        data = workbook[at + 4 : at + 4 + size] if kind in _READ else b""
        if kind == _BEGIN and at in sheets:
            sheet, is_hidden = sheets[at]
        elif kind == _SHEET and len(data) > 6:
            place, state = struct.unpack_from("<IB", data)
            sheets[place] = (_string(data[6:]), bool(state & 3))
        elif kind == _CHART_TEXT:
            text = _string(data[2:])
        elif kind == _TEXT_OF and data[:1] == _TITLE and text and not is_hidden:
            found.charts.setdefault(sheet, []).append(one_line(text))
        elif kind == _OBJECT and (one := _object(data)) is not None:
            found.objects.append(SheetObject(one.storage, one.is_icon and not is_hidden))
        if kind == _TEXT_BEGIN:
            text = ""
        at += 4 + size
    return found


def _string(data: bytes) -> str:
    """Return a text that is led by the number of its characters, and whether each has two bytes."""
    if len(data) < 2:
        return ""
    wide = data[1] & 1
    return data[2 : 2 + data[0] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _object(data: bytes) -> SheetObject | None:
    flags, at = 0, 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        part = data[at + 4 : at + 4 + size]
        if kind == _FLAGS and len(part) >= 2:
            flags = part[0]
        elif kind == _FORMULA and len(part) >= 2:
            (length,) = struct.unpack_from("<H", part)
            if len(part) < length + 6:
                return None
            (number,) = struct.unpack_from("<I", part, length + 2)
            return SheetObject(f"MBD{number:08X}", bool(flags & _AS_ICON))
        at += 4 + size
    return None
