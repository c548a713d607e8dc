"""What is read of PDFs whose lines, columns, margins and letters are not simple."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.document import Document
from index.parsing import ParsingLimits, parse_file
from index.parsing.options import HiddenContent, ParsingOptions
from testing.soundness import assert_sound
from tests.index.parsing.pdfs import pdf

Text = tuple[float, float, str]  # from the left, from the top, what is drawn
HEIGHT = A4[1]
FILLER = "The yearly report of the harbour tells of ships, berths and people in detail."


def drawn(*pages: Sequence[Text] | Callable[[Canvas], object], size: float = 11) -> bytes:
    """Pages on which each text is drawn at its place, in this order."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in pages:
        canvas.setFont("Helvetica", size)
        if callable(page):
            page(canvas)
        else:
            for left, top, text in page:
                canvas.drawString(left, HEIGHT - top, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, left: float = 72, top: float = 150, step: float = 14) -> list[Text]:
    return [(left, top + step * number, text) for number, text in enumerate(texts)]


def filled(top: float = 150, count: int = 5) -> list[Text]:
    return lines(*[FILLER] * count, top=top)


def blocks(document: Any) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(document.text)) for block in document.blocks]


LEFT = [
    "The committee looked at the yearly",
    "report of the lido and found that its",
    "roof leaks. It asks the council for a",
    "new one before the winter begins.",
]
RIGHT = [
    "The offers came in by the end of",
    "June; the lowest of them is that of a",
    "firm from the north, which has built",
    "the roof of the ferry house as well.",
]
READ = [("paragraph", " ".join(LEFT)), ("paragraph", " ".join(RIGHT))]


def by_row(left: Sequence[str], right: Sequence[str], lower: float = 0) -> list[Text]:
    one, two = lines(*left, left=60), lines(*right, left=320, top=150 + lower)
    return [text for pair in zip(one, two, strict=True) for text in pair]


@pytest.mark.parametrize("lower", [0, 5])
def test_columns_that_are_drawn_row_by_row(parse: Any, lower: float) -> None:
    assert blocks(parse("a.pdf", drawn(by_row(LEFT, RIGHT, lower)))) == READ


def test_columns_that_are_drawn_one_after_the_other(parse: Any) -> None:
    texts = [*lines(*LEFT, left=60), *lines(*RIGHT, left=320)]
    assert blocks(parse("a.pdf", drawn(texts))) == READ


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            ("Water is checked by Mira Holt", "Monday, and by Ole Berg on",
             "Thursday. Results are sent to", "Oslo the same day."),
            ("Fuel is counted by the guard at", "Skien. The sum is sent to Liv",
             "Moen, who compares it with", "Kari's list."),
        ),
        (
            ("Ring the bell", "twice at night.", "Nobody sleeps", "in the store."),
            ("Keys hang at", "the desk. Ask", "Mira for the", "blue one."),
        ),
    ],
)  # fmt: skip
def test_short_columns_that_the_file_draws_line_by_line(
    parse: Any, left: tuple[str, ...], right: tuple[str, ...]
) -> None:
    """As OCR gives them: the order of the words does not tell the columns."""
    found = blocks(parse("a.pdf", drawn(by_row(left, right))))
    assert found == [("paragraph", " ".join(left)), ("paragraph", " ".join(right))]


def test_a_line_over_two_columns(parse: Any) -> None:
    wide = "A word of the chair to all who use the lido of the town, in summer as in winter."
    found = blocks(parse("a.pdf", drawn([(60, 120, wide), *by_row(LEFT, RIGHT)])))
    assert found == [("paragraph", wide), *READ]


def test_a_sentence_goes_on_in_the_next_column(parse: Any) -> None:
    left = [*LEFT[:3], "new one before the winter begins and"]
    right = ["asks for offers by the end of", *RIGHT[1:]]
    (found,) = blocks(parse("a.pdf", drawn(by_row(left, right))))
    assert "before the winter begins and asks for offers by the end" in found[1]


