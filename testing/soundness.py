"""What holds for every document, whatever it was read from."""

from __future__ import annotations

from itertools import pairwise

from index.document import BlockKind, Document


def assert_sound(document: Document) -> None:
    """The invariants of `Document`, and of those that lie in it."""
    for each in document.enclosed:
        assert_sound(each)
        assert each.blocks
        assert each.file == document.name
        assert each.name.startswith(f"{document.name}/")
    text = document.text
    covered = bytearray(len(text))
    for block in document.blocks:
        quote = block.span.of(text)
        assert quote, block
        assert quote == quote.strip(), (block, quote)
        covered[block.span.start : block.span.end] = b"\1" * len(block.span)
        if block.kind is BlockKind.HEADING:
            assert 1 <= block.level <= 6
        elif block.kind is not BlockKind.ITEM:
            assert block.level == 0
        grouped = block.kind in (BlockKind.ITEM, BlockKind.HEADER, BlockKind.ROW)
        assert (block.group > 0) is grouped, block
    for one, two in pairwise(document.blocks):
        assert one.span.end <= two.span.start, (one, two)
    missed = [at for at, char in enumerate(text) if not covered[at] and not char.isspace()]
    assert not missed, (missed[:5], text[max(0, missed[0] - 30) : missed[0] + 30])
    for before, after in pairwise(document.pages):
        assert before.end <= after.start
    for page in document.pages:
        assert 0 <= page.start <= page.end <= len(text)
    if document.pages:
        for block in document.blocks:
            holders = [page for page in document.pages if page.overlaps(block.span)]
            assert holders, block
            runs_on = block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
            assert len(holders) == 1 or runs_on, block
            assert holders[0].start <= block.span.start, block
            assert block.span.end <= holders[-1].end, block
            assert document.pages[(document.page_of(block.span.start) or 0) - 1] == holders[0]
    assert document.title.strip() == document.title != ""
    for key, value in document.metadata.items():
        assert key == key.lower()
        assert isinstance(value, str)
