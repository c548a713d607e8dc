from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.answer import QuestionKind
from index.answering.excerpts.verification import verify
from index.answering.kinds.tables.tables import answer_table
from index.answering.scope import Findings
from index.document import Block, BlockKind, Document, Span
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.budget import amount
from testing.fakes import publish
from tests.index.answering.scopes import scope_of

BOATS = """\
# Boats of the harbour

Four boats are kept ready:

| Boat | Kind | Seats | Skipper |
| --- | --- | --- | --- |
| Tern 1 | Launch, covered | 6 | Ada Lund |
| Tern 2 | Launch, open | 8 | Bo Krag |
| Tern 3 | Barge | 20 | Cai Moe |
| Tern 4 | Tug, icebreaker | 3 | Dag Vik |

Nobody sails alone. The harbour office has a red door.

## Words

| Short form | Meaning |
| --- | --- |
| ETA | Estimated time of arrival |
| NUC | Not under command |
"""
STOCK = """\
Month end,Quay,Fuel,Stock (l),Reorder level (l),Status,Remark
2031-01-31,North,Diesel,4000,1000,OK,
2031-01-31,North,Petrol,300,500,Low,Order placed
2031-01-31,South,Diesel,2500,1000,OK,
2031-02-28,North,Diesel,3500,1000,OK,Petrol barge aground
2031-02-28,North,Petrol,900,500,OK,
2031-02-28,South,Diesel,800,1000,Low,
"""
HALLS = """\
Hire prices of the hall

Room,Capacity,Per hour,Per day,Deposit
Great hall,180,38,240,200
Green room,40,18,110,50
Kitchen,,12,70,50
Stage lights,,,45,100
Meeting room,14,9,55,0
"""
VANS = """\
Van,Driver,Depot,Per hour,Per day
Van 1,Eva Holt,Arvik,9,45
Van 2,Finn Aas,Holm,8,60
Van 3,Gro Lie,Arvik,12,55
"""
TEST_PARTS = """\
Part,Weight
Field report,30 %
Last exam,70 %
"""
OFFERS = """\
Firm,From,To,Price,Unit,Days
Alfa,Arvik,Holm,1200 EUR,per trip,3
Beta,Arvik,Holm,1100 EUR,per trip,5
Beta,Holm,Arvik,900 EUR,per trip,5
Gamma,Arvik,Tolvik,2000 USD,per trip,2
Delta,Arvik,Tolvik,1900 EUR,per trip,4
"""
STEEL = """\
# Steel for quays

## Properties of grade KR7

| Form | Strength | Stretch |
| --- | --- | --- |
| | N/mm | % |
| Bars | 890 | 12 |
"""
SPENDING = """\
<html><head><title>Accounts</title></head><body><h1>Accounts</h1>
<p>Spending by heading, in thousands of euros:</p>
<table><tr><th>Heading</th><th>Budget</th><th>Spent</th></tr>
<tr><td>Quays</td><td>1,200</td><td>1,150</td></tr>
<tr><td>Boats</td><td>800</td><td>860</td></tr>
<tr><td>Total</td><td>2,000</td><td>2,010</td></tr></table></body></html>
"""
GRADES = """\
# Grades of the firms

| Firm | Price (max 40) | Care (max 30) | Late days |
| --- | --- | --- | --- |
| Alfa | 29 | 27 | 4 |
| Beta | 36 | 20 | 9 |
"""
ROTA = """\
# Duty rota of the clinic

| Date | On call | Backup |
| --- | --- | --- |
| 2026-12-24 | Dr Osei | Dr Lund |
| 2026-12-25 | Dr Lund | Dr Banerjee |
| 2026-12-31 | Dr Farkas | Dr Osei |
"""
DISHES = """\
Dish,Contains nuts
Satay,yes
Fish pie,no
Nut roast,yes
"""
PLANTS = """\
Plant,Water,Poisonous to pets,Small pot,Large pot
Aloe vera,every three weeks,yes,£4,£9
Boston fern,every two days,no,£5,£8
Cactus,once a month,no,£3,£7
"""


def parsed(name: str, text: str) -> Document:
    return parse_bytes(text.encode(), name, Path(name).suffix, limits=ParsingLimits())


