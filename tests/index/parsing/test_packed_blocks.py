"""Packed blocks are the blocks that were put in, in a fraction of their memory."""

from __future__ import annotations

import pytest

from index.document import Block, BlockKind, Span, TextOrigin
from index.parsing.packed_blocks import PackedBlocks, packed

_BLOCKS = (
    Block(BlockKind.HEADING, Span(0, 4), 2),
    Block(BlockKind.ITEM, Span(6, 9), 1, 3, TextOrigin.QUOTED),
    Block(BlockKind.ROW, Span(10, 4_000_000_000), 0, 4, TextOrigin.HIDDEN, 1_000_000),
)


def test_blocks_are_what_was_put_in() -> None:
    kept = packed(_BLOCKS)
    assert tuple(kept) == _BLOCKS == kept == packed(kept)
    assert (kept[1], kept[-1], kept[1:]) == (_BLOCKS[1], _BLOCKS[-1], _BLOCKS[1:])
    assert PackedBlocks(kept.data) == kept != packed(_BLOCKS[:2])
    assert len(kept.data) < 30 * len(kept)
    with pytest.raises(IndexError):
        kept[3]


def test_the_last_one_is_taken_away() -> None:
    kept = packed(_BLOCKS)
    assert kept.pop() == _BLOCKS[-1]
    assert kept == _BLOCKS[:-1]


@pytest.mark.parametrize("kind", BlockKind)
@pytest.mark.parametrize("origin", TextOrigin)
def test_each_kind_and_origin_has_a_number(kind: BlockKind, origin: TextOrigin) -> None:
    block = Block(kind, Span(1, 2), origin=origin)
    assert packed([block])[0] == block


def test_bytes_that_are_no_whole_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="cut off"):
        PackedBlocks(packed(_BLOCKS).data[:-1])
