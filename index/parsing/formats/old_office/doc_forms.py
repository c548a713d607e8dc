"""Fields of forms in old Word files, whose state is kept beside the text.

As described in "[MS-DOC]: Word (.doc) Binary File Format" (FFData).
"""

from __future__ import annotations

import struct

from index.parsing.formats.office.form_field import FormField

_CHOICE = 2
_HEADER = 4
"""Bytes of the length in front of what is kept."""
_MOST_ENTRIES = 1_000


def form_field(data: bytes, place: int) -> FormField:
    """Return the field that is described at a place of the data stream; it may raise anything."""
    (header,) = struct.unpack_from("<H", data, place + _HEADER)
    at = place + header + 4  # behind the version
    bits, _, _ = struct.unpack_from("<HHH", data, at)
    field = FormField(bits & 3, bits >> 2 & 31)
    _, at = _string(data, at + 6)  # the name
    if field.kind:
        (field.default,) = struct.unpack_from("<H", data, at)
        at += 2
    else:
        _, at = _string(data, at)
    if field.kind == _CHOICE:
        for _ in range(5):  # the format, help, state, and two macros
            _, at = _string(data, at)
        _, count, extra = struct.unpack_from("<HHH", data, at)
        at += 6
        for _ in range(min(count, _MOST_ENTRIES)):
            entry, at = _string(data, at, ending=0)
            field.entries.append(entry)
            at += extra
    return field


def _string(data: bytes, at: int, *, ending: int = 2) -> tuple[str, int]:
    """Return a text that is led by its length, and where what follows it begins."""
    (length,) = struct.unpack_from("<H", data, at)
    end = at + 2 + 2 * length
    return data[at + 2 : end].decode("utf-16-le", "replace"), end + ending
