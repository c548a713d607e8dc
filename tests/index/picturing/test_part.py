"""Parts of a document, as they are drawn."""

from __future__ import annotations

from index.document import Block, BlockKind, Document, Span, Style, StyleKind
from index.picturing.part import is_of_table, part_of, table_of


def table(rows: int) -> Document:
    """A line, and a table with a header below it."""
    lines = ["Prices", "Item | EUR", *(f"Part {number} | {number}" for number in range(rows))]
    text, blocks = "", []
    for number, line in enumerate(lines):
        kind = (BlockKind.PARAGRAPH, BlockKind.HEADER)[number] if number < 2 else BlockKind.ROW
        span = Span(len(text), len(text) + len(line))
        blocks.append(Block(kind, span, group=0 if number == 0 else 1))
        text += f"{line}\n"
    return Document("a.md", "Prices", text, tuple(blocks))


def place(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return Span(start, start + len(words))


def test_a_part_of_a_table_has_the_header_with_it() -> None:
    document = table(9)
    part = part_of(document, place(document, "Part 5 | 5\nPart 6 | 6"))
    assert part.document.text == "Item | EUR\nPart 5 | 5\nPart 6 | 6"
    assert [block.kind for block in part.document.blocks] == ["header", "row", "row"]
    (mark,) = part.marks(place(document, "Part 6 | 6\n"))
    assert mark.of(part.document.text) == "Part 6 | 6"


def test_blocks_and_styles_are_cut_to_the_part() -> None:
    span = Span(0, 11)
    document = Document(
        "a.md",
        "",
        "Some words.",
        (Block(BlockKind.PARAGRAPH, span),),
        styles=(Style(StyleKind.BOLD, Span(3, 8)),),
    )
    part = part_of(document, Span(5, 11)).document
    assert part.text == "words."
    assert part.blocks == (Block(BlockKind.PARAGRAPH, Span(0, 6)),)
    assert part.styles == (Style(StyleKind.BOLD, Span(0, 3)),)


def test_a_small_table_is_whole() -> None:
    document = table(9)
    found = table_of(document, place(document, "Part 5"))
    assert found is not None
    assert (found.first, found.last, found.count) == (1, 9, 9)


def test_a_large_table_is_cut_around_what_counts() -> None:
    document = table(500)
    found = table_of(document, place(document, "Part 300 |"))
    assert found is not None
    assert (found.first, found.last, found.count) == (297, 332, 500)
    assert found.part.document.text.startswith("Item | EUR\nPart 296 | 296\n")
    last = table_of(document, place(document, "Part 499 |"))
    assert last is not None
    assert (last.first, last.last) == (489, 500)


def test_a_paragraph_is_of_no_table() -> None:
    document = table(2)
    assert not is_of_table(document, place(document, "Prices"))
    assert table_of(document, place(document, "Prices")) is None
    assert is_of_table(document, place(document, "Part 1"))
