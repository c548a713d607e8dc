"""Numbers of lists and headings in old Word files, which Word counts when it shows them."""

from __future__ import annotations

import struct

from index.parsing.formats.old_office.doc_file import DocFile
from index.parsing.text.list_numbers import BULLET, ListLevel, ReachedNumbers

_FORMS = (
    "decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "ordinal", "cardinalText",
    "ordinalText",
)  # fmt: skip
_OTHER_FORMS = {22: "decimalZero", 23: "bullet", 255: "none"}
_LIST_SIZE, _USE_SIZE, _LEVEL_SIZE = 28, 16, 28
_MOST = 10_000
_PLACES = {n: f"%{n + 1}" for n in range(9)}


class DocLists:
    """The lists of a file, and how far each is counted."""

    def __init__(self, file: DocFile) -> None:
        self._levels: dict[int, dict[int, ListLevel]] = {}
        self._uses: list[int] = []
        self._starts: dict[int, dict[int, int]] = {}
        self._reached: dict[int, ReachedNumbers] = {}
        self._begun: set[tuple[int, int]] = set()
        try:
            self._read_lists(file)
            self._read_uses(file)
        except (struct.error, IndexError):
            pass  # what was read so far is kept; other entries are shown with bullets

    def marker(self, use: int, depth: int) -> str:
        """Count an entry of the list that is used as number `use`, and return its mark."""
        number = self._uses[use - 1] if 0 < use <= len(self._uses) else None
        levels = self._levels.get(number, {}) if number is not None else {}
        if number is None or depth not in levels:
            return BULLET
        begins = (use, depth) not in self._begun
        self._begun.add((use, depth))
        starts = self._starts.get(use, {})
        reached = self._reached.setdefault(number, ReachedNumbers())
        given = starts.get(depth) if begins else None
        return reached.count(levels, depth, number=given, starts=starts).strip()

    def _read_lists(self, file: DocFile) -> None:
        offset, length = file.lists
        if not length:
            return
        (count,) = struct.unpack_from("<H", file.table, offset)
        at = offset + 2 + _LIST_SIZE * count  # the levels follow all lists
        for number in range(min(count, _MOST)):
            place = offset + 2 + _LIST_SIZE * number
            (identifier,) = struct.unpack_from("<i", file.table, place)
            is_simple = bool(file.table[place + 26] & 1)
            levels = self._levels.setdefault(identifier, {})
            for depth in range(1 if is_simple else 9):
                levels[depth], at = _level(file.table, at)

    def _read_uses(self, file: DocFile) -> None:
        offset, length = file.list_uses
        if not length:
            return
        (count,) = struct.unpack_from("<I", file.table, offset)
        count = min(count, _MOST)
        overrides = []
        for number in range(count):
            place = offset + 4 + _USE_SIZE * number
            self._uses.append(struct.unpack_from("<i", file.table, place)[0])
            overrides.append(file.table[place + 12])
        at = offset + 4 + _USE_SIZE * count
        for number, changed in enumerate(overrides, start=1):
            at += 4
            for _ in range(changed):
                start, flags = struct.unpack_from("<iI", file.table, at)
                at += 8
                depth = flags & 0xF
                if flags & 0x10:
                    self._starts.setdefault(number, {})[min(depth, 8)] = start
                if flags & 0x20:
                    level, at = _level(file.table, at)
                    self._levels.setdefault(self._uses[number - 1], {})[depth] = level


def _level(table: bytes, at: int) -> tuple[ListLevel, int]:
    """Return the level that begins here, and where it ends."""
    start, kind, flags = struct.unpack_from("<iBB", table, at)
    characters, paragraphs = table[at + 24], table[at + 25]
    at += _LEVEL_SIZE + characters + paragraphs
    (letters,) = struct.unpack_from("<H", table, at)
    text = table[at + 2 : at + 2 + 2 * letters].decode("utf-16-le", "replace")
    form = _FORMS[kind] if kind < len(_FORMS) else _OTHER_FORMS.get(kind, "decimal")
    level = ListLevel(start, form, text.translate(_PLACES), is_legal=bool(flags & 4))
    return level, at + 2 + 2 * letters
