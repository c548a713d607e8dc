from __future__ import annotations

import pytest

from index.answering.finding.fields import fields_asked, fields_of
from index.document import Span

TEXT = (
    "From: Ann Birk\nTo: Ole Strand\nHandling: internal\n"
    "Lowest temperature   –24 °C\n  Cost\t31,250"
)


def test_fields_are_lines_with_a_label() -> None:
    fields = {label: span.of("12345" + TEXT) for label, span in fields_of(TEXT, Span(5, 99))}
    assert fields == {
        "From": "From: Ann Birk",
        "To": "To: Ole Strand",
        "Handling": "Handling: internal",
        "Lowest temperature": "Lowest temperature   –24 °C",
        "Cost": "Cost\t31,250",
    }


@pytest.mark.parametrize(
    ("typed", "came"),
    [
        ("who wrote it?", ["From: Ann Birk"]),
        ("to whom was it addressed", ["To: Ole Strand"]),
        ("how was it handled", ["Handling: internal"]),
        ("what were the lowest temperatures", ["Lowest temperature   –24 °C"]),
        ("what did it cost", ["Cost\t31,250"]),
        ("where is the bridge", []),
    ],
)
def test_the_field_that_is_asked_for(typed: str, came: list[str]) -> None:
    assert [span.of(TEXT) for span in fields_asked(typed, TEXT, Span(0, len(TEXT)))] == came


def test_front_matter_has_fields() -> None:
    line = "approved_by: Ingrid Solvang"
    assert fields_asked("who approved the plan", line, Span(0, len(line)))
    assert not fields_asked("who leads the plan", line, Span(0, len(line)))
