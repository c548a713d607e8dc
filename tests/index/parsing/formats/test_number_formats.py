"""Number formats: what a cell shows of a stored number."""

from __future__ import annotations

import pytest

from index.parsing.formats.numbers.formats import (
    is_date_format,
    plain_number,
    shown_number,
    shown_text,
)


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("42", "00000", "00042"),
        ("1250.5", "#,##0.00", "1,250.50"),
        ("1250.5", '"£"#,##0.00', "£1,250.50"),
        ("1250.5", "[$€-407] #,##0.00", "€ 1,250.50"),
        ("1250.5", '#,##0.00 "kr"', "1,250.50 kr"),
        ("2.675", "0.00", "2.68"),
        ("0.125", "0.0%", "12.5%"),
        ("0.125", "0%", "13%"),
        ("12.5", '0.0"%"', "12.5%"),
        ("7", r"0\%", "7%"),
        ("-5", "0", "-5"),
        ("-0.001", "0.0", "0.0"),
        ("-5", "#,##0;(#,##0)", "(5)"),
        ("-5", "0;[Red]0", "-5"),  # red alone would be lost
        ("0", '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', "-"),
        ("-1234.5", '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)', "$ (1,234.50)"),
        ("5", '[<10]0" few";0" many"', "5 few"),
        ("15", '[<10]0" few";0" many"', "15 many"),
        ("15", '[<10]0" few"', "15"),
        ("1234567", '#,##0,"k"', "1,235k"),
        ("1234567", '0.0,,"M"', "1.2M"),
        ("123456789", "000-00-0000", "123-45-6789"),
        ("0.5", "#.##", ".5"),
        ("1234.5", "0.00E+00", "1.23E+03"),
        ("12345.678", "##0.0E+0", "12.3E+3"),
        ("0.00012", "0.0E+00", "1.2E-04"),
        ("3.5", "# ?/?", "3 1/2"),
        ("0.5", "?/8", "4/8"),
        ("1.5", 'General" m"', "1.5 m"),
        ("99", "@", "99"),
    ],
)
def test_numbers(stored: str, code: str, shown: str) -> None:
    assert shown_number(stored, code) == shown


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("47911", "yyyy-mm-dd", "2031-03-04"),
        ("47911", "d mmm yyyy", "4 Mar 2031"),
        ("47911", "dddd, mmmm dd, yyyy", "Tuesday, March 04, 2031"),
        ("47911", "dd.mm.yy", "04.03.2031"),
        ("47911", "mmm-yy", "Mar-2031"),
        ("47911", "mm-dd-yy", "2031-03-04"),  # each reader's system orders it
        ("47911", "m/d/yyyy", "2031-03-04"),
        ("47911.25", "m/d/yy h:mm", "2031-03-04 06:00"),
        ("47911", "[$-407]d. mmmm yyyy", "2031-03-04"),  # März
        ("47911", "yyyy-mm-dd h:mm:ss", "2031-03-04"),  # as libraries write days
        ("47911.5", "yyyy-mm-dd h:mm:ss", "2031-03-04 12:00:00"),
        ("0.75", "h:mm", "18:00"),
        ("0.75", "h:mm AM/PM", "6:00 PM"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.0423611", "mm:ss", "01:00"),
        ("59", "d mmm yyyy", "28 Feb 1900"),
        ("61", "d mmm yyyy", "1 Mar 1900"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("3000000", "yyyy-mm-dd", "3000000"),
    ],
)
def test_dates_and_times(stored: str, code: str, shown: str) -> None:
    assert shown_number(stored, code) == shown


def test_dates_from_1904() -> None:
    assert shown_number("0", "yyyy-mm-dd", from_1904=True) == "1904-01-01"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1234567", "1234567"),
        ("1E+15", "1000000000000000"),
        ("0.30000000000000004", "0.3"),
        ("0.000012345", "0.000012345"),
        ("1.5", "1.5"),
        ("1E+300", "1E+300"),
        ("#N/A", "#N/A"),
    ],
)
def test_a_number_without_a_format_keeps_its_digits(stored: str, shown: str) -> None:
    assert plain_number(stored) == shown
    assert shown_number(stored, "General") == shown


@pytest.mark.parametrize("code", ["0" * 300, "", "[h", '"', ";;;;;", "ggge", "E+", "/", "0.0.0.0"])
def test_a_code_that_means_nothing_breaks_nothing(code: str) -> None:
    assert isinstance(shown_number("5", code), str)


def test_texts_and_kinds_of_formats() -> None:
    assert shown_text("7b", '"No. "@') == "No. 7b"
    assert shown_text("7b", "0.0") == "7b"
    assert is_date_format("d mmm")
    assert not is_date_format('0.0"d"')
