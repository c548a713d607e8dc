"""The title of a document: what the file gives, and what is there instead where that is none."""

from __future__ import annotations

import pytest

from index.document import BlockKind, Span, TextOrigin
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft
from index.parsing.limits import ParsingLimits
from index.parsing.metadata.titles import title_of, words_of_name


def built(title: str, *lines: str, pages: bool = False) -> Draft:
    """Return a document with a block for each line; `# ` begins a heading, one `#` for a level."""
    builder = DocumentBuilder(ParsingLimits())
    for line in lines:
        mark, _, rest = line.partition(" ")
        if line == "---":
            builder.page_break()
        elif mark.strip("#"):
            builder.paragraph(line)
        else:
            builder.heading(rest, len(mark))
    if pages:
        builder.page_break()
    return builder.draft(title=title)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "0001018724-18-000005",
            "d123456dex991.htm",
            "ar_2031_eng_web",
            "A",
            "1",
            "",
            "12.05.2031",
            "11/6/2031 11:18 AM",
            "11/6/2031 11:18 AM 31CV48431",
            "2031-05-12T11:18:22Z",
        ),
        *(
            "Microsoft Word - Document1.doc",
            "Microsoft PowerPoint - Board 3",
            "Slide 1",
            "untitled",
            "Unknown Title",
        ),
        *("PowerPoint Presentation", "PowerPoint-Präsentation", "PowerPoint-presentasjon", "Book1"),
        *("Dokument1", "Mappe1", "Arbeidsbok1", "Untitled-1", "unbenannt", "annual report.indd"),
        *("Company report template", "Click to edit Master title style", "[Document title]"),
        *("C:\\Users\\me\\plan", "https://intranet.example/x", "(anonymous)", "Title", "DRAFT"),
        *("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "Layout 1", "Neues Dokument", "offer-31"),
        *("<%Action::Approve%>", "{{ document.title }}", "${project.name} guide"),
    ],
)
def test_what_programs_fill_in_is_no_title(title: str) -> None:
    assert title_of(built(title, "# The harbour plan", "It is long."), "offer-31") == (
        "The harbour plan"
    )
    if title != "offer-31":
        assert title_of(built(title, "x" * 200), "offers_2031-final.v2") == "offers 2031 final v2"


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Annual report 2031",
            "COVID-19",
            "Slide rules of the yard",
            "Word of the day",
            "ISO-9001",
        ),
        *(
            "2031 budget",
            "Presentation of the board",
            "Copy editing",
            "港の鐘",
            "Q3 figures",
            "Årsmelding",
        ),
        *("Drafting rules", "Internal audit", "Public transport", "The contents of the store"),
    ],
)
def test_what_an_author_writes_is_a_title(title: str) -> None:
    assert title_of(built(title, "# Aims"), "a") == title
    assert title_of(built("", f"# {title}"), "a") == title


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("# Travel policy", "Text."), "Travel policy"),
        (("### Arvik", "# Annual report 2031", "## Who we are"), "Annual report 2031"),
        (("# 12 May 2031", "# Minutes of the board", "Text."), "Minutes of the board"),
        (("# Table of contents", "# Travel policy"), "Travel policy"),
        (("# DRAFT", "## RESTRICTED", "## Berth plan"), "Berth plan"),
        (("## Sheet", "Fees of the port"), "file name"),
        (("# 67,845 crowns", "# Our year"), "Our year"),
        (("# 12.5 %", "Text."), "file name"),
        (("# 1 Introduction", "Text that is so long " * 9), "file name"),
        (("# 1 Scope", "## Who it binds", "Text that is so long " * 9), "file name"),
        (("# Hello world", "Text."), "Hello world"),
        (("Hi all", "Text."), "file name"),
        (("# 1. Purpose", "Text that is so long " * 9), "file name"),
        (("# Chapter I", "Text that is so long " * 9), "file name"),
        (("Travel policy", "Text."), "Travel policy"),
        (("DRAFT", "Travel policy"), "Travel policy"),
        (("12 May 2031", "Page 1 of 3", "TLP:AMBER", "Travel policy"), "Travel policy"),
        (("Version 5, in force from 1 January 2026", "Travel policy"), "Travel policy"),
        (("Classification: Internal", "Travel policy"), "Travel policy"),
        (("Oslo, 12 May 2031\nSubject: Travel policy", "Dear all,"), "Travel policy"),
        (("Draft:2031 Copy No. 4", "Dogs on the ferry"), "Dogs on the ferry"),
        (("Dear Marta,", "Thank you."), "file name"),
        (("Sehr geehrte Frau Moe,", "Danke."), "file name"),
        (("Kjære alle", "Takk."), "file name"),
        (("onwards, the crane was not used by anybody at night,", "More."), "file name"),
    ],
)
@pytest.mark.parametrize("pages", [True, False])
def test_the_title_of_the_first_page(lines: tuple[str, ...], title: str, pages: bool) -> None:
    assert title_of(built("", *lines, pages=pages), "file-name") == title


def test_a_heading_of_a_later_page_is_no_title() -> None:
    first = "The report begins without a heading, in a sentence that goes on for long. " * 3
    assert title_of(built("", first, "---", "# Costs", "---"), "arvik") == "arvik"
    assert title_of(built("", "---", "# Arvik's year", "---"), "a") == "Arvik's year"


def test_the_head_of_a_page_is_no_title() -> None:
    builder = DocumentBuilder(ParsingLimits())
    with builder.origin(TextOrigin.MARGIN):
        builder.heading("Arvik Shipping", 1)
        builder.paragraph("Handbook of the yard")
    builder.paragraph("Welding rules")
    assert title_of(builder.draft(), "a") == "Welding rules"


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("offers_2031-final.v2", "offers 2031 final v2"),
        ("minutes-2031-05-12", "minutes 2031-05-12"),
        ("2031-05_board", "2031-05 board"),
        ("handbook v2.1", "handbook v2.1"),
        ("Annual%20report", "Annual report"),
        ("0001018724-18-000005", "0001018724 18 000005"),
        ("___", "___"),
        ("港", "港"),
    ],
)
def test_a_file_name_made_readable(stem: str, title: str) -> None:
    blocks = built("", "x" * 200)
    assert title_of(blocks, stem) == title
    assert [block.kind for block in blocks.blocks] == [BlockKind.PARAGRAPH]
    assert blocks.blocks[0].span == Span(0, 200)


@pytest.mark.parametrize(
    ("name", "title", "words"),
    [
        ("reports/2031/arvik-annual.pdf", "Arvik Shipping", "reports 2031 annual"),
        ("reports/2031/arvik-annual.pdf", "Arvik: annual reports, 2031", ""),
        ("HR/Policies/travel_policy-final.v2.docx", "Travel policy", "HR Policies"),
        ("0001018724-18-000005.pdf", "Harbour plan", ""),
        ("mail.eml/Q3%20figures.xlsx", "Figures", "mail Q3"),
        ("a.md", "Notes", ""),
    ],
)
def test_the_words_of_a_name_that_its_title_lacks(name: str, title: str, words: str) -> None:
    assert words_of_name(name, title) == words
