"""PowerPoint presentations: shapes, lists, tables, charts, and what is hidden or damaged."""

from __future__ import annotations

import datetime
from typing import Any

import pptx
import pytest
from lxml import etree
from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from index.document import Document, TextOrigin
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, ParsingOptions
from index.parsing.formats.pptx.shapes import Shape, ShapeBox, without_shadows
from index.parsing.options import HiddenContent
from index.parsing.parser import parse_bytes
from testing.soundness import assert_sound
from tests.index.parsing.packages import saved_bytes, with_parts

BOX = (Inches(1), Inches(2), Inches(4), Inches(2))
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SLIDE = "ppt/slides/slide1.xml"


def read(deck: Any, *hidden: HiddenContent, suffix: str = ".pptx") -> Document:
    data = deck if isinstance(deck, bytes) else saved_bytes(deck)
    options = ParsingOptions(hidden=frozenset(hidden))
    document = parse_bytes(data, f"a{suffix}", suffix, limits=ParsingLimits(), options=options)
    assert_sound(document)
    return document


def told(document: Document) -> list[str]:
    signs = {"heading": "#", "header": "H", "row": "R", "paragraph": "P", "item": "I"}
    return [f"{signs[block.kind]} {block.span.of(document.text)}" for block in document.blocks]


def texts_of(document: Document, origin: TextOrigin) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.origin is origin]


def deck_of(*titles: str, layout: int = 5) -> Any:
    deck = pptx.Presentation()
    for title in titles:
        slide = deck.slides.add_slide(deck.slide_layouts[layout])
        slide.shapes.title.text = title
    return deck


def box(slide: Any, text: str, left: float = 1, top: float = 2, size: float = 1) -> Any:
    places = (Inches(left), Inches(top), Inches(size), Inches(0.5))
    shape = slide.shapes.add_textbox(*places)
    shape.text_frame.text = text
    return shape


def chart_of(figures: Any, kind: Any) -> list[str]:
    deck = deck_of("Cargo")
    deck.slides[0].shapes.add_chart(kind, *BOX, figures)
    return told(read(deck))[1:]


def test_a_large_text_is_no_heading() -> None:
    deck = deck_of("Sales fell by 12 per cent")
    shape = box(deck.slides[0], "67,845 crowns")
    shape.text_frame.paragraphs[0].runs[0].font.size = Inches(1)
    assert told(read(deck)) == ["# Sales fell by 12 per cent", "P 67,845 crowns"]


def test_numbered_lists_go_on_and_begin_where_they_say() -> None:
    deck = deck_of("Steps")
    frame = box(deck.slides[0], "Open").text_frame
    for text in ("Wait", "Note", "Close", "Lock"):
        frame.add_paragraph().text = text
    roman, letters = 'type="romanUcPeriod" startAt="4"', 'type="alphaLcParenBoth"'
    schemes = (roman, roman, "", letters, letters)
    for paragraph, scheme in zip(frame.paragraphs, schemes, strict=True):
        if scheme:
            mark = parse_xml(f"<a:buAutoNum {nsdecls('a')} {scheme}/>")
            paragraph._p.get_or_add_pPr().append(mark)
    assert told(read(deck))[1:] == [
        "I IV. Open",
        "I V. Wait",
        "P Note",
        "I (a) Close",
        "I (b) Lock",
    ]


def test_raised_and_lowered_figures() -> None:
    deck = deck_of("Volume")
    paragraph = box(deck.slides[0], "10").text_frame.paragraphs[0]
    for text, baseline in (("6", "30000"), (" litres of CO", ""), ("2", "-25000")):
        run = paragraph.add_run()
        run.text = text
        if baseline:
            run._r.get_or_add_rPr().set("baseline", baseline)
    assert told(read(deck))[1:] == ["P 10⁶ litres of CO2"]


def test_letters_of_fonts_of_symbols_are_signs() -> None:
    deck = deck_of("Volume")
    run = box(deck.slides[0], "\uf0b3").text_frame.paragraphs[0].runs[0]
    etree.SubElement(run._r.get_or_add_rPr(), qn("a:sym")).set("typeface", "Symbol")
    assert told(read(deck))[1:] == ["P ≥"]


def test_shapes_out_of_order_are_read_by_their_places() -> None:
    deck = deck_of("Berths")
    slide = deck.slides[0]
    box(slide, "right below", 5, 4)
    box(slide, "left below", 1, 4)
    box(slide, "right", 5, 3)
    box(slide, "left", 1, 3)
    assert told(read(deck))[1:] == ["P left", "P left below", "P right", "P right below"]


