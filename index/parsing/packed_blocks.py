"""Blocks that are packed into bytes, since a long table has hundreds of thousands."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from itertools import starmap

from index.document import Block, BlockKind, Span, TextOrigin
from index.parsing.packed_sequence import PackedSequence

_KINDS, _ORIGINS = tuple(BlockKind), tuple(TextOrigin)
_KIND_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_ORIGIN_NUMBERS = {origin: number for number, origin in enumerate(_ORIGINS)}


class PackedBlocks(PackedSequence[Block]):
    """Blocks, of which the last can be taken away."""

    LAYOUT = struct.Struct("<BBIIIII")
    """Kind, origin, level, group, row, start, end."""
    NAME = "block"

    def append(self, block: Block) -> None:
        self.data += self.LAYOUT.pack(
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
        del self.data[-self.LAYOUT.size :]
        return last

    def _parts(self, fields: Iterable[tuple[int, ...]], first: int) -> Iterator[Block]:
        return starmap(_block, fields)


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
