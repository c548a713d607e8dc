from __future__ import annotations

import textwrap
import time
from pathlib import Path

import pytest

from index.parsing.text.structure import structure

SHARED = Path(__file__).resolve().parents[5] / "shared"
BRIEFING = SHARED / "briefings" / "norway-security-force.txt"


def outline(text: str, *, title: bool = True) -> list[tuple[str, int, str]]:
    text = textwrap.dedent(text).strip("\n")
    return [(b.kind.value, b.level, b.span.of(text)) for b in structure(text, title=title)]


def kinds(text: str) -> list[str]:
    return [f"{kind} {level}" for kind, level, _ in outline(text)]


@pytest.mark.skipif(not BRIEFING.exists(), reason="the user's own briefing is not here")
def test_the_users_briefing() -> None:
    text = BRIEFING.read_text(encoding="utf-8")
    blocks = structure(text)
    headings = [(b.level, b.span.of(text)) for b in blocks if b.kind == "heading"]
    assert headings == [
        (1, "Norway‘s Potential Role in Ukraine’s Future security: A Deep Dive"),
        (2, "Understanding the Current Landscape"),
        (2, "Norway’s Proposed Contribution: A Security Force Role"),
        (2, "The Broader International Effort: Security Guarantees for ukraine"),
        (2, "Real-World Applications & Case Studies"),
    ]
    items = [b for b in blocks if b.kind == "item"]
    assert [b.group for b in items] == [1, 1, 1, 1, 2, 2, 2]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = """
        The Norwegian government has offered to take part in a security
        force for Ukraine. The force would be sent after a ceasefire, and
        its tasks would be limited.
        A second paragraph begins here, without an empty line above it,
        and it ends here.
    """
    assert [each.split()[0] for _, _, each in outline(text)] == ["The", "A"]


def test_long_lines_are_paragraphs() -> None:
    line = "Norway has offered to take part in a security force for Ukraine after a ceasefire. " * 2
    assert kinds(f"{line}\n{line}\n{line}") == ["paragraph 0"] * 3


def test_headings_of_other_markup() -> None:
    text = (
        "======\nGuide\n======\n\nAims\n~~~~\n\nWe go.\n\n== North ==\nWe stay.\n\nsum\n= 4 boats\n"
    )
    assert outline(text) == [
        ("heading", 1, "======\nGuide\n======"),
        ("heading", 2, "Aims\n~~~~"),
        ("paragraph", 0, "We go."),
        ("heading", 2, "== North =="),
        ("paragraph", 0, "We stay."),
        ("paragraph", 0, "sum\n= 4 boats"),
    ]
    assert outline("= Guide\nAda\n") == [("heading", 1, "= Guide"), ("paragraph", 0, "Ada")]


def test_headings_of_all_sorts() -> None:
    body = (
        "The force would be sent after a ceasefire, and its tasks would be limited to a few things."
    )
    text = f"""
The force
=========

{body}

Background
----------
{body}

3.2 Logistics

{body}

COMMAND AND CONTROL
{body}

1. Aims

{body}
"""
    assert [each for each in outline(text) if each[0] == "heading"] == [
        ("heading", 1, "The force\n========="),
        ("heading", 2, "Background\n----------"),
        ("heading", 3, "3.2 Logistics"),
        ("heading", 2, "COMMAND AND CONTROL"),
        ("heading", 2, "1. Aims"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Date: 6 January 2026",
        "6 January 2026",
        "Dear Kari",
        "This involves:",
        "It was over.",
        "kari@example.org",
        "and so it goes on",
        "Best regards",
    ],
)
def test_short_lines_that_are_no_headings(line: str) -> None:
    body = (
        "The force would be sent after a ceasefire, and its tasks would be limited to a few things."
    )
    assert "heading" not in {kind for kind, _, _ in outline(f"{body}\n\n{line}\n\n{body}")}


def test_a_title_may_be_a_question() -> None:
    assert kinds("What next?\n\nThe force would be sent after a ceasefire.")[0] == "heading 1"
    assert outline("What next?\n\nThe force.", title=False)[0][0] == "paragraph"


def test_lists_nest_by_how_far_they_are_set_in() -> None:
    text = """
        The force would:
        1. monitor the ceasefire
           along the line of contact
           a) by patrols
           b) by drones

        2. train soldiers

           at their bases
        3. clear mines
        * another list
    """
    assert outline(text) == [
        ("paragraph", 0, "The force would:"),
        ("item", 0, "1. monitor the ceasefire\n   along the line of contact"),
        ("item", 1, "a) by patrols"),
        ("item", 1, "b) by drones"),
        ("item", 0, "2. train soldiers\n\n   at their bases"),
        ("item", 0, "3. clear mines"),
        ("item", 0, "* another list"),
    ]
    groups = [b.group for b in structure(textwrap.dedent(text).strip("\n"))]
    assert groups == [0, 1, 1, 1, 1, 1, 2]


def test_stars_say_how_deep_an_item_is() -> None:
    assert kinds("* Rice\n** 5 kg a head\n*** dry\n* Beans") == [
        "item 0", "item 1", "item 2", "item 0",
    ]  # fmt: skip


def test_an_underlined_row_of_names_of_columns_is_no_heading() -> None:
    text = "Item        Unit     In stock\n-----------------------------\nSoap        box      88\n"
    assert "heading" not in " ".join(kinds(text))


@pytest.mark.parametrize("mark", ["*", "-", "•", "–", "1.", "1)", "a)", "(a)", "(1)", "iv.", "#."])
def test_marks(mark: str) -> None:
    assert kinds(f"{mark} one\n{mark} two") == ["item 0", "item 0"]


def test_a_figure_at_the_beginning_of_a_wrapped_line_is_no_item() -> None:
    text = """
        The government decided to send the first soldiers of the force on May
        12. The others would follow them after the summer of the same year, it
        said in a statement.
    """
    assert kinds(text) == ["paragraph 0"]


def test_tables_of_pipes() -> None:
    text = """
        +---------+--------+
        | Country | Troops |
        +=========+========+
        | Norway  | 500    |
        | France  | 6,000  |
        +---------+--------+

        a | 1
        b | 2
    """
    assert kinds(text) == ["header 0", "row 0", "row 0", "row 0", "row 0"]
    groups = [b.group for b in structure(textwrap.dedent(text).strip("\n"))]
    assert groups == [1, 1, 1, 2, 2]


def test_quoted_replies_are_kept() -> None:
    assert outline("I agree.\n> So do I,\n> said she.\n>\n> And he.") == [
        ("paragraph", 0, "I agree."),
        ("paragraph", 0, "> So do I,\n> said she.\n>"),
        ("paragraph", 0, "> And he."),
    ]


@pytest.mark.search
@pytest.mark.slow
def test_large_texts_take_linear_time() -> None:
    for line in ("word\n", "Word one two\n\n", "1. a\n", "a | b\n", "> q\n", "A\n---\n", "- " * 50):
        began = time.process_time()
        structure(line * (50_000 // len(line)))
        assert time.process_time() - began < 3, line
