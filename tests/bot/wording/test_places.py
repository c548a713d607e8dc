"""Where an excerpt stands, in the words of its format."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.wording.places import page_words, pages_words, place_in
from index.document import Span, Style, StyleKind


def rows(*numbers: int) -> list[Style]:
    return [Style(StyleKind.ROW, Span(n, n + 1), text=str(n)) for n in numbers]


SHEET = "offers.xlsx"


@pytest.mark.parametrize(
    ("document", "heading", "page", "styles", "facts"),
    [
        ("report.pdf", ["3 Fleet"], 41, [], ["page 41"]),
        ("talk.pptx", [], 5, [], ["slide 5"]),
        ("talk.odp", [], 1204, [], ["slide 1,204"]),
        (SHEET, ["Offers"], 2, rows(12, 13, 14), ["sheet Offers", "rows 12 to 14"]),
        (SHEET, ["Offers"], 2, rows(7), ["sheet Offers", "row 7"]),
        (SHEET, ["Offers"], 2, rows(7, 9, 10), ["sheet Offers", "rows 7, 9 to 10"]),
        (SHEET, ["Offers"], 2, rows(*range(1, 20, 2)), ["sheet Offers", "rows 1 to 19"]),
        ("mail.eml/offers.ods", ["Offers"], 1, rows(2), ["sheet Offers", "row 2"]),
        ("stock.csv", [], None, rows(3, 4), ["rows 3 to 4"]),
        ("deal.md", ["4.2 Delivery"], None, [], []),  # the heading says it
    ],
)
def test_a_place_in_words(
    document: str,
    heading: Sequence[str],
    page: int | None,
    styles: Sequence[Style],
    facts: list[str],
) -> None:
    assert list(place_in(document, heading, page, styles).facts) == facts


def test_a_clause_stands_before_the_page() -> None:
    place = place_in("deal.pdf", ["4 Delivery"], 3, clause="4.2")
    assert place.facts == ("clause 4.2", "page 3")
    assert place_in("deal.md", [], None, clause="4.1–4.3").facts == ("clauses 4.1–4.3",)


def test_a_sheet_is_none_of_the_headings() -> None:
    place = place_in(SHEET, ["Offers", "Lorries"], 1)
    assert (place.sheet, place.heading, place.page) == ("Offers", ("Lorries",), None)


def test_the_clause_of_a_heading_is_known() -> None:
    place = place_in("deal.md", ["4 Delivery", "4.2 Times"], None)
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


@pytest.mark.parametrize(
    ("document", "number", "words"),
    [("a.pdf", 1, "1 page"), ("a.xlsx", 3, "3 sheets"), ("a.odp", 1, "1 slide")],
)
def test_pages_are_counted_as_what_they_are(document: str, number: int, words: str) -> None:
    assert pages_words(document, number) == words
