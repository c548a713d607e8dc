from __future__ import annotations

import pytest

from bot.errors import UnknownPage
from bot.library.errors import UnknownHeading
from bot.library.viewing.outline import Outline
from index.document import Document
from testing.fakes import document_of

REPORT = document_of(
    "# Report",
    "Opening words.",
    "## Sweden",
    "### Overview",
    "On Sweden.",
    "## Finland",
    "### Overview",
    "On Finland.",
    "## 3. Fuel stocks",
    "Full.",
    name="report.md",
    title="Report",
)
OUTLINE = Outline(REPORT)
PAGED = document_of("one", "two", "# Fuel", "four", name="a.pdf", title="Paged", pages=4)


def _at(words: str, document: Document = REPORT) -> int:
    return document.text.index(words)


def test_paths_leave_the_title_out() -> None:
    assert OUTLINE.paths == [
        (),
        ("Sweden",),
        ("Sweden", "Overview"),
        ("Finland",),
        ("Finland", "Overview"),
        ("3. Fuel stocks",),
    ]
    assert OUTLINE.path_at(_at("On Finland")) == ("Finland", "Overview")
    assert OUTLINE.path_at(_at("Opening")) == ()
    assert Outline(PAGED).path_at(0) == ()


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        (
            "",
            [
                "Report",
                "Sweden",
                "Sweden › Overview",
                "Finland",
                "Finland › Overview",
                "3. Fuel stocks",
            ],
        ),
        ("ove", ["Sweden › Overview", "Finland › Overview"]),
        ("finland", ["Finland", "Finland › Overview"]),
        ("ful stock", []),
        ("feul", ["3. Fuel stocks"]),
        ("zebra", []),
    ],
)
def test_suggest(typed: str, places: list[str]) -> None:
    assert OUTLINE.suggest(typed, 25) == places


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("", ["Fuel", "page 1", "page 2", "page 3", "page 4"]),
        ("pa", ["page 1", "page 2", "page 3", "page 4"]),
        ("p.", ["page 1", "page 2", "page 3", "page 4"]),
        ("page 3", ["page 3"]),
        ("3", ["page 3"]),
        ("9", []),
        ("f", ["Fuel"]),
    ],
)
def test_suggest_pages(typed: str, places: list[str]) -> None:
    assert Outline(PAGED).suggest(typed, 25) == places


def test_no_more_than_the_limit() -> None:
    assert OUTLINE.suggest("", 2) == ["Report", "Sweden"]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (None, "# Report"),
        ("  ", "# Report"),
        ("sweden", "## Sweden"),
        ("Overview", "### Overview\nOn Sweden"),
        ("Finland › Overview", "### Overview\nOn Finland"),
        ("finland > overveiw", "### Overview\nOn Finland"),
        ("Report / Finland", "## Finland"),
        ("3", "## 3. Fuel"),
        ("fuel stokcs", "## 3. Fuel"),
    ],
)
def test_resolve(place: str | None, words: str) -> None:
    assert OUTLINE.resolve(place) == _at(words)


@pytest.mark.parametrize("document", [REPORT, PAGED])
def test_every_suggestion_leads_somewhere_of_its_own(document: Document) -> None:
    outline = Outline(document)
    places = outline.suggest("", 25)
    assert len({outline.resolve(place) for place in places}) == len(places) - (
        document is PAGED
    )  # it begins with page 1's heading


@pytest.mark.parametrize("place", ["3", "p3", "p. 3", "pp. 3", "Page 3", "slide 3", "#3", "pg 3"])
def test_resolve_pages(place: str) -> None:
    assert Outline(PAGED).resolve(place) == PAGED.pages[2].start


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        (PAGED, "9", "'a.pdf' has 4 pages, so there is no page 9."),
        (PAGED, "0", "'a.pdf' has 4 pages, so there is no page 0."),
        (REPORT, "page 3", "'report.md' has no pages, so there is no page 3."),
        (REPORT, "7", "'report.md' has no pages, so there is no page 7."),
    ],
)
def test_unknown_pages(document: Document, place: str, message: str) -> None:
    with pytest.raises(UnknownPage) as raised:
        Outline(document).resolve(place)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("document", "place", "message"),
    [
        (
            REPORT,
            "Fueling depots",
            "'report.md' has no heading 'Fueling depots'. Did you mean '3. Fuel stocks'?",
        ),
        (
            PAGED,
            "zzz",
            "'a.pdf' has no heading 'zzz'. Its headings begin with 'Fuel'. "
            "Its pages are numbered 1 to 4.",
        ),
        (
            document_of("words", name="a.txt"),
            "zzz",
            "'a.txt' has no heading 'zzz'. It has no headings and no pages.",
        ),
    ],
)
def test_unknown_headings(document: Document, place: str, message: str) -> None:
    with pytest.raises(UnknownHeading) as raised:
        Outline(document).resolve(place)
    assert str(raised.value) == message


def test_find() -> None:
    found = OUTLINE.find(("Finland", "Overview"))
    assert found is not None
    assert found.span.start == _at("### Overview\nOn Finland")
    last = OUTLINE.find(("Norway", "OVERVIEW"))
    assert last is not None
    assert last.span.start == _at("### Overview\nOn Sweden")
    assert OUTLINE.find(("Norway",)) is None
    assert OUTLINE.find(()) is None


def test_what_is_made_of_many_headings_below_long_ones_is_bounded() -> None:
    deep = [f"{'#' * level} {'word ' * 180}{level}" for level in range(1, 6)]
    outline = Outline(document_of(*deep, *(f"###### Part {n}" for n in range(5_000)), "Text."))
    assert len(outline.paths) == 5_005
    assert outline.suggest("part 7", 3)[0].endswith("Part 7")
    assert sum(map(len, outline.suggest("", 10_000))) < 3_000_000
    with pytest.raises(UnknownHeading):
        outline.resolve("no such place at all")


def test_a_path_is_found_by_all_of_its_parts() -> None:
    found = OUTLINE.find(("Finland", "overview"))
    assert found is not None
    assert found.span.start > _at("## Finland")
    other = OUTLINE.find(("Norway", "Overview"))
    assert other is not None
    assert other.span.start < _at("## Finland")
