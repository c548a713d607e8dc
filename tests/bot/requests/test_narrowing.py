"""Which documents are in a folder, and since a date."""

from __future__ import annotations

from datetime import date

import pytest

from bot.requests.narrowing import narrowed

DATES = {
    "norway/force.md": "2026-01-19",
    "norway/Deep/plan.md": "2026-05-22T10:00:00+02:00",
    "norway.md": "Spring 2026",
    "Northern/notes.txt": None,
}


@pytest.mark.parametrize(
    ("folder", "since", "found"),
    [
        (None, None, set(DATES)),
        ("", None, set(DATES)),
        ("/", None, set(DATES)),
        ("norway", None, {"norway/force.md", "norway/Deep/plan.md"}),
        ("NORWAY/", None, {"norway/force.md", "norway/Deep/plan.md"}),
        ("/norway/deep", None, {"norway/Deep/plan.md"}),
        (r"norway\deep", None, {"norway/Deep/plan.md"}),
        ("nor", None, set()),
        ("northern", None, {"Northern/notes.txt"}),
        (None, date(2026, 1, 19), {"norway/force.md", "norway/Deep/plan.md"}),
        (None, date(2026, 1, 20), {"norway/Deep/plan.md"}),
        (None, date(2026, 5, 22), {"norway/Deep/plan.md"}),
        (None, date(2026, 5, 23), set()),
        ("norway", date(2026, 2, 1), {"norway/Deep/plan.md"}),
        ("northern", date(2020, 1, 1), set()),
    ],
)
def test_narrowed(folder: str | None, since: date | None, found: set[str]) -> None:
    assert narrowed(DATES, folder=folder, since=since) == found
