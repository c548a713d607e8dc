"""Documents, workbooks and presentations of old Office: what the file has, and what is stored."""

from __future__ import annotations

import struct

import pytest

from index.document import Document
from testing import ole
from tests.index.parsing.conftest import Parse, Refused


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(document.text)) for block in document.blocks]


# Word

_IN_TABLE = ole.sprm(0x2416, b"\x01")
_HEADING, _NORMAL = ole.style(1), ole.style(0)


def _row_end(*edges: int, merged: tuple[int, ...] = (), header: bool = False) -> bytes:
    cells = b"".join(
        struct.pack("<H18x", (1 << 5) if n in merged else 0) for n in range(len(edges) - 1)
    )
    table = bytes([len(edges) - 1]) + struct.pack(f"<{len(edges)}h", *edges) + cells
    marks = ole.sprm(0x2417, b"\x01") + ole.sprm(0x3404, bytes([header]))
    definition = ole.sprm(0xD608, struct.pack("<H", len(table) + 1) + table)
    return ole.style(0, _IN_TABLE + marks + definition)


def test_headings_and_paragraphs_of_a_document(parse: Parse) -> None:
    data = ole.doc([("Delivery\r", _HEADING), ("To the quay,\x0bin time: 5 €.\r", _NORMAL)])
    assert blocks(parse("a.doc", data)) == [
        ("heading", "Delivery"),
        ("paragraph", "To the quay,\nin time: 5 €."),
    ]


def test_a_table_of_a_document_with_merged_cells(parse: Parse) -> None:
    cell = ole.style(0, _IN_TABLE)
    data = ole.doc(
        [
            ("Port\x07", cell),
            ("2031\x07", cell),
            ("\x07", _row_end(0, 1000, 3000, header=True)),
            ("\x07", cell),
            ("Ships\x07", cell),
            ("Tonnes\x07", cell),
            ("\x07", _row_end(0, 1000, 2000, 3000, merged=(0,), header=True)),
            ("Arvik\x07", cell),
            ("120\x07", cell),
            ("41\x07", cell),
            ("\x07", _row_end(0, 1000, 2000, 3000)),
            ("Below.\r", _NORMAL),
        ]
    )
    assert blocks(parse("a.doc", data)) == [
        ("header", "Port | 2031 | 2031\nPort | Ships | Tonnes"),
        ("row", "Arvik | 120 | 41"),
        ("paragraph", "Below."),
    ]


def test_a_table_in_a_cell_of_a_document_stands_behind_its_row(parse: Parse) -> None:
    cell = ole.style(0, _IN_TABLE)
    inner = _IN_TABLE + ole.sprm(0x6649, b"\x02\0\0\0")
    inner_cell = ole.style(0, inner + ole.sprm(0x244B, b"\x01"))
    inner_end = ole.style(0, inner + ole.sprm(0x244B, b"\x01") + ole.sprm(0x244C, b"\x01"))
    data = ole.doc(
        [
            ("Boat\x07", cell),
            ("Use\x07", cell),
            ("\x07", _row_end(0, 1000, 3000, header=True)),
            ("Hauk\x07", cell),
            ("Rescue\r", cell),
            ("Crew\r", inner_cell),
            ("Pay\r", inner_cell),
            ("\r", inner_end),
            ("4\r", inner_cell),
            ("90\r", inner_cell),
            ("\r", inner_end),
            ("at sea\x07", cell),
            ("\x07", _row_end(0, 1000, 3000)),
            ("Ran\x07", cell),
            ("Post\x07", cell),
            ("\x07", _row_end(0, 1000, 3000)),
            ("Below.\r", _NORMAL),
        ]
    )
    assert blocks(parse("a.doc", data)) == [
        ("header", "Boat | Use"),
        ("row", "Hauk | Rescue at sea"),
        ("header", "Crew | Pay"),
        ("row", "4 | 90"),
        ("header", "Boat | Use"),
        ("row", "Ran | Post"),
        ("paragraph", "Below."),
    ]


def test_a_table_of_one_cell_of_a_document_is_a_frame_around_its_text(parse: Parse) -> None:
    data = ole.doc(
        [
            ("Fees\r", ole.style(1, _IN_TABLE)),
            ("For a boat.\x07", ole.style(0, _IN_TABLE)),
            ("\x07", _row_end(0, 1000)),
            ("Below.\r", _NORMAL),
        ]
    )
    assert blocks(parse("a.doc", data)) == [
        ("heading", "Fees"),
        ("paragraph", "For a boat."),
        ("paragraph", "Below."),
    ]


