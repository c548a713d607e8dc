"""OpenDocument texts, spreadsheets and presentations: what the file has, and what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.document import Document, TextOrigin
from index.parsing import HiddenContent, ParsingLimits, ParsingOptions, parse_file
from index.parsing.formats.opendocument import slide_colours
from testing.odfs import odf, odf_xml, zipped
from testing.soundness import assert_sound
from tests.index.parsing.conftest import Parse, Refused


@pytest.fixture
def parse_all(tmp_path: Path) -> Parse:
    """Reads a file with all that is hidden in it."""

    def parse_all(name: str, content: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(content)
        options = ParsingOptions(frozenset(HiddenContent))
        document = parse_file(path, name, limits=ParsingLimits(), options=options)
        assert_sound(document)
        return document

    return parse_all


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(document.text)) for block in document.blocks]


_NUMBERED = """<text:list-style style:name="L"><text:list-level-style-number text:level="1"
  style:num-format="1" style:num-suffix="." text:start-value="4"/><text:list-level-style-number
  text:level="2" style:num-format="1" text:display-levels="2"/><text:list-level-style-number
  text:level="3" style:num-format="i" style:num-prefix="(" style:num-suffix=")"/>
</text:list-style>"""

# Texts


def test_headings_and_paragraphs(parse: Parse) -> None:
    body = """<text:p text:style-name="Title">Supply contract</text:p>
      <text:h text:outline-level="1">Delivery</text:h>
      <text:p>The seller<text:s text:c="2"/>delivers<text:line-break/>coal.</text:p>"""
    document = parse(
        "a.odt",
        odf("text", body, common='<style:style style:name="Title" style:family="paragraph"/>'),
    )
    assert blocks(document) == [
        ("heading", "Supply contract"),
        ("heading", "Delivery"),
        ("paragraph", "The seller delivers\ncoal."),
    ]
    assert [block.level for block in document.blocks] == [1, 2, 0]


def test_lists_have_the_numbers_that_the_program_counts(parse: Parse) -> None:
    body = """<text:list text:style-name="L"><text:list-item><text:h text:outline-level="1">Delivery
      </text:h><text:list><text:list-item><text:p>To the quay.</text:p></text:list-item>
      <text:list-item><text:p>In time.</text:p><text:list><text:list-item><text:p>Ice excepted.
      </text:p></text:list-item></text:list></text:list-item></text:list></text:list-item></text:list>
      <text:p>Between.</text:p>
      <text:list text:style-name="L" text:continue-numbering="true"><text:list-item>
      <text:p>Payment</text:p></text:list-item></text:list>"""
    document = parse("a.odt", odf("text", body, styles=_NUMBERED))
    assert blocks(document) == [
        ("heading", "4. Delivery"),
        ("item", "4.1 To the quay."),
        ("item", "4.2 In time."),
        ("item", "(i) Ice excepted."),
        ("paragraph", "Between."),
        ("item", "5. Payment"),
    ]


def test_headings_have_the_numbers_of_the_outline(parse: Parse) -> None:
    outline = """<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/>
      <text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>
      </text:outline-style>"""
    heads = "".join(
        f'<text:h text:outline-level="{level}">{name}</text:h>'
        for level, name in ((1, "Aims"), (2, "Ours"), (2, "Theirs"), (1, "Means"))
    )
    document = parse("a.odt", odf("text", f"{heads}<text:p>End.</text:p>", common=outline))
    assert [text for _, text in blocks(document)][:-1] == [
        "1 Aims",
        "1.1 Ours",
        "1.2 Theirs",
        "2 Means",
    ]


def test_raised_and_lowered_figures_stay_apart(parse: Parse) -> None:
    styles = """<style:style style:name="up" style:family="text"><style:text-properties
      style:text-position="super 58%"/></style:style><style:style style:name="down"
      style:family="text"><style:text-properties style:text-position="-33% 58%"/></style:style>"""
    body = """<text:p>10<text:span text:style-name="up">6</text:span> litres of
      CO<text:span text:style-name="down">2</text:span></text:p>"""
    assert parse("a.odt", odf("text", body, styles=styles)).text == "10⁶ litres of CO2"


def test_letters_of_fonts_of_symbols_are_signs(parse: Parse) -> None:
    styles = """<style:font-face style:name="Symbol1" svg:font-family="'Symbol'"/><style:style
      style:name="s" style:family="text"><style:text-properties style:font-name="Symbol1"/>
      </style:style>"""
    body = '<text:p><text:span text:style-name="s">\uf0b3</text:span> 5</text:p>'
    assert parse("a.odt", odf("text", body, styles=styles)).text == "≥ 5"


def test_a_merged_cell_is_in_all_that_it_covers(parse: Parse) -> None:
    body = """<table:table><table:table-header-rows><table:table-row>
      <table:table-cell><text:p>Port</text:p></table:table-cell>
      <table:table-cell table:number-columns-spanned="2"><text:p>2031</text:p></table:table-cell>
      <table:covered-table-cell/></table:table-row><table:table-row>
      <table:table-cell/><table:table-cell><text:p>Ships</text:p></table:table-cell>
      <table:table-cell><text:p>Tonnes</text:p></table:table-cell></table:table-row>
      </table:table-header-rows><table:table-row>
      <table:table-cell table:number-rows-spanned="2"><text:p>Arvik</text:p></table:table-cell>
      <table:table-cell><text:p>120</text:p></table:table-cell><table:table-cell><text:p>41</text:p>
      </table:table-cell></table:table-row><table:table-row><table:covered-table-cell/>
      <table:table-cell><text:p>131</text:p></table:table-cell><table:table-cell><text:p>47</text:p>
      </table:table-cell></table:table-row></table:table>"""
    assert blocks(parse("a.odt", odf("text", body))) == [
        ("header", "Port | 2031 | 2031\n| Ships | Tonnes"),
        ("row", "Arvik | 120 | 41"),
        ("row", "Arvik | 131 | 47"),
    ]


def test_notes_come_last_behind_their_marks(parse: Parse) -> None:
    body = """<text:p>The fee<text:note><text:note-citation>1</text:note-citation><text:note-body>
      <text:p>In euros.</text:p></text:note-body></text:note> is 5.</text:p><text:p>End.</text:p>"""
    assert parse("a.odt", odf("text", body)).text == "The fee¹ is 5.\n\nEnd.\n\n¹ In euros."


def test_headers_and_footers_are_read_once_as_such(parse: Parse) -> None:
    common = """<office:master-styles><style:master-page style:name="S"><style:header>
      <text:p>Harbour office</text:p></style:header><style:footer><text:p>3</text:p></style:footer>
      </style:master-page></office:master-styles>"""
    document = parse("a.odt", odf("text", "<text:p>Body.</text:p>", common=common))
    assert [(b.origin, b.span.of(document.text)) for b in document.blocks] == [
        (TextOrigin.BODY, "Body."),
        (TextOrigin.MARGIN, "Harbour office"),
    ]


_UNSEEN = """<text:tracked-changes><text:changed-region text:id="c"><text:deletion>
  <text:p>grey</text:p></text:deletion></text:changed-region></text:tracked-changes>
  <text:p>The boat is <text:change text:change-id="c"/>red<text:span text:style-name="h"> or blue
  </text:span>.<office:annotation><dc:creator>Ida</dc:creator><text:p>Is it?</text:p>
  </office:annotation></text:p>
  <text:section text:display="none"><text:p>The price is secret.</text:p></text:section>"""
_HIDING = """<style:style style:name="h" style:family="text"><style:text-properties
  text:display="none"/></style:style>"""


def test_hidden_text_is_not_read_but_remarked(parse: Parse) -> None:
    document = parse("a.odt", odf("text", _UNSEEN, styles=_HIDING))
    assert document.text == "The boat is red."
    assert document.has_hidden
    assert document.remarks == (
        "1 hidden text was not read (BRIEFING_READ_HIDDEN=hidden).",
        "1 tracked deletion was not read (BRIEFING_READ_HIDDEN=deleted).",
        "1 comment was not read (BRIEFING_READ_HIDDEN=comments).",
        "1 hidden section was not read (BRIEFING_READ_HIDDEN=hidden).",
    )


def test_text_that_nobody_sees_is_hidden(parse: Parse, parse_all: Parse) -> None:
    styles = "".join(
        f"""<style:style style:name="{name}" style:family="text">
        <style:text-properties {look}/></style:style>"""
        for name, look in {
            "white": 'fo:color="#FFFFFF"',
            "marked": 'fo:color="#ffffff" fo:background-color="#000080"',
            "blue": 'fo:color="#000080" fo:background-color="#000080"',
            "tiny": 'fo:font-size="1pt"',
        }.items()
    )
    body = "<text:p>The fee" + "".join(
        f'<text:span text:style-name="{name}"> {name}</text:span>'
        for name in ("white", "marked", "blue", "tiny")
    )
    data = odf("text", f"{body} is 5.</text:p>", styles=styles)
    assert parse("a.odt", data).text == "The fee marked is 5."
    assert parse("a.odt", data).remarks == (
        "3 hidden texts were not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    assert "white" in parse_all("a.odt", data).text


@pytest.mark.parametrize(
    "look",
    [
        'fo:color="#ffffff" style:use-window-font-color="true"',
        'fo:color="#ffffff" fo:text-shadow="1pt 1pt"',
        'fo:color="#ffffff" style:text-outline="true"',
    ],
)
def test_text_that_has_edges_or_a_colour_for_any_page_is_read(parse: Parse, look: str) -> None:
    styles = f"""<style:style style:name="w" style:family="paragraph">
      <style:text-properties {look}/></style:style>"""
    body = '<text:p text:style-name="w">The fee is 5.</text:p>'
    assert parse("a.odt", odf("text", body, styles=styles)).text == "The fee is 5."


def test_white_text_in_a_section_of_a_colour_is_read(parse: Parse) -> None:
    styles = """<style:style style:name="w" style:family="text">
      <style:text-properties fo:color="#ffffff"/></style:style>
      <style:style style:name="s" style:family="section">
      <style:section-properties fo:background-color="#000080"/></style:style>"""
    body = """<text:section text:style-name="s"><text:p><text:span text:style-name="w">The fee is 5.
      </text:span></text:p></text:section>"""
    assert parse("a.odt", odf("text", body, styles=styles)).text == "The fee is 5."


def test_cells_that_nobody_sees_are_hidden(parse: Parse, parse_all: Parse) -> None:
    styles = """<style:style style:name="w" style:family="table-cell">
      <style:text-properties fo:color="#ffffff"/></style:style>"""
    body = """<table:table table:name="Fees"><table:table-row><table:table-cell><text:p>Fee</text:p>
      </table:table-cell><table:table-cell table:style-name="w"><text:p>6</text:p>
      </table:table-cell></table:table-row></table:table>"""
    data = odf("spreadsheet", body, styles=styles)
    assert parse("a.ods", data).text == "Fees\n\nFee"
    assert parse("a.ods", data).remarks == (
        "1 hidden cell on sheet Fees was not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    assert "6" in parse_all("a.ods", data).text


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_rows_and_columns_of_a_table_in_a_text(
    parse: Parse, parse_all: Parse, how: str
) -> None:
    hidden = f'table:visibility="{how}"'
    columns = f"<table:table-column/><table:table-column {hidden}/><table:table-column/>"
    rows = "".join(
        f"<table:table-row {hidden if place == 1 else ''}>"
        + "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
        + "</table:table-row>"
        for place, texts in enumerate((("Town", "Old", "New"), ("A", "1", "2"), ("B", "3", "4")))
    )
    table = f"<table:table>{columns}{rows}</table:table>"
    data = odf("text", f"<text:p>Ports</text:p>{table}")
    inside = (
        f"<table:table><table:table-row>{_cell(table)}{_cell('x')}</table:table-row></table:table>"
    )
    assert "Old" not in parse("b.odt", odf("text", f"<text:p>Ports</text:p>{inside}")).text
    found = parse("a.odt", data)
    assert [word for word in found.text.split() if word.isalnum()] == "Ports Town New B 4".split()
    assert found.remarks == ("5 hidden cells were not read (BRIEFING_READ_HIDDEN=hidden).",)
    assert found.has_hidden
    assert "Old" in parse_all("a.odt", data).text


def test_hidden_text_that_is_asked_for_says_that_it_is(parse_all: Parse) -> None:
    document = parse_all("a.odt", odf("text", _UNSEEN, styles=_HIDING))
    assert [(b.origin, b.span.of(document.text)) for b in document.blocks] == [
        (TextOrigin.BODY, "The boat is red."),
        (TextOrigin.HIDDEN, "or blue"),
        (TextOrigin.DELETED, "grey"),
        (TextOrigin.COMMENT, "Is it?"),
        (TextOrigin.HIDDEN, "The price is secret."),
    ]
    assert document.remarks == ()
    assert not document.has_hidden


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "a.odp",
            """<draw:page><draw:frame><draw:text-box><text:p>Cargo</text:p></draw:text-box>
            </draw:frame><officeooo:annotation><text:p>Too low?</text:p></officeooo:annotation>
            </draw:page>""",
        ),
        (
            "a.odt",
            """<table:table><table:table-row><table:table-cell><text:p>Cargo<office:annotation>
            <text:p>Too low?</text:p></office:annotation></text:p></table:table-cell>
            <table:table-cell><text:p>Tonnes</text:p></table:table-cell></table:table-row>
            </table:table>""",
        ),
    ],
)
def test_comments_on_slides_and_in_cells(parse: Parse, name: str, body: str) -> None:
    document = parse(name, odf({"a.odp": "presentation", "a.odt": "text"}[name], body))
    assert "Cargo" in document.text
    assert "low" not in document.text
    assert document.remarks == ("1 comment was not read (BRIEFING_READ_HIDDEN=comments).",)


@pytest.mark.parametrize(
    ("fill", "is_read"),
    [
        ('draw:fill="solid" draw:fill-color="#FFFFFF"', False),
        ('draw:fill="solid" draw:fill-color="#ffffff" draw:opacity="20%"', True),
        ('draw:fill="solid" draw:fill-color="#0000aa"', True),
        ('draw:fill="none" draw:fill-color="#ffffff"', True),
        ("", True),
    ],
)
def test_white_text_on_the_fill_of_its_shape(parse: Parse, fill: str, is_read: bool) -> None:
    styles = f"""<style:style style:name="S" style:family="graphic"><style:graphic-properties {fill}
      /></style:style><style:style style:name="W" style:family="text"><style:text-properties
      fo:color="#ffffff"/></style:style>"""
    text = '<text:p>Cargo <text:span text:style-name="W">or none</text:span></text:p>'
    frame = f"<draw:text-box>{text}</draw:text-box>"
    body = f'<draw:page><draw:frame draw:style-name="S">{frame}</draw:frame></draw:page>'
    document = parse("a.odp", odf("presentation", body, styles=styles))
    assert document.text == ("Cargo or none" if is_read else "Cargo")
    assert document.has_hidden is not is_read


@pytest.mark.parametrize(
    ("of_slide", "of_master", "beside", "is_read"),
    [
        ("", "", "", False),
        ("", 'draw:fill="none"', "", False),
        ('draw:fill="solid" draw:fill-color="#ffffff"', 'draw:fill="gradient"', "", False),
        ('draw:fill="solid" draw:fill-color="#0000aa"', "", "", True),
        ("", 'draw:fill="solid" draw:fill-color="#0000aa"', "", True),
        ("", 'draw:fill="bitmap"', "", True),
        ("", "", "<draw:frame><draw:image/></draw:frame>", True),
        ("", "", '<draw:rect draw:style-name="F"/>', True),
        ("", "", '<draw:g><draw:rect draw:style-name="F"/></draw:g>', True),
        ("", "", '<draw:rect draw:style-name="S"/>', False),
    ],
)
@pytest.mark.parametrize("is_behind_all", [True, False])
def test_white_text_on_the_background_of_its_slide(
    parse: Parse, of_slide: str, of_master: str, beside: str, *, is_read: bool, is_behind_all: bool
) -> None:
    def page_style(name: str, fill: str) -> str:
        properties = f"<style:drawing-page-properties {fill}/>"
        named = f'style:name="{name}" style:family="drawing-page"'
        return f"<style:style {named}>{properties}</style:style>"

    styles = f"""{page_style("P", of_slide)}<style:style style:name="S" style:family="graphic">
      <style:graphic-properties draw:fill="none"/></style:style><style:style style:name="F"
      style:family="graphic"><style:graphic-properties draw:fill="solid"/></style:style>
      <style:style style:name="W" style:family="text"><style:text-properties fo:color="#ffffff"/>
      </style:style>"""
    common = f"""<office:automatic-styles>{page_style("M", of_master)}</office:automatic-styles>
      <office:master-styles><style:master-page style:name="D" draw:style-name="M">
      {beside if is_behind_all else ""}</style:master-page></office:master-styles>"""
    text = '<text:p>Cargo <text:span text:style-name="W">or none</text:span></text:p>'
    frame = f'<draw:frame draw:style-name="S"><draw:text-box>{text}</draw:text-box></draw:frame>'
    page = 'draw:style-name="P" draw:master-page-name="D"'
    body = f"<draw:page {page}>{'' if is_behind_all else beside}{frame}</draw:page>"
    document = parse("a.odp", odf("presentation", body, styles=styles, common=common))
    assert document.text == ("Cargo or none" if is_read else "Cargo")
    assert document.has_hidden is not is_read


def test_the_shapes_of_a_master_are_looked_at_once_for_all_its_slides(
    parse: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr(
        slide_colours, "_may_cover", lambda shape, _package: looked_at.append(shape)
    )
    master = '<style:master-page style:name="D">' + "<draw:frame/>" * 30 + "</style:master-page>"
    text = "<draw:frame><draw:text-box><text:p>Cargo</text:p></draw:text-box></draw:frame>"
    body = f'<draw:page draw:master-page-name="D">{text}</draw:page>' * 20
    common = f"<office:master-styles>{master}</office:master-styles>"
    assert len(parse("a.odp", odf("presentation", body, common=common)).pages) == 20
    assert len(looked_at) == 30 + 20 * 2  # frames, and what is in those of slides


def test_a_deletion_in_a_cell(parse: Parse) -> None:
    cells = """<table:table-cell><text:p>Cargo<text:change text:change-id="c"/></text:p>
      </table:table-cell><table:table-cell><text:p>Tonnes</text:p></table:table-cell>"""
    deletion = "<text:deletion><text:p>or passengers</text:p></text:deletion>"
    body = f"""<text:tracked-changes><text:changed-region text:id="c">{deletion}
      </text:changed-region></text:tracked-changes>
      <table:table><table:table-row>{cells}</table:table-row></table:table>"""
    document = parse("a.odt", odf("text", body))
    assert document.text == "Cargo | Tonnes"
    assert document.remarks == ("1 tracked deletion was not read (BRIEFING_READ_HIDDEN=deleted).",)


def _table(*rows: tuple[str, ...]) -> str:
    def cell(content: str) -> str:
        paragraphs = content if content.startswith("<") else f"<text:p>{content}</text:p>"
        return f"<table:table-cell>{paragraphs}</table:table-cell>"

    inner = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return f"<table:table>{inner}</table:table>"


def test_a_table_in_a_cell_stands_behind_its_row(parse: Parse) -> None:
    large = _table(("Crew", "Pay"), ("4", "90"))
    rescue = f"<text:p>Rescue</text:p>{large}<text:p>at sea</text:p>"
    post = f"<text:p>Post</text:p>{_table(('by day',))}"
    parts = "<text:p>Tow</text:p>" + large.replace(">", ' table:is-sub-table="true">', 1)
    body = _table(("Boat", "Use"), ("Hauk", rescue), ("Ran", post), ("Ulv", parts))
    assert blocks(parse("a.odt", odf("text", body))) == [
        ("header", "Boat | Use"),
        ("row", "Hauk | Rescue at sea"),
        ("header", "Crew | Pay"),
        ("row", "4 | 90"),
        ("header", "Boat | Use"),
        ("row", "Ran | Post by day"),
        ("row", "Ulv | Tow Crew Pay 4 90"),
    ]


def test_a_hidden_section_in_a_cell(parse: Parse) -> None:
    hidden = '<text:section text:display="none"><text:p>Pay 90</text:p></text:section>'
    body = _table(("Boat", "Use"), ("Hauk", f"<text:p>Rescue</text:p>{hidden}"))
    document = parse("a.odt", odf("text", body))
    assert document.text == "Boat | Use\nHauk | Rescue"
    assert document.remarks == ("1 hidden section was not read (BRIEFING_READ_HIDDEN=hidden).",)


def test_a_table_of_one_cell_is_a_frame_around_its_text(parse: Parse) -> None:
    def table(cells: str) -> str:
        return f"<table:table><table:table-row>{cells}</table:table-row></table:table>"

    cells = [f"<table:table-cell><text:p>{w}</text:p></table:table-cell>" for w in ("Fee", "12")]
    framed = f"<table:table-cell><text:h>Fees</text:h>{table(''.join(cells))}</table:table-cell>"
    document = parse("a.odt", odf("text", table(framed)))
    assert blocks(document) == [("heading", "Fees"), ("row", "Fee | 12")]


def test_a_paragraph_in_the_style_of_headings_is_one(parse: Parse) -> None:
    styles = """<style:style style:name="Heading_20_2" style:family="paragraph"/><style:style
      style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_2"/>"""
    body = '<text:p text:style-name="P1">Rent</text:p><text:p>It is due on the first.</text:p>'
    document = parse("a.odt", odf("text", body, styles=styles))
    assert blocks(document) == [("heading", "Rent"), ("paragraph", "It is due on the first.")]
    assert document.blocks[0].level == 2


