"""Records of old PowerPoint files, and the slides and texts in them.

As described in "[MS-PPT]: PowerPoint (.ppt) Binary File Format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.errors import UnreadableDocument

_CONTAINER = 0xF
_USER_EDIT, _DIRECTORY = 0x0FF5, 0x1772
_TEXT_HEADER, _TEXT_CHARACTERS, _TEXT_BYTES, _TEXT_STYLES = 0x0F9F, 0x0FA0, 0x0FA8, 0x0FA1
_ENCRYPTED = 0xF3D1C4DF
_MOST_EDITS = 10_000
_MOST_DEPTH = 64
# Sizes of the values that a paragraph's style has, by the bit that says so, in their order.
_VALUES = (
    (0x0080, 2), (0x0010, 2), (0x0040, 2), (0x0020, 4), (0x0800, 2), (0x1000, 2), (0x2000, 2),
    (0x4000, 2), (0x0100, 2), (0x0400, 2), (0x8000, 2),
)  # fmt: skip
_LATER_VALUES = ((0x10000, 2), (0xE0000, 2), (0x200000, 2))
_TABS = 0x100000
_BULLET_FLAGS = 0xF


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its contents; `inner` are the records in a container."""

    kind: int
    instance: int
    data: memoryview
    is_container: bool

    def inner(self) -> Iterator[Record]:
        return records(self.data) if self.is_container else iter(())

    def first(self, *kinds: int) -> Record | None:
        """Return the first record at the end of a path of kinds."""
        found = self
        for kind in kinds:
            inner = next((each for each in found.inner() if each.kind == kind), None)
            if inner is None:
                return None
            found = inner
        return found

    def every(self, kind: int, depth: int = 0) -> Iterator[Record]:
        """Yield all records of a kind, however deep."""
        for each in self.inner():
            if each.kind == kind:
                yield each
            elif depth < _MOST_DEPTH:
                yield from each.every(kind, depth + 1)

    def number(self, offset: int) -> int:
        """Return the 32-bit number at an offset, 0 where the record ends before."""
        if len(self.data) < offset + 4:
            return 0
        return int.from_bytes(self.data[offset : offset + 4], "little")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `has_bullet` is None where its place in the slide decides."""

    text: str
    level: int = 0
    has_bullet: bool | None = None


@dataclass(slots=True)
class TextBlock:
    """The text of one shape, and the number of its kind (0 and 6 are titles, 1 is a body)."""

    kind: int
    paragraphs: list[Paragraph] = field(default_factory=list)


def records(data: memoryview) -> Iterator[Record]:
    """Yield the records that follow each other; what is cut off is left out."""
    at = 0
    while at + 8 <= len(data):
        first, kind, length = struct.unpack_from("<HHI", data, at)
        at += 8
        if at + length > len(data):
            return
        body = data[at : at + length]
        yield Record(kind, first >> 4, body, first & 0xF == _CONTAINER)
        at += length


def living_records(stream: bytes, user: bytes) -> tuple[dict[int, Record], int]:
    """Return the records that are in use by their numbers, and the number of the document's own.

    A file may hold what was saved before as well; the newest record of a number is the one in use.
    """
    if len(user) < 20:
        raise UnreadableDocument("it is damaged, or not a PowerPoint presentation")
    token, edit = struct.unpack_from("<II", user, 12)
    if token == _ENCRYPTED:
        raise UnreadableDocument("it is protected by a password")
    data = memoryview(stream)
    places: dict[int, int] = {}
    document = 0
    seen: set[int] = set()
    while edit not in seen and len(seen) < _MOST_EDITS:
        seen.add(edit)
        record = next(records(data[edit:]), None)
        if record is None or record.kind != _USER_EDIT:
            break
        document = document or record.number(16)
        _note_places(next(records(data[record.number(12) :]), None), places)
        edit = record.number(8)
        if not edit:
            break
    living = {}
    for number, place in places.items():
        record = next(records(data[place:]), None)
        if record is not None:
            living[number] = record
    return living, document


def _note_places(directory: Record | None, places: dict[int, int]) -> None:
    if directory is None or directory.kind != _DIRECTORY:
        return
    at = 0
    while at + 4 <= len(directory.data):
        packed = directory.number(at)
        first, count = packed & 0xFFFFF, packed >> 20
        at += 4
        for number in range(first, first + count):
            places.setdefault(number, directory.number(at))
            at += 4


def texts_of(run: Iterator[Record]) -> list[TextBlock]:
    """Return the texts in a run of records."""
    blocks: list[TextBlock] = []
    text = ""
    for record in run:
        if record.kind == _TEXT_HEADER:
            blocks.append(TextBlock(record.number(0)))
        elif record.kind in (_TEXT_CHARACTERS, _TEXT_BYTES) and blocks:
            is_wide = record.kind == _TEXT_CHARACTERS
            text = bytes(record.data).decode("utf-16-le" if is_wide else "latin-1", "replace")
            blocks[-1].paragraphs = [Paragraph(line) for line in text.split("\r")]
        elif record.kind == _TEXT_STYLES and blocks:
            blocks[-1].paragraphs = _styled(blocks[-1].paragraphs, bytes(record.data))
    return blocks


def _styled(paragraphs: list[Paragraph], packed: bytes) -> list[Paragraph]:
    """Return paragraphs with their levels and bullets, which are given for runs of characters."""
    found: list[Paragraph] = []
    at = covered = place = 0
    level, has_bullet = 0, None
    for paragraph in paragraphs:
        while covered <= place and at + 10 <= len(packed):
            count, level, mask = struct.unpack_from("<IHI", packed, at)
            has_bullet, at = _bullet(packed, at + 10, mask)
            covered += count
        found.append(Paragraph(paragraph.text, min(level, 8), has_bullet))
        place += len(paragraph.text) + 1
    return found


def _bullet(packed: bytes, at: int, mask: int) -> tuple[bool | None, int]:
    has_bullet = None
    if mask & _BULLET_FLAGS:
        flags = int.from_bytes(packed[at : at + 2], "little")
        has_bullet = bool(flags & 1) if mask & 1 else None
        at += 2
    at += sum(size for bit, size in _VALUES if mask & bit)
    if mask & _TABS:
        at += 2 + 4 * int.from_bytes(packed[at : at + 2], "little")
    return has_bullet, at + sum(size for bit, size in _LATER_VALUES if mask & bit)