DOCUMENTS = [
    parsed("duty-rota.md", ROTA),
    parsed("plants.csv", PLANTS),
    parsed("dishes.csv", DISHES),
    parsed("boats.md", BOATS),
    parsed("fuel-stock.csv", STOCK),
    parsed("freight-offers.csv", OFFERS),
    parsed("hall-prices.csv", HALLS),
    parsed("vans.csv", VANS),
    parsed("exam-parts.csv", TEST_PARTS),
    parsed("accounts.html", SPENDING),
    parsed("steel.md", STEEL),
    parsed("grades.md", GRADES),
]


def ask(question: str, generation: Generation, names: list[str] | None = None) -> Findings | None:
    scope = scope_of(generation, names, date(2031, 3, 1))
    found = answer_table(question, Findings(), scope)
    if found is not None:
        verify(found.excerpts, generation.catalog)
        for cell in (cell for computed in found.computed for cell in computed.cells):
            assert generation.catalog.quote(cell.document, cell.span) == cell.text
    return found


@pytest.mark.parametrize(
    ("typed", "row", "emphasised"),
    [
        ("How many seats does Tern 3 have?", "Tern 3", ["20"]),
        ("seats of tern 2", "Tern 2", ["8"]),
        ("who skippers Tern 4?", "Tern 4", ["Dag Vik"]),
        ("skipper barge", "Tern 3", ["Cai Moe"]),
        ("Which boat has the most seats?", "Tern 3", ["20", "Tern 3"]),
        ("boat with the fewest seats", "Tern 4", ["3", "Tern 4"]),
        ("which has more seats, Tern 1 or Tern 2?", "Tern 2", ["8"]),
        ("What does ETA mean?", "ETA", []),
        ("NUC", "NUC", []),
        ("petrol stock north at the end of February 2031", "2031-02-28 | North | Petrol", ["900"]),
        ("diesel stock South january", "2031-01-31 | South", ["2500"]),
        ("which firm has the best care?", "Alfa | 29", ["27", "Alfa"]),
        ("firm with the worst care", "Beta | 36", ["20", "Beta"]),
        ("price from Holm to Arvik", "Beta | Holm", ["900 EUR"]),
        ("cheapest offer from Arvik to Holm", "Beta | Arvik", ["1100 EUR"]),
        ("budget for boats", "Boats", ["800"]),
        ("strength of KR7", "Bars", ["890"]),
        ("what is the stretch of grade kr7?", "Bars", ["12"]),
        ("how often do I water the fern", "Boston fern", ["every two days"]),
        ("who works on 31 December 2026", "Dr Farkas | Dr Osei", []),
        ("who is on duty on 25 December", "Dr Lund | Dr Banerjee", []),
        ("how much is it from Holm to Arvik", "Beta | Holm", ["900 EUR"]),
        ("cheapest plant in a large pot", "Cactus", ["£3", "£7", "Cactus"]),
        ("cheapest room", "Meeting room", ["9", "Meeting room"]),
        ("most expensive deposit", "Great hall", ["200"]),
        ("how many people fit in the great hall", "Great hall", ["180"]),
        ("green room for 3 hours", "Green room", ["18"]),
        ("how much does the exam count", "Last exam", ["70 %"]),
        ("which van is the most expensive per day?", "Van 2", ["60", "Van 2"]),
        ("cheapest van per hour", "Van 2", ["8", "Van 2"]),
    ],
)
def test_a_row_and_a_column_answer(
    typed: str, row: str, emphasised: list[str], generation: Generation
) -> None:
    found = ask(typed, generation)
    assert found
    assert found.kind is QuestionKind.TABLE
    (excerpt,) = found.excerpts
    assert row in excerpt.quote
    assert "\n" not in excerpt.quote
    quote = generation.catalog.quote
    cells = [quote(excerpt.document, span) for span in excerpt.emphasis]
    assert sorted(map(str, cells)) == sorted(emphasised)
    assert excerpt.header
    assert "---" not in excerpt.header.text


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("who has more than seven seats?", ["Tern 2", "Tern 3"]),
        ("which boats have at most 6 seats", ["Tern 1", "Tern 4"]),
        ("which launch is covered?", ["Tern 1"]),
        ("seats of Tern 1 and Tern 4", ["Tern 1", "Tern 4"]),
        ("Which quays were below the reorder level in January 2031?", ["North | Petrol"]),
        ("which quays were low in February 2031", ["South | Diesel"]),
        ("which headings went over budget?", ["Boats"]),
        ("who is on call on 24 December 2026 and 25 December 2026", ["Dr Osei", "Dr Lund"]),
        ("which plants are poisonous?", ["Aloe vera"]),
        ("which plants are not poisonous to pets", ["Boston fern", "Cactus"]),
        ("which dishes have nuts", ["Satay", "Nut roast"]),
        ("which plants aren’t poisonous", ["Boston fern", "Cactus"]),
        ("what plants cannot be poisonous to pets", ["Boston fern", "Cactus"]),
        ("which vans are based in Arvik?", ["Van 1", "Van 3"]),
    ],
)
def test_the_rows_that_pass_are_shown(typed: str, rows: list[str], generation: Generation) -> None:
    found = ask(typed, generation)
    assert found
    assert len(found.excerpts) == len(rows)
    for excerpt, row in zip(found.excerpts, rows, strict=True):
        assert row in excerpt.quote


