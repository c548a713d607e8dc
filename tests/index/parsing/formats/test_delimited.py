from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "Country,Troops\r\nNorway,500\r\n\r\nFrance,\r\n"),
        ("a.csv", "Country;Troops\nNorway;500\nFrance;\n"),
        ("a.csv", "\ufeffCountry\tTroops\nNorway\t500\nFrance\t\n"),
        ("a.tsv", "Country\tTroops\nNorway\t500\n,\t\nFrance\t\n".replace(",\t\n", "")),
    ],
)
def test_blocks(parse: Any, outline: Any, name: str, content: str) -> None:
    document = parse(name, content)
    assert outline(document) == [
        ("header", 0, "Country | Troops"),
        ("row", 0, "Norway | 500"),
        ("row", 0, "France |"),
    ]
    assert len({block.group for block in document.blocks}) == 1


def test_cells_of_several_lines(parse: Any, outline: Any) -> None:
    document = parse("costs_of-force.csv", 'a,b\n"one, and\ntwo",3\n')
    assert outline(document)[1] == ("row", 0, "one, and two | 3")
    assert document.title == "costs of force"


HEADER, ROWS = "= Town | Area, km2", ["Arvik | 31,5", "Holm | 17,8"]


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        ("Town;Area, km2\nArvik;31,5\nHolm;17,8\n", [HEADER, *ROWS]),
        ("sep=;\r\nTown;Area, km2\r\nArvik;31,5\r\nHolm;17,8\r\n", [HEADER, *ROWS]),
        ('"sep=|"\nTown|Area, km2\nArvik|31,5\nHolm|17,8\n', [HEADER, *ROWS]),
        ("Town\tArea, km2\nArvik\t31,5\nHolm\t17,8\n", [HEADER, *ROWS]),
        ('Town,"Area, km2"\nArvik,"31,5"\nHolm,"17,8"\n', [HEADER, *ROWS]),
        ("Town;Area, km2;\nArvik;31,5;\nHolm;17,8;\n", [HEADER, *ROWS]),
        ("Arvik;31,5\nHolm;17,8\n", ROWS),
        ("Town;Inhabitants, 2030;Area, km2\nArvik;12,4;31,5\nRossvik;8,9;22,1\n",
         ["= Town | Inhabitants, 2030 | Area, km2", "Arvik | 12,4 | 31,5", "Rossvik | 8,9 | 22,1"]),
        ("Port of Arvik\nExported 2031-05-02\n\nShip;Berth\nHauk;2\nSolvang;6\n",
         ["Port of Arvik", "Exported 2031-05-02", "= Ship | Berth", "Hauk | 2", "Solvang | 6"]),
        ("The report, as of the second of May\nShip,Berth,Cargo\nHauk,2,Fish\nRan,3,Coal\n",
         ["The report, as of the second of May", "= Ship | Berth | Cargo", "Hauk | 2 | Fish",
          "Ran | 3 | Coal"]),
        ("Town;In;Out\nArvik;1;2\nHolm;3;4\n\nShip;Berth\nHauk;2\nRan;3\n",
         ["= Town | In | Out", "Arvik | 1 | 2", "Holm | 3 | 4", "= Ship | Berth", "Hauk | 2",
          "Ran | 3"]),
        ("Ship,Berth,Cargo\nHauk,2\nRan,3,Coal,late\n",
         ["= Ship | Berth | Cargo |", "Hauk | 2 |  |", "Ran | 3 | Coal | late"]),
        ("1st shift at the lower mill,2nd shift\n4,5\n",
         ["= 1st shift at the lower mill | 2nd shift", "4 | 5"]),
        ("Lorem, ipsum\ndolor sit\nadipiscing, elit\nsed\n",
         ["Lorem, ipsum", "dolor sit", "adipiscing, elit", "sed"]),
        ('Ship,Note\nHauk,5" pipe\nRan,"said ""no"""\n',
         ["= Ship | Note", 'Hauk | 5" pipe', 'Ran | said "no"']),
    ],
)  # fmt: skip
def test_tables_as_programs_export_them(
    parse: Any, outline: Any, content: str, stored: list[str]
) -> None:
    for encoding in ("utf-8", "utf-16"):
        document = parse("a.csv", content.encode(encoding))
        found = [("= " if kind == "header" else "") + text for kind, _, text in outline(document)]
        assert (found, document.remarks) == (stored, ())


@pytest.mark.parametrize("rest", ["3,4\n", "3,4\n" * 50_000])
def test_a_quotation_mark_that_is_not_closed_takes_no_line_away(parse: Any, rest: str) -> None:
    document = parse("a.csv", 'A,B\n1,"2\n' + rest)
    assert document.text.startswith('A | B\n1 | "2\n3 | 4')
    assert document.remarks == (
        "A quotation mark is not closed; all of them were read as they stand.",
    )


@pytest.mark.parametrize(
    "content", ["a;" * 200_000 + "b\n", "a," * 50_000 + "b\n" + "c,d\n" * 5_000]
)
def test_a_very_long_line_is_stored_as_it_stands(parse: Any, content: str) -> None:
    document = parse("a.csv", content)
    assert document.text.startswith("a | a | a")
    assert len(document.text) < 3 * len(content)


def test_rows_keep_the_number_that_a_spreadsheet_shows(parse: Any) -> None:
    document = parse("a.csv", 'Ship,Berth\nHauk,2\n"Sol\nvang",3\n\nRan,4\n')
    rows = [(block.span.of(document.text), block.row) for block in document.blocks]
    assert rows == [("Ship | Berth", 0), ("Hauk | 2", 2), ("Sol vang | 3", 3), ("Ran | 4", 5)]
