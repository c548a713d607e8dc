"""Rows of a table below the names of its columns."""

from __future__ import annotations

from bot.discord.rendering.answers.rolled_up import rolled_up_message
from bot.discord.rendering.answers.rows import below_header, short_record, short_rows
from bot.discord.rendering.message import Button
from index.answering.answer import Excerpt, Quote
from index.answering.list_requests import Extent, Lists, RollUpRequest
from index.answering.rollups.rows import RollUp, RollUpRow
from index.document import Span, Style, StyleKind
from tests.bot.discord.rendering.shown import shown


def _row(header: str, row: str, *emphasised: str) -> Excerpt:
    """Return a row at 1,000, far below its header at 10."""
    above, span = Span(10, 10 + len(header)), Span(1_000, 1_000 + len(row))
    starts = [(1_000 + row.index(each), len(each)) for each in emphasised]
    return Excerpt(
        number=1,
        quote=row,
        document="fleet.csv",
        title="fleet",
        heading=(),
        page=None,
        span=span,
        passage="0123456789abcdef0123",
        score=0.0,
        emphasis=tuple(Span(start, start + length) for start, length in starts),
        header=Quote(header, above),
        styles=(
            Style(StyleKind.HEADER, above, level=1),
            Style(StyleKind.ROW, span, level=1, text="7"),
        ),
    )


def test_a_row_of_a_list_stands_below_the_names_of_its_columns() -> None:
    row = _row("Boat | Seats | Age", "Heron 4 | 12 | 9", "Heron")
    extent = Extent(RollUpRequest(Lists.MENTIONS, "Heron"), documents=1, statements=1, rows=1)
    found = RollUp(extent, (RollUpRow("fleet.csv", "fleet", None, row),))
    message = shown(rolled_up_message(found, None, [], opener=lambda number, row: Button("1", "p")))
    assert "> **Boat Heron 4**\n> **Seats** 12 · **Age** 9\n" in message


def test_of_a_long_row_the_cells_that_were_asked_for_are_kept() -> None:
    names = " | ".join(f"Column {n}" for n in range(40))
    cells = " | ".join(["Heron 4", *(f"value {n}" for n in range(1, 39)), "diesel leaks"])
    record = short_record(below_header([_row(names, cells, "diesel")]), 200)
    assert record.startswith("**Column 0** Heron 4\n**Column 1** value 1 · ")
    assert record.endswith(" · **Column 39 diesel leaks** …")
    assert len(record) < 300
    assert "Column 30" not in record


def test_a_column_without_a_cell_is_not_named() -> None:
    for cells in ("Heron 4 |  | 9", "Heron 4 |"):
        record = short_record(below_header([_row("Boat | Seats | Age", cells)]), 200)
        assert "Seats" not in record
        assert record.startswith("**Boat** Heron 4")
        assert "…" not in record


def test_a_very_long_cell_is_cut_between_words_around_what_was_asked_for() -> None:
    words = [f"word{n}" for n in range(200)]
    row = _row("Site | Remark", f"Heron 4 | {' '.join(words)}", "word150")
    record = short_record(below_header([row]), 200)
    first, second = record.split("\n")
    assert first == "**Site** Heron 4"
    assert "**word150**" in second
    kept = second.removeprefix("**Remark** … ").removesuffix(" …").replace("*", "").split()
    assert kept == words[words.index(kept[0]) : words.index(kept[-1]) + 1]
    assert len(record) < 300


def test_of_a_very_wide_row_the_columns_that_count_stand_below_their_names() -> None:
    names = " | ".join(["Boat", "Depot", *(f"Check {n} before departure" for n in range(30))])
    rows = [
        _row(names, " | ".join([boat, depot, *["ok"] * 30]), depot)
        for boat, depot in (("Heron 4", "Karsk"), ("Finch 2", "Velin"))
    ]
    found = short_rows(rows, "where is it?")
    assert found is not None
    assert found.left_out == 30
    assert found.markup.split("\n") == [
        "- **Boat** Heron 4",
        "  **Depot Karsk**",
        "- Finch 2",
        "  **Depot Velin**",
    ]
