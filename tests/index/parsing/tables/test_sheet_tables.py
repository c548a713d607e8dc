"""Tables of a sheet: captions (C), headers (H) and rows (R) of what is drawn as rows of cells."""

from __future__ import annotations

from typing import Any

import pytest

from index.parsing.tables.sheet_tables import Area, SheetHints, tables_in


def rows_of(drawn: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")] if line.strip() else []
        for line in drawn.strip("\n").split("\n")
    ]


def told(drawn: str, merged: list[Area] | None = None, hints: SheetHints | None = None) -> str:
    lines = []
    for part in tables_in(rows_of(drawn), merged=merged or [], hints=hints):
        lines += [f"C {line}" for line in part.captions]
        for number, row in enumerate(part.rows):
            sign = "H" if number < part.header_rows else "R"
            lines.append(f"{sign} {'|'.join(row)}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        pytest.param("Town|Mail\nA|1\nB|2", "H Town|Mail\nR A|1\nR B|2", id="one table"),
        pytest.param(
            "Plan\n\nDesk|2030 actual (EUR)|2031 plan (EUR)\nA|41200|45000\nB|1800|2000",
            "C Plan\nH Desk|2030 actual (EUR)|2031 plan (EUR)\nR A|41200|45000\nR B|1800|2000",
            id="names that begin with a year",
        ),
        pytest.param(
            "Nail|2000 boxes\nScrew|1500 boxes\nBolt|900 boxes",
            "R Nail|2000 boxes\nR Screw|1500 boxes\nR Bolt|900 boxes",
            id="quantities like years",
        ),
        pytest.param(
            "Town|Mail 2031\nA|1\nB|2\n\nTown|Mail 2032\nA|5\nB|6",
            "H Town|Mail 2031\nR A|1\nR B|2\nH Town|Mail 2032\nR A|5\nR B|6",
            id="a second table below",
        ),
        pytest.param(
            "Town|Mail|Kin\nA|1|4\nB|2|4\nShip|Tons|Crew\nC|5|4\nD|6|4",
            "H Town|Mail|Kin\nR A|1|4\nR B|2|4\nH Ship|Tons|Crew\nR C|5|4\nR D|6|4",
            id="a second header without an empty row",
        ),
        pytest.param(
            "Town|Mail||Ship|Tons\nA|1||C|5\nB|2||D|6",
            "H Town|Mail\nR A|1\nR B|2\nH Ship|Tons\nR C|5\nR D|6",
            id="two tables beside each other",
        ),
        pytest.param(
            "Town|When||Cost|Sure\nA|2031-01-06||1.5|yes\n\nB|2031-01-07||3|no",
            "H Town|When|Cost|Sure\nR A|2031-01-06|1.5|yes\nR B|2031-01-07|3|no",
            id="empty rows and columns within a table",
        ),
        pytest.param(
            "Harbour report\nin thousands\nReport of|2031-05-03\n\nShip|Berth|Cargo\nA|6|Coal",
            "C Harbour report\nC in thousands\nR Report of|2031-05-03\nH Ship|Berth|Cargo\n"
            "R A|6|Coal",
            id="lines and pairs above a table",
        ),
        pytest.param(
            "Report of|2031-05-03\nMade by|A. Birk\nShip|Berth|Cargo\nA|6|Coal\nB|2|Tar",
            "R Report of|2031-05-03\nR Made by|A. Birk\nH Ship|Berth|Cargo\nR A|6|Coal\nR B|2|Tar",
            id="pairs right above a table",
        ),
        pytest.param(
            "Port|2031||2032|\n|Ships|Tons|Ships|Tons\nA|1|2|3|4\nB|5|6|7|8",
            "H Port|2031|2031|2032|2032\nH |Ships|Tons|Ships|Tons\nR A|1|2|3|4\nR B|5|6|7|8",
            id="two header rows without merged cells",
        ),
        pytest.param(
            "Pump|Load|Slip\n|kW|%\nA|1|2\nB|1|2",
            "H Pump|Load|Slip\nH |kW|%\nR A|1|2\nR B|1|2",
            id="a row of units",
        ),
        pytest.param(
            "Item|2030|2031\nSales|100|200\nCost|50|60",
            "H Item|2030|2031\nR Sales|100|200\nR Cost|50|60",
            id="years as names",
        ),
        pytest.param(
            "Owner|Kari\nValid from|2031-05-01\nBudget|500\nStatus|open",
            "R Owner|Kari\nR Valid from|2031-05-01\nR Budget|500\nR Status|open",
            id="labels and values",
        ),
        pytest.param(
            "Owner|Kari Vik\nContact|Ola Berg\nBuilding|North hall",
            "R Owner|Kari Vik\nR Contact|Ola Berg\nR Building|North hall",
            id="labels and texts",
        ),
        pytest.param(
            "Name|Town\nKari|Arvik\nOla|Holm", "H Name|Town\nR Kari|Arvik\nR Ola|Holm", id="texts"
        ),
        pytest.param(
            "Town|Mail|Kin\nNorth\nA|1|2\n\nSouth\nB|1|2\n\nTotal|2|4",
            "H Town|Mail|Kin\nR North||\nR A|1|2\nR South||\nR B|1|2\nR Total|2|4",
            id="groups and a total behind empty rows",
        ),
        pytest.param(
            "Town|Mail|Kin\nA|1|2\nSource: the post",
            "H Town|Mail|Kin\nR A|1|2\nC Source: the post",
            id="a source below",
        ),
        pytest.param("1|2\n3|4", "R 1|2\nR 3|4", id="figures alone have no header"),
        pytest.param("Read me\nfirst", "C Read me\nC first", id="lines of text"),
        pytest.param("Years\n2031\n2032\n2033", "H Years\nR 2031\nR 2032\nR 2033", id="a list"),
    ],
)
def test_parts(drawn: str, expected: str) -> None:
    assert told(drawn) == expected