def test_what_libraries_fill_in_is_nobody(parse: Parse) -> None:
    meta = odf_xml(
        "document-meta",
        "<meta:initial-creator>python-docx</meta:initial-creator><dc:subject>Rent</dc:subject>"
        "<dc:description>generated by python-docx</dc:description>",
    )
    document = parse("a.odt", odf("text", "<text:p>Five euros.</text:p>", meta_dot_xml=meta))
    assert document.metadata == {"subject": "Rent"}


def test_properties(parse: Parse) -> None:
    meta = odf_xml(
        "document-meta",
        "<dc:title>Harbour dues</dc:title><meta:initial-creator>Ida Holm</meta:initial-creator>"
        "<meta:creation-date>2031-03-04T08:00:00.123456789</meta:creation-date>",
    )
    document = parse("a.odt", odf("text", "<text:p>Five euros.</text:p>", meta_dot_xml=meta))
    assert document.title == "Harbour dues"
    assert document.metadata["author"] == "Ida Holm"
    assert document.metadata["date"].startswith("2031-03-04")


def test_a_damaged_part_does_not_refuse_the_rest(parse: Parse) -> None:
    data = odf("text", "<text:p>Five euros.</text:p>", styles_dot_xml="<office:broken")
    document = parse("a.odt", data)
    assert document.text == "Five euros."
    assert document.remarks == (
        "Parts of the file are damaged and were not read wholly: styles.xml.",
    )