@pytest.mark.parametrize("by_points", [False, True])
def test_what_a_document_hides_and_raises(parse: Parse, *, by_points: bool) -> None:
    hidden, deleted = ole.sprm(0x083C, b"\x01"), ole.sprm(0x0800, b"\x01")
    raised = ole.sprm(0x4845, struct.pack("<h", 8)) if by_points else ole.sprm(0x2A48, b"\x01")
    runs = [(2, b""), (1, raised), (7, b""), (5, hidden), (4, deleted), (2, b"")]
    data = ole.doc([("106 litres blue red.\r", _NORMAL)], runs)
    document = parse("a.doc", data)
    assert document.text == "10⁶ litres."
    assert document.remarks == (
        "1 tracked deletion was not read (BRIEFING_READ_HIDDEN=deleted).",
        "1 hidden text was not read (BRIEFING_READ_HIDDEN=hidden).",
    )


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        (ole.sprm(0x2A42, b"\x08"), "The fee is 5."),
        (ole.sprm(0x6870, b"\xff\xff\xff\0"), "The fee is 5."),
        (ole.sprm(0x4A43, b"\2\0"), "The fee is 5."),
        (ole.sprm(0x2A42, b"\1") + ole.sprm(0x2A0C, b"\1"), "The fee is 5."),
        (ole.sprm(0x2A42, b"\x08") + ole.sprm(0x2A0C, b"\1"), "The fee or 6 is 5."),
        (ole.sprm(0x2A42, b"\1"), "The fee or 6 is 5."),
    ],
)
def test_text_that_nobody_sees(parse: Parse, look: bytes, seen: str) -> None:
    runs = [(7, b""), (5, look), (7, b"")]
    assert parse("a.doc", ole.doc([("The fee or 6 is 5.\r", _NORMAL)], runs)).text == seen


def test_a_field_is_read_as_it_is_shown(parse: Parse) -> None:
    data = ole.doc([('See \x13HYPERLINK "http://a.example"\x14our page\x15.\r', _NORMAL)])
    assert parse("a.doc", data).text == "See our page."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('\x13LINK \x13SYMBOL 176\x15 a\x14in \x13SYMBOL 177 \\f "Symbol"\x15 out\x15', "in ± out"),
        ("\x13SYMBOL 176\x14\x13LINK\x14here\x15\x15", "here"),
        ("\x13\x14" * 20_000 + "Deep" * 5_000, "Deep" * 5_000),
    ],
)
def test_fields_lie_in_fields(parse: Parse, written: str, shown: str) -> None:
    assert parse("a.doc", ole.doc([(f"{written}.\r", _NORMAL)])).text == f"{shown}."


def test_letters_of_fonts_of_symbols_are_signs(parse: Parse) -> None:
    in_symbol = ole.sprm(0x4A4F, struct.pack("<H", 1))
    inserted = ole.sprm(0x6A09, struct.pack("<HH", 1, 0xF0B1))
    runs = [(1, in_symbol), (3, b""), (1, inserted), (23, b"")]
    text = '\uf0b3 5 ( 2 \x13SYMBOL 176 \\f "Symbol"\x15C.\r'
    data = ole.doc([(text, _NORMAL)], runs, fonts=("Arial", "Symbol"))
    assert parse("a.doc", data).text == "≥ 5 ± 2 °C."


def test_files_that_only_have_the_name(parse: Parse, refused: Refused) -> None:
    assert parse("a.doc", b"{\\rtf1 Five euros.}").text == "Five euros."
    assert parse("b.xls", "<table><tr><td>Port</td><td>Ships</td></tr></table>").text
    assert parse("c.xls", "Port\tShips\nArvik\t120\n").text
    assert refused("d.doc", b"\0\1\2") == "it is damaged, or not a Word document"


def test_documents_that_are_refused(refused: Refused) -> None:
    data = bytearray(ole.doc([("Text.\r", _NORMAL)]))
    data[512 + 0x0B] |= 1  # the flag of a password
    assert refused("a.doc", bytes(data)) == "it is protected by a password"
    data[512:514] = b"\xdc\xa5"
    assert refused("a.doc", bytes(data)) == "it was made by Word 95 or older; save it as .docx"


