from __future__ import annotations

import pytest

from index.document import BlockKind
from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.limits import ParsingLimits


def test_text_is_laid_out_whole() -> None:
    builder = DocumentBuilder(ParsingLimits())
    builder.heading(" The\n force ", 9)
    builder.paragraph("a  b\x07\r\n c e\u0301\n\n")
    group = builder.group()
    builder.item("one", group=group)
    builder.item("nested", group=group, level=1, marker="1.")
    builder.item("  ", group=group)
    builder.page_break()
    builder.page_break()
    builder.table([["a", "b"], ["", ""], ["", "1\n2"]], header_rows=1)
    builder.code("  x\n    y  \n")
    builder.plain("Lead-in:\n- item\n")
    builder.page_break()
    draft = builder.draft()
    assert draft.text == (
        "The force\n\na b\nc é\n\n• one\n  1. nested\n\na | b\n| 1 2\n\nx\n  y\n\nLead-in:\n- item"
    )
    assert draft.blocks[0].level == 6
    assert [page.of(draft.text)[:3] for page in draft.pages] == ["The", "", "a |"]
    assert [block.group for block in draft.blocks] == [0, 0, 1, 1, 2, 2, 0, 0, 3]


def test_limit() -> None:
    builder = DocumentBuilder(ParsingLimits(max_characters=5))
    with pytest.raises(UnreadableDocument, match="more than 5 characters"):
        builder.paragraph("longer")


def test_a_paragraph_goes_on_on_the_next_page() -> None:
    builder = DocumentBuilder(ParsingLimits())
    builder.paragraph("Dues are paid by")
    builder.page_break()
    builder.go_on("the state.")
    builder.paragraph("It saves money.")
    builder.page_break()
    draft = builder.draft()
    assert [block.span.of(draft.text) for block in draft.blocks] == [
        "Dues are paid by the state.",
        "It saves money.",
    ]
    assert [page.of(draft.text) for page in draft.pages] == [
        "Dues are paid by",
        "the state.\n\nIt saves money.",
    ]


def test_hidden_content_that_was_not_read_is_known() -> None:
    builder = DocumentBuilder(ParsingLimits())
    builder.paragraph("Seen")
    assert not builder.draft().has_hidden
    builder.hidden("Row 3 is hidden and was not read.")
    draft = builder.draft()
    assert draft.has_hidden
    assert draft.remarks == ("Row 3 is hidden and was not read.",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("67,845 crowns", BlockKind.PARAGRAPH),
        ("€ 3.2 million", BlockKind.PARAGRAPH),
        ("96.4 %", BlockKind.PARAGRAPH),
        ("1,304", BlockKind.PARAGRAPH),
        ("2031", BlockKind.HEADING),
        ("2031 budget", BlockKind.HEADING),
        ("3D printing", BlockKind.HEADING),
        ("Sales fell by 12 per cent", BlockKind.HEADING),
    ],
)
def test_a_figure_that_is_set_large_names_no_section(text: str, kind: BlockKind) -> None:
    builder = DocumentBuilder(ParsingLimits())
    builder.heading(text, 1)
    assert [block.kind for block in builder.draft().blocks] == [kind]