@pytest.mark.parametrize("rest", ["", "</table:table-row></table:body>"])
def test_a_sheet_is_read_up_to_a_fault(parse: Parse, rest: str) -> None:
    def row(text: str) -> str:
        note = "<office:annotation><text:p>Too low?</text:p></office:annotation>"
        cell = f"<table:table-cell><text:p>{text}</text:p>{note}</table:table-cell>"
        return f"<table:table-row>{cell * 2}</table:table-row>"

    body = f"""<table:table table:name="Dues"><table:table-row-group>{row("Cargo")}
      </table:table-row-group><table:table-rows>{row("Coal")}<table:table-row>"""
    content = odf_xml("document-content", f"<office:body><office:spreadsheet>{body}")
    cut = content[: content.index("</office:document-content>")] + rest
    document = parse("a.ods", odf("spreadsheet", "", content_dot_xml=cut))
    assert blocks(document) == [
        ("heading", "Dues"), ("row", "Cargo | Cargo"), ("row", "Coal | Coal"),
    ]  # fmt: skip
    assert document.remarks == (
        "4 comments were not read (BRIEFING_READ_HIDDEN=comments).",
        "Parts of the file are damaged and were not read wholly: content.xml.",
    )


def test_what_is_refused(refused: Refused) -> None:
    locked = odf(
        "text",
        "<text:p>x</text:p>",
        META__INF="",
        **{"META-INF__manifest_dot_xml": "<a><encryption-data/></a>"},
    )
    assert refused("a.odt", locked) == "it is protected by a password"
    assert (
        refused("a.odt", zipped(a_dot_txt="x")) == "it is a zip file, but not an OpenDocument text"
    )
    assert refused("a.odt", b"x") == "it is not an OpenDocument text: it is not even a zip file"