@pytest.mark.parametrize(
    ("ends", "begins", "read"),
    [
        ("a new waste incin-", "erator shall be built", "a new waste incinerator shall"),
        ("a plan for the long-", "term use of the pier", "plan for the long-term use of"),
        ("the quarry at Ulm-", "Dornach is closed", "the quarry at Ulm- Dornach is"),
        ("the zorbling of the quil-", "lonberth is done", "of the quil-lonberth is done"),
    ],
)
def test_a_word_that_is_divided(parse: Any, ends: str, begins: str, read: str) -> None:
    texts = lines(f"The council decided that {ends}", f"{begins} as soon as there is money for it.")
    assert read in parse("a.pdf", drawn(texts)).text


def test_a_divided_word_that_the_document_has_elsewhere(parse: Any) -> None:
    texts = lines("The quillonberth is closed. They said that the quil-", "lonberth is too small.")
    assert "that the quillonberth is too small." in parse("a.pdf", drawn(texts)).text


def test_a_word_that_the_document_hyphenates(parse: Any) -> None:
    texts = lines("All co-operation ends. They said that the co-", "operation is too dear.")
    assert "that the co-operation is too dear." in parse("a.pdf", drawn(texts)).text


def test_a_sentence_over_the_end_of_a_page(parse: Any) -> None:
    def first(canvas: Canvas) -> None:
        for left, top, text in [*filled(), *lines("The pilots, who were long paid by", top=260)]:
            canvas.drawString(left, HEIGHT - top, text)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 100, "1 See the act of 1998.")

    second = lines("the ship owners, are now paid by the state.", "It saves money.", top=90)
    document = parse("a.pdf", drawn(first, second))
    assert "long paid by the ship owners, are now paid by the state." in document.text
    assert "1 See the act of 1998.\n\nThe pilots" in document.text
    assert document.page_of(document.text.index("paid by the ship") + 3) == 1
    assert document.page_of(document.text.index("the ship owners")) == 2
    assert document.text.startswith("the ship owners", document.pages[1].start)


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        ("Table 3 shows what is paid to them.", True),
        ("Table 3: What is paid to them", False),
        ("FIG. 3 – What is paid to them", False),
    ],
)
def test_no_sentence_goes_on_in_a_caption(parse: Any, begins: str, goes_on: bool) -> None:
    first = lines(
        "The pilots of all ports are paid by the owners of the ships that they guide, for which",
        top=260,
    )
    document = parse("a.pdf", drawn([*filled(), *first], lines(begins, top=90)))
    assert (f"for which {begins}" in document.text) == goes_on


def test_a_word_over_the_end_of_a_page(parse: Any) -> None:
    first = [*filled(), *lines("The council wants a new waste incin-", top=260)]
    document = parse("a.pdf", drawn(first, lines("erator near the harbour.", top=90)))
    assert "a new waste incinerator near the harbour." in document.text
    assert document.text[document.pages[1].start :].startswith("erator near")


def test_running_heads_of_a_book(parse: Any) -> None:
    def page(number: int) -> list[Text]:
        even = f"{number} Handbook of Lomsey", f"Chapter {number // 4}. Duties {number}"
        return [(72, 40, even[number % 2]), *lines(*[f"Rule {number} of {n}." for n in range(9)])]

    document = parse("a.pdf", drawn(*[page(number) for number in range(1, 9)]))
    beside = [block for block in document.blocks if block.origin == "header or footer"]
    assert {block.span.of(document.text) for block in beside} == {
        "2 Handbook of Lomsey",
        "Chapter 0. Duties 1",
    }
    assert document.text.count("Handbook") == 1
    assert "Duties 5" not in document.text


