"""What is raised or lowered, as plain text."""

from __future__ import annotations

import pytest

from index.parsing.text.scripts import lowered, raised, superscript


@pytest.mark.parametrize(
    ("before", "text", "written"),
    [
        ("10", "6", "10⁶"),
        ("10", "-3", "10⁻³"),
        ("25 m", "2", "25 m²"),
        ("Ca", "2+", "Ca²⁺"),
        ("x", "n+1", "xⁿ⁺¹"),
        ("e", "kt", "eᵏᵗ"),
        ("10", "1.5", "10¹.⁵"),
        ("the fee", "1", "the fee¹"),
        ("5,000", "1, 2", "5,000¹, ²"),
        ("5,000", "a", "5,000ᵃ"),
        ("1", "st", "1st"),
        ("M", "me", "Mme"),
        ("XIX", "e", "XIXe"),
        ("Acme", "TM", "Acme™"),
        ("Acme", "®", "Acme®"),
        ("", "1", "¹"),
        ("Revenue ", "all of 2031 in euros", "Revenue all of 2031 in euros"),
    ],
)
def test_raised(before: str, text: str, written: str) -> None:
    assert before + raised(text, before) == written


@pytest.mark.parametrize(
    ("before", "text", "after", "written"),
    [
        ("CO", "2", " is", "CO2 is"),
        ("C", "6", "H", "C6H"),
        ("Ca(OH)", "2", "", "Ca(OH)2"),
        ("log", "2", "8", "log₂8"),
        ("101", "2", "", "101₂"),
        ("x", "i", "", "xᵢ"),
        ("NO", "x", "", "NOx"),
        ("P", "max", "", "Pmax"),
    ],
)
def test_lowered(before: str, text: str, after: str, written: str) -> None:
    assert before + lowered(text, before, after) + after == written


def test_a_mark_is_raised_wholly() -> None:
    assert superscript("iv") == "ⁱᵛ"
    assert superscript("*") == "*"
