"""Numbers of lists and headings in old Word files, which Word counts when it shows them."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from index.parsing.formats.old_office.doc_file import DocFile
from index.parsing.text.numerals import numeral

__all__ = ["DocLists"]

_FORMS = {0: "1", 1: "I", 2: "i", 3: "A", 4: "a", 5: "1", 22: "01"}
_BULLET, _NONE = 23, 255
_LIST_SIZE, _USE_SIZE, _LEVEL_SIZE = 28, 16, 28
_MOST = 10_000
_MOST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; `text` has the levels' numbers as characters 0 to 8."""

    start: int
    form: int
    text: str
    is_legal: bool = False


class DocLists:
    """The lists of a file, and how far each is counted."""

    def __init__(self, file: DocFile) -> None:
        self._levels: dict[int, dict[int, _Level]] = {}
        self._uses: list[int] = []
        self._starts: dict[tuple[int, int], int] = {}
        self._counts: dict[int, list[int | None]] = {}
        self._begun: set[int] = set()
        try:
            self._read_lists(file)
            self._read_uses(file)
        except (struct.error, IndexError):
            pass  # what was read so far is kept; other entries are shown with bullets

    def marker(self, use: int, depth: int) -> str:
        """Count an entry of the list that is used as number `use`, and return its mark."""
        number = self._uses[use - 1] if 0 < use <= len(self._uses) else None
        levels = self._levels.get(number, {}) if number is not None else {}
        level = levels.get(depth)
        if number is None or level is None:
            return "•"
        if level.form == _BULLET:
            return "•"
        if level.form == _NONE:
            return ""
        counts = self._counts.setdefault(number, [None] * 9)
        if use not in self._begun:
            self._begun.add(use)
            for (other, at), start in self._starts.items():
                if other == use:
                    counts[at] = start - 1
        for above in range(depth):
            if counts[above] is None and above in levels:
                counts[above] = levels[above].start
        before = counts[depth]
        counts[depth] = min(level.start if before is None else before + 1, _MOST_COUNT)
        counts[depth + 1 :] = [None] * (8 - depth)
        return self._written(level, levels, counts)

    @staticmethod
    def _written(level: _Level, levels: dict[int, _Level], counts: list[int | None]) -> str:
        pieces = []
        for character in level.text:
            at = ord(character)
            if at > 8:
                pieces.append(character)
                continue
            form = _FORMS.get(levels[at].form, "1") if at in levels and not level.is_legal else "1"
            count = counts[at] or 0
            pieces.append(f"{count:02}" if form == "01" else numeral(count, form))
        return "".join(pieces).strip()

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
                    self._starts[number, min(depth, 8)] = start
                if flags & 0x20:
                    level, at = _level(file.table, at)
                    self._levels.setdefault(self._uses[number - 1], {})[depth] = level


def _level(table: bytes, at: int) -> tuple[_Level, int]:
    """Return the level that begins here, and where it ends."""
    start, form, flags = struct.unpack_from("<iBB", table, at)
    characters, paragraphs = table[at + 24], table[at + 25]
    at += _LEVEL_SIZE + characters + paragraphs
    (letters,) = struct.unpack_from("<H", table, at)
    text = table[at + 2 : at + 2 + 2 * letters].decode("utf-16-le", "replace")
    return _Level(start, form, text, bool(flags & 4)), at + 2 + 2 * letters