def test_running_lines_of_pages_with_wide_margins(parse: Any) -> None:
    def page(number: int) -> list[Text]:
        text = lines(*[f"Rule {number} of {n} holds for all ports." for n in range(9)], top=160)
        head = "Handbook of Lomsey" if number % 2 else "Duties of the pilots"
        return [(72, 140, head), *text, (300, 700, f"{number}")]

    document = parse("a.pdf", drawn(*[page(number) for number in range(1, 7)]))
    assert document.text.count("Lomsey") == document.text.count("pilots") == 1
    assert not any(line.isdigit() for line in document.text.splitlines())


def test_lines_at_the_end_of_pages_are_kept(parse: Any) -> None:
    pages = [lines("It rains.", f"Ward {n}: nobody slept.", "It rains.", top=160) for n in (1, 2)]
    document = parse("a.pdf", drawn(*pages))
    assert document.text.count("It rains.") == 4


@pytest.mark.parametrize(
    ("beside", "read"),
    [
        ("Agency: Port of Lomsey", "Case number: 4711\nAgency: Port of Lomsey"),
        ("Port of Lomsey", "Case number: 4711 Port of Lomsey"),
    ],
)
def test_pairs_of_label_and_value_side_by_side(parse: Any, beside: str, read: str) -> None:
    page = [*filled(), (72, 250, "Case number: 4711"), (330, 250, beside), *filled(280)]
    assert read in parse("a.pdf", drawn(page)).text


SPOKEN = [
    "THE CLERK: We hear the case of the ferry that",
    "did not call at Tolvik in the winter, and of its",
    "owner, who says that there was ice.",
    "MR. BERG: It was the only boat, and it is not",
    "shown that there was ice.",
]


def numbered(texts: Sequence[str], step: float = 24) -> list[Text]:
    numbers = [(60, 100 + step * n, str(n + 1)) for n in range(len(texts))]
    return [*numbers, *[(90, 100 + step * n, text) for n, text in enumerate(texts) if text]]


def test_numbers_of_lines_are_in_no_sentence(parse: Any) -> None:
    first = numbered([*SPOKEN, "", *SPOKEN, "", *SPOKEN, ""])
    document = parse("a.pdf", drawn(first, numbered([*SPOKEN * 3, "MR. BERG: None.", "A.", "B."])))
    assert not any(map(str.isdigit, document.text))
    assert "the ferry that did not call at Tolvik" in document.text


@pytest.mark.parametrize(
    "texts",
    [
        [*SPOKEN, *SPOKEN, ""],  # too few
        SPOKEN * 3,  # none is blank
        [f"Ship {n} of the line" for n in range(17)] + [""],  # a list
        [f"herring, {n} boxes" for n in range(17)] + [""],
    ],
)
def test_numbers_before_lines_that_are_kept(parse: Any, texts: Sequence[str]) -> None:
    text = parse("a.pdf", drawn(numbered(texts))).text
    assert all(str(n) in text for n in range(1, len(texts)))
    assert text.split()[0] == "1"


def test_numbers_that_are_printed_beside_lines_of_any_height(parse: Any) -> None:
    numbers = lines(*map(str, range(1, 29)), left=50, top=100, step=24)

    def sheet(verb: str, top: float) -> list[Text]:
        texts = [f"The claimant {verb} a car", "with a fault of the engine", "and asks for costs."]
        return [*numbers, *lines(*texts * 3, left=90, top=top, step=15)]

    document = parse(
        "a.pdf", drawn(sheet("bought", 112), sheet("returned", 112), [*numbers, *filled(107)])
    )
    sentence = "The claimant {} a car with a fault of the engine and asks for costs."
    found = document.text.split()
    assert not any(map(str.isdigit, found))
    assert all(sentence.format(verb) in document.text for verb in ("bought", "returned"))


def test_numbers_of_rows_on_each_page_are_kept(parse: Any) -> None:
    numbers = lines(*map(str, range(1, 21)), left=50, top=100, step=24)
    names = lines(*["Holm, Ida", "van Dyk, Jan"] * 10, left=90, top=100, step=24)
    assert "17" in parse("a.pdf", drawn([*numbers, *names], [*numbers, *names])).text.split()


