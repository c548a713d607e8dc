"""Rows of a table: columns side by side where they are narrow, otherwise each row as fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.discord.rendering.inline import Run, code_block, set_line
from index.document import StyleKind

_WIDEST = 36
"""Columns of a phone held upright."""
_REPEATED = 1_500
"""Characters of headers that are repeated for the rows; with more, they stand once above them."""
_EMPHASISED = 60
"""Characters of a cell that is emphasised as a whole; in a longer one, only the words are."""
_GAP = "  "
_DOT = " · "
_FIGURE = re.compile(r"[-+−–]?[€$£]?\s?\d[\d\s.,:]*\s?(?:%|[€$£]|[A-Za-z]{1,3})?")


@dataclass(frozen=True, slots=True)
class CellMarkup:
    """One cell: what is seen of it, its markup, and whether it answers."""

    seen: str
    markup: str
    is_emphasised: bool = False


def set_table(
    heads: Sequence[Sequence[CellMarkup]], rows: Sequence[Sequence[CellMarkup]]
) -> list[str]:
    """Return the lines of rows below the lines of their table's header, which may be none."""
    rows = [row for row in rows if any(cell.seen for cell in row)]
    if not rows:
        return [_DOT.join(cell.markup for cell in head if cell.seen) for head in heads]
    if len(rows) > 1 and not any(cell.is_emphasised for row in rows for cell in row):
        lines = _aligned(heads, rows)
        if lines is not None:
            return lines
    width = max(map(len, (*heads, *rows)))
    names = [
        " ".join(dict.fromkeys(head[n].seen for head in heads if n < len(head))).strip()
        for n in range(width)
    ]
    if sum(map(len, names)) * len(rows) > _REPEATED:
        return [_DOT.join(cell.markup for cell in line if cell.seen) for line in (*heads, *rows)]
    lines = []
    filled = {n for row in rows for n, cell in enumerate(row) if cell.seen}
    without = {name for n, name in enumerate(names) if n not in filled}
    for number, row in enumerate(rows):
        cells = [*row, *[CellMarkup("", "")] * (width - len(row))]
        labels = list(names)
        if number and any(map(str.isalpha, cells[0].seen)):
            labels[0] = ""  # the row's name says what it is, unless it is a number or a day
        fields = [
            _field(name, cell)
            for name, cell in zip(labels, cells, strict=True)
            if cell.seen or (name and name in without and not number)
        ]
        if not any(labels):
            lines.append(_DOT.join(fields))
        else:
            # Of several rows each is an item, so that its fields stand below its name.
            sign, room = ("- ", "  ") if len(rows) > 1 else ("", "")
            lines.append(f"{sign}{fields[0]}")
            lines += [f"{room}{_DOT.join(fields[1:])}"] if fields[1:] else []
    return lines


def _field(name: str, value: CellMarkup) -> str:
    if not name:
        return value.markup
    bold = [Run(0, len(name), StyleKind.BOLD)]
    if value.is_emphasised and 0 < len(value.seen) <= _EMPHASISED:
        whole = f"{name} {value.seen}"
        return set_line(whole, [Run(0, len(whole), StyleKind.BOLD)])
    return " ".join(filter(None, [set_line(name, bold), value.markup]))


def _aligned(
    heads: Sequence[Sequence[CellMarkup]], rows: Sequence[Sequence[CellMarkup]]
) -> list[str] | None:
    """Return the columns side by side; None where they are too wide, or not all can be code."""
    table = [[cell.seen for cell in line] for line in (*heads, *rows)]
    width = max(map(len, table))
    table = [[*line, *[""] * (width - len(line))] for line in table]
    widths = [max(_width(line[n]) for line in table) for n in range(width)]
    if sum(widths) + len(_GAP) * (width - 1) > _WIDEST:
        return None
    body = table[len(heads) :]
    figures = [all(_FIGURE.fullmatch(line[n]) for line in body if line[n]) for n in range(width)]
    lines = [
        _GAP.join(
            _padded(text, widths[n], right=figures[n]) for n, text in enumerate(line)
        ).rstrip()
        for line in table
    ]
    if heads:
        lines.insert(len(heads), _GAP.join("─" * one for one in widths))
    return code_block(lines)


def _padded(text: str, width: int, *, right: bool) -> str:
    room = " " * (width - _width(text))
    return room + text if right else text + room


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )
