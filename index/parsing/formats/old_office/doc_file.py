"""The binary file of old Word (97 to 2003): its text in pieces, and properties of stretches of it.

As described in "[MS-DOC]: Word (.doc) Binary File Format", from which the names are taken.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from index.errors import UnreadableDocument
from index.parsing.draft import Source
from index.parsing.formats.old_office.ole import OleFile

Properties = dict[int, bytes]
"""Operands of modifiers ("sprm") by their codes, the last one of each."""

_WORD_97 = 0xA5EC
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_COUNTS = 0x4C
_FIRST_PAIR = 0x9A
# Places of tables in the header, as indexes of pairs of offset and length.
_STYLES, _FOOTNOTES, _CHARACTER_PAGES, _PARAGRAPH_PAGES, _PIECES = 1, 2, 12, 13, 33
_ENDNOTES, _LISTS, _LIST_USES, _FONTS = 46, 73, 74, 15
_PAGE = 512
_FONT_NAME = 40
"""Where the name begins in what is said of a font."""
_OPERAND_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
_PARAGRAPH_STYLE = 1


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters `[start, end)` of the text, and where they stand in the file."""

    start: int
    end: int
    offset: int
    width: int
    """Bytes of a character."""


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: its built-in number, the style it is based on, and what it sets."""

    builtin: int
    base: int
    properties: Properties


class DocFile:
    """A Word file, opened. Raises UnreadableDocument where it is too old or has a password."""

    def __init__(self, source: Source) -> None:
        self.ole = OleFile(source)
        self._main = self.ole.read("WordDocument")
        if len(self._main) < _FIRST_PAIR:
            raise UnreadableDocument("it is damaged, or not a Word document")
        identifier, version = struct.unpack_from("<HH", self._main)
        (flags,) = struct.unpack_from("<H", self._main, 0x0A)
        if identifier != _WORD_97 or version < 0xC1:
            raise UnreadableDocument("it was made by Word 95 or older; save it as .docx")
        if flags & _ENCRYPTED:
            raise UnreadableDocument("it is protected by a password")
        self.table = self.ole.read("1Table" if flags & _SECOND_TABLE else "0Table")
        counts = struct.unpack_from("<8I", self._main, _COUNTS)
        self.parts = dict(zip(_PARTS, counts, strict=True))
        """The number of characters of each part of the text, in order."""
        self.is_cut = False
        """Whether it has more text than it may, and ends before."""
        self._pieces = list(self._read_pieces(source.limits.max_characters))
        self.text = "".join(map(self._decoded, self._pieces))

    def part(self, name: str) -> tuple[int, int]:
        """Return where a part of the text begins and ends."""
        start = 0
        for each, count in self.parts.items():
            if each == name:
                return min(start, len(self.text)), min(start + count, len(self.text))
            start += count
        raise KeyError(name)

    def pair(self, index: int) -> tuple[int, int]:
        """Return the offset and length of a table in the table stream; 0 and 0 for none."""
        (pairs,) = struct.unpack_from("<H", self._main, _FIRST_PAIR - 2)
        if index >= pairs:
            return 0, 0
        offset, length = struct.unpack_from("<II", self._main, _FIRST_PAIR + 8 * index)
        return offset, length

    @property
    def lists(self) -> tuple[int, int]:
        return self.pair(_LISTS)

    @property
    def list_uses(self) -> tuple[int, int]:
        return self.pair(_LIST_USES)

    @cached_property
    def data(self) -> bytes:
        """What is kept beside the text, such as fields of forms."""
        return self.ole.read("Data")

    @cached_property
    def fonts(self) -> list[str]:
        """The names of the fonts by their numbers."""
        offset, length = self.pair(_FONTS)
        if length < 4:
            return []
        (count,) = struct.unpack_from("<H", self.table, offset)
        at, end = offset + 4, min(offset + length, len(self.table))
        found: list[str] = []
        while at < end and len(found) < count:
            size = self.table[at] + 1
            name = self.table[at + _FONT_NAME : at + size].decode("utf-16-le", "ignore")
            found.append(name.partition("\0")[0])
            at += size
        return found

    @cached_property
    def note_marks(self) -> tuple[list[int], list[int]]:
        """The places of the marks of footnotes and endnotes."""
        return self._places(_FOOTNOTES), self._places(_ENDNOTES)

    def _places(self, index: int) -> list[int]:
        offset, length = self.pair(index)
        count = max(0, (length - 4) // 6)
        return list(struct.unpack_from(f"<{count}I", self.table, offset))

    @cached_property
    def styles(self) -> dict[int, Style]:
        """The paragraph styles by their numbers."""
        offset, length = self.pair(_STYLES)
        if not length:
            return {}
        (header,) = struct.unpack_from("<H", self.table, offset)
        count, base_size = struct.unpack_from("<HH", self.table, offset + 2)
        at, end = offset + 2 + header, offset + length
        found: dict[int, Style] = {}
        for number in range(count):
            if at + 2 > end:
                break
            (size,) = struct.unpack_from("<H", self.table, at)
            if size >= base_size and (
                style := _style(self.table[at + 2 : at + 2 + size], base_size)
            ):
                found[number] = style
            at += 2 + size + size % 2
        return found

    def paragraph(self, place: int) -> tuple[int, Properties]:
        """Return the style of the paragraph whose last character is at `place`, and what it sets.

        What its style sets is not among it.
        """
        starts, ends, values = self._paragraph_runs
        offset = self._offset(place)
        number = bisect_right(starts, offset) - 1
        if number < 0 or offset >= ends[number]:
            return 0, {}
        packed = values[number]
        if len(packed) < 2:
            return 0, {}
        return struct.unpack_from("<H", packed)[0], modifiers(packed[2:])

    def runs(self, start: int, end: int) -> Iterator[tuple[int, int, Properties]]:
        """Yield stretches of the text with what is set of their characters."""
        starts, ends, values = self._character_runs
        first = max(0, bisect_right(self._piece_starts, start) - 1)
        for index in range(first, len(self._pieces)):
            piece = self._pieces[index]
            if piece.start >= end:
                return
            at, stop = max(piece.start, start), min(piece.end, end)
            while at < stop:
                offset = piece.offset + (at - piece.start) * piece.width
                number = bisect_right(starts, offset) - 1
                if number < 0 or offset >= ends[number]:
                    following = starts[number + 1] if number + 1 < len(starts) else None
                    packed = b""
                else:
                    following, packed = ends[number], values[number]
                length = stop - at
                if following is not None:
                    length = min(length, max(1, -(-(following - offset) // piece.width)))
                yield at, at + length, modifiers(packed)
                at += length

    @cached_property
    def _piece_starts(self) -> list[int]:
        return [piece.start for piece in self._pieces]

    def _offset(self, place: int) -> int:
        piece = self._pieces[max(0, bisect_right(self._piece_starts, place) - 1)]
        return piece.offset + (place - piece.start) * piece.width

    def _read_pieces(self, most: int) -> Iterator[_Piece]:
        at, length = self.pair(_PIECES)
        end = at + length
        while at < end and self.table[at] == 1:  # modifiers that the pieces refer to
            at += 3 + struct.unpack_from("<H", self.table, at + 1)[0]
        if at >= end or self.table[at] != 2:
            raise UnreadableDocument("it is damaged: it does not say where its text is")
        count = (struct.unpack_from("<I", self.table, at + 1)[0] - 4) // 12
        starts = struct.unpack_from(f"<{count + 1}I", self.table, at + 5)
        descriptors = at + 5 + 4 * (count + 1)
        for number in range(count):
            (packed,) = struct.unpack_from("<I", self.table, descriptors + 8 * number + 2)
            offset, compressed = packed & 0x3FFFFFFF, bool(packed & 0x40000000)
            start, stop = starts[number], starts[number + 1]
            if not start <= min(stop, most):
                raise UnreadableDocument("it is damaged: it does not say where its text is")
            self.is_cut = stop > most
            width = 1 if compressed else 2
            yield _Piece(start, min(stop, most), offset // 2 if compressed else offset, width)
            if self.is_cut:
                return

    def _decoded(self, piece: _Piece) -> str:
        size = (piece.end - piece.start) * piece.width
        data = self._main[piece.offset : piece.offset + size]
        if len(data) < size:
            raise UnreadableDocument("it is damaged or cut off: a part of its text is missing")
        if piece.width == 1:
            return data.decode("cp1252", "replace")
        # Each half of a surrogate pair counts as a character, so they are joined at the end.
        return "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data)))

    @cached_property
    def _paragraph_runs(self) -> tuple[list[int], list[int], list[bytes]]:
        return self._property_runs(_PARAGRAPH_PAGES, 13, _paragraph_modifiers)

    @cached_property
    def _character_runs(self) -> tuple[list[int], list[int], list[bytes]]:
        return self._property_runs(_CHARACTER_PAGES, 1, _character_modifiers)

    def _property_runs(
        self, index: int, entry: int, unpacked: object
    ) -> tuple[list[int], list[int], list[bytes]]:
        """Return where each run begins and ends in the file, and its packed properties."""
        offset, length = self.pair(index)
        count = max(0, (length - 4) // 8)
        pages = struct.unpack_from(f"<{count}I", self.table, offset + 4 * (count + 1))
        found: list[tuple[int, int, bytes]] = []
        for number in dict.fromkeys(page & 0x3FFFFF for page in pages):
            page = self._main[number * _PAGE : (number + 1) * _PAGE]
            if len(page) < _PAGE:
                continue
            runs = page[-1]
            if 4 * (runs + 1) + entry * runs > _PAGE:
                continue
            bounds = struct.unpack_from(f"<{runs + 1}I", page)
            for run in range(runs):
                at = 2 * page[4 * (runs + 1) + entry * run]
                packed = unpacked(page, at) if at else b""  # type: ignore[operator]
                found.append((bounds[run], bounds[run + 1], packed))
        found.sort(key=lambda run: run[:2])
        return [run[0] for run in found], [run[1] for run in found], [run[2] for run in found]


_PARTS = ("main", "footnotes", "margins", "macros", "comments", "endnotes", "boxes", "margin boxes")


def modifiers(packed: bytes) -> Properties:
    """Return the modifiers in a packed list."""
    found: Properties = {}
    at = 0
    while at + 2 <= len(packed):
        (code,) = struct.unpack_from("<H", packed, at)
        at += 2
        size = _OPERAND_SIZES.get(code >> 13)
        if size is None:
            if at >= len(packed):
                break
            if code == _TABLE_DEFINITION:
                size = struct.unpack_from("<H", packed.ljust(at + 2, b"\0"), at)[0] + 1
            elif code == _TABS and packed[at] == 255:
                break
            else:
                size = packed[at] + 1
        found[code] = packed[at : at + size]
        at += size
    return found


def _paragraph_modifiers(page: bytes, at: int) -> bytes:
    size = page[at]
    if size:
        return page[at + 1 : at + 2 * size]
    return page[at + 2 : at + 2 + 2 * page[at + 1]]


def _character_modifiers(page: bytes, at: int) -> bytes:
    return page[at + 1 : at + 1 + page[at]]


def _style(packed: bytes, base_size: int) -> Style | None:
    builtin, kind_and_base, _, _ = struct.unpack_from("<4H", packed)
    if kind_and_base & 0xF != _PARAGRAPH_STYLE:
        return None
    (letters,) = struct.unpack_from("<H", packed, base_size)
    at = base_size + 2 + 2 * (letters + 1)
    properties: Properties = {}
    if at + 2 <= len(packed):
        (size,) = struct.unpack_from("<H", packed, at)
        properties = modifiers(packed[at + 4 : at + 2 + size])
    return Style(builtin & 0xFFF, kind_and_base >> 4, properties)