# Presentations


def _slides(hidden: str = "") -> bytes:
    styles = f"""<style:style style:name="dp2" style:family="drawing-page">
      <style:drawing-page-properties {hidden}/></style:style>"""
    body = """<draw:page draw:name="1"><draw:frame presentation:class="subtitle"><draw:text-box>
      <text:p>By Ida</text:p></draw:text-box></draw:frame><draw:frame presentation:class="title">
      <draw:text-box><text:p>Berths</text:p></draw:text-box></draw:frame><draw:frame
      presentation:class="page-number"><draw:text-box><text:p>1</text:p></draw:text-box></draw:frame>
      <draw:g><draw:custom-shape><text:p>In a group</text:p></draw:custom-shape></draw:g>
      <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>
      <presentation:notes><draw:frame presentation:class="notes">
      <draw:text-box><text:p>Pause.
      </text:p></draw:text-box></draw:frame></presentation:notes></draw:page>
      <draw:page draw:name="2" draw:style-name="dp2"><draw:frame presentation:class="title">
      <draw:text-box><text:p>Costs</text:p></draw:text-box></draw:frame></draw:page>"""
    chart = """<office:body><office:chart><chart:chart><chart:title>
      <text:p>Cargo</text:p></chart:title>
      <table:table><table:table-rows><table:table-row><table:table-cell/><table:table-cell>
      <text:p>Tonnes</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell>
      <text:p>Arvik</text:p></table:table-cell><table:table-cell><text:p>1234567</text:p>
      </table:table-cell></table:table-row></table:table-rows></table:table></chart:chart>
      </office:chart></office:body>"""
    chart = odf_xml("document-content", chart)
    return odf("presentation", body, styles=styles, **{"Object 1__content_dot_xml": chart})


