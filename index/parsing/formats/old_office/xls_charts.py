"""Titles of the charts on the sheets of old Excel workbooks, by the records of these.

As described in "[MS-XLS]: Excel Binary File Format".
"""

from __future__ import annotations

import struct

from index.parsing.builder import one_line

_BEGIN, _SHEET = 0x0809, 0x0085
_TEXT_BEGIN, _CHART_TEXT, _TEXT_OF = 0x1025, 0x100D, 0x1027
_READ = frozenset((_BEGIN, _SHEET, _CHART_TEXT, _TEXT_OF))
_TITLE = b"\x01"
"""What says that a text of a chart is its title."""


def titles_of_charts(workbook: bytes) -> dict[str, list[str]]:
    """Return titles by the names of their sheets, by the stream of a workbook.

    What is cut off is left out, and what stands on hidden sheets.
    """
    found: dict[str, list[str]] = {}
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
            found.setdefault(sheet, []).append(one_line(text))
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
