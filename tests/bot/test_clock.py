"""The date now depends on where one is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.clock import date_in, is_timezone


@pytest.mark.parametrize(
    ("timezone", "today"),
    [
        ("UTC", date(2026, 6, 30)),
        ("Europe/Oslo", date(2026, 7, 1)),
        ("America/New_York", date(2026, 6, 30)),
        ("Pacific/Kiritimati", date(2026, 7, 1)),
    ],
)
def test_date_in(timezone: str, today: date) -> None:
    assert date_in(timezone, lambda: datetime(2026, 6, 30, 23, tzinfo=UTC)) == today


@pytest.mark.parametrize(
    ("name", "known"),
    [("UTC", True), ("Europe/Oslo", True), ("Europe", False), ("Oslo", False), ("", False),
     ("../etc/passwd", False), ("/etc/localtime", False), ("a\0b", False)],
)  # fmt: skip
def test_is_timezone(name: str, known: bool) -> None:
    assert is_timezone(name) is known
