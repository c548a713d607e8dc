"""Colours of old Word documents, of text and of what is behind it, as six hexadecimal digits."""

from __future__ import annotations

import struct

from index.parsing.formats.old_office.doc_file import Properties
from index.parsing.unread.looks import WHITE

_OF_PALETTE = {
    1: "000000", 2: "0000ff", 3: "00ffff", 4: "00ff00", 5: "ff00ff", 6: "ff0000", 7: "ffff00",
    8: WHITE, 9: "000080", 10: "008080", 11: "008000", 12: "800080", 13: "800000", 14: "808000",
    15: "808080", 16: "c0c0c0",
}  # fmt: skip
_CLEAR, _SOLID = 0, 1


def colour(properties: Properties, code: int, old_code: int) -> str:
    """Return the colour that a modifier sets, or else an older one; empty for none."""
    if len(found := properties.get(code, b"")) == 4:
        return _written(found)
    return _OF_PALETTE.get((properties.get(old_code) or b"\0")[0], "")


def fill(properties: Properties, code: int, old_code: int) -> str:
    """Return the colour that a shading fills an area with; empty for none, or for a pattern."""
    found, old = properties.get(code, b""), properties.get(old_code, b"")
    if len(found) == 11:
        (pattern,) = struct.unpack_from("<H", found, 9)
        front, back = _written(found[1:5]), _written(found[5:9])
    elif len(old) == 2:
        (packed,) = struct.unpack("<H", old)
        pattern = packed >> 10
        front, back = (_OF_PALETTE.get(packed >> shift & 31, "") for shift in (0, 5))
    else:
        return ""
    return {_CLEAR: back, _SOLID: front}.get(pattern, "pattern")


def _written(packed: bytes) -> str:
    return "" if packed[3] else packed[:3].hex()
