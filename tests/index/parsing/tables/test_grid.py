"""Tables as grids: how many rows at the top name the columns."""

from __future__ import annotations

import pytest

from index.parsing.tables.grid import header_rows_of


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        (["Port|Depth|Year", "Rossvik|7|2031"], 1),
        (["Port|Depth|Depth", "Port|2031|2032", "Rossvik|7|8"], 2),
        (["|2031|2031|2032|2032", "|low|high|low|high", "Rossvik|7|8|7|8"], 2),
        (["|Coal|Coal", "|2031|2031", "|plan|real", "Rossvik|7|8"], 3),
        (["Rossvik|7|7", "Vik|8|9", "Nes|1|2"], 0),
        (["Port|Depth", "Rossvik|7"], 1),
        (["1|2", "3|4"], 0),
        (["Berth|2031|2032", "North|7|8"], 1),
        (["Kari|1999", "Ola|1987"], 0),
        (["Port|Depth"], 0),
        (["Name of skipper|Kari Vik", "Date of birth|3 May 1980", "Boats|2", "Fee|90"], 0),
        (["Skipper:|Kari Vik", "Boats:|2", "Fee:|90"], 0),
        (["Name|Owner", "Hauk|Kari", "Ran|Ola"], 1),
        (["Item|2031", "Coal|90", "Date of audit|80"], 1),
        (["Name|2031-02-02|2031-02-03|2031-02-04", "Kari|D||N", "Ola||N|N"], 1),
        (["Fair|2031-02-02|2031-02-03|2031-02-04", "Race|2031-03-02|2031-03-03|2031-03-04"], 0),
    ],
)
def test_rows_that_name_the_columns(rows: list[str], headers: int) -> None:
    assert header_rows_of([row.split("|") for row in rows]) == headers


def test_rows_that_the_file_marks() -> None:
    assert header_rows_of([["1", "2"], ["3", "4"], ["5", "6"]], marked=2) == 2
    assert header_rows_of([["1", "2"], ["3", "4"]], marked=2) == 1