def test_slides_are_pages_with_their_titles_first(parse: Parse) -> None:
    document = parse("a.odp", _slides())
    assert blocks(document) == [
        ("heading", "Berths"),
        ("paragraph", "By Ida"),
        ("paragraph", "In a group"),
        ("paragraph", "Cargo"),
        ("header", "| Tonnes"),
        ("row", "Arvik | 1234567"),
        ("heading", "Costs"),
    ]
    assert len(document.pages) == 2
    assert document.remarks == (
        "1 page of speaker notes on slide 1 was not read (BRIEFING_READ_HIDDEN=notes).",
    )


def test_a_hidden_slide_is_not_read(parse: Parse, parse_all: Parse) -> None:
    hidden = 'presentation:visibility="hidden"'
    document = parse("a.odp", _slides(hidden))
    assert "Costs" not in document.text
    assert "1 hidden slide (2) was not read (BRIEFING_READ_HIDDEN=hidden)." in document.remarks
    document = parse_all("a.odp", _slides(hidden))
    assert document.blocks[-1].origin is TextOrigin.HIDDEN
    assert (TextOrigin.NOTES, "Pause.") in [
        (b.origin, b.span.of(document.text)) for b in document.blocks
    ]


# Spreadsheets


def _cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def _row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(map(_cell, cells))}</table:table-row>"


