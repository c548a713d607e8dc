"""The most, the oldest, the slowest, and what lies between two days, by tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from index.answering.kinds.misfits import is_misfit
from index.answering.kinds.tables.query_parser import parse_table_query
from index.answering.kinds.tables.tables import answer_table
from index.answering.scope import Findings, Scope
from index.answering.scope.stopwatch import Stopwatch
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import publish

CLIENTS = """\
# Clients of the sail loft

| Client | Town | Sails | Revenue 2031 (EUR) | Since |
| --- | --- | --- | --- | --- |
| Rederi Holm | Arvik | 41 | 153,550 | 2019 |
| Skagen Sail | Arvik | 9 | 41,360 | 2026 |
| Tern Club | Vik | 36 | 117,760 | 2014 |
"""
BARRELS = """\
# Barrels

| Barrel | Volume (hl) | Content | Ready |
| --- | --- | --- | --- |
| B1 | 40 | tar | 23 May 2032 |
| B2 | 20 | oil | 18 May 2032 |
| B3 | 60 | salt | 19 June 2032 |
"""
CREWS = """\
# Lifeboat stations

| Station | Calls at night | Response at night (min:s) | Response by day (min:s) |
| --- | --- | --- | --- |
| North | 402 | 6:12 | 4:50 |
| East | 205 | 7:05 | 5:58 |
| West | 102 | 10:26 | 4:08 |
"""
FLEET = """\
# Tugs

| Call sign | Berth | First used | Odometer (km) | Next docking | Cost per km (EUR) |
| --- | --- | --- | --- | --- | --- |
| Auk 1 | East | 2022 | 141200 | 4 December 2032 | 0.92 |
| Auk 2 | East | 2024 | 63850 | 15 January 2033 | 0.81 |
| Dab 1 | West | 2019 | 187600 | 20 November 2032 | 1.08 |
"""
ROTA = """\
Date,Time,Harbour desk,Pilot
2032-11-25,Day,Ines Roth,Odd Vik
2032-11-25,Night,Lea Berg,Odd Vik
2032-11-26,Day,Odd Vik,Lea Berg
"""
TOUR = """\
Date,Quay,Hotel in autumn
2032-10-01,Pennerley,Station Hotel
2032-10-21,Thornhaven,Sea View
2032-11-05,Skelby,Old Bank
"""


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scope]:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    files = {
        "clients.md": CLIENTS,
        "barrels.md": BARRELS,
        "crews.md": CREWS,
        "tugs.md": FLEET,
        "rota.csv": ROTA,
        "tour-autumn.csv": TOUR,
    }
    publish(
        store,
        *(
            parse_bytes(text.encode(), name, "." + name.rpartition(".")[2], limits=ParsingLimits())
            for name, text in files.items()
        ),
    )
    generation: Generation = store.open(None)
    yield Scope(generation, None, None, date(2032, 9, 1), Stopwatch())
    generation.catalog.close()


def answered(question: str, scope: Scope) -> tuple[list[str], str]:
    """Return the first cell of each row that is shown, and what is computed."""
    found = answer_table(question, Findings(), scope)
    if found is None:
        return [], ""
    rows = [excerpt.quote.strip("| ").split(" | ")[0] for excerpt in found.excerpts]
    return rows, found.computed[0].value if found.computed else ""


@pytest.mark.parametrize(
    ("typed", "rows", "computed"),
    [
        ("which client pays the most", ["Rederi Holm"], "153,550"),
        ("client that paid us the least", ["Skagen Sail"], "41,360"),
        ("which client in Vik pays the most for sails", [], ""),
        ("biggest barrel", ["B3"], "60"),
        ("smallest barrel", ["B2"], "20"),
        ("biggest client", [], ""),
        ("slowest station at night", ["West"], "10:26"),
        ("which station is quickest by day?", ["West"], "4:08"),
        ("How many more calls did North have at night than East?", ["North", "East"], "197"),
        ("oldest client", ["Tern Club"], "2014"),
        ("newest tug", ["Auk 2"], "2024"),
        ("which tug has done the most kilometres", ["Dab 1"], "187600"),
        ("which tug is the cheapest to run per km", ["Auk 2"], "0.81"),
        ("when is Dab 1 due for docking", ["Dab 1"], ""),
        ("mileage of Auk 2", ["Auk 2"], ""),
        ("how many tugs are based at the East berth", ["Auk 1", "Auk 2"], "2"),
        ("which barrels are ready between 18 and 23 May", ["B1", "B2"], ""),
        ("which barrels are ready from 20 May to 30 June", ["B1", "B3"], ""),
        ("which quays do we visit between 1 and 22 October", ["2032-10-01", "2032-10-21"], ""),
        ("tugs first used between 2022 and 2024", ["Auk 1", "Auk 2"], ""),
        ("who is on the harbour desk on the 26th", ["2032-11-26"], ""),
        ("who is on the harbour desk on the 25th in the daytime", ["2032-11-25"], ""),
        ("hotel in Thornhaven in spring", [], ""),
        ("calls in november 2032", [], ""),
    ],
)
def test_rows_that_are_compared(scope: Scope, typed: str, rows: list[str], computed: str) -> None:
    assert answered(typed, scope) == (rows, computed)


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("highest client in Vik", True),
        ("largest barrel with oil", True),
        ("barrel with oil", False),
        ("maximum volume of the barrel with oil", False),
    ],
)
def test_a_row_that_was_only_found_is_not_the_greatest(
    scope: Scope, typed: str, is_one: bool
) -> None:
    found = answer_table("what is in barrel B2", Findings(), scope)
    assert found is not None
    assert is_misfit(typed, Findings(confidence=0.9, excerpts=found.excerpts), scope) is is_one


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("between 1 and 22 October", "--10-01", "--10-22"),
        ("from 28 May until 3 June 2032", "2032-05-28", "2032-06-03"),
        ("between the 3rd and the 9th of May", "--05-03", "--05-09"),
        ("between 20 and 40 litres", "", ""),
        ("from Arvik to Holm on 3 May", "", ""),
        ("that cost between 1500 and 2000", "", ""),
    ],
)
def test_two_days_that_are_named(typed: str, first: str, last: str) -> None:
    test = parse_table_query(typed).comparison
    ends = (test.since, test.until) if test else (None, None)
    written = [f"{each.year or '-'}-{each.month:02}-{each.day:02}" if each else "" for each in ends]
    assert written == [first, last]
