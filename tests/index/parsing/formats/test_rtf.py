"""Rich text: what the file has, and what is stored."""

from __future__ import annotations

import pytest

from index.document import Document, TextOrigin
from tests.index.parsing.conftest import Parse, Refused


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(document.text)) for block in document.blocks]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (r"Gr\'fc\'dfe aus \u346 ?l\u261?sk", "Grüße aus Śląsk"),
        (r"\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (r"{\fonttbl{\f1\fcharset128 Gothic;}}\f1 \'83\'7e\'83\'63", "ミツ"),
        (r"\uc2\u8364\'80x5 euros", "€5 euros"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"Five\~euros\emdash no\_more so\-on \{1\}\\", "Five euros—no‑more soon {1}\\"),
        (r"10{\super 6} litres of CO{\sub 2}", "10⁶ litres of CO2"),
        (r"10{\up8\fs16 6} litres, 10{\up 6}, 10{\up2 6}", "10⁶ litres, 10⁶, 106"),
        (r"log{\dn6 2}8", "log₂8"),
        (r"See {\field{\*\fldinst HYPERLINK x}{\fldrslt our page}}.", "See our page."),
        (r"{\fonttbl{\f1\fcharset2 Symbol;}}5{\f1\'b0}C, {\f1 W\u-3917?} 5", "5°C, Ω≥ 5"),
        (r"{\fonttbl{\f1\fcharset2 Webdings;}}{\f1\'b7} Item", "• Item"),
        (r'{\field{\*\fldinst SYMBOL 177 \\f "Symbol"}{\fldrslt\f1}} 2', "± 2"),
        (r'{\field{\*\fldinst SYMBOL 177 \\f "Symbol"}{\fldrslt \u177?}} 2', "± 2"),
        (r"One{\pict\bin4 }}{x} two", "One two"),
        (r"{\*\unknown lost}kept", "kept"),
        (r"{\info{\operator Ida}{\revtim\yr2031}}Text", "Text"),
        (r"Not {\xe index}closed {\b bold", "Not closed bold"),
        (r"{\upr{plain}{\*\ud{Unicode}}}", "Unicode"),
        (
            r"A shape.{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt In it.\par}}}\par",
            "A shape.\n\nIn it.",
        ),
    ],
)
def test_text(written: str, stored: str, parse: Parse) -> None:
    assert parse("a.rtf", rf"{{\rtf1\ansi {written}}}").text == stored


def test_a_table_of_one_cell_is_a_frame_around_its_text(parse: Parse) -> None:
    document = parse(
        "a.rtf",
        r"{\rtf1{\stylesheet{\s1 heading 1;}}\trowd\cellx9000\pard\intbl\s1 Fees\par"
        r"\pard\intbl\ls1{\listtext 1.\tab}For a boat.\par\pard\intbl For a {\v big }ship.\cell\row"
        r"\pard After.}",
    )
    assert blocks(document) == [
        ("heading", "Fees"),
        ("item", "1. For a boat."),
        ("paragraph", "For a ship."),
        ("paragraph", "After."),
    ]
    assert document.remarks == ("1 hidden text was not read (BRIEFING_READ_HIDDEN=hidden).",)


def test_headings_and_lists_with_their_numbers(parse: Parse) -> None:
    document = parse(
        "a.rtf",
        r"{\rtf1{\stylesheet{\s1 heading 1;}{\s2 Title;}}{\pard\s2 Contract\par}"
        r"\pard\s1{\listtext 4.\tab}Delivery\par\pard\ls1{\listtext 4.1\tab}To the quay.\par"
        r"\pard\ilvl1{\listtext \'b7\tab}In time.\par\pard\outlinelevel1 Ice\par\pard End.}",
    )
    assert blocks(document) == [
        ("heading", "Contract"),
        ("heading", "4. Delivery"),
        ("item", "4.1 To the quay."),
        ("item", "• In time."),
        ("heading", "Ice"),
        ("paragraph", "End."),
    ]
    assert [b.level for b in document.blocks] == [1, 2, 0, 1, 3, 0]


def test_a_table_with_merged_cells(parse: Parse) -> None:
    document = parse(
        "a.rtf",
        r"{\rtf1\trowd\trhdr\clvmgf\cellx1000\cellx3000\intbl Port\cell 2031\cell\row"
        r"\trowd\trhdr\clvmrg\cellx1000\cellx2000\cellx3000\intbl\cell Ships\cell Tonnes\cell\row"
        r"\trowd\cellx1000\cellx2000\cellx3000\intbl Arvik\cell 120\par more\cell 41\cell\row"
        r"\trowd\clmgf\cellx1000\clmrg\cellx2000\cellx3000\intbl Both\cell\cell 9\cell\row"
        r"\pard Below.}",
    )
    assert blocks(document) == [
        ("header", "Port | 2031 | 2031\nPort | Ships | Tonnes"),
        ("row", "Arvik | 120 more | 41"),
        ("row", "Both | Both | 9"),
        ("paragraph", "Below."),
    ]