@pytest.mark.parametrize(
    ("typed", "operation", "value", "cells"),
    [
        ("How many seats in total?", "sum", "37", ["6", "8", "20", "3"]),
        ("how many seats do Tern 1 and Tern 2 have together", "sum", "14", ["6", "8"]),
        ("average seats of Tern 1 and Tern 2", "average", "7", ["6", "8"]),
        ("difference in seats between Tern 3 and Tern 1", "difference", "14", ["20", "6"]),
        ("how many boats are there?", "count", "4", ["Tern 1", "Tern 2", "Tern 3", "Tern 4"]),
        ("how many boats have more than 5 seats", "count", "3", ["Tern 1", "Tern 2", "Tern 3"]),
        ("How much did boats go over budget?", "difference", "60 thousand euros", ["860", "800"]),
        ("which boat has the most seats", "greatest", "20", ["20", "6", "8", "3"]),
        ("how many plants are not poisonous", "count", "2", ["Boston fern", "Cactus"]),
        ("list all drivers", "count", "3", ["Eva Holt", "Finn Aas", "Gro Lie"]),
    ],
)
def test_what_is_computed_says_from_which_cells(
    typed: str, operation: str, value: str, cells: list[str], generation: Generation
) -> None:
    found = ask(typed, generation)
    assert found
    (computed,) = found.computed
    assert (computed.operation, computed.value) == (operation, value)
    assert sorted(cell.text for cell in computed.cells) == sorted(cells)


def test_a_total_that_is_stated_is_not_computed(generation: Generation) -> None:
    found = ask("total budget", generation)
    assert found
    assert [excerpt.quote for excerpt in found.excerpts] == ["Total | 2,000 | 2,010"]
    assert not found.computed


def test_currencies_are_never_compared_nor_added(generation: Generation) -> None:
    assert ask("cheapest offer from Arvik to Tolvik", generation) is None
    found = ask("total price from Arvik to Tolvik", generation)
    assert found is None or not found.computed


@pytest.mark.parametrize(
    "typed",
    [
        "How many seats does Tern 9 have?",
        "How many litres does Tern 2 use?",
        "Who is the mayor of Arvik?",
        "When does Tern 3 sail at night?",
        "What did the harbour office cost?",
        "price from Arvik to Bergen",
        "petrol price at North",
        "which boat is listed after Tern 2?",
        "strength of KR8",
        "price of KR7",
        "seats of the boats of the harbour",
        "which firm has the best late days?",
        "best price to Holm",
        "which boats are not launches?",
        "how many people work on the barge?",
        "what is the office of the skipper of Tern 4?",
        "who painted the barge",
        "which tall plants are poisonous",
        "which plants are for pets",
        "which plants with a large pot are poisonous",
        "What colour is the door of the harbour office?",
        "why does Tern 2 have so few seats",
        "why?",
        "",
    ],
)
def test_what_no_table_settles_is_left_to_the_sentences(typed: str, generation: Generation) -> None:
    assert ask(typed, generation) is None


@pytest.mark.parametrize(
    "typed", ["seats of tern 2", "how many boats are there?", "which boat has the most seats"]
)
def test_hidden_tables_change_nothing(typed: str, generation: Generation, tmp_path: Path) -> None:
    hidden = parsed("other-boats.md", BOATS.replace("Tern 4", "Tern 44").replace("| 8 |", "| 99 |"))
    store = IndexStore(tmp_path)
    publish(store, *DOCUMENTS, hidden)
    larger = store.open(None)
    names = [document.name for document in DOCUMENTS]
    seen, alone = ask(typed, larger, names), ask(typed, generation, names)
    assert seen
    assert alone
    assert (seen.confidence, seen.computed) == (alone.confidence, alone.computed)
    assert [e.quote for e in seen.excerpts] == [e.quote for e in alone.excerpts]
    larger.catalog.close()