def test_the_order_of_the_file_stands_where_it_makes_sense() -> None:
    deck = deck_of("Berths")
    for text, left in (("second", 5), ("first", 1)):
        box(deck.slides[0], text, left, 3)
    assert told(read(deck))[1:] == ["P second", "P first"]


def test_a_shadow_is_not_looked_for_among_all_texts_with_the_same_words() -> None:
    """A plan of a hall has thousands of "Seat", and each was compared with each."""
    boxes, compared = iter(range(400)), 0

    class Edge(int):
        def __sub__(self, other: int) -> int:
            nonlocal compared
            compared += 1
            return int(self) - other

    def box_of(_: object) -> ShapeBox:
        left = Edge(1_000 * next(boxes))
        return ShapeBox(left, 0, left + 100, 50)

    seat = parse_xml(f"<p:sp {nsdecls('p', 'a')}><p:txBody><a:t>Seat</a:t></p:txBody></p:sp>")
    seats = [Shape(seat, "", False)] * 400
    assert without_shadows(seats, box_of) == seats
    assert compared <= 400 * 50


def test_groups_in_groups() -> None:
    deck = deck_of("Berths")
    group = deck.slides[0].shapes.add_group_shape()
    inner = group.shapes.add_group_shape()
    inner.shapes.add_textbox(*BOX).text_frame.text = "deep"
    assert told(read(deck))[1:] == ["P deep"]


def test_merged_cells_of_tables() -> None:
    deck = deck_of("Ships")
    table = deck.slides[0].shapes.add_table(4, 3, *BOX).table
    rows = (("Port", "2031", ""), ("", "Ships", "Tons"), ("Arvik", "120", "4100"), ("", "7", "8"))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 0).merge(table.cell(3, 0))
    assert told(read(deck))[1:] == [
        "H Port | 2031 | 2031\nPort | Ships | Tons",
        "R Arvik | 120 | 4100",
        "R Arvik | 7 | 8",
    ]


def test_the_figures_of_a_chart_are_as_stored() -> None:
    figures: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    figures.categories = ["Arvik", "Holm"]
    figures.add_series("Tons", (1234567, 48251.75))
    figures.add_series("Share", (0.125, None), number_format="0.0%")
    assert chart_of(figures, XL_CHART_TYPE.COLUMN_CLUSTERED) == [
        "H | Tons | Share",
        "R Arvik | 1234567 | 12.5%",
        "R Holm | 48251.75 |",
    ]


def test_dates_and_levels_as_categories() -> None:
    figures: Any = CategoryChartData(number_format="0")  # type: ignore[no-untyped-call]
    figures.categories = [datetime.date(2031, 1, 1), datetime.date(2031, 2, 1)]
    figures.add_series("Tons", (12, 15))
    assert chart_of(figures, XL_CHART_TYPE.LINE)[1:] == ["R 2031-01-01 | 12", "R 2031-02-01 | 15"]
    nested: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    north = nested.add_category("North")
    north.add_sub_category("Arvik")
    north.add_sub_category("Holm")
    nested.add_category("South").add_sub_category("Lomsey")
    nested.add_series("Tons", (1, 2, 3))
    assert chart_of(nested, XL_CHART_TYPE.COLUMN_CLUSTERED) == [
        "H |  | Tons",
        "R North | Arvik | 1",
        "R North | Holm | 2",
        "R South | Lomsey | 3",
    ]


def test_points_of_scatter_and_bubble_charts() -> None:
    points: Any = XyChartData()  # type: ignore[no-untyped-call]
    series = points.add_series("Depth")
    series.add_data_point(1.5, 20.25)
    series.add_data_point(3.5, 77.75)
    expected = ["H | Depth", "R 1.5 | 20.25", "R 3.5 | 77.75"]
    assert chart_of(points, XL_CHART_TYPE.XY_SCATTER) == expected
    bubbles: Any = BubbleChartData()  # type: ignore[no-untyped-call]
    bubbles.add_series("Depth").add_data_point(1.5, 20.25, 7)
    assert chart_of(bubbles, XL_CHART_TYPE.BUBBLE) == ["H | Depth |", "R 1.5 | 20.25 | 7"]


