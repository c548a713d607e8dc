"""Chooses the columns that count of rows of a very wide table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.answer import Excerpt
from index.answering.kinds.tables.words import is_content, is_related, words_in
from index.tables.table import TableCell, TableLine, header_line, read_cells

_WIDE, _MANY = 600, 8
"""Characters of a row and the names of its columns, and columns, of a very wide table."""
_ASKED, _OTHERS = 6, 4
"""Most columns that are shown, and most where none is asked for."""
_CELL, _WORDS = 160, 40
"""Longest cell, and most words of a question, that are compared."""


@dataclass(frozen=True, slots=True)
class CountingColumns:
    """The numbers of the columns that count, their names, and their cells, row by row.

    `left_out` counts the other columns.
    """

    numbers: tuple[int, ...]
    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    left_out: int


def is_wide(row: Excerpt) -> bool:
    """Return whether a row has too many columns to be shown whole."""
    if row.header is None or len(row.header.text) + len(row.quote) <= _WIDE:
        return False
    return row.header.text.count("|") >= _MANY


def counting_columns(rows: Sequence[Excerpt], question: str) -> CountingColumns | None:
    """Return which columns of rows of one table count; None where it is not very wide.

    These are the one that names the row, those with emphasis, and those that the question names.
    """
    header = rows[0].header
    if header is None or not is_wide(rows[0]) or any("\n" in row.quote for row in rows):
        return None
    heads, lines = read_cells(
        header_line(TableLine(header.text, header.span)),
        [TableLine(row.quote, row.span) for row in rows],
    )
    filled = sorted({n for cells in lines for n, cell in enumerate(cells) if cell.text})
    stressed = {
        n
        for row, cells in zip(rows, lines, strict=True)
        for n, cell in enumerate(cells)
        if any(cell.span.overlaps(span) for span in row.emphasis)
    }
    words = [w for w in words_in(question) if is_content(w) and not w.isdigit()][:_WORDS]
    asked = {n for n in filled if _is_asked_for(n, (*heads, *lines), words)}
    best_first = sorted(
        (n for n in filled[1:] if n in stressed or n in asked), key=lambda n: n not in stressed
    )
    kept = sorted((*filled[:1], *best_first[: _ASKED - 1])) if best_first else filled[:_OTHERS]
    names = (
        " ".join(dict.fromkeys(line[n].text for line in heads if n < len(line))).strip()
        for n in kept
    )
    cells = (tuple(line[n].text if n < len(line) else "" for n in kept) for line in lines)
    left_out = max(map(len, (*heads, *lines))) - len(kept)
    return CountingColumns(tuple(kept), tuple(names), tuple(cells), left_out)


def _is_asked_for(number: int, lines: Sequence[Sequence[TableCell]], words: Sequence[str]) -> bool:
    """Return whether a word of the question stands in a short cell of a column, or its name."""
    texts = [line[number].text for line in lines if number < len(line)]
    stored = {word for text in texts if len(text) <= _CELL for word in words_in(text)}
    return any(is_related(word, other) for word in words for other in stored if is_content(other))
