from __future__ import annotations

from datetime import date

import pytest

from index.answering.understanding.holidays import with_their_days

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "dated"),
    [
        ("who works on Christmas Day?", "who works on 25 December 2026?"),
        (
            "on call at xmas",
            "on call on 24 December 2026, 25 December 2026 and 26 December 2026",
        ),
        ("who covers new year's day", "who covers on 1 January 2027"),
        ("night shift new years eve", "night shift on 31 December 2026"),
        ("who works good friday", "who works on 26 March 2027"),
        ("rota for easter monday 2024", "rota on 1 April 2024"),
        ("backup on boxing day 2025", "backup on 26 December 2025"),
        ("who brings cakes to the christmas party", None),
        ("who works on 24 May", None),
    ],
)
def test_a_holiday_is_named_by_its_days(typed: str, dated: str | None) -> None:
    assert with_their_days(typed, TODAY) == dated


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2019, 4, 21), (2000, 4, 23), (2024, 3, 31), (2038, 4, 25)]
)
def test_easter_falls_where_the_church_has_it(year: int, month: int, day: int) -> None:
    at = date(year, month, day)
    asked = with_their_days(f"who works easter sunday {year}", TODAY)
    assert asked == f"who works on {at.day} {at:%B} {at.year}"
