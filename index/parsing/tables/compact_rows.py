"""Rows of texts that are kept as few long strings, since a sheet may have a million rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

_CELL_END, _ROW_END = "\0", "\1"
_NO_TEXT = str.maketrans("", "", _CELL_END + _ROW_END)
_STRETCH = 256
"""Rows that are one string."""


class CompactRows(Sequence[list[str]]):
    """Rows in order, each of which is made anew whenever it is asked for.

    `width` is the most cells that a row has, `cells` the number of all, and `blank` that of rows
    without a text. A row with one empty cell has none.
    """

    def __init__(self, rows: Iterable[Sequence[str]] = ()) -> None:
        self._stretches: list[str] = []
        self._last: list[str] = []
        self._open = (-1, list[str]())
        self.width = self.cells = self.blank = 0
        for row in rows:
            self.append(row)

    def append(self, row: Sequence[str]) -> None:
        line = _CELL_END.join(row)
        if _ROW_END in line or line.count(_CELL_END) >= max(1, len(row)):
            line = _CELL_END.join(cell.translate(_NO_TEXT) for cell in row)
        self.width = max(self.width, len(row))
        self.cells += len(row)
        self.blank += not line.strip(_CELL_END)
        self._last.append(line)
        if len(self._last) == _STRETCH:
            self._stretches.append(_ROW_END.join(self._last))
            self._last = []

    def __len__(self) -> int:
        return len(self._stretches) * _STRETCH + len(self._last)

    def __iter__(self) -> Iterator[list[str]]:
        for stretch in self._stretches:
            yield from map(_cells, stretch.split(_ROW_END))
        yield from map(_cells, self._last)

    @overload
    def __getitem__(self, at: int) -> list[str]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[str]]: ...
    def __getitem__(self, at: int | slice) -> list[str] | list[list[str]]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        number = at + len(self) if at < 0 else at
        if not 0 <= number < len(self):
            raise IndexError(at)
        stretch = number // _STRETCH
        if stretch == len(self._stretches):
            return _cells(self._last[number % _STRETCH])
        if self._open[0] != stretch:
            self._open = (stretch, self._stretches[stretch].split(_ROW_END))
        return _cells(self._open[1][number % _STRETCH])


def _cells(line: str) -> list[str]:
    return line.split(_CELL_END) if line else []