def test_a_table_in_a_cell_stands_behind_its_row(parse: Parse) -> None:
    inner = (
        r"\pard\intbl\itap2 Crew\nestcell Pay\nestcell{\*\nesttableprops\trowd\cellx500\cellx900"
        r"\nestrow}{\nonesttables\par}\pard\intbl\itap2 4\nestcell 90\nestcell{\*\nesttableprops"
        r"\trowd\cellx500\cellx900\nestrow}{\nonesttables\par}"
    )
    small = r"\pard\intbl\itap2 by day\nestcell{\*\nesttableprops\trowd\cellx500\nestrow}"
    document = parse(
        "a.rtf",
        rf"{{\rtf1\trowd\trhdr\cellx1000\cellx3000\intbl Boat\cell Use\cell\row"
        rf"\trowd\cellx1000\cellx3000\pard\intbl Hauk\cell Rescue\par{inner}"
        r"\pard\intbl at sea\cell\row"
        rf"\trowd\cellx1000\cellx3000\pard\intbl Ran\cell Post\par{small}\pard\intbl\cell\row"
        r"\pard Below.}",
    )
    assert blocks(document) == [
        ("header", "Boat | Use"),
        ("row", "Hauk | Rescue at sea"),
        ("header", "Crew | Pay"),
        ("row", "4 | 90"),
        ("header", "Boat | Use"),
        ("row", "Ran | Post by day"),
        ("paragraph", "Below."),
    ]


def test_tables_in_each_other_without_end(parse: Parse) -> None:
    """Neither a depth that nobody writes nor rows that are left open lose a text."""
    document = parse(
        "a.rtf",
        r"{\rtf1\pard\intbl\itap2000000000 Deep\nestcell\pard\intbl\itap3 Mid\nestcell Lost\par"
        r"\pard\intbl Top\cell and open}",
    )
    assert sorted(document.text.replace("|", " ").split()) == [
        "Deep", "Lost", "Mid", "Top", "and", "open",
    ]  # fmt: skip


def test_notes_margins_and_what_is_hidden(parse: Parse) -> None:
    document = parse(
        "a.rtf",
        r"{\rtf1{\header Harbour office\par}{\footer 3\par}The fee\chftn{\*\footnote\chftn  In "
        r"euros.} is 5{\v  or 6}{\deleted  at most}.{\*\annotation Is it?}\par}",
    )
    assert [(b.origin, b.span.of(document.text)) for b in document.blocks] == [
        (TextOrigin.BODY, "The fee¹ is 5."),
        (TextOrigin.BODY, "¹ In euros."),
        (TextOrigin.MARGIN, "Harbour office"),
    ]
    assert document.has_hidden
    assert document.remarks == (
        "1 tracked deletion was not read (BRIEFING_READ_HIDDEN=deleted).",
        "1 hidden text was not read (BRIEFING_READ_HIDDEN=hidden).",
        "1 comment was not read (BRIEFING_READ_HIDDEN=comments).",
    )


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (r"The fee{\cf1  or 6} is 5.", "The fee is 5."),
        (r"{\fs2 or 6 }The fee is 5.", "The fee is 5."),
        (r"The fee{\cf2\highlight2  or 6} is 5.", "The fee is 5."),
        (r"{\cbpat2\cf2 It is 6.\par}\pard The fee is 5.", "The fee is 5."),
        (r"{\cf1\highlight2 The fee is 5.}", "The fee is 5."),
        (r"{\cf1\shad The fee is 5.}", "The fee is 5."),
        (r"{\cf2 The {\plain\cf0 fee} is 5.}", "The fee is 5."),
        (r"\trowd\clcbpat2\cellx900\pard\intbl{\cf1 The fee is 5.}\cell\row", "The fee is 5."),
    ],
)
def test_text_that_nobody_sees(parse: Parse, written: str, seen: str) -> None:
    colours = r"{\colortbl;\red255\green255\blue255;\red0\green0\blue128;}"
    document = parse("a.rtf", rf"{{\rtf1{colours}{written}\par}}")
    assert document.text == seen
    assert document.has_hidden == ("6" in written)


def test_properties(parse: Parse) -> None:
    document = parse(
        "a.rtf",
        r"{\rtf1{\info{\title Harbour dues}{\author Ida Holm}{\creatim\yr2031\mo3\dy4}"
        r"{\revtim\yr2032\mo1\dy1}}Five euros.}",
    )
    assert document.title == "Harbour dues"
    assert document.metadata["author"] == "Ida Holm"
    assert document.metadata["date"].startswith("2031-03-04")


def test_what_is_refused(refused: Refused) -> None:
    assert refused("a.rtf", "Five euros.") == "it is not rich text"
    assert refused("a.rtf", "{\\rtf1" + "{" * 3_000) == "its contents are nested too deeply"
    assert refused("a.rtf", r"{\rtf1{\v hidden}}") == (
        "nothing in it was read: 1 hidden text was not read (BRIEFING_READ_HIDDEN=hidden)"
    )
