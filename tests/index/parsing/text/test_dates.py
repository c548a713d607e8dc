from __future__ import annotations

import pytest

from index.parsing.text.dates import date_near_top, dates_in, is_of_template, iso_date


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
        ("3. März 2026", "2026-03-03"),
        ("24. Dezember 2026", "2026-12-24"),
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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("on 6 January 2026", ["2026-01-06 2026-01-06"]),
        ("January 6th, 2026", ["2026-01-06 2026-01-06"]),
        ("8 and 9 September 2026", ["2026-09-08 2026-09-09"]),
        ("May 3-5, 2026", ["2026-05-03 2026-05-05"]),
        ("Fri, 22 May 2026 16:42:00", ["2026-05-22 2026-05-22"]),
        ("2026-01-06 | 2026-02", ["2026-01-06 2026-01-06", "2026-02-01 2026-02-28"]),
        ("6.1.2026, 31/12/2025", ["2026-01-06 2026-01-06", "2025-12-31 2025-12-31"]),
        ("Q2 2026, 2025-Q4", ["2026-04-01 2026-06-30", "2025-10-01 2025-12-31"]),
        ("the second quarter of 2026", ["2026-04-01 2026-06-30"]),
        ("in March, since may", ["2000-03-01 2000-03-31", "2000-05-01 2000-05-31"]),
        ("in 2024", ["2024-01-01 2024-12-31"]),
        ("06/01/2026", []),
        ("31 February 2026", []),
        ("You may march, at least 5 may go", []),
        ("2024 litres, 1,2024, winter 2025-26", []),
    ],
)
def test_dates_in_a_text(text: str, written: list[str]) -> None:
    periods = [date.period(date.year or 2000) for date in dates_in(text)]
    assert [f"{period.first} {period.last}" for period in periods if period] == written


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2013-12-23T23:15:00+00:00", True),  # python-docx
        ("2013-01-27T09:14:16", True),  # python-pptx
        ("2006-09-16", True),  # Excel 2007
        ("1601-01-01", True),  # never set
        ("1970-01-01T00:00:00Z", True),
        ("2013-12-23", False),
        ("2031-05-02T08:00:00", False),
        ("", False),
    ],
)
def test_the_date_of_a_template(iso: str, expected: bool) -> None:
    assert is_of_template(iso) is expected
