"""A document packed into a message comes back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.document import Block, BlockKind, Document, Span, TextOrigin
from index.parsing.sandbox.protocol import pack, unpack

_TEXT = "Plan\n\nOpen the sluice at øne."
_BLOCKS = (
    Block(BlockKind.HEADING, Span(0, 4), level=2),
    Block(BlockKind.ROW, Span(6, 29), group=1, origin=TextOrigin.NOTES, row=12),
)


@pytest.mark.parametrize("has_hidden", [True, False])
def test_a_document_comes_back(has_hidden: bool) -> None:
    document = Document(
        "a/b.pptx",
        "Plan",
        _TEXT,
        _BLOCKS,
        pages=(Span(0, 29),),
        metadata={"date": "2031-05-02"},
        sha256="ab",
        remarks=("Slide 2 is hidden and was not read.",),
        doubtful=(Span(25, 28),),
        has_hidden=has_hidden,
    )
    assert unpack(pack(document), document.name, document.sha256) == document
    damaged = pack(replace(document, title="Plans"))[:-1]
    with pytest.raises(ValueError, match="not a document"):
        unpack(damaged, document.name, document.sha256)
