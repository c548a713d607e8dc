"""Lists as files: Markdown and JSON Lines, which hold every quote exactly, and CSV.

A spreadsheet takes a cell for a formula that begins like one. In CSV such a cell gets an apostrophe
before it, and a column of its own says which cells of its row have one.
"""

from __future__ import annotations

import csv
import enum
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.localization import _
from bot.text import visible_line
from bot.wording.places import Place, place_of
from bot.wording.replies import Surface, reply_text
from index.answering.rollups.rows import RollUp, RollUpRow, reply_of
from index.parsing.text.dates import Period

MOST_EXPORTED = 20_000
"""Rows of a list that a file has at most."""
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""How a cell begins that a spreadsheet may take for a formula: owasp.org, "CSV Injection"."""
_FORMULA_WITHIN_CELL = re.compile(r"""(?:(?<=[;\t\r\n"])|(?<=; ))(?='*[=+\-@＝＋－＠])""")
"""Where one begins for a spreadsheet that divides at semicolons, as in half of Europe, or tabs: no
quotation marks hold a cell together there."""
_COLUMNS = (
    *("number", "document", "title", "date", "day", "header", "quote", "values", "page", "heading"),
    *("further places", "replaced by", "copies", "apostrophe added before"),
)
_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")
_TICKS = re.compile(r"`+")


class ExportFormat(enum.StrEnum):
    """The form of a file, by the ending of its name."""

    MARKDOWN = "md"
    JSON_LINES = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Export:
    """A file with the first `rows` of a list, which may have more than fit."""

    text: str
    rows: int


def export_list(found: RollUp, form: ExportFormat, most_bytes: int | None = None) -> Export:
    """Return a list as a file of at most so many bytes, as many whole rows as fit."""
    begin, write = _FORMS[form]
    pieces = [begin(found)]
    size = _size(pieces[0])
    for number, row in enumerate(found.rows, start=found.first):
        piece = write(row, number)
        size += _size(piece)
        if most_bytes is not None and size > most_bytes:
            break
        pieces.append(piece)
    return Export("".join(pieces), len(pieces) - 1)


def _size(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


def file_name(found: RollUp, form: ExportFormat) -> str:
    request = found.extent.request
    words = _NOT_IN_NAME.sub("-", f"{request.lists} {request.about}".lower()).strip("-")
    return f"{words[:60]}.{form}"


# JSON Lines


def row_as_json(row: RollUpRow, number: int) -> dict[str, Any]:
    """Return a row for machines: `quote` is the text of the document from `start` to `end`."""
    quote, replaced = row.quote, row.replaced_by
    return {
        "number": number,
        "document": row.document,
        "title": row.title,
        "date": row.date,
        "day": row.day and _days(row.day),
        "quote": quote and quote.quote,
        "start": quote and quote.span.start,
        "end": quote and quote.span.end,
        "header": quote.header.text if quote and quote.header else None,
        "page": quote and quote.page,
        "heading": list(quote.heading) if quote else [],
        "origin": quote and quote.origin,
        "values": [
            {
                "text": value.text,
                "start": value.span.start,
                "end": value.span.end,
                "number": None if value.number is None else format(value.number, "f"),
                "unit": value.unit,
                "label": value.label,
            }
            for value in row.values
        ],
        "further": row.further,
        "replaced_by": replaced
        and {"document": replaced.document, "title": replaced.title, "since": replaced.since},
        "copies": list(row.copies),
    }


def _begin_lines(found: RollUp) -> str:
    extent = found.extent
    return _line(
        {
            "list": extent.request.lists,
            "about": extent.request.about,
            "first": extent.request.days().get("first"),
            "last": extent.request.days().get("last"),
            "documents": extent.documents,
            "statements": extent.statements,
            "rows": extent.rows,
            "undated": extent.undated,
            "is_whole": extent.is_whole,
        }
    )


def _json_row(row: RollUpRow, number: int) -> str:
    return _line(row_as_json(row, number))


def _line(value: dict[str, Any]) -> str:
    # In ASCII, so that no program takes a sign of a quote for a line's end.
    return json.dumps(value, allow_nan=False) + "\n"


# CSV (RFC 4180)


def _begin_csv(found: RollUp) -> str:
    return _csv(_COLUMNS)


def _csv_row(row: RollUpRow, number: int) -> str:
    quote, replaced = row.quote, row.replaced_by
    values = "; ".join(
        f"{value.label}: {value.text}" if value.label else value.text for value in row.values
    )
    cells = [
        str(number),
        row.document,
        row.title,
        row.date or "",
        _days(row.day) if row.day else "",
        quote.header.text if quote and quote.header else "",
        quote.quote if quote else "",
        values,
        str(quote.page) if quote and quote.page else "",
        " › ".join(quote.heading) if quote else "",
        str(row.further),
        replaced.document if replaced else "",
        "; ".join(row.copies),
    ]
    safe, marked = [], []
    for cell, name in zip(cells, _COLUMNS, strict=False):
        inside = _FORMULA_WITHIN_CELL.sub("'", cell)
        if inside != cell:
            marked.append(f"{name} (within)")
        if cell.startswith(_FORMULA):
            marked.append(name)
            inside = f"'{inside}"
        safe.append(inside)
    return _csv((*safe, "; ".join(marked)))


def _csv(cells: tuple[str, ...]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


# Markdown


def _begin_markdown(found: RollUp) -> str:
    said = reply_text(
        reply_of(found.extent, found.extent.rows), where=Surface.TERMINAL, escape=_plain
    )
    return f"# {said}\n"


def _markdown_row(row: RollUpRow, number: int) -> str:
    quote = row.quote
    facts = [_code(row.document)]
    if row.date:
        facts.append(row.date)
    if row.day:
        facts.append(_days(row.day))
    where = place_of(quote) if quote else Place()
    facts += map(_plain, where.facts)
    if where.heading:
        facts.append(_plain(" › ".join(where.heading)))
    if row.further:
        facts.append(_("further places: {n:,}").format(n=row.further))
    if row.replaced_by:
        facts.append(_("replaced by {title}").format(title=_plain(row.replaced_by.title)))
    if row.copies:
        facts.append(_("also as {names}").format(names=", ".join(map(_code, row.copies))))
    text = f"\n## {number}. {_plain(row.title or row.document)}\n\n{', '.join(facts)}\n"
    if quote is None:
        return text
    quoted = "\n".join([*([quote.header.text] if quote.header else []), quote.quote])
    longest = max((len(ticks) for ticks in _TICKS.findall(quoted)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{text}\n{fence}text\n{quoted}\n{fence}\n"


def _plain(text: str) -> str:
    """Return Markdown that shows a text on one line."""
    return _MARKDOWN.sub(r"\\\1", visible_line(text))


def _code(text: str) -> str:
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    ticks, line = "`" * (longest + 1), visible_line(text)
    return f"{ticks} {line} {ticks}" if longest else f"{ticks}{line}{ticks}"


def _days(period: Period) -> str:
    """Return a day, or a first and a last one with a stroke between, as ISO 8601 has them."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return first if first == last else f"{first}/{last}"


_FORMS: dict[ExportFormat, tuple[Callable[[RollUp], str], Callable[[RollUpRow, int], str]]] = {
    ExportFormat.MARKDOWN: (_begin_markdown, _markdown_row),
    ExportFormat.JSON_LINES: (_begin_lines, _json_row),
    ExportFormat.CSV: (_begin_csv, _csv_row),
}
