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