def test_charts_of_every_shape_with_the_titles_of_their_axes() -> None:
    figures: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    figures.categories = ["Arvik"]
    figures.add_series("Tons", (7,))
    deck = deck_of("Cargo")
    frame = deck.slides[0].shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, figures)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Cargo of 2031"
    frame.chart.category_axis.axis_title.text_frame.text = "Port"
    frame.chart.value_axis.axis_title.text_frame.text = "thousands of tonnes"
    data = saved_bytes(deck)
    for name in (b"bar3DChart", b"surface3DChart", b"stockChart", b"futureChart"):
        changed = with_parts(data, {"ppt/charts/chart1.xml": (b"barChart", name)})
        assert told(read(changed))[1:] == [
            "P Cargo of 2031",
            "P thousands of tonnes",
            "H Port | Tons",
            "R Arvik | 7",
        ]


def test_a_chart_that_unfolds_to_millions_of_cells_is_told() -> None:
    figures: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    figures.categories = ["Arvik"]
    figures.add_series("Tons", (7,))
    deck = deck_of("Cargo")
    deck.slides[0].shapes.add_chart(XL_CHART_TYPE.PIE, *BOX, figures)
    many = "".join(
        f'<c:ser><c:val><c:numLit><c:pt idx="{at}"><c:v>1</c:v></c:pt></c:numLit></c:val></c:ser>'
        for at in range(2000)
    )
    data = with_parts(
        saved_bytes(deck), {"ppt/charts/chart1.xml": (b"<c:ser>", many.encode() + b"<c:ser>")}
    )
    assert read(data).remarks == ("1 chart on slide 1 was not read.",)


def with_graphic(deck: Any, inside: str, kind: str, part: str, content: str) -> bytes:
    """Put a graphic frame that names another part on the first slide."""
    frame = parse_xml(
        f"<p:graphicFrame {nsdecls('p', 'a', 'r')}><p:nvGraphicFramePr>"
        '<p:cNvPr id="9" name="x"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>'
        '<a:off x="1" y="9999999"/><a:ext cx="1" cy="1"/></p:xfrm><a:graphic>'
        f'<a:graphicData uri="x">{inside}</a:graphicData></a:graphic></p:graphicFrame>'
    )
    deck.slides[0].shapes._spTree.append(frame)
    relation = f'<Relationship Id="x1" Type="{_OFFICE}/{kind}" Target="../x/{part}"/>'
    return with_parts(
        saved_bytes(deck),
        {
            f"ppt/x/{part}": content.encode(),
            "ppt/slides/_rels/slide1.xml.rels": (
                b"</Relationships>",
                f"{relation}</Relationships>".encode(),
            ),
        },
    )


def test_smart_art() -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    words = {"2": "Harbour", "3": "Berths", "4": "Cranes", "5": "Berth six"}
    points = "".join(
        f'<d:pt modelId="{name}"><d:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:t></d:pt>'
        for name, text in words.items()
    )
    lines = "".join(
        f'<d:cxn srcId="{top}" destId="{low}" srcOrd="{order}"/>'
        for top, low, order in (("1", "2", 0), ("2", "4", 1), ("2", "3", 0), ("3", "5", 0))
    )
    data = with_graphic(
        deck_of("Parts"),
        f'<d:relIds xmlns:d="{space}" r:dm="x1"/>',
        "diagramData",
        "data1.xml",
        f'<d:dataModel xmlns:d="{space}" {nsdecls("a")}><d:ptLst><d:pt modelId="1" type="doc"/>'
        f"{points}</d:ptLst><d:cxnLst>{lines}</d:cxnLst></d:dataModel>",
    )
    found = read(data)
    assert told(found)[1:] == ["I • Harbour", "I • Berths", "I • Berth six", "I • Cranes"]
    assert [block.level for block in found.blocks[1:]] == [0, 1, 2, 1]


def test_charts_of_the_newer_kind() -> None:
    space = "http://schemas.microsoft.com/office/drawing/2014/chartex"
    data = with_graphic(
        deck_of("Funnel"),
        f'<cx:chart xmlns:cx="{space}" r:id="x1"/>',
        "chartEx",
        "chartEx1.xml",
        f'<cx:chartSpace xmlns:cx="{space}"><cx:chartData><cx:data id="0"><cx:strDim type="cat">'
        '<cx:lvl ptCount="2"><cx:pt idx="0">Asked</cx:pt><cx:pt idx="1">Bought</cx:pt></cx:lvl>'
        '</cx:strDim><cx:numDim type="val"><cx:lvl ptCount="2" formatCode="General">'
        '<cx:pt idx="0">1234567</cx:pt><cx:pt idx="1">12</cx:pt></cx:lvl></cx:numDim></cx:data>'
        '</cx:chartData><cx:chart><cx:plotArea><cx:plotAreaRegion><cx:series layoutId="funnel">'
        '<cx:tx><cx:txData><cx:v>People</cx:v></cx:txData></cx:tx><cx:dataId val="0"/>'
        "</cx:series></cx:plotAreaRegion></cx:plotArea></cx:chart></cx:chartSpace>",
    )
    assert told(read(data))[1:] == ["H | People", "R Asked | 1234567", "R Bought | 12"]