def test_running_head_of_two_pages(parse: Any) -> None:
    pages = [[(72, 40, "Weekly note of the harbour office"), *filled()] for _ in range(2)]
    document = parse("a.pdf", drawn(*pages))
    assert document.text.count("Weekly note") == 1
    assert document.blocks[-2].origin == "header or footer"
    assert document.page_of(document.text.index("Weekly note")) == 1


def test_running_head_whose_number_is_a_line_of_its_own_on_one_page(parse: Any) -> None:
    head = "Weekly note of the harbour office"
    pages = [[(72, 40, head), (500, 40, "8"), *filled()], [(72, 40, f"{head} 9"), *filled()]]
    document = parse("a.pdf", drawn(*pages))
    assert document.text.count("Weekly note") == 1
    assert document.blocks[-2].origin == "header or footer"


def test_a_stamp_in_the_margin(parse: Any) -> None:
    def page(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 20)
        canvas.translate(40, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Draft 2031 Copy No. 4")
        canvas.restoreState()
        for left, top, text in filled():
            canvas.drawString(left, HEIGHT - top, text)

    found = blocks(parse("a.pdf", drawn(page)))
    assert found == [("paragraph", " ".join([FILLER] * 5)), ("paragraph", "Draft 2031 Copy No. 4")]


def test_a_watermark_across_the_page(parse: Any) -> None:
    def page(canvas: Canvas) -> None:
        for left, top, text in filled():
            canvas.drawString(left, HEIGHT - top, text)
        canvas.translate(200, HEIGHT - 220)
        canvas.rotate(40)
        canvas.setFont("Helvetica", 60)
        canvas.drawString(0, 0, "DRAFT")

    found = blocks(parse("a.pdf", drawn(page)))
    assert found == [("paragraph", " ".join([FILLER] * 5)), ("paragraph", "DRAFT")]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_lies_on_its_side(parse: Any, angle: int) -> None:
    def page(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(angle)
        for left, top, text in filled(top=0, count=3):
            canvas.drawString(left - 300, -top, text)

    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(angle)
        for left, top, text in filled(count=3):
            canvas.drawString(left, HEIGHT - top, text)

    for made in (page, turned):
        assert parse("a.pdf", drawn(made)).text == " ".join([FILLER] * 3)


def raw(content: str, *, font: str = "", page: str = "", **objects: bytes) -> bytes:
    """One page with a content stream; `font` and `page` are added to their dictionaries."""
    fonts = f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {font} >>".encode()
    stream = content.encode("latin-1")
    more = {int(name[1:]): data for name, data in objects.items()}
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
            3: f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
            f"/XObject << /Im 7 0 R >> >> {page} >>".encode(),
            4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            5: fonts,
        }
        | more
    )


def shown(text: str, top: float = 150, left: float = 72) -> str:
    return f"BT /F1 11 Tf {left} {842 - top} Td ({text}) Tj ET\n"


IMAGE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
    b" /BitsPerComponent 8 /Length 1 >>\nstream\n\x00\nendstream"
)
PICTURE = "q 595 0 0 842 0 0 cm /Im Do Q\n"
HEBREW = (
    b"<< /Length 170 >>\nstream\nbegincmap 1 begincodespacerange <00> <FF> endcodespacerange\n"
    b"1 beginbfrange <61> <7A> <05D0> endbfrange endcmap\nendstream"
)


def test_hebrew_reads_from_the_right(parse: Any) -> None:
    # Drawn from the left to the right, as most programs do: "cba" is seen as alef, bet, gimel.
    content = shown("fed cba") + shown("2031 ihg", top=164)
    document = parse("a.pdf", raw(content, font="/ToUnicode 6 0 R", _6=HEBREW))
    assert document.text == "אבג דהו זחט 2031"


