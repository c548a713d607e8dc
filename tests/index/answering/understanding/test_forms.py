from __future__ import annotations

import pytest

from index.answering.understanding.forms import Form, patterns

WORDS = {"THE": "the|our", "NOUN": "notes?|slide decks?", "OLD": "old|very OLDER", "OLDER": "older"}
FORM = Form(
    """
    show [me] [THE|all]* <kind=NOUN> [on <topic>]
    how OLD (is|are)
        <name>
    """,
    WORDS,
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("show notes", {"kind": "notes"}),
        (
            "Show me all the slide deck on Old Harbours",
            {"kind": "slide deck", "topic": "Old Harbours"},
        ),
        ("how old is the note", {"name": "the note"}),
        ("how very older are they", {"name": "they"}),
        ("show me", None),
        ("show me noted", None),
        ("please show notes", None),
        ("how older is it", None),
    ],
)
def test_a_form_matches_whole_words_and_keeps_what_is_named(
    typed: str, found: dict[str, str] | None
) -> None:
    assert next(FORM.match(typed), None) == found


def test_a_table_has_a_pattern_a_line() -> None:
    table = """
        (hi|hello) (?!there)[a-z]+
        good
            (morning|day
            |evening)( PERSON)?
    """
    assert patterns(table, {"PERSON": "(?:all|team)"}) == (
        "(?:hi|hello) (?!there)[a-z]+",
        "good (?:morning|day|evening)(?: (?:all|team))?",
    )