def test_cells_are_written_as_they_are_shown(parse: Parse) -> None:
    cells = (
        _cell("12.5%", 'office:value-type="percentage" office:value="0.125"')
        + _cell("00042", 'office:value-type="float" office:value="42"')
        + '<table:table-cell office:value-type="percentage" office:value="0.125"/>'
        + "<table:table-cell table:number-columns-repeated='16000'/>"
    )
    sheet = f"""<table:table table:name="Rates">{_row("Share", "Code", "More")}
      <table:table-row>{cells}</table:table-row>
      <table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>
      </table:table>"""
    document = parse("a.ods", odf("spreadsheet", sheet))
    assert document.text == "Rates\n\nShare | Code | More\n12.5% | 00042 | 12.5%"


def test_a_chart_is_its_title_and_what_lies_on_a_sheet_is_of_its_page(parse: Parse) -> None:
    frame = """<table:shapes><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>
      <draw:frame><draw:text-box><text:p>Rounded.</text:p></draw:text-box></draw:frame>
      </table:shapes>"""
    chart = """<office:body><office:chart><chart:chart><chart:title><text:p>Ships by port</text:p>
      </chart:title><table:table/></chart:chart></office:chart></office:body>"""
    body = f"""<table:table table:name="Cargo">{frame}{_row("Port", "Ships")}{_row("Arvik", "4")}
      </table:table><table:table table:name="Crew">{_row("Ida", "Ole")}</table:table>"""
    member = odf_xml("document-content", chart)
    document = parse("a.ods", odf("spreadsheet", body, **{"Object 1__content_dot_xml": member}))
    assert [page.of(document.text) for page in document.pages] == [
        "Cargo\n\nPort | Ships\nArvik | 4\n\nShips by port\n\nRounded.",
        "Crew\n\nIda | Ole",
    ]