def test_latin_words_in_a_line_of_hebrew(parse: Any) -> None:
    content = shown("ihg") + shown("Annual Report", left=110).replace("F1", "F2")
    content += shown("fed cba", left=200)
    document = parse(
        "a.pdf",
        raw(
            content,
            font="/ToUnicode 6 0 R",
            page="/Resources << /Font << /F1 5 0 R /F2 8 0 R >> >>",
            _6=HEBREW,
            _8=b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ),
    )
    assert document.text == "אבג דהו Annual Report זחט"


def test_letters_that_are_drawn_twice(parse: Any, outline: Any) -> None:
    def page(canvas: Canvas) -> None:
        for shift in (0, 0.4):
            canvas.drawString(72 + shift, HEIGHT - 130, "Care of the boiler")
        for left, top, text in filled():
            canvas.drawString(left, HEIGHT - top, text)

    assert outline(parse("a.pdf", drawn(page)))[0] == ("heading", 1, "Care of the boiler")


def test_a_block_that_is_drawn_again_later(parse: Any) -> None:
    block = shown("The ferry leaves at nine.") + shown("The gate is shut at ten.", top=164)
    document = parse("a.pdf", raw(block + block))
    assert document.text == "The ferry leaves at nine. The gate is shut at ten."
    again = shown("9 9 9") + shown("9 9 9", top=178)
    assert parse("a.pdf", raw(again)).text.split() == ["9"] * 6


def test_a_space_that_lies_under_a_ligature(parse: Any) -> None:
    spaced = r"[(The pro\256) 278 ( ) (t of\256 ce)] TJ"
    assert parse("a.pdf", raw(f"BT /F1 11 Tf 72 700 Td {spaced} ET")).text == "The profit offi ce"


@pytest.mark.parametrize(
    "font",
    [
        "/BaseFont /ABCDEF+CMBX10",
        "/BaseFont /NimbusRomNo9L-Medi",
        "/BaseFont /Odd /FontDescriptor << /Type /FontDescriptor /FontName /Odd /Flags 262176 >>",
        "/BaseFont /Odd /FontDescriptor << /Type /FontDescriptor /FontName /Odd /Flags 32"
        " /StemV 165 >>",
    ],
)
def test_a_font_that_is_bold(parse: Any, outline: Any, font: str) -> None:
    named = f"<< /Type /Font /Subtype /Type1 {font} >>".encode()
    content = shown("Aim of the ferry", top=120).replace("F1", "F2")
    content += "".join(shown(FILLER, top=150 + 14 * number) for number in range(4))
    fonts = "/Resources << /Font << /F1 5 0 R /F2 8 0 R >> >>"
    found = outline(parse("a.pdf", raw(content, page=fonts, _8=named)))
    assert [kind for kind, _, _ in found] == ["heading", "paragraph"]


def test_figures_that_are_raised(parse: Any) -> None:
    raised = "BT /F1 11 Tf 72 700 Td (The tank holds 10) Tj /F1 7 Tf 5 Ts (6) Tj 0 Ts /F1 11 Tf"
    content = f"{raised} ( litres of water.) Tj ET"
    assert parse("a.pdf", raw(content)).text == "The tank holds 10⁶ litres of water."


@pytest.mark.parametrize("rise", [4, 5, 6])
def test_a_raised_figure_that_is_set_by_itself(parse: Any, rise: int) -> None:
    """As Google Docs sets each letter, at a place of its own."""
    content = (
        f"BT /F1 11 Tf 72 700 Td (1,304) Tj ET BT /F1 6.6 Tf 99.2 {700 + rise} Td (2) Tj ET"
        " BT /F1 11 Tf 160 700 Td (8,935) Tj ET BT /F1 11 Tf 72 680 Td (All ships) Tj ET"
    )
    assert parse("a.pdf", raw(content)).text.replace("\n", " ").startswith("1,304² 8,935")


