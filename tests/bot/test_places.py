"""Where an excerpt stands, in the words of its format."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.places import page_words, place_in
from index.document import Span, Style, StyleKind


def rows(*numbers: int) -> list[Style]:
    return [Style(StyleKind.ROW, Span(n, n + 1), text=str(n)) for n in numbers]


ITEM = [Style(StyleKind.ITEM, Span(0, 9))]
SHEET = "offers.xlsx"


@pytest.mark.parametrize(
    ("document", "heading", "page", "quote", "styles", "facts"),
    [
        ("report.pdf", ["3 Fleet"], 41, "It grew.", [], ["page 41"]),
        ("talk.pptx", [], 5, "It grew.", [], ["slide 5"]),
        ("talk.odp", [], 1204, "It grew.", [], ["slide 1,204"]),
        (SHEET, ["Offers"], 2, "a | b", rows(12, 13, 14), ["sheet Offers", "rows 12 to 14"]),
        (SHEET, ["Offers"], 2, "a | b", rows(7), ["sheet Offers", "row 7"]),
        (SHEET, ["Offers"], 2, "a", rows(7, 9, 10), ["sheet Offers", "rows 7, 9 to 10"]),
        (SHEET, ["Offers"], 2, "a", rows(*range(1, 20, 2)), ["sheet Offers", "rows 1 to 19"]),
        ("mail.eml/offers.ods", ["Offers"], 1, "a", rows(2), ["sheet Offers", "row 2"]),
        ("stock.csv", [], None, "a | b", rows(3, 4), ["rows 3 to 4"]),
        ("deal.docx", ["Delivery"], None, "4.2 The supplier delivers.", ITEM, ["clause 4.2"]),
        ("deal.md", ["4. Delivery"], None, "4.2 The supplier delivers.", [], ["clause 4.2"]),
        ("deal.md", ["4.2 Delivery"], None, "4.2.1. Times", [], ["clause 4.2.1"]),
        # The number of a heading stands in the heading.
        ("deal.md", ["4.2 Delivery"], None, "The supplier delivers.", [], []),
        # Figures are no clauses.
        ("deal.md", ["Delivery"], None, "4.2 million people came.", [], []),
        ("deal.md", ["3 Aid"], None, "4.2 million people came.", [], []),
        ("deal.md", ["4 Aid"], None, "2026 was dry.", [], []),
    ],
)
def test_a_place_in_words(
    document: str,
    heading: Sequence[str],
    page: int | None,
    quote: str,
    styles: Sequence[Style],
    facts: list[str],
) -> None:
    assert list(place_in(document, heading, page, quote, styles).facts) == facts


def test_a_sheet_is_none_of_the_headings() -> None:
    place = place_in(SHEET, ["Offers", "Lorries"], 1)
    assert (place.sheet, place.heading, place.page) == ("Offers", ("Lorries",), None)


def test_the_clause_of_a_heading_is_known() -> None:
    place = place_in("deal.md", ["4 Delivery", "4.2 Times"], None, "Goods come on Monday.")
    assert place.clause == "4.2"
    assert place.is_in_heading


@pytest.mark.parametrize(
    ("document", "pages", "words"),
    [
        ("a.pdf", 9, "page 3 of 9"),
        ("a.PPTX", 9, "slide 3 of 9"),
        ("a.xls", None, "sheet 3"),
        ("a.zip/b.pdf", None, "page 3"),
    ],
)
def test_a_page_in_words(document: str, pages: int | None, words: str) -> None:
    assert page_words(document, 3, pages) == words
