"""Cells of a table that are packed into bytes, since a web page may have millions."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator

from index.parsing.tables.compact_rows import CompactRows
from index.parsing.tables.grid import GridCell

_CELL = struct.Struct("<IIIIB")
"""Row, column, rows, columns, and whether it is a header."""
_ROW, _ROWS = struct.Struct("<I"), 8
"""A number, and the place of a cell's rows among its bytes."""


class PackedCells(Collection[GridCell]):
    """Cells in order, each of which is made anew whenever it is asked for."""

    def __init__(self, cells: Iterable[GridCell] = ()) -> None:
        self._data = bytearray()
        self._texts = CompactRows()
        for cell in cells:
            self.append(cell)

    def append(self, cell: GridCell) -> None:
        self._data += _CELL.pack(cell.row, cell.column, cell.rows, cell.columns, cell.is_header)
        self._texts.append((cell.text,))

    def end_at(self, number: int, row: int) -> None:
        """Let the cell of this number cover no row from `row` on."""
        at = number * _CELL.size
        (first,) = _ROW.unpack_from(self._data, at)
        (rows,) = _ROW.unpack_from(self._data, at + _ROWS)
        _ROW.pack_into(self._data, at + _ROWS, min(rows, row - first))

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[GridCell]:
        for (row, column, rows, columns, is_header), text in zip(
            _CELL.iter_unpack(self._data), self._texts, strict=True
        ):
            yield GridCell(text[0] if text else "", row, column, rows, columns, bool(is_header))

    def __contains__(self, cell: object) -> bool:
        return any(cell == each for each in self)
