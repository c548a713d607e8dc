"""Lists as files."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports import ExportFormat, export_list, file_name
from index.answering.answer import Excerpt, Quote, Successor
from index.answering.list_requests import Extent, Lists, RollUpRequest
from index.answering.rollups.rows import ListedFigure, RollUp, RollUpRow
from index.document import Span

SIGN = r"[=+\-@＝＋－＠]"
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "＝1",
    "plain",
    "a,b",
    'say "x"',
    "a\nb",
    "```\nx",
)


def row_of(quote: str, document: str = "a.md") -> RollUpRow:
    span = Span(0, len(quote))
    excerpt = Excerpt(1, quote, document, "A *title*", ("Part",), 3, span, "p", 0.0)
    value = ListedFigure("40 litres", Span(0, 9), Decimal("40"), "l", "Tank")
    successor = Successor("b.md", "B", "2026-05-01")
    return RollUpRow(
        document, "A *title*", "2026-05-12", excerpt, 2, None, (value,), successor, ("c.md",)
    )


def list_of(*quotes: str) -> RollUp:
    request = RollUpRequest(Lists.MENTIONS, "Cranes & ferries")
    extent = Extent(request, len(quotes), 3 * len(quotes), len(quotes))
    return RollUp(extent, tuple(row_of(quote) for quote in quotes))


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40)), max_size=5))
def test_json_lines_and_csv_give_every_quote_back(quotes: list[str]) -> None:
    found = list_of(*quotes)
    _, *rows = export_list(found, ExportFormat.JSON_LINES).text.splitlines()
    assert [json.loads(row)["quote"] for row in rows] == quotes
    cells = list(csv.DictReader(io.StringIO(export_list(found, ExportFormat.CSV).text, newline="")))
    for cell, quote in zip(cells, quotes, strict=True):
        added = cell["apostrophe added before"].split("; ")
        given_back = cell["quote"].removeprefix("'" if "quote" in added else "")
        if "quote (within)" in added:
            given_back = re.sub(rf"(?:(?<=[;\t\r\n\"])|(?<=; ))'(?='*{SIGN})", "", given_back)
        assert given_back == quote


def test_a_row_of_a_table_has_its_header_beside_it() -> None:
    found = list_of("Heron 4 | 12")
    quote = found.rows[0].quote
    assert quote is not None
    header = Quote("Boat | Seats", Span(20, 32))
    found = replace(found, rows=(replace(found.rows[0], quote=replace(quote, header=header)),))
    (cells,) = csv.DictReader(io.StringIO(export_list(found, ExportFormat.CSV).text, newline=""))
    assert (cells["header"], cells["quote"]) == ("Boat | Seats", "Heron 4 | 12")
    written = export_list(found, ExportFormat.MARKDOWN).text
    assert "```text\nBoat | Seats\nHeron 4 | 12\n```" in written
    line = json.loads(export_list(found, ExportFormat.JSON_LINES).text.splitlines()[1])
    assert (line["header"], line["quote"]) == ("Boat | Seats", "Heron 4 | 12")


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    found = list_of(f"={text}")
    for row in csv.reader(io.StringIO(export_list(found, ExportFormat.CSV).text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@given(st.lists(st.sampled_from([";", "; ", "=", "+1", "-", "@", '"', "'", "\t", "\n", "a", ","])))
def test_no_cell_begins_like_a_formula_where_semicolons_or_tabs_divide(pieces: list[str]) -> None:
    text = export_list(list_of("".join(pieces)), ExportFormat.CSV).text
    for cell in re.split(r'[;\t\r\n]+ ?"*', text):
        assert not re.match(SIGN, cell), cell


@pytest.mark.parametrize("quote", HOSTILE)
def test_markdown_has_every_quote_as_it_is(quote: str) -> None:
    text = export_list(list_of(quote), ExportFormat.MARKDOWN).text
    assert f"text\n{quote}\n```" in text
    assert "# 1 document mentions Cranes \\& ferries." in text
    assert "## 1. A \\*title\\*" in text
    assert (
        "`a.md`, 2026-05-12, page 3, Part, further places: 2, replaced by B, also as `c.md`" in text
    )


def test_a_file_has_as_many_whole_rows_as_fit() -> None:
    found = list_of(*["word " * 20] * 50)
    for form in ExportFormat:
        whole = export_list(found, form)
        part = export_list(found, form, len(whole.text.encode()) // 2)
        assert whole.rows == 50
        assert 0 < part.rows < 50
        assert whole.text.startswith(part.text)
        assert len(part.text.encode()) <= len(whole.text.encode()) // 2


def test_the_name_of_a_file_is_in_plain_letters() -> None:
    assert file_name(list_of(), ExportFormat.CSV) == "mentions-cranes-ferries.csv"