def test_a_table_that_goes_on_in_another_document_is_one(tmp_path: Path) -> None:
    header = "Year,Port,Ships\n"
    store = IndexStore(tmp_path)
    publish(
        store,
        parsed("ships-2030.csv", f"{header}2030,Arvik,120\n2030,Holm,77\n"),
        parsed("ships-2031.csv", f"{header}2031,Arvik,131\n2031,Holm,64\n"),
    )
    generation = store.open(None)
    found = ask("ships of Arvik", generation)
    assert found
    assert [e.quote for e in found.excerpts] == ["2030 | Arvik | 120", "2031 | Arvik | 131"]
    assert len({e.document for e in found.excerpts}) == 2
    generation.catalog.close()


def test_of_versions_by_their_names_the_newest_comes_first(tmp_path: Path) -> None:
    header = "Name,Role,Extension\n"
    store = IndexStore(tmp_path)
    publish(
        store,
        parsed("phones-2025.csv", f"{header}Leif Horn,Spokesperson,214\nIda Roth,Director,200\n"),
        parsed("phones-2026.csv", f"{header}Ann Dahl,Spokesperson,215\nIda Roth,Director,201\n"),
    )
    generation = store.open(None)
    found = ask("who is the spokesperson?", generation)
    assert found
    assert [e.document for e in found.excerpts] == ["phones-2026.csv", "phones-2025.csv"]
    generation.catalog.close()


def on_pages(*pages: tuple[BlockKind, str]) -> Document:
    """Return a document whose blocks each stand in a table of their own, by their headers."""
    text, blocks, group = "", [], 1
    for kind, rows in pages:
        for row in rows.split("\n"):
            blocks.append(Block(kind, Span(len(text), len(text) + len(row)), group=group))
            text += f"{row}\n"
            kind = BlockKind.ROW
        group += 1
        text += "\n"
    return replace(parsed("catch.md", text), blocks=tuple(blocks))


HEADED, BARE = BlockKind.HEADER, BlockKind.ROW


@pytest.mark.parametrize(
    ("typed", "pages", "rows"),
    [
        (
            "which port has the most boats?",
            [(HEADED, "Port | Boats\nArvik | 7\nHolm | 4"), (BARE, "Tolvik | 12\nMedik | 3")],
            ["Tolvik | 12"],
        ),
        (
            "boats of Medik",
            [(HEADED, "Port | Boats\nArvik | 7"), (BARE, "Holm | 4"), (BARE, "Medik | 3")],
            ["Medik | 3"],
        ),
        (
            "total boats",
            [(HEADED, "Port | Boats\nArvik | 7"), (BARE, "Holm | 4"), (BARE, "Medik | 3")],
            ["Arvik | 7", "Holm | 4", "Medik | 3"],
        ),
        (  # Another header, or other columns: another table.
            "which port has the most boats?",
            [(HEADED, "Port | Boats\nArvik | 7\nHolm | 4"), (BARE, "Tolvik | 12 | 3")],
            ["Arvik | 7"],
        ),
        (
            "which port has the most boats?",
            [(HEADED, "Port | Boats\nArvik | 7\nHolm | 4"), (HEADED, "Quay | Cranes\nEast | 9")],
            ["Arvik | 7"],
        ),
    ],
)
def test_a_table_goes_on_where_a_page_begins_without_a_header(
    typed: str, pages: list[tuple[BlockKind, str]], rows: list[str], tmp_path: Path
) -> None:
    store = IndexStore(tmp_path)
    publish(store, on_pages(*pages))
    generation = store.open(None)
    found = ask(typed, generation)
    assert found
    assert [e.quote for e in found.excerpts] == rows
    assert all(e.header and e.header.text == "Port | Boats" for e in found.excerpts)
    generation.catalog.close()


@settings(max_examples=amount(45))
@given(numbers=st.lists(st.decimals(-999, 9999, places=1), min_size=2, max_size=8))
def test_sums_are_exact(numbers: list[Decimal], tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = "".join(f"Pier {n},{number:.1f}\n" for n, number in enumerate(numbers, start=1))
    store = IndexStore(tmp_path_factory.mktemp("index"))
    publish(store, parsed("piers.csv", f"Pier,Load\n{rows}"))
    generation = store.open(None)
    found = ask("total load", generation)
    assert found
    (computed,) = found.computed
    assert Decimal(computed.value.replace(",", "")) == sum(numbers)
    assert len(computed.cells) == len(numbers)
    generation.catalog.close()
