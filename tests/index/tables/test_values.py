from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tables.dates import PartialDate, date_of, dates_in
from index.tables.values import (
    CellKind,
    has_decimal_commas,
    unit_of_caption,
    unit_of_header,
    value_of,
    written,
)


@pytest.mark.parametrize(
    ("text", "kind", "number", "unit"),
    [
        ("1,200", CellKind.NUMBER, "1200", ""),
        ("1 340", CellKind.NUMBER, "1340", ""),
        ("+35", CellKind.NUMBER, "35", ""),
        ("−90", CellKind.NUMBER, "-90", ""),
        ("3.1 °C", CellKind.NUMBER, "3.1", "°C"),
        ("About 1,340 km", CellKind.NUMBER, "1340", "km"),
        ("70 km/h", CellKind.NUMBER, "70", "km/h"),
        ("12%", CellKind.PERCENTAGE, "12", "%"),
        ("€ 1,234.50", CellKind.MONEY, "1234.50", "EUR"),
        ("95 euros", CellKind.MONEY, "95", "EUR"),
        ("3 working days", CellKind.DURATION, "3", "working d"),
        ("4:00", CellKind.DURATION, "240", "m:s"),
        ("7 March 2024", CellKind.DATE, None, ""),
        ("2026-01-31", CellKind.DATE, None, ""),
        ("2019", CellKind.DATE, "2019", ""),
        ("Guest house only", CellKind.TEXT, None, ""),
        ("120 metres, out of the dust", CellKind.TEXT, None, ""),
        ("1–2", CellKind.TEXT, None, ""),
        ("–", CellKind.EMPTY, None, ""),
        ("", CellKind.EMPTY, None, ""),
    ],
)
def test_what_a_cell_says(text: str, kind: CellKind, number: str | None, unit: str) -> None:
    value = value_of(text)
    assert (value.kind, value.unit) == (kind, unit)
    assert value.number == (None if number is None else Decimal(number))


def test_a_column_tells_how_its_numbers_are_written() -> None:
    assert has_decimal_commas(["1.234,5", "7,25"])
    assert value_of("1.234,5", decimal_commas=True).number == Decimal("1234.5")
    assert not has_decimal_commas(["1,234.5", "1,234"])


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Price (EUR)", "EUR"),
        ("Stock (l)", "l"),
        ("Length, km", "km"),
        ("Security (max 20)", ""),
        ("Tonnes", "t"),
        ("Driver", ""),
    ],
)
def test_the_unit_that_a_header_names(header: str, unit: str) -> None:
    assert unit_of_header(header) == unit


def test_the_unit_that_a_caption_names() -> None:
    assert unit_of_caption("Spending by heading, in thousands of euros:") == "thousand euros"
    assert unit_of_caption("The amounts hold per night, in euros.") == "EUR"
    assert unit_of_caption("What happened in March") == ""


@pytest.mark.parametrize(
    ("value", "like", "unit", "text"),
    [
        ("1234", ["1,200", "34"], "", "1,234"),
        ("1234", ["1200", "34"], "EUR", "1234 EUR"),
        ("3.5", ["1.25", "2.25"], "km", "3.50 km"),
        ("3.5", ["1,25", "2,25"], "", "3,50"),
        ("50", ["20%", "30%"], "%", "50%"),
    ],
)
def test_a_number_is_written_as_the_cells_write_theirs(
    value: str, like: list[str], unit: str, text: str
) -> None:
    assert written(Decimal(value), like, unit) == text


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=2))
def test_what_is_written_is_read_again(number: Decimal) -> None:
    text = written(number, [f"{number:,.2f}"])
    assert value_of(text).number == number or date_of(text) is not None


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("sites in January 2026", [PartialDate(2026, 1)]),
        ("on 22 May", [PartialDate(None, 5, 22)]),
        ("on May 22nd, 2025", [PartialDate(2025, 5, 22)]),
        ("petrol 2026-01-31", [PartialDate(2026, 1, 31)]),
        ("between 2019 and 2021", [PartialDate(2019), PartialDate(2021)]),
        ("may I march?", []),
        ("on 30 February", []),
    ],
)
def test_the_dates_of_a_question(question: str, found: list[PartialDate]) -> None:
    assert [date for _, _, date in dates_in(question)] == found


def test_a_date_lies_in_a_month_that_names_it() -> None:
    assert PartialDate(2026, 1).holds(PartialDate(2026, 1, 31))
    assert PartialDate(None, 1).holds(PartialDate(2026, 1, 31))
    assert PartialDate(2026, 3).holds(PartialDate(None, 3, 5))
    assert not PartialDate(2026, 1).holds(PartialDate(2026))
    assert not PartialDate(2026).holds(PartialDate(None, 3, 5))