def test_what_cannot_be_read_is_told() -> None:
    deck = deck_of("Cargo", "Ports")
    data = with_graphic(deck, '<x:model xmlns:x="x"/>', "model", "m.bin", "x")
    assert read(data).remarks == ("1 embedded object on slide 1 was not read.",)
    figures: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    figures.categories = ["Arvik"]
    figures.add_series("Tons", (7,))
    deck = deck_of("Cargo", "Ports")
    deck.slides[1].shapes.add_chart(XL_CHART_TYPE.PIE, *BOX, figures)
    data = with_parts(saved_bytes(deck), {"ppt/charts/chart1.xml": b"<none/>"})
    assert read(data).remarks == ("1 chart on slide 2 was not read.",)


def colour(shape: Any, text: str = "FFFFFF", fill: str = "") -> Any:
    run = shape.text_frame.paragraphs[0].runs[0]
    run.font.color.rgb = RGBColor.from_string(text)  # type: ignore[no-untyped-call]
    if fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(fill)  # type: ignore[no-untyped-call]
    return run


def test_text_in_the_colour_of_what_is_behind_it_is_hidden() -> None:
    deck = deck_of("Dues", "Berths")
    slide = deck.slides[0]
    colour(box(slide, "white on the slide"))
    colour(box(slide, "blue on blue", top=3), "0000AA", "0000AA")
    colour(box(slide, "white on blue", top=4), fill="0000AA")
    theme = colour(box(slide, "white of the theme", top=5))
    theme.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    box(slide, "tiny", top=6).text_frame.paragraphs[0].runs[0].font.size = Pt(1)
    half = box(slide, "Five euros", top=7)
    half.text_frame.paragraphs[0].add_run().text = ", or ten"
    half.text_frame.paragraphs[0].runs[1].font.color.rgb = RGBColor(255, 255, 255)  # type: ignore[no-untyped-call]
    cell = slide.shapes.add_table(1, 2, Inches(6), *BOX[1:]).table.cell(0, 0)
    cell.text = "A"
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor(0, 0, 170)  # type: ignore[no-untyped-call]
    cell.text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor(0, 0, 170)  # type: ignore[no-untyped-call]
    dark = deck.slides[1]
    dark.background.fill.solid()
    dark.background.fill.fore_color.rgb = RGBColor(0, 0, 0)  # type: ignore[no-untyped-call]
    colour(box(dark, "white on black"))
    colour(box(dark, "black on black", top=3), "000000")
    found = read(deck)
    assert told(found) == [
        "# Dues", "P white on blue", "P Five euros", "# Berths", "P white on black",
    ]  # fmt: skip
    assert found.has_hidden
    assert found.remarks == (
        "7 hidden texts on slides 1 and 2 were not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    assert texts_of(read(deck, HiddenContent.HIDDEN), TextOrigin.HIDDEN) == [
        "white on the slide", "blue on blue", "white of the theme", "tiny", ", or ten", "A",
        "black on black",
    ]  # fmt: skip


def test_white_text_on_what_is_not_known_is_read() -> None:
    deck = deck_of("Dues")
    slide = deck.slides[0]
    colour(box(slide, "on a rectangle", left=1, top=2), fill="0000AA").text = "Below"
    colour(box(slide, "on another shape", left=1, top=2))
    colour(box(slide, "outlined", left=3))._r.get_or_add_rPr().insert(
        0, parse_xml(f"<a:ln {nsdecls('a')}/>")
    )
    group = slide.shapes.add_group_shape([box(slide, "in a group", left=5)])
    colour(group.shapes[0])
    slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *BOX)
    colour(box(slide, "on a themed shape", left=2))
    found = read(deck)
    assert not found.remarks
    assert [text for text in told(found) if text != "P Below"] == [
        "# Dues", "P on another shape", "P outlined", "P in a group", "P on a themed shape",
    ]  # fmt: skip


def test_numbers_of_slides_that_follow_each_other_are_said_as_one() -> None:
    deck = deck_of(*"ABCDEFG")
    for number, slide in enumerate(deck.slides, start=1):
        if number != 5:
            slide.notes_slide.notes_text_frame.text = "Say it."
    assert read(saved_bytes(deck)).remarks == (
        "6 pages of speaker notes on slides 1–4, 6 and 7 were not read"
        " (BRIEFING_READ_HIDDEN=notes).",
    )