def test_merged_cells_name_all_that_they_cover() -> None:
    drawn = "Port|2031||2032|\n|Ships|Tons|Ships|Tons\nA|1|2|3|4\n|5|6|7|8"
    merged = [Area(0, 1, 0, 2), Area(0, 3, 0, 4), Area(0, 0, 1, 0), Area(2, 0, 3, 0)]
    assert told(drawn, merged) == (
        "H Port|2031|2031|2032|2032\nH Port|Ships|Tons|Ships|Tons\nR A|1|2|3|4\nR A|5|6|7|8"
    )


def test_columns_that_only_merged_cells_cover_are_none() -> None:
    merged = [Area(0, 0, 0, 3), Area(1, 0, 1, 3)]
    assert told("Notes||||Links\nAll is as of today||||a", merged) == (
        "H Notes|Links\nR All is as of today|a"
    )


def test_a_merged_title_stays_one_line() -> None:
    assert told("All towns||\nTown|Mail|Kin\nA|1|2", [Area(0, 0, 0, 2)]) == (
        "C All towns\nH Town|Mail|Kin\nR A|1|2"
    )


def test_rows_that_a_cell_covers_do_not_end_a_table() -> None:
    merged = [Area(0, 0, 1, 0), Area(0, 1, 1, 1)]
    assert told("Town|Mail\n\nA|1\nB|2", merged) == "H Town|Mail\nR A|1\nR B|2"


def test_merged_cells_beyond_all_measure_are_left_alone() -> None:
    merged = [Area(0, 0, 1_000_000, 16_000)] * 100_000
    assert told("Town|Mail\nA|1", merged) == "H Town|Mail\nR A|1"


@pytest.mark.parametrize(
    "hints",
    [
        SheetHints(marked=frozenset([0])),
        SheetHints(filtered=frozenset([0])),
        SheetHints(frozen=1),
        SheetHints(tables=((Area(0, 0, 2, 1), 1),)),
    ],
)
def test_the_file_says_what_is_header(hints: SheetHints) -> None:
    drawn = "Name|2031\nAge|2032\nTown|2033"
    assert told(drawn) == "R Name|2031\nR Age|2032\nR Town|2033"
    assert told(drawn, hints=hints) == "H Name|2031\nR Age|2032\nR Town|2033"


def test_tables_of_the_file_stand_apart() -> None:
    drawn = "Towns|\nTown|Mail|Ship|Tons\nA|1|C|5\nB|2|D|6\nTotal|3|"
    hints = SheetHints(tables=((Area(1, 0, 3, 1), 1), (Area(1, 2, 3, 3), 1)))
    assert told(drawn, hints=hints) == (
        "C Towns\nH Town|Mail\nR A|1\nR B|2\nR Total|3\nH Ship|Tons\nR C|5\nR D|6"
    )


def test_no_text_is_lost_or_doubled() -> None:
    drawn = "a||b\n\nc|d\ne||f|g\n\n\nh\ni|j|k|l\n|||m\nn||o"
    parts = tables_in(rows_of(drawn))
    texts = [text for part in parts for row in part.rows for text in row if text]
    texts += [line for part in parts for line in part.captions]
    assert sorted(texts) == sorted("abcdefghijklmno")


def test_a_wide_row_is_not_made_anew_for_each_column() -> None:
    class Rows(list[list[str]]):
        fetched = 0

        def __getitem__(self, at: Any) -> Any:
            self.fetched += 1
            return super().__getitem__(at)

    rows = Rows([[f"Name {n}" for n in range(2_000)], ["1"] * 2_000, ["Hauk", "2"]])
    assert [part.header_rows for part in tables_in(rows)] == [1]
    assert rows.fetched < 100


@pytest.mark.search
def test_many_empty_rows_and_columns_take_no_time() -> None:
    rows = [row for n in range(4000) for row in ([str(n), "", "x"], [])]
    assert sum(len(part.rows) for part in tables_in(rows)) == 4000
    wide = [["x", ""] * 4000 for _ in range(50)]
    assert sum(len(part.rows) for part in tables_in(wide)) == 50