def field(name: str, value: str, box: str, kind: str = "/Tx", more: str = "") -> bytes:
    return (
        f"<< /Type /Annot /Subtype /Widget /FT {kind} /T ({name}) /V {value} /Rect [{box}]"
        f" /DA (/F1 11 Tf) {more} >>"
    ).encode()


def test_values_of_a_form(parse: Any) -> None:
    data = raw(
        shown("Name") + shown("Island", top=170),
        page="/Annots [6 0 R 8 0 R 9 0 R]",
        _6=field("a", "(Marit Eikeland)", "180 685 360 700"),
        _8=field("b", "(Lomsey)", "180 665 360 680"),
        _9=field("c", "(secret)", "120 565 300 580", more="/F 2"),
    )
    assert parse("a.pdf", data).text.split("\n\n") == ["Name Marit Eikeland", "Island Lomsey"]


def note(kind: str, text: str) -> bytes:
    return f"<< /Type /Annot /Subtype /{kind} /Contents ({text}) /Rect [72 600 400 620] >>".encode()


def test_notes(parse: Any, parse_with: Any) -> None:
    data = raw(
        shown(FILLER),
        page="/Annots [6 0 R 8 0 R]",
        _6=note("FreeText", "The gate is green."),
        _8=note("Text", "Is that so?"),
    )
    document = parse("a.pdf", data)
    assert document.text == f"{FILLER}\n\nThe gate is green."
    assert document.remarks == (
        "1 comment on page 1 was not read (BRIEFING_READ_HIDDEN=comments).",
    )
    opened = parse_with("a.pdf", data, HiddenContent.COMMENTS)
    assert [b.origin for b in opened.blocks if b.span.of(opened.text) == "Is that so?"] == [
        "comment"
    ]


@pytest.mark.parametrize(
    "content",
    [
        "1 g " + shown("Nobody sees it.") + "0 g ",
        shown("Nobody sees it.").replace("BT", "BT 3 Tr").replace("ET", "0 Tr ET"),
        shown("Nobody sees it.", left=900),
    ],
    ids=["white on white", "invisible", "beside the page"],
)
def test_hidden_text(parse: Any, parse_with: Any, content: str) -> None:
    data = raw(content + shown("All see it, and read it as well as they can.", top=300))
    document = parse("a.pdf", data)
    assert document.text == "All see it, and read it as well as they can."
    assert document.remarks == (
        "1 hidden text on page 1 was not read (BRIEFING_READ_HIDDEN=hidden).",
    )
    opened = parse_with("a.pdf", data, HiddenContent.HIDDEN)
    assert [b.origin for b in opened.blocks if "Nobody" in b.span.of(opened.text)] == ["hidden"]


def test_white_text_on_a_dark_ground_is_seen(parse: Any) -> None:
    content = "0 0 0.5 rg 60 680 400 30 re f 1 g " + shown("Berths and fees") + "0 g "
    document = parse("a.pdf", raw(content + shown(FILLER, top=200)))
    assert document.text.startswith("Berths and fees")
    assert not document.remarks


def test_what_was_recognised_in_a_scan(parse: Any) -> None:
    content = PICTURE + "BT 3 Tr " + shown("The lamp was changed in April.")[3:]
    document = parse("a.pdf", raw(content, _7=IMAGE))
    assert document.text == "The lamp was changed in April."
    assert [block.origin for block in document.blocks] == ["recognised text"]


def test_a_typewritten_page_with_wide_spaces_has_one_column(parse: Any) -> None:
    rows = [
        "the lamp of the pier was lit",
        "and put out by hand until all",
        "of it fell over in April 1931",
    ]
    texts = ""
    for number, row in enumerate(rows):
        left = 72
        for word in row.split():
            texts += shown(word, left=left, top=150 + 24 * number)
            left += 6 * len(word) + 16
    content = PICTURE + "BT 3 Tr ET " + texts
    document = parse("a.pdf", raw(content, _7=IMAGE))
    assert document.text == " ".join(rows)


