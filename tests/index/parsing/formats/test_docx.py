"""Word documents: what they hold, and what is stored of it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from index.document import Document, TextOrigin
from index.parsing import HiddenContent, ParsingLimits, ParsingOptions
from index.parsing.draft import Draft, Source
from index.parsing.formats.docx.parser import parse as parse_word
from tests.index.parsing.word_files import box, cell, odd_word, paragraph, row, run, table, word


def read(data: bytes, *hidden: HiddenContent) -> Draft:
    options = ParsingOptions(frozenset(hidden))
    return parse_word(Source(data, ".docx", "a", ParsingLimits(), options))


def lines(body: str, **parts: str | bytes) -> list[str]:
    """The lines that are stored of a body."""
    return [line for line in read(word(body, **parts)).text.split("\n") if line]


def origins(draft: Draft) -> list[tuple[str, TextOrigin]]:
    return [(block.span.of(draft.text), block.origin) for block in draft.blocks]


# Automatic numbers


def level(
    depth: int, text: str, form: str = "decimal", start: int = 1, more: str = "", before: str = ""
) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{before}'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def numbering(*levels: str, nums: str = "") -> str:
    nums = nums or '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def num(name: int, *overrides: str) -> str:
    inner = "".join(overrides)
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="0"/>{inner}</w:num>'


def start_at(depth: int, number: int) -> str:
    return f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{number}"/></w:lvlOverride>'


def numbered(text: str, depth: int = 0, name: int = 1, more: str = "") -> str:
    place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>'
    return paragraph(text, properties=more + place)


CLAUSES = (level(0, "%1"), level(1, "%1.%2"), level(2, "(%3)", "lowerRoman"))


def test_clauses_are_numbered_through_their_levels() -> None:
    body = "".join(
        numbered(text, depth)
        for text, depth in (("A", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 2), ("F", 0), ("g", 1))
    )
    found = lines(body, numbering=numbering(*CLAUSES))
    assert [line.strip() for line in found] == [
        "1 A", "1.1 b", "1.2 c", "(i) d", "(ii) e", "2 F", "2.1 g",
    ]  # fmt: skip


def test_a_list_goes_on_after_a_paragraph_and_under_another_number_of_the_same_list() -> None:
    body = numbered("a") + paragraph("between") + numbered("b") + numbered("c", name=2)
    nums = num(1) + num(2)
    assert lines(body, numbering=numbering(level(0, "%1."), nums=nums)) == [
        "1. a", "between", "2. b", "3. c",
    ]  # fmt: skip


def test_a_number_may_start_a_list_anew() -> None:
    nums = num(1) + num(2, start_at(0, 7))
    body = numbered("a") + numbered("b", name=2) + numbered("c", name=2)
    found = lines(body, numbering=numbering(level(0, "%1."), nums=nums))
    assert found == ["1. a", "7. b", "8. c"]


def test_a_level_may_never_begin_anew() -> None:
    levels = (
        level(0, "Part %1", "upperRoman"),
        level(1, "Art. %2", before='<w:lvlRestart w:val="0"/>'),
    )
    body = "".join(
        numbered(text, depth) for text, depth in (("A", 0), ("b", 1), ("C", 0), ("d", 1))
    )
    found = lines(body, numbering=numbering(*levels))
    assert [line.strip() for line in found] == ["Part I A", "Art. 1 b", "Part II C", "Art. 2 d"]


def test_legal_numbers_are_decimal() -> None:
    levels = level(0, "%1.", "upperRoman", 4), level(1, "%1.%2", before="<w:isLgl/>")
    found = lines(numbered("A") + numbered("b", 1), numbering=numbering(*levels))
    assert [line.strip() for line in found] == ["IV. A", "4.1 b"]


def test_headings_have_the_numbers_of_their_styles() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{number}"><w:name w:val="heading {number}"/>'
        f'<w:pPr><w:numPr><w:ilvl w:val="{number - 1}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "</w:style>"
        for number in (1, 2)
    )
    body = "".join(
        paragraph(text, properties=f'<w:pStyle w:val="{style}"/>')
        for text, style in (("Delivery", "H1"), ("Dates", "H2"), ("Payment", "H1"), ("Due", "H2"))
    )
    draft = read(word(body, styles=styles, numbering=numbering(*CLAUSES)))
    assert [(block.level, block.span.of(draft.text)) for block in draft.blocks] == [
        (1, "1 Delivery"), (2, "1.1 Dates"), (1, "2 Payment"), (2, "2.1 Due"),
    ]  # fmt: skip


def test_a_style_finds_its_level_by_the_list() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    levels = level(0, "%1"), level(1, "%1.%2", before='<w:pStyle w:val="Clause"/>')
    body = numbered("A") + paragraph("b", properties='<w:pStyle w:val="Clause"/>')
    found = lines(body, styles=styles, numbering=numbering(*levels))
    assert [line.strip() for line in found] == ["1 A", "1.1 b"]


def test_an_empty_numbered_paragraph_counts_and_a_deleted_one_does_not() -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>gone</w:delText></w:r></w:del>'
    place = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    body = (
        numbered("a")
        + paragraph(properties=place)
        + paragraph(deleted, properties=place)
        + numbered("b")
    )
    assert lines(body, numbering=numbering(level(0, "%1."))) == ["1. a", "3. b"]


def test_rows_are_numbered() -> None:
    body = table(row("No.", "Berth"), *(row(cell(numbered("")), name) for name in ("One", "Two")))
    assert lines(body, numbering=numbering(level(0, "%1."))) == [
        "No. | Berth", "1. | One", "2. | Two",
    ]  # fmt: skip


# Tables


def test_a_merged_cell_is_in_every_row_and_column_that_it_covers() -> None:
    body = table(
        row("Port", cell("Depth", '<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>"),
        row("", "2031", "2032", properties="<w:tblHeader/>"),
        row(cell("Rossvik", '<w:vMerge w:val="restart"/>'), "7 m", "8 m"),
        row(cell("", "<w:vMerge/>"), "7.5 m", "8.5 m"),
    )
    draft = read(word(body))
    assert [(block.kind.value, block.span.of(draft.text)) for block in draft.blocks] == [
        ("header", "Port | Depth | Depth\n| 2031 | 2032"),
        ("row", "Rossvik | 7 m | 8 m"),
        ("row", "Rossvik | 7.5 m | 8.5 m"),
    ]


def test_what_stands_in_the_covered_part_of_a_merged_cell_is_hidden() -> None:
    merged = row(cell("North", '<w:vMerge w:val="restart"/>'), "7")
    draft = read(word(table(row("Berth", "Depth"), merged, row(cell("gone", "<w:vMerge/>"), "8"))))
    assert draft.text == "Berth | Depth\nNorth | 7\nNorth | 8"
    assert draft.remarks == ("1 hidden text was not read (BRIEFING_READ_HIDDEN=hidden).",)


def test_a_bold_row_at_the_top_is_the_header() -> None:
    names = [cell(paragraph(run(name, "<w:b/>"))) for name in ("Who", "What")]
    draft = read(word(table(row(*names), row("Hauk", "rescue"), row("Vik", "coal"))))
    assert [block.kind.value for block in draft.blocks] == ["header", "row", "row"]


def test_a_row_that_begins_later() -> None:
    body = table(row("A", "B"), row("b", properties='<w:gridBefore w:val="1"/>'))
    assert lines(body) == ["A | B", "| b"]


def test_rows_and_cells_in_content_controls_and_insertions() -> None:
    controlled = f"<w:sdt><w:sdtContent>{row('Two', '9 m')}</w:sdtContent></w:sdt>"
    inner = f"<w:tr>{cell('Three')}<w:sdt><w:sdtContent>{cell('4 m')}</w:sdtContent></w:sdt></w:tr>"
    assert lines(table(row("Berth", "Depth"), controlled, inner)) == [
        "Berth | Depth", "Two | 9 m", "Three | 4 m",
    ]  # fmt: skip


def test_a_title_over_a_table_is_a_paragraph() -> None:
    title = row(cell("Depths in metres", '<w:gridSpan w:val="2"/>'))
    draft = read(word(table(title, row("Berth", "Depth"), row("One", "7"))))
    assert [block.kind.value for block in draft.blocks] == ["paragraph", "header", "row"]


def test_a_frame_around_a_text_is_no_table() -> None:
    draft = read(word(table(row(cell(paragraph("One.") + paragraph("Two."))))))
    assert [block.kind.value for block in draft.blocks] == ["paragraph", "paragraph"]


def test_a_table_in_a_cell_is_read_once() -> None:
    inner = table(row("Crew", "Pay"), row("4", "90"))
    body = table(row("Boat", "Use"), row("Hauk", cell(paragraph("Rescue") + inner)))
    assert lines(body) == ["Boat | Use", "Hauk | Rescue", "Crew | Pay", "4 | 90"]


@pytest.mark.parametrize(
    ("place", "stored"),
    [
        ("header", ["Crew | Pay", "4 | 90", "Boat | Use", "Hauk | Rescue", "Solvang | Ferry"]),
        ("first row", ["Boat | Use", "Hauk | Rescue", "Crew | Pay", "4 | 90",
                       "Boat | Use", "Solvang | Ferry"]),
        ("last row", ["Boat | Use", "Hauk | Rescue", "Solvang | Ferry", "Crew | Pay", "4 | 90"]),
        ("line above", ["Fleet", "Crew | Pay", "4 | 90", "Boat | Use", "Hauk | Rescue",
                        "Solvang | Ferry"]),
    ],
)  # fmt: skip
def test_a_table_in_a_cell_stands_behind_its_row(place: str, stored: list[str]) -> None:
    inner = table(row("Crew", "Pay"), row("4", "90"))

    def holding(text: str, here: str) -> str:
        return cell(paragraph(text) + (inner if place == here else ""))

    rows = [
        row("Boat", holding("Use", "header")),
        row("Hauk", holding("Rescue", "first row")),
        row("Solvang", holding("Ferry", "last row")),
    ]
    if place == "line above":
        wide = '<w:gridSpan w:val="2"/>'
        rows.insert(0, row(cell(paragraph("Fleet") + inner, wide)))
    assert lines(table(*rows)) == stored


def test_a_text_box_in_a_cell_and_one_in_the_body() -> None:
    called = box(paragraph("Call the bridge."))
    body = paragraph("Before.", called) + table(
        row("Berth", "Note"), row("One", cell(paragraph("See", called)))
    )
    assert lines(body) == [
        "Before.", "Call the bridge.", "Berth | Note", "One | See Call the bridge.",
    ]  # fmt: skip


# Notes, comments, margins


def note(number: int, text: str, kind: str = "footnote") -> str:
    mark = f"<w:r><w:{kind}Ref/></w:r>"
    return f'<w:{kind} w:id="{number}">{paragraph(mark, " " + text)}</w:{kind}>'


def reference(number: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def test_notes_stand_where_they_belong_with_their_marks() -> None:
    body = (
        paragraph(
            "The fee", reference(5), " is 90", reference(6), " euros", reference(2, "endnote")
        )
        + paragraph("Next.")
        + table(row("Berth", "Depth"), row("One", cell(paragraph("7 m", reference(7)))))
    )
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
    footnotes = separator + note(7, "At low tide.") + note(5, "Of harbour.") + note(6, "No tax.")
    endnotes = note(2, "Since 2031.", "endnote")
    assert lines(body, footnotes=footnotes, endnotes=endnotes) == [
        "The fee¹ is 90² euros\u2071",
        "¹ Of harbour.",
        "² No tax.",
        "Next.",
        "Berth | Depth",
        "One | 7 m³",
        "³ At low tide.",
        "\u2071 Since 2031.",
    ]


def test_comments_are_read_where_that_is_asked_for() -> None:
    body = paragraph("The fee is 90.", '<w:r><w:commentReference w:id="3"/></w:r>')
    comments = f'<w:comment w:id="3">{paragraph("Too much?")}</w:comment>'
    data = word(body, comments=comments)
    assert read(data).has_hidden
    assert read(data).remarks == ("1 comment was not read (BRIEFING_READ_HIDDEN=comments).",)
    assert origins(read(data, HiddenContent.COMMENTS)) == [
        ("The fee is 90.", TextOrigin.BODY),
        ("Too much?", TextOrigin.COMMENT),
    ]


def page_field(instruction: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("7")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_headers_and_footers_are_read_once_and_without_numbers_of_pages() -> None:
    section = (
        '<w:headerReference w:type="default" r:id="header1"/>'
        '<w:headerReference w:type="first" r:id="header2"/>'
        '<w:headerReference w:type="even" r:id="header3"/>'
        '<w:footerReference w:type="default" r:id="footer1"/>'
    )
    rule = paragraph("Rule 7 of the quay")
    data = word(
        paragraph("Visitors wait.") + f"<w:sectPr>{section}<w:titlePg/></w:sectPr>",
        header1=rule,
        header2=rule + paragraph("Valid from 1 March 2033"),
        header3=paragraph("Never shown"),
        footer1=paragraph("Page ", page_field("PAGE"), " of ", page_field(" NUMPAGES "))
        + paragraph("Owner: Hanne Viik"),
    )
    assert origins(read(data)) == [
        ("Visitors wait.", TextOrigin.BODY),
        ("Rule 7 of the quay", TextOrigin.MARGIN),
        ("Valid from 1 March 2033", TextOrigin.MARGIN),
        ("Owner: Hanne Viik", TextOrigin.MARGIN),
    ]


# Hidden and deleted text


def deletion(text: str) -> str:
    return f'<w:del w:id="1"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def test_deleted_text_is_read_where_that_is_asked_for() -> None:
    data = word(paragraph("The fee is ", deletion("90"), "95."))
    assert read(data).text == "The fee is 95."
    assert read(data).remarks == (
        "1 tracked deletion was not read (BRIEFING_READ_HIDDEN=deleted).",
    )
    assert origins(read(data, HiddenContent.DELETED)) == [
        ("The fee is 95.", TextOrigin.BODY),
        ("90", TextOrigin.DELETED),
    ]


def test_deleted_rows() -> None:
    gone = row(cell(paragraph(deletion("Three"))), "5 m", properties='<w:del w:id="2"/>')
    data = word(table(row("Berth", "Depth"), row("One", "7 m"), gone))
    assert read(data).text == "Berth | Depth\nOne | 7 m"
    assert len(read(data).remarks) == 1
    assert origins(read(data, HiddenContent.DELETED))[-1] == ("Three | 5 m", TextOrigin.DELETED)


def test_moved_text_is_where_it_was_moved_to() -> None:
    moved = f'<w:moveFrom w:id="1">{run("Sluice.")}</w:moveFrom>'
    to = f'<w:moveTo w:id="2">{run("Sluice.")}</w:moveTo>'
    draft = read(word(paragraph(moved, "Quay.") + paragraph(to)))
    assert (draft.text, draft.remarks) == ("Quay.\n\nSluice.", ())


def test_a_paragraph_whose_end_was_deleted_joins_the_next_one() -> None:
    body = paragraph("The fee ", properties='<w:rPr><w:del w:id="1"/></w:rPr>')
    assert lines(body + paragraph("is 90.")) == ["The fee is 90."]


@pytest.mark.parametrize(
    ("properties", "paragraph_style"),
    [
        ("<w:vanish/>", ""),
        ('<w:rStyle w:val="Secret"/>', ""),
        ("", "Based"),
        ('<w:color w:val="FFFFFF"/>', ""),
        ('<w:color w:val="FFFFFF"/><w:shd w:fill="FFFFFF"/>', ""),
        ('<w:color w:val="FFFF00"/><w:shd w:fill="ffff00"/>', ""),
        ('<w:sz w:val="2"/>', ""),
    ],
)
def test_hidden_text_is_read_where_that_is_asked_for(properties: str, paragraph_style: str) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Based"><w:basedOn w:val="Base"/></w:style>'
    )
    style = f'<w:pStyle w:val="{paragraph_style}"/>'
    body = paragraph("The boat is grey.") + paragraph(
        run("It was 90.", properties), properties=style
    )
    data = word(body, styles=styles)
    assert read(data).text == "The boat is grey."
    assert read(data).remarks == ("1 hidden text was not read (BRIEFING_READ_HIDDEN=hidden).",)
    assert origins(read(data, HiddenContent.HIDDEN))[-1] == ("It was 90.", TextOrigin.HIDDEN)


@pytest.mark.parametrize(
    "properties",
    [
        '<w:vanish w:val="0"/>',
        '<w:color w:val="FFFFFF"/><w:shd w:fill="1F3864"/>',
        '<w:color w:val="FFFFFF"/><w:highlight w:val="blue"/>',
        '<w:color w:val="FFFFFF"/><w:shd w:val="solid" w:color="000080" w:fill="FFFFFF"/>',
        '<w:color w:val="FFFFFF"/><w:shadow/>',
        '<w:color w:val="auto"/><w:sz w:val="12"/>',
    ],
)
def test_what_only_looks_hidden_is_read(properties: str) -> None:
    assert lines(paragraph(run("Open at nine.", properties))) == ["Open at nine."]


def test_white_text_on_the_shading_of_its_style_is_read() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:shd w:fill="1F3864"/></w:pPr>'
        '<w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Based"><w:basedOn w:val="Base"/></w:style>'
    )
    body = paragraph("Open at nine.", properties='<w:pStyle w:val="Based"/>')
    assert lines(body, styles=styles) == ["Open at nine."]


def test_white_text_on_pages_of_a_colour_is_read() -> None:
    body = paragraph(run("Open at nine.", '<w:color w:val="FFFFFF"/>'))
    pages = '</w:body><w:background w:color="1F3864"/><w:body>'
    assert lines(body + pages) == ["Open at nine."]


# What stands in a paragraph


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        (run("10") + run("6", '<w:vertAlign w:val="superscript"/>') + run(" l"), "10⁶ l"),
        (run("CO") + run("2", '<w:vertAlign w:val="subscript"/>') + run(" tax"), "CO2 tax"),
        (run("10") + run("6", '<w:position w:val="8"/>') + run(" l"), "10⁶ l"),
        (run("log") + run("2", '<w:position w:val="-6"/>') + run("8"), "log₂8"),
        (run("10") + run("6", '<w:position w:val="2"/>') + run(" l"), "106 l"),
        (run("a") + "<w:r><w:tab/></w:r>" + run("b"), "a b"),
        (run("co") + "<w:r><w:noBreakHyphen/></w:r>" + run("op"), "co\u2011op"),
        (run("wharf") + "<w:r><w:softHyphen/></w:r>" + run("age"), "wharfage"),
        ('<w:r><w:sym w:font="Symbol" w:char="F06D"/></w:r>' + run("g"), "μg"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run(" paid"), "☑ paid"),
        (run("\uf0b3 5", '<w:rFonts w:ascii="Symbol"/>'), "≥ 5"),
        (f"<w:hyperlink>{run('the rules')}</w:hyperlink>", "the rules"),
        ('<w:fldSimple w:instr="REF x">' + run("see 4") + "</w:fldSimple>", "see 4"),
        (page_field("REF clause"), "7"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>SYMBOL 177 \\f Symbol'
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>' + run(" 2"),
            "± 2",
        ),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("no end"), "no end"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>かんじ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢字"
            "</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "漢字(かんじ)",
        ),
        ('<w:smartTag><w:bdo w:val="rtl">' + run("שלום") + "</w:bdo></w:smartTag>", "שלום"),
    ],
)
def test_what_stands_in_a_paragraph(content: str, stored: str) -> None:
    assert lines(paragraph(content)) == [stored]


def test_fields_of_forms() -> None:
    def form_field(data: str) -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
            "<w:r><w:instrText>FORM</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    checked = form_field("<w:checkBox><w:checked/></w:checkBox>")
    choices = '<w:listEntry w:val="Norway"/><w:listEntry w:val="France"/>'
    chosen = form_field(f'<w:ddList><w:result w:val="1"/>{choices}</w:ddList>')
    assert lines(paragraph(checked, " paid, ", chosen)) == ["☒ paid, France"]


def test_a_large_first_letter_belongs_to_its_word() -> None:
    letter = paragraph("T", properties='<w:framePr w:dropCap="drop"/>')
    assert lines(letter + paragraph("he quay is long.")) == ["The quay is long."]


# Headings


def test_a_bold_fact_is_a_paragraph_and_a_bold_name_a_heading() -> None:
    bold = "<w:b/>"
    text = "The harbour is open from nine to five on all days but Sunday."
    body = "".join(
        paragraph(each)
        for each in (
            run("Opening hours", bold), text, run("Net profit 1,304", bold), text,
            run("The quay is closed.", bold), text,
        )
    )  # fmt: skip
    kinds = [block.kind.value for block in read(word(body)).blocks]
    assert kinds == ["heading", "paragraph"] + 4 * ["paragraph"]


def test_a_bold_line_with_a_typed_number_is_a_heading_above_other_text() -> None:
    bold = "<w:b/>"
    text = "The drill took four minutes."
    body = (
        paragraph(run("1. Fire drill", bold)) + paragraph(text)
        + paragraph(run("2. Doors", bold)) + paragraph(run("3. Lamps", bold)) + paragraph(text)
        + paragraph("4. Keys") + paragraph(text) + paragraph(run("a) Gates", bold))
    )  # fmt: skip
    kinds = [block.kind.value for block in read(word(body)).blocks]
    assert kinds == [
        "heading", "paragraph", "item", "heading", "paragraph", "item", "paragraph", "item",
    ]  # fmt: skip


def test_a_long_sentence_in_the_style_of_a_heading_is_a_paragraph() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    sentence = "The harbour master may close the quay to all ships for as long as ice is on it."
    body = paragraph("Closing", properties='<w:pStyle w:val="H"/>') + paragraph(
        sentence, properties='<w:pStyle w:val="H"/>'
    )
    kinds = [block.kind.value for block in read(word(body, styles=styles)).blocks]
    assert kinds == ["heading", "paragraph"]


# What is not text


def test_what_was_not_read_is_said() -> None:
    heading = paragraph("Figures", properties='<w:outlineLvl w:val="0"/>')
    picture = "<w:r><w:drawing><pic:pic/></w:drawing></w:r>"
    unknown = '<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>'
    thing = "<w:r><w:object><v:imagedata/><o:OLEObject/></w:object></w:r>"
    draft = read(word(heading + paragraph("Text.", picture, picture, unknown, thing)))
    assert draft.remarks == (
        "1 embedded object (below “Figures”) was not read.",
        "2 pictures (below “Figures”) were not read.",
        "1 symbol of a font (below “Figures”) was not read.",
    )


def test_a_diagram_is_read_in_its_order() -> None:
    def point(name: int, text: str, kind: str = "node") -> str:
        return (
            f'<dgm:pt modelId="{name}" type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p>'
            "</dgm:t></dgm:pt>"
        )

    def link(above: int, below: int, place: int) -> str:
        return f'<dgm:cxn srcId="{above}" destId="{below}" srcOrd="{place}"/>'

    data = (
        f"<dgm:ptLst>{point(0, '', 'doc')}{point(3, 'Load')}{point(1, 'Moor')}{point(2, 'Wait')}"
        f"</dgm:ptLst><dgm:cxnLst>{link(0, 1, 0)}{link(0, 3, 1)}{link(1, 2, 0)}</dgm:cxnLst>"
    )
    shown = '<w:r><w:drawing><dgm:relIds r:dm="diagramData"/></w:drawing></w:r>'
    assert lines(paragraph(shown), diagramData=data) == ["• Moor", "  • Wait", "• Load"]


def test_a_chart_is_the_table_of_its_figures() -> None:
    series = (
        "<c:ser><c:tx><c:v>Tonnes</c:v></c:tx><c:cat><c:strLit><c:pt idx='0'><c:v>2031</c:v></c:pt>"
        "</c:strLit></c:cat><c:val><c:numLit><c:pt idx='0'><c:v>1234567</c:v></c:pt></c:numLit>"
        "</c:val></c:ser>"
    )
    chart = f"<c:chart><c:plotArea><c:barChart>{series}</c:barChart></c:plotArea></c:chart>"
    shown = '<w:r><w:drawing><c:chart r:id="chart1"/></w:drawing></w:r>'
    missing = '<w:r><w:drawing><c:chart r:id="none"/></w:drawing></w:r>'
    draft = read(word(paragraph("Coal:", shown, missing), chart1=chart))
    assert draft.text == "Coal:\n\n| Tonnes\n2031 | 1234567"
    assert draft.remarks == ("1 chart was not read.",)


def test_a_watermark_is_part_of_the_header() -> None:
    mark = '<w:r><w:pict><v:textpath string="DRAFT"/></w:pict></w:r>'
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>'
    assert lines(paragraph("Text.") + section, header1=paragraph(mark)) == ["Text.", "DRAFT"]


def test_a_page_inserted_as_it_is() -> None:
    page = b"<html><body><p>The sluice is open.</p></body></html>"
    body = paragraph("Before.") + '<w:altChunk r:id="aFChunk1"/>' + '<w:altChunk r:id="none"/>'
    draft = read(word(body, aFChunk1=page))
    assert draft.text == "Before.\n\nThe sluice is open."
    assert draft.remarks == ("1 inserted file was not read.",)


def test_a_document_of_pictures_alone(refused: Any) -> None:
    picture = "<w:r><w:drawing><pic:pic/></w:drawing></w:r>"
    assert refused("a.docx", word(paragraph(picture))) == "it holds pictures and no text"


# Equations


def math(name: str, **parts: str) -> str:
    inner = "".join(f"<m:{part}>{content}</m:{part}>" for part, content in parts.items())
    return f"<m:{name}>{inner}</m:{name}>"


def letters(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("equation", "stored"),
    [
        (math("f", num=letters("a+b"), den=letters("2")), "(a+b)/2"),
        (math("sSup", e=letters("x"), sup=letters("2")), "x²"),
        (math("sSup", e=letters("x"), sup=letters("q/r")), "x^(q/r)"),
        (math("sSub", e=letters("v"), sub=letters("0")), "v₀"),
        (math("rad", e=letters("x+1")), "√(x+1)"),
        (math("rad", deg=letters("3"), e=letters("8")), "∛8"),
        (
            '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
            f"<m:sub>{letters('i=1')}</m:sub><m:sup>{letters('n')}</m:sup><m:e>{letters('i')}</m:e>"
            "</m:nary>",
            "∑_(i=1)^n i",
        ),
        (math("d", e=letters("a, b")), "(a, b)"),
        (math("func", fName=letters("sin"), e=letters("x")), "sin x"),
        (math("mr", e=letters("1")), "1"),
    ],
)
def test_equations_are_lines_of_text(equation: str, stored: str) -> None:
    assert lines(paragraph("E: ", f"<m:oMath>{equation}</m:oMath>")) == [f"E: {stored}"]


# Odd packages


@pytest.mark.parametrize("suffix", [".docx", ".docm", ".dotx", ".dotm"])
def test_every_suffix_of_word(parse: Any, suffix: str) -> None:
    found: Document = parse(f"a{suffix}", word(paragraph("The crane lifts 32 tonnes.")))
    assert found.text == "The crane lifts 32 tonnes."


def test_the_main_part_may_have_any_name() -> None:
    assert read(odd_word(paragraph("Here."), main="word/document2.xml")).text == "Here."


def test_strict_names() -> None:
    notes = {"footnotes": note(5, "Of harbour.")}
    data = odd_word(paragraph("The fee", reference(5)), notes, strict=True)
    assert read(data).text == "The fee¹\n\n¹ Of harbour."


@pytest.mark.parametrize("part", ["styles", "numbering", "footnotes", "settings", "comments"])
def test_a_broken_part_does_not_refuse_the_rest(part: str) -> None:
    draft = read(odd_word(paragraph("The quay is long."), {part: b"<w:broken"}))
    assert draft.text == "The quay is long."
    assert draft.remarks == (
        f"Parts of the file are damaged and were not read wholly: word/{part}.bin.",
    )


def test_a_field_of_many_instructions_takes_time_in_proportion() -> None:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    instruction = "<w:r><w:instrText>PAGEREF a_long_name_of_a_place</w:instrText></w:r>"
    data = word(paragraph(begin + instruction * 20_000 + end + run("Open at nine.")))
    before = time.process_time()
    assert read(data).text == "Open at nine."
    assert time.process_time() - before < 2.5
