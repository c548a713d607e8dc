from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.tables.dates import PartialDate, date_of, dates_in
from index.tables.units import unit_of_caption, unit_of_header
from index.tables.values import CellKind, has_decimal_commas, in_one_unit, value_of, written


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
        # Spellings of Europe, the United States and Switzerland
        ("1 234,5", CellKind.NUMBER, "1234.5", ""),
        ("1.234,50", CellKind.NUMBER, "1234.50", ""),
        ("1,234.50", CellKind.NUMBER, "1234.50", ""),
        ("1.234.567", CellKind.NUMBER, "1234567", ""),
        ("1'234.50", CellKind.NUMBER, "1234.50", ""),
        ("0,125", CellKind.NUMBER, "0.125", ""),
        ("kr 1.200,50", CellKind.MONEY, "1200.50", "kr"),
        ("1 200 kr", CellKind.MONEY, "1200", "kr"),
        ("1.200,– €", CellKind.MONEY, "1200", "EUR"),
        ("500,-", CellKind.NUMBER, "500", ""),
        ("12,5 %", CellKind.PERCENTAGE, "12.5", "%"),
        ("12 prosent", CellKind.PERCENTAGE, "12", "%"),
        ("4.5 % p.a.", CellKind.PERCENTAGE, "4.5", "%"),
        # Below zero
        ("(1,304)", CellKind.NUMBER, "-1304", ""),
        ("( 1 304 )", CellKind.NUMBER, "-1304", ""),
        ("€ (1,304)", CellKind.MONEY, "-1304", "EUR"),
        ("-€1,304", CellKind.MONEY, "-1304", "EUR"),
        ("(3.2%)", CellKind.PERCENTAGE, "-3.2", "%"),
        ("(12.5) %", CellKind.PERCENTAGE, "-12.5", "%"),
        ("1,304-", CellKind.NUMBER, "-1304", ""),
        ("- 4.5", CellKind.NUMBER, "-4.5", ""),
        # Thousands and millions
        ("€ 3.2m", CellKind.MONEY, "3200000", "EUR"),
        ("EUR 3,2 Mio.", CellKind.MONEY, "3200000", "EUR"),
        ("15 mill. kr", CellKind.MONEY, "15000000", "kr"),
        ("3 Mrd. €", CellKind.MONEY, "3000000000", "EUR"),
        ("450 TEUR", CellKind.MONEY, "450000", "EUR"),
        ("MNOK 12", CellKind.MONEY, "12000000", "NOK"),
        ("5 m", CellKind.NUMBER, "5", "m"),
        ("3 t", CellKind.NUMBER, "3", "t"),
        # Times
        ("1h 30", CellKind.DURATION, "90", "min"),
        ("1 h 30 min", CellKind.DURATION, "90", "min"),
        ("2 years 3 months", CellKind.DURATION, "27", "mo"),
        ("1d 4h", CellKind.DURATION, "28", "h"),
        ("3 Tage", CellKind.DURATION, "3", "d"),
        ("2 uker", CellKind.DURATION, "2", "wk"),
        ("31.12.2031", CellKind.DATE, None, ""),
        ("31/12/2031", CellKind.DATE, None, ""),
        ("1. mars 2031", CellKind.DATE, None, ""),
        ("31. Dezember 2031", CellKind.DATE, None, ""),
        ("Q3 2031", CellKind.DATE, None, ""),
        ("2031 Q3", CellKind.DATE, None, ""),
        ("06/01/2031", CellKind.TEXT, None, ""),
        # Notes and powers
        ("1,234¹", CellKind.NUMBER, "1234", ""),
        ("1,234 (a)", CellKind.NUMBER, "1234", ""),
        ("10⁶", CellKind.TEXT, None, ""),
        ("+47 22 33 44 55", CellKind.TEXT, None, ""),
        ("V-11", CellKind.TEXT, None, ""),
        ("n.a.", CellKind.EMPTY, None, ""),
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
    assert has_decimal_commas(["1.234", "1.234.567"])
    assert value_of("1.234", decimal_commas=True).number == Decimal("1234")
    assert value_of("12.5 %", decimal_commas=True).number == Decimal("12.5")
    assert value_of("1,234,567", decimal_commas=True).number == Decimal("1234567")


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Price (EUR)", "EUR"),
        ("Stock (l)", "l"),
        ("Length, km", "km"),
        ("Security (max 20)", ""),
        ("Tonnes", "t"),
        ("Driver", ""),
        ("EUR thousand", "thousand EUR"),
        ("€ '000", "thousand EUR"),
        ("Revenue in NOK million", "million NOK"),
        ("Umsatz (TEUR)", "thousand EUR"),
        ("Mio. €", "million EUR"),
        ("mill. kr", "million kr"),
        ("Sales, $m", "million USD"),
        ("Length (m)", "m"),
        ("Kilometres of road", ""),
    ],
)
def test_the_unit_that_a_header_names(header: str, unit: str) -> None:
    assert unit_of_header(header) == unit


def test_the_unit_that_a_caption_names() -> None:
    assert unit_of_caption("Spending by heading, in thousands of euros:") == "thousand euros"
    assert unit_of_caption("The amounts hold per night, in euros.") == "EUR"
    assert unit_of_caption("What happened in March") == ""
    assert unit_of_caption("(in millions of US dollars)") == "million US dollars"
    assert unit_of_caption("Alle Angaben in Tsd. €") == "thousand EUR"
    assert unit_of_caption("(Beløp i tusen kroner)") == "thousand kroner"
    assert unit_of_caption("All amounts in NOK 1 000") == "thousand NOK"


@pytest.mark.parametrize(
    ("value", "like", "unit", "text"),
    [
        ("1234", ["1,200", "34"], "", "1,234"),
        ("1234", ["1200", "34"], "EUR", "1234 EUR"),
        ("3.5", ["1.25", "2.25"], "km", "3.50 km"),
        ("3.5", ["1,25", "2,25"], "", "3,50"),
        ("50", ["20%", "30%"], "%", "50%"),
        ("4300000", ["€ 3.2m", "€ 1.1m"], "EUR", "4,300,000 EUR"),
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
        ("revenue in Q3 2031", [PartialDate(2031, 7, months=3)]),
        ("am 3. März 2031", [PartialDate(2031, 3, 3)]),
        ("who landed on mars?", []),
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
    assert PartialDate(2026, 7, months=3).holds(PartialDate(2026, 9, 30))
    assert PartialDate(2026).holds(PartialDate(2026, 7, months=3))
    assert not PartialDate(2026, 7).holds(PartialDate(2026, 7, months=3))
    assert not PartialDate(2026).holds(PartialDate(None, 3, 5))


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["2 h", "90 min"], ["120 min", "90 min"]),
        (["1 h 45", "10 h", "–"], ["105 min", "600 min", None]),
        (["2 weeks", "3 days", "12 h"], ["336 h", "72 h", "12 h"]),
        (["2 h", "3 h"], ["2 h", "3 h"]),
        (["2 months", "3 days"], ["2 mo", "3 d"]),
        (["2 h", "5 working days"], ["2 h", "5 working d"]),
        (["2 h", "12:30"], ["2 h", "750 m:s"]),
        (["2 km", "30 min"], ["2 km", "30 min"]),
    ],
)
def test_durations_in_one_unit(texts: list[str], told: list[str | None]) -> None:
    values = in_one_unit([value_of(text) for text in texts])
    assert [v.number and f"{v.number.normalize():f} {v.unit}" for v in values] == told
