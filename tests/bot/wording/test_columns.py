"""Which columns of a very wide table count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.wording.columns import counting_columns
from index.answering.answer import Excerpt, Quote
from index.document import Span

NAMES = ["Vehicle", "Depot", "Driver", *(f"Check {n} before departure" for n in range(30))]
HEADER = " | ".join(NAMES)


def _row(*cells: str, emphasised: str = "") -> Excerpt:
    quote = " | ".join((*cells, *["ok"] * (len(NAMES) - len(cells))))
    at = 2_000 + quote.find(emphasised)
    return Excerpt(
        number=1,
        quote=quote,
        document="fleet.csv",
        title="fleet",
        heading=(),
        page=None,
        span=Span(2_000, 2_000 + len(quote)),
        passage="0123456789abcdef0123",
        score=0.0,
        emphasis=(Span(at, at + len(emphasised)),) if emphasised else (),
        header=Quote(HEADER, Span(10, 10 + len(HEADER))),
    )


@pytest.mark.parametrize(
    ("question", "emphasised", "names"),
    [
        ("who drives Heron 4?", "Ines Vo", ("Vehicle", "Driver")),
        ("which vehicles are at the depots?", "", ("Vehicle", "Depot")),
        ("what is in Dorosh?", "", ("Vehicle", "Depot")),
        ("anything?", "", ("Vehicle", "Depot", "Driver", "Check 0 before departure")),
    ],
)
def test_what_names_the_row_and_what_is_asked_for(
    question: str, emphasised: str, names: tuple[str, ...]
) -> None:
    found = counting_columns(
        [_row("Heron 4", "Dorosh", "Ines Vo", emphasised=emphasised)], question
    )
    assert found is not None
    assert found.names == names
    assert found.left_out == len(NAMES) - len(names)


def test_all_rows_have_the_columns_that_count_for_one() -> None:
    rows = [_row("Heron 4", "Dorosh", "Ines Vo"), _row("Finch 2", "Karsk", emphasised="Karsk")]
    found = counting_columns(rows, "")
    assert found is not None
    assert found.cells == (("Heron 4", "Dorosh"), ("Finch 2", "Karsk"))


def test_other_tables_are_shown_whole() -> None:
    row = _row("Heron 4")
    short = Quote("Vehicle | Depot", Span(10, 25))
    for each in (None, short):
        assert counting_columns([replace(row, header=each)], "depot") is None
