"""Blocks that are packed into bytes, since a long table has hundreds of thousands."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from index.document import Block, BlockKind, Span, TextOrigin

__all__ = ["PackedBlocks", "packed"]

_BLOCK = struct.Struct("<BBIIIII")
"""Kind, origin, level, group, row, start, end."""
_KINDS, _ORIGINS = tuple(BlockKind), tuple(TextOrigin)
_KIND_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_ORIGIN_NUMBERS = {origin: number for number, origin in enumerate(_ORIGINS)}


class PackedBlocks(Sequence[Block]):
    """A sequence of blocks, each of which is made anew whenever it is asked for.

    `data` are its bytes. Raises ValueError where they are not whole blocks.
    """

    def __init__(self, data: bytes | bytearray = b"") -> None:
        if len(data) % _BLOCK.size:
            raise ValueError("a block is cut off")
        self.data = bytearray(data)

    def append(self, block: Block) -> None:
        self.data += _BLOCK.pack(
            _KIND_NUMBERS[block.kind],
            _ORIGIN_NUMBERS[block.origin],
            block.level,
            block.group,
            block.row,
            block.span.start,
            block.span.end,
        )

    def pop(self) -> Block:
        """Take the last block away and return it."""
        last = self[-1]
        del self.data[-_BLOCK.size :]
        return last

    def __len__(self) -> int:
        return len(self.data) // _BLOCK.size

    def __iter__(self) -> Iterator[Block]:
        return (_block(*fields) for fields in _BLOCK.iter_unpack(self.data))

    @overload
    def __getitem__(self, at: int) -> Block: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Block]: ...
    def __getitem__(self, at: int | slice) -> Block | Sequence[Block]:
        if isinstance(at, slice):
            return tuple(self[number] for number in range(*at.indices(len(self))))
        number = at + len(self) if at < 0 else at
        if not 0 <= number < len(self):
            raise IndexError(at)
        return _block(*_BLOCK.unpack_from(self.data, number * _BLOCK.size))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedBlocks):
            return self.data == other.data
        return isinstance(other, tuple) and tuple(self) == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))


def packed(blocks: Iterable[Block]) -> PackedBlocks:
    """Return blocks as packed ones."""
    if isinstance(blocks, PackedBlocks):
        return blocks
    found = PackedBlocks()
    for block in blocks:
        found.append(block)
    return found


def _block(kind: int, origin: int, level: int, group: int, row: int, start: int, end: int) -> Block:
    return Block(_KINDS[kind], Span(start, end), level, group, _ORIGINS[origin], row)