def test_hidden_rows_columns_and_sheets_are_not_read(parse: Parse) -> None:
    styles = """<style:style style:name="no" style:family="table"><style:table-properties
      table:display="false"/></style:style>"""
    sheets = f"""<table:table table:name="Prices"><table:table-column/><table:table-column/>
      <table:table-column table:visibility="collapse"/>{_row("Item", "Price", "Cost")}
      {_row("Rope", "5", "3")}{_row("Buoy", "9", "7", more='table:visibility="collapse"')}
      </table:table><table:table table:name="Pay" table:style-name="no">{_row("Ida", "100")}
      </table:table>"""
    document = parse("a.ods", odf("spreadsheet", sheets, styles=styles))
    assert document.text == "Prices\n\nItem | Price\nRope | 5"
    assert document.has_hidden
    assert document.remarks == (
        "1 hidden row on sheet Prices was not read (BRIEFING_READ_HIDDEN=hidden).",
        "1 hidden column on sheet Prices was not read (BRIEFING_READ_HIDDEN=hidden).",
        "1 hidden sheet (“Pay”) was not read (BRIEFING_READ_HIDDEN=hidden).",
    )


@pytest.mark.parametrize(
    "repeated", ["table:number-rows-repeated", "table:number-columns-repeated"]
)
def test_a_sheet_that_unfolds_to_millions_of_cells_is_refused(
    repeated: str, refused: Refused
) -> None:
    many = repeated + '="16384"'
    row = f"<table:table-row>{_cell('x', many)}</table:table-row>"
    if "rows" in repeated:
        row = f'<table:table-row {repeated}="1000000">{_cell("x")}</table:table-row>'
    sheet = f'<table:table table:name="S">{row}</table:table>'
    assert "alike" in refused("a.ods", odf("spreadsheet", sheet))
