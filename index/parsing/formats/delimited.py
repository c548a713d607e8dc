"""Parser of comma- and tab-separated values, through the csv module."""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Draft, Source
from index.parsing.formats.delimiters import delimiter_of, without_statement
from index.parsing.tables.compact_rows import CompactRows
from index.parsing.tables.sheet_tables import SheetHints, write_tables
from index.parsing.text.decoding import decode

_SAMPLE = 24
_WIDEST = 16_384  # as in Excel
_MOST_EMPTY, _FEW = 10, 100_000
"""How many times as many cells as are written a table may have, where lines differ in length."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_FIGURE = re.compile(r"[-+\d\s.,:/%$€£]*\d[\d\s.,:/%$€£]*")


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    builder = DocumentBuilder(source.limits)
    if decoded.remark:
        builder.remark(decoded.remark)
    text, delimiter = without_statement(decoded.text)
    if not delimiter:
        delimiter = delimiter_of(text, "\t" if source.suffix == ".tsv" else ",")
    rows = _rows(text, delimiter, builder, source.limits.max_characters)
    del decoded, text  # a long table takes much memory as it is
    numbers: Sequence[int] = range(1, len(rows) + 1)
    is_above = delimiter == "," and len(rows) > 0 and len(rows[0]) != rows.width
    if rows.blank or is_above:
        rows, numbers = _without_gaps(_joined(rows) if is_above else rows)
    width = rows.width
    with builder.within_limit(may_hide=False):
        if width > _WIDEST or len(rows) * width > _MOST_EMPTY * rows.cells + _FEW:
            builder.table(rows, header_rows=0)  # a line is very long
        else:
            named = frozenset((0,) if _begins_with_names(rows) else ())
            write_tables(builder, rows, hints=SheetHints(filtered=named), numbers=numbers)
    return builder.draft()


def _rows(text: str, delimiter: str, builder: DocumentBuilder, most: int) -> CompactRows:
    """Return the cells of each line, until they have more than `most` characters.

    An empty line has none.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    for forgiving in (False, True):
        lines = csv.reader(_lines(text), delimiter=delimiter, strict=not forgiving)
        try:
            return _cells(lines, most)
        except csv.Error as exc:
            if forgiving or "end of data" in str(exc):
                builder.remark(
                    "A quotation mark is not closed; all of them were read as they stand."
                )
                break
    reader = csv.reader(_lines(text), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    try:
        return _cells(reader, most)
    except csv.Error as exc:
        raise UnreadableDocument(
            f"line {reader.line_num:,} is not a line of a table ({exc})"
        ) from exc


def _lines(text: str) -> Iterator[str]:
    return (match[0] for match in _LINE.finditer(text))


def _cells(lines: Iterable[list[str]], most: int) -> CompactRows:
    rows = CompactRows()
    for line in lines:
        cells = [cell.strip() for cell in line]
        rows.append(cells)
        most -= sum(map(len, cells))
        if most < 0:
            break
    return rows


def _begins_with_names(rows: CompactRows) -> bool:
    """Return whether the first line is a header: names, with figures below one of them."""
    sample = rows[:_SAMPLE]
    if not sample or len(sample[0]) < 2 or len(set(sample[0])) < len(sample[0]):
        return False
    if any(not name or _FIGURE.fullmatch(name) for name in sample[0]):
        return False
    return any(
        figures and all(map(_FIGURE.fullmatch, filter(None, figures)))
        for figures in zip_longest(*sample[1:], fillvalue="")
        if any(figures)
    )


def _joined(rows: CompactRows) -> Iterator[list[str]]:
    """Yield the rows, with each sentence above the table, which commas divided, as one cell."""
    is_above = True
    for row in rows:
        is_above &= len(row) != rows.width
        if is_above and len(row) > 1 and all(row) and len(" ".join(row).split()) > 2 * len(row):
            yield [", ".join(row)]
        else:
            yield row


def _without_gaps(rows: Iterable[list[str]]) -> tuple[CompactRows, Sequence[int]]:
    """Return the rows without empty lines before a row of which only one cell has a text.

    With as many cells as the row above, it is none of the lines that stand between tables. And the
    number of each row in the file, as a spreadsheet shows it, from 1.
    """
    kept, numbers = CompactRows(), array("I")
    above, gap = 0, 0  # the cells of the row above, and the empty line below it
    for number, row in enumerate(rows, start=1):
        if not any(row):
            gap = gap or number
            continue
        if gap and not (1 < len(row) == above and sum(map(bool, row)) == 1):
            kept.append(())
            numbers.append(gap)
        kept.append(row)
        numbers.append(number)
        above, gap = len(row), 0
    return kept, numbers
