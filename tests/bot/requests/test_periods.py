from __future__ import annotations

from datetime import date

import pytest

from bot.errors import BadPeriod
from bot.localization import speaking
from bot.requests.periods import beginning, first_day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-05-12", "2026-05-12"),
        ("12 May 2026", "2026-05-12"),
        ("May 12, 2026", "2026-05-12"),
        ("May 2026", "2026-05-01"),
        (" may  2026 ", "2026-05-01"),
        ("Sept. 2026", "2026-09-01"),
        ("mai 2026", "2026-05-01"),
        ("2026-05", "2026-05-01"),
        ("2026", "2026-01-01"),
    ],
)
def test_a_day_a_month_or_a_year(typed: str, day: str) -> None:
    assert first_day(typed).isoformat() == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "May",
        "soon",
        "2026-13",
        "2026-02-30",
        "05/06/2026",
        "0000",
        "Foo 2026",
        "20266",
        "٢٠٢٦x",
    ],
)
def test_what_is_none(typed: str) -> None:
    with pytest.raises(BadPeriod, match="2026-05-01"):
        first_day(typed)


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "last week"), ("de", "Letzte Woche"), ("nb", "forrige uke")]
)
def test_what_people_say_in_their_language(language: str, typed: str) -> None:
    with speaking(language):
        assert beginning(typed, date(2026, 11, 27)) == date(2026, 11, 16)