def test_pages_without_text(parse: Any, refused: Any) -> None:
    assert refused("a.pdf", raw(PICTURE, _7=IMAGE)) == (
        "it has no text layer: its page is an image; run OCR, or install the extra "
        "ocr and set BRIEFING_OCR"
    )
    assert refused("a.pdf", raw("")) == "it has no text: its page is blank or drawn"
    assert parse("a.pdf", drawn(filled(), [], filled())).remarks == ("Page 2 has no text.",)


def test_a_file_without_its_end(parse: Any) -> None:
    whole = raw(shown("The gate code is changed on Fridays, before the ferry leaves."))
    document = parse("a.pdf", whole[: whole.rindex(b"xref\n0")])
    assert document.text == "The gate code is changed on Fridays, before the ferry leaves."
    assert document.remarks == (
        "The end of the file is missing; what could be found of it was read.",
    )


@pytest.mark.parametrize(
    ("large", "kind"),
    [
        ("Berths and fees", "heading"),
        ("3.2 Berths and fees of 2031", "heading"),
        ("1,304", "paragraph"),
        ("67,845 crowns", "paragraph"),
        ("Net profit up 12% to 1.3 million", "paragraph"),
        ("Boiler pressure limit: 14 bar", "paragraph"),
        ("We keep the harbour open all winter.", "paragraph"),
    ],
)
def test_not_all_that_is_large_is_a_heading(
    parse: Any, outline: Any, large: str, kind: str
) -> None:
    def page(canvas: Canvas) -> None:
        for left, top, text in filled():
            canvas.drawString(left, HEIGHT - top, text)
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, HEIGHT - 300, large)
        canvas.setFont("Helvetica", 11)
        for left, top, text in filled(top=330):
            canvas.drawString(left, HEIGHT - top, text)

    assert outline(parse("a.pdf", drawn(page)))[1][::2] == (kind, large)


@pytest.fixture
def parse_with(tmp_path: Path) -> Callable[..., Document]:
    """Parse a file and read its hidden content of one kind."""

    def run(name: str, data: bytes, hidden: HiddenContent) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        options = ParsingOptions(hidden=frozenset({hidden}))
        document = parse_file(path, name, limits=ParsingLimits(), options=options)
        assert_sound(document)
        return document

    return run


def test_entries_of_a_list_in_large_type_are_no_headings(parse: Any) -> None:
    def slide(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 20)
        canvas.drawString(72, HEIGHT - 100, "Duties of the night")
        canvas.drawString(72, HEIGHT - 150, "• Check the engine")
        canvas.drawString(72, HEIGHT - 180, "• Check the radio")
        canvas.setFont("Helvetica", 10)
        for left, top, text in filled(top=260):
            canvas.drawString(left, HEIGHT - top, text)

    assert blocks(parse("a.pdf", drawn(slide)))[:3] == [
        ("heading", "Duties of the night"),
        ("item", "• Check the engine"),
        ("item", "• Check the radio"),
    ]


@pytest.mark.parametrize("font", ["ABCDEF+Wingdings-Regular", "Wingdings", "BAAAAA+OpenSymbol"])
def test_letters_of_symbol_fonts_are_signs(font: str, parse: Any) -> None:
    unicode = b"1 beginbfchar\n<46> <F0FE>\nendbfchar\n"
    document = parse("a.pdf", _with_font(font, unicode))
    assert document.text == "☑ needed"


def _with_font(name: str, unicode: bytes) -> bytes:
    """Return a page with a letter of a font, and a word of another one behind it."""
    content = b"BT /F2 11 Tf 72 700 Td (F) Tj /F1 11 Tf 20 0 Td (needed) Tj ET"
    other = f"<< /Type /Font /Subtype /TrueType /BaseFont /{name} /ToUnicode 7 0 R >>"
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
            3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2"
            b" 6 0 R >> >> >>",
            4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            6: other.encode(),
            7: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unicode), unicode),
        }
    )