# PowerPoint


def test_slides_are_pages_and_hidden_ones_are_not_read(parse: Parse) -> None:
    slides = [
        [ole.shape(ole.text_atoms(4, "By Ida")), ole.shape(ole.text_atoms(0, "Berths"))],
        [ole.shape(ole.text_atoms(0, "Costs")), ole.shape(ole.text_atoms(1, "Coal\rOil"))],
        [ole.shape(ole.text_atoms(0, "Secret"))],
    ]
    document = parse("a.ppt", ole.ppt(slides, hidden=[3]))
    assert blocks(document) == [
        ("heading", "Berths"),
        ("paragraph", "By Ida"),
        ("heading", "Costs"),
        ("item", "• Coal"),
        ("item", "• Oil"),
    ]
    assert len(document.pages) == 3
    assert document.remarks == ("1 hidden slide (3) was not read (BRIEFING_READ_HIDDEN=hidden).",)


def test_a_table_of_a_slide(parse: Parse) -> None:
    cells = [
        ole.shape(ole.text_atoms(4, text), box=box)
        for text, box in (
            ("Port", (0, 0, 100, 50)),
            ("Cargo", (100, 0, 300, 50)),
            ("Arvik", (0, 50, 100, 99)),
            ("41", (100, 50, 200, 99)),
            ("t", (200, 50, 300, 99)),
        )
    ]
    mark = ole.record(0xF004, ole.atom(0xF122, struct.pack("<HI", 0x039F, 1), instance=1))
    document = parse("a.ppt", ole.ppt([[ole.record(0xF003, mark, *cells)]]))
    assert [text for _, text in blocks(document)] == ["Port | Cargo | Cargo", "Arvik | 41 | t"]


# Excel


def test_cells_of_a_workbook_are_written_as_they_are_shown(parse: Parse) -> None:
    records = [
        *(ole.label(0, n, text) for n, text in enumerate(("Share", "Code", "Day"))),
        ole.number(1, 0, 0.125, 1),
        ole.number(1, 1, 42, 2),
        ole.number(1, 2, 48276, 3),
    ]
    data = ole.xls({"Rates": records}, ["0.0%", "00000", "d mmm yyyy"])
    assert parse("a.xls", data).text == "Rates\n\nShare | Code | Day\n12.5% | 00042 | 3 Mar 2032"


def test_hidden_sheets_and_merged_cells_of_a_workbook(parse: Parse) -> None:
    cells = [("Port", 0, 0), ("2031", 0, 1), ("Ships", 1, 1), ("Tonnes", 1, 2)]
    cells += [("Arvik", 2, 0), ("120 ships", 2, 1), ("41 t", 2, 2)]
    records = [ole.label(row, column, text) for text, row, column in cells]
    records.append(ole.biff(0x00E5, struct.pack("<HHHHH", 1, 0, 0, 1, 2)))
    document = parse("a.xls", ole.xls({"Cargo": records, "hidden": [ole.label(0, 0, "Pay")]}))
    assert (
        document.text == "Cargo\n\nPort | 2031 | 2031\n| Ships | Tonnes\nArvik | 120 ships | 41 t"
    )
    assert document.remarks == (
        "1 hidden sheet (“hidden”) was not read (BRIEFING_READ_HIDDEN=hidden).",
    )


def test_charts_of_a_workbook_are_their_titles(parse: Parse) -> None:
    cells = [ole.label(0, 0, "Port"), ole.label(0, 1, "Ships"), ole.label(1, 0, "Arvik")]
    records = [*cells, ole.number(1, 1, 4), ole.chart("Ships by port", "Ships")]
    sheets = {
        "Cargo": records,
        "Picture": [ole.chart("Tonnes", "t")],
        "hidden": [*cells, records[4]],
    }
    document = parse("a.xls", ole.xls(sheets))
    assert document.text == "Cargo\n\nPort | Ships\nArvik | 4\n\nShips by port\n\nPicture\n\nTonnes"
    assert [page.of(document.text)[:7].strip() for page in document.pages] == [
        "Cargo",
        "Picture",
        "",
    ]
