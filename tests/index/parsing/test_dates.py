from __future__ import annotations

import pytest

from index.parsing.dates import date_near_top, iso_date


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-06", "2026-01-06"),
        ("2026-01-06T10:00:00Z", "2026-01-06T10:00:00+00:00"),
        ("6 January 2026", "2026-01-06"),
        ("Tuesday, 6 January 2026", "2026-01-06"),
        ("January 6th, 2026", "2026-01-06"),
        ("6. januar 2026", "2026-01-06"),
        ("D:20260106120000+01'00'", "2026-01-06T12:00:00+01:00"),
        ("D:20260106", "2026-01-06"),
        ("Tue, 6 Jan 2026 10:00:00 +0100", "2026-01-06T10:00:00+01:00"),
        ("06/01/2026", None),
        ("31 February 2026", None),
        ("6 Smarch 2026", None),
        ("tomorrow at noon", None),
        ("", None),
    ],
)
def test_iso_date(written: str, expected: str | None) -> None:
    assert iso_date(written) == expected


def test_date_near_top() -> None:
    assert date_near_top("Title\nDate: 6 January 2026\n\ntext") == "2026-01-06"
    assert date_near_top("Title\n\nThe date: 6 January 2026 it was") is None
    assert date_near_top("x\n" * 2000 + "Date: 6 January 2026") is None
