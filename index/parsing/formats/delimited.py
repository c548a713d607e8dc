"""Parser of comma- and tab-separated values, through the csv module."""

from __future__ import annotations

import csv
import io

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder
from index.parsing.decoding import decode
from index.parsing.draft import Draft, Source

__all__ = ["parse"]

_SAMPLE = 16_384


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    builder = DocumentBuilder(source.limits)
    if decoded.remark:
        builder.remark(decoded.remark)
    delimiter = _delimiter(decoded.text, "\t" if source.suffix == ".tsv" else ",")
    lines = csv.reader(io.StringIO(decoded.text, newline=""), delimiter=delimiter)
    try:
        builder.table((row for row in lines if any(cell.strip() for cell in row)), header_rows=1)
    except csv.Error as exc:
        raise UnreadableDocument(
            f"line {lines.line_num:,} holds a cell of more than {csv.field_size_limit():,} "
            "characters; a quotation mark may not be closed"
            if "field larger" in str(exc)
            else f"line {lines.line_num:,} is not a line of a table ({exc})"
        ) from exc
    return builder.draft()


def _delimiter(text: str, expected: str) -> str:
    """Return the sign between cells; where the text leaves it open, the `expected` one."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    first_line = sample.strip().split("\n", 1)[0]
    if expected in first_line and not any(
        other in first_line for other in ";\t|" if other != expected
    ):
        return expected
    try:
        return csv.Sniffer().sniff(sample, delimiters=",;\t|").delimiter
    except csv.Error:
        return expected
