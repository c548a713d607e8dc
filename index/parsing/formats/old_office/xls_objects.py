"""Objects on the sheets of old Excel workbooks, by the records of these.

As described in "[MS-XLS]: Excel Binary File Format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["SheetObject", "sheet_objects"]

_BEGIN, _SHEET, _OBJECT = 0x0809, 0x0085, 0x005D
_FLAGS, _FORMULA = 0x08, 0x09
_AS_ICON = 0x08


@dataclass(frozen=True, slots=True)
class SheetObject:
    """An object in a storage of the file; behind an icon that is seen, everybody can open it."""

    storage: str
    is_icon: bool


def sheet_objects(workbook: bytes) -> Iterator[SheetObject]:
    """Yield the objects in the stream of a workbook; what is cut off is left out."""
    hidden: set[int] = set()
    is_hidden = False
    at = 0
    while at + 4 <= len(workbook):
        kind, size = struct.unpack_from("<HH", workbook, at)
        if kind == _BEGIN:
            is_hidden = at in hidden
        elif kind == _SHEET and size >= 6:
            place, state = struct.unpack_from("<IB", workbook, at + 4)
            if state & 3:
                hidden.add(place)
        elif kind == _OBJECT:
            found = _object(workbook[at + 4 : at + 4 + size])
            if found is not None:
                yield SheetObject(found.storage, found.is_icon and not is_hidden)
        at += 4 + size


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
