"""The numbers by which people cite paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.answering.excerpts.clauses import clause_at, clause_of, clauses_in
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span

ITEM, PARAGRAPH = BlockKind.ITEM, BlockKind.PARAGRAPH


@pytest.mark.parametrize(
    ("text", "kind", "heading", "number"),
    [
        ("4.2 The supplier delivers.", ITEM, ["Delivery"], "4.2"),
        ("4.2. The supplier delivers.", ITEM, [], "4.2"),
        ("§ 4.2 Der Lieferant", ITEM, [], "4.2"),
        ("(4.2) The supplier", ITEM, [], "4.2"),
        ("4.2 The supplier delivers.", PARAGRAPH, ["4. Delivery"], "4.2"),
        ("4.2.1 The supplier delivers.", PARAGRAPH, ["4 Goods", "4.2 Delivery"], "4.2.1"),
        ("4.2 million people came.", PARAGRAPH, ["Aid"], ""),
        ("4.2 million people came.", PARAGRAPH, ["3 Aid"], ""),
        ("4.2 million people came.", PARAGRAPH, ["42 Aid"], ""),
        ("12 lorries came.", ITEM, ["1 Aid"], ""),
        ("4.2", ITEM, [], ""),
        ("The supplier delivers.", PARAGRAPH, ["4.2 Delivery"], ""),
    ],
)
def test_the_number_of_a_block(
    text: str, kind: BlockKind, heading: Sequence[str], number: str
) -> None:
    assert clause_of(text, kind, heading) == number


def test_a_later_sentence_is_of_the_same_clause() -> None:
    text = "4.1 It comes on Monday. 4.2 It is paid. The fee is capped."
    first, second = Span(0, 23), Span(24, 38)
    third = Span(39, len(text))
    units = (Unit(ITEM, first, 3), Unit(ITEM, second, 4), Unit(ITEM, third, 4))
    passage = Passage("p", "a.md", "A", (), None, Span(0, len(text)), text, units)
    assert [clause_at(passage, span) for span in (first, second, third)] == ["4.1", "4.2", "4.2"]
    assert clauses_in(passage, Span(0, len(text))) == "4.1–4.2"
    assert clauses_in(passage, Span(24, len(text))) == "4.2"