def test_notes_comments_and_hidden_slides_are_read_by_setting_alone() -> None:
    deck = deck_of("One", "Two", "Three")
    for slide in deck.slides:
        slide.notes_slide.notes_text_frame.text = f"Say {slide.shapes.title.text}."
    deck.slides[1]._element.set("show", "0")
    box(deck.slides[2], "unseen")._element.find(f".//{qn('p:cNvPr')}").set("hidden", "1")
    data = saved_bytes(deck)
    found = read(data)
    assert told(found) == ["# One", "# Three"]
    assert found.has_hidden
    assert found.remarks == (
        "2 pages of speaker notes on slides 1 and 3 were not read (BRIEFING_READ_HIDDEN=notes).",
        "1 hidden slide (2) was not read (BRIEFING_READ_HIDDEN=hidden).",
        "1 hidden shape on slide 3 was not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    assert len(found.pages) == 3
    whole = read(data, HiddenContent.HIDDEN, HiddenContent.NOTES)
    assert texts_of(whole, TextOrigin.NOTES) == ["Say One.", "Say Two.", "Say Three."]
    assert texts_of(whole, TextOrigin.HIDDEN) == ["Two", "unseen"]
    assert not whole.has_hidden


def test_comments() -> None:
    part = (
        f'<p:cmLst {nsdecls("p")}><p:cm><p:pos x="1" y="1"/><p:text>Is this so?</p:text></p:cm>'
        "</p:cmLst>"
    )
    deck = deck_of("One")
    relation = f'<Relationship Id="x1" Type="{_OFFICE}/comments" Target="../c.xml"/>'
    rels = (b"</Relationships>", f"{relation}</Relationships>".encode())
    data = with_parts(
        saved_bytes(deck), {"ppt/c.xml": part.encode(), "ppt/slides/_rels/slide1.xml.rels": rels}
    )
    assert read(data).remarks == (
        "1 comment on slide 1 was not read (BRIEFING_READ_HIDDEN=comments).",
    )
    assert texts_of(read(data, HiddenContent.COMMENTS), TextOrigin.COMMENT) == ["Is this so?"]


def test_footers_and_texts_of_the_master_are_read_once() -> None:
    deck = deck_of("One", "Two")
    master = deck.slide_layouts[5].slide_master.shapes._spTree
    stamp = box(deck.slides[0], "Confidential")._element
    master.append(stamp)
    for slide in deck.slides:
        footer = parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr><p:cNvPr id='77' name='f'/><p:cNvSpPr/><p:nvPr>"
            "<p:ph type='ftr' idx='11'/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p>"
            "<a:r><a:t>Harbour board</a:t></a:r></a:p></p:txBody></p:sp>"
        )
        slide.shapes._spTree.append(footer)
    found = read(deck)
    assert told(found) == ["# One", "P Harbour board", "P Confidential", "# Two"]
    assert texts_of(found, TextOrigin.MARGIN) == ["Harbour board", "Confidential"]


@pytest.mark.parametrize("suffix", [".pptm", ".ppsx", ".ppsm", ".potx", ".potm"])
def test_shows_templates_and_decks_with_macros(suffix: str) -> None:
    assert told(read(deck_of("One"), suffix=suffix)) == ["# One"]


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"ppt/theme/theme1.xml": b"none"}, ""),
        ({"ppt/slideLayouts/slideLayout6.xml": b"<"}, "ppt/slideLayouts/slideLayout6.xml"),
        ({SLIDE: b"<"}, SLIDE),
        ({SLIDE: None}, "1 damaged slide (1) was not read."),
        ({"ppt/_rels/presentation.xml.rels": b"<"}, "ppt/_rels/presentation.xml.rels"),
    ],
)
def test_one_broken_part_leaves_the_rest(changes: dict[str, Any], remark: str) -> None:
    found = read(with_parts(saved_bytes(deck_of("One", "Two")), changes))
    assert "# Two" in told(found)
    assert remark in " ".join(found.remarks)


def test_a_deck_that_shows_nothing_says_what_it_holds() -> None:
    deck = deck_of("One")
    deck.slides[0]._element.set("show", "0")
    with pytest.raises(UnreadableDocument, match="hidden"):
        read(deck)
    empty = pptx.Presentation()
    empty.slides.add_slide(empty.slide_layouts[6])
    with pytest.raises(UnreadableDocument, match="white space"):
        read(empty)
    data = with_graphic(empty, '<x:model xmlns:x="x"/>', "model", "m.bin", "x")
    with pytest.raises(UnreadableDocument, match="nothing but 1 embedded object"):
        read(data)
