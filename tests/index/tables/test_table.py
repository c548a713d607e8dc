from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import BlockKind, Document, Span
from index.parsing.builder import DocumentBuilder
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.tables.table import Table, TableLine, read_table
from index.tables.values import CellKind


def table_in(document: Document) -> Table:
    blocks = [b for b in document.blocks if b.kind in (BlockKind.HEADER, BlockKind.ROW)]
    lines = [TableLine(b.span.of(document.text), b.span) for b in blocks]
    header = lines.pop(0) if blocks[0].kind is BlockKind.HEADER else None
    table = read_table(document.name, "", header, lines, is_whole=True)
    assert table is not None
    return table


def parsed(text: str, suffix: str) -> Document:
    return parse_bytes(text.encode(), f"t{suffix}", suffix, limits=ParsingLimits())


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".csv", "Vehicle,Seats,Driver\nHeron 1,5,\nHeron 2,,Vira\n"),
        (
            ".md",
            "| Vehicle | Seats | Driver |\n| --- | ---: | --- |\n| Heron 1 | 5 | |\n"
            "| Heron 2 | | Vira |\n",
        ),
        (
            ".html",
            "<table><tr><th>Vehicle</th><th>Seats</th><th>Driver</th></tr><tr><td>Heron 1</td>"
            "<td>5</td><td></td></tr><tr><td>Heron 2</td><td></td><td>Vira</td></tr></table>",
        ),
    ],
)
def test_a_row_is_a_record_with_its_headers(suffix: str, text: str) -> None:
    document = parsed(text, suffix)
    table = table_in(document)
    assert table.headers == ("Vehicle", "Seats", "Driver")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Heron 1", "5", ""],
        ["Heron 2", "", "Vira"],
    ]
    for cell in (cell for row in table.rows for cell in row.cells):
        assert cell.span.of(document.text) == cell.text
    assert table.header is not None
    assert "---" not in table.header.text
    assert table.header.span.of(document.text) == table.header.text


def test_columns_have_kinds_and_units() -> None:
    document = parsed("Leg,Price (EUR),Lowest,Day\nA,12,3.1 °C,3 May\nB,9,2 °C,4 May\n", ".csv")
    table = table_in(document)
    kinds = [column.kind for column in table.columns]
    assert kinds == [CellKind.TEXT, CellKind.MONEY, CellKind.NUMBER, CellKind.DATE]
    assert [column.unit for column in table.columns] == ["", "EUR", "°C", ""]
    assert table.column(1).values[1].number == Decimal(9)


def test_a_row_that_adds_up_others_is_known() -> None:
    table = table_in(parsed("Heading,Spent\nGoods,5\nTotal,5\nTotal score,3\n", ".csv"))
    assert [row.is_total for row in table.rows] == [False, True, True]


def test_several_header_rows_are_read_together() -> None:
    header = TableLine("Port | 2031 | 2031\n | Ships | Tonnes", Span(0, 39))
    row = TableLine("Arvik | 120 | 4100", Span(40, 58))
    table = read_table("a", "", header, [row], is_whole=True)
    assert table is not None
    assert table.headers == ("Port", "2031 Ships", "2031 Tonnes")


def test_one_column_is_no_table() -> None:
    assert read_table("a", "", None, [TableLine("alone", Span(0, 5))], is_whole=True) is None


_CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="|\\", exclude_categories=("C", "Z")),
    max_size=8,
)


@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(_CELLS, min_size=width, max_size=width).filter(any), min_size=2, max_size=6
        )
    )
)
def test_the_cells_of_any_table_quote_the_document(rows: list[list[str]]) -> None:
    builder = DocumentBuilder(ParsingLimits())
    builder.table(rows, header_rows=1)
    draft = builder.draft()
    blocks = [block for block in draft.blocks if block.kind is BlockKind.ROW]
    if not blocks:
        return
    lines = [TableLine(block.span.of(draft.text), block.span) for block in blocks]
    table = read_table("t", "", None, lines, is_whole=True)
    if table is None:
        return
    for row in table.rows:
        assert len(row.cells) == table.width
        for cell in row.cells:
            assert cell.span.of(draft.text) == cell.text
            assert row.span.contains(cell.span)


def test_header_rows_are_joined_by_column_and_a_caption_gives_the_unit() -> None:
    builder = DocumentBuilder(ParsingLimits())
    rows = [["", "Sales", "Sales"], ["Town", "2030", "2031"], ["Arvik", "1 304", "(67)"]]
    builder.table(rows, header_rows=2)
    draft = builder.draft()
    document = Document("a.pdf", "A", draft.text, draft.blocks)
    header, line = (TableLine(block.span.of(draft.text), block.span) for block in document.blocks)
    table = read_table("a.pdf", "Sales of towns (NOK million)", header, [line], is_whole=True)
    assert table is not None
    assert table.headers == ("Town", "Sales 2030", "Sales 2031")
    sales = table.column(2)
    assert (sales.kind, sales.unit) == (CellKind.MONEY, "million NOK")
    assert [value.number for value in sales.values] == [Decimal(-67)]
