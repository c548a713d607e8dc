"""Parser of JSON: objects become sections, pairs and tables; values stay as they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.rich_text import is_page, without_embedded, write_text
from index.parsing.text.characters import ends_sentence
from index.parsing.text.dates import iso_date
from index.parsing.text.decoding import decode

_LONG = 200
"""Characters of a string that is a text of its own, rather than a value."""
_LIST = re.compile(r"\s*\[\s*")
_COMMA = re.compile(r"\s*,\s*")
_MOST_COLUMNS = 60
_MOST_INNER_KEYS = 4
"""Keys of an object within an entry of a list, up to which they are rows of the entry."""
_DEEPEST = 3
"""How far objects within the rows of a table become columns of it."""
_NAMES = ("title", "name", "subject", "summary", "label", "id", "key")
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class _Object:
    """The keys and values of an object in order, also where a key stands twice."""

    keys: tuple[str, ...]
    values: list[_Value]

    @property
    def pairs(self) -> Iterator[tuple[str, _Value]]:
        return zip(self.keys, self.values, strict=True)


_Value: TypeAlias = "str | bool | list[_Value] | _Object | None"


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    builder = DocumentBuilder(source.limits)
    if decoded.remark:
        builder.remark(decoded.remark)
    title, metadata = "", {}
    try:
        value = _read(
            decoded.text, source.limits.max_characters, in_lines=source.suffix == ".jsonl"
        )
    except json.JSONDecodeError as exc:
        builder.remark(f"It is not valid JSON (line {exc.lineno:,}) and was read as it stands.")
        with builder.within_limit(may_hide=False):
            builder.code(without_embedded(decoded.text, builder))
    else:
        del decoded  # a long list takes much memory as it is
        if isinstance(value, _Object):
            title = _name_of(value)
            if date := iso_date(_text_at(value, "date")):
                metadata["date"] = date
        with builder.within_limit(may_hide=False):
            _Writer(builder).write(value, 1)
    return replace(builder.draft(title=title, metadata=metadata), is_data=True)


def _read(text: str, most: int, *, in_lines: bool) -> _Value:
    """Return the value of a text, with numbers as they are written; or that of each line.

    Of a list, no more values are read than have `most` characters.
    """
    objects = _Objects()
    decoder = json.JSONDecoder(
        object_pairs_hook=objects.make,
        parse_float=str,
        parse_int=str,
        parse_constant=str,
        strict=False,
    )
    try:
        if (items := _items(text, decoder, objects, most)) is not None:
            return items
        found: _Value = decoder.decode(text)
    except json.JSONDecodeError as exc:
        if not in_lines and exc.msg != "Extra data":
            raise
        values = []
        for line in text.splitlines():
            if line.strip():
                values.append(decoder.decode(line))
            if objects.characters > most:
                break
        return values
    return found


def _items(
    text: str, decoder: json.JSONDecoder, objects: _Objects, most: int
) -> list[_Value] | None:
    """Return the values of a list that is longer than a document may be; None for any other."""
    if len(text) <= most or not (start := _LIST.match(text)):
        return None
    values: list[_Value] = []
    at = start.end()
    while objects.characters <= most:
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        between = _COMMA.match(text, at)
        if between is None:
            return None  # it ends here, or is none
        at = between.end()
    return values


class _Objects:
    """Makes objects, and counts the characters of their shorter values.

    Not those that may be left out: spaces, and the tags of what may be a page.
    """

    def __init__(self) -> None:
        self.characters = 0
        self._keys: dict[tuple[str, ...], tuple[str, ...]] = {}

    def make(self, pairs: list[tuple[str, _Value]]) -> _Object:
        keys = tuple(key for key, _ in pairs)
        values = [value for _, value in pairs]
        self.characters += sum(
            sum(map(len, value.split()))
            for value in values
            if isinstance(value, str) and len(value) <= _LONG and "<" not in value
        )
        return _Object(self._keys.setdefault(keys, keys), values)


class _Writer:
    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder

    def write(self, value: _Value, level: int) -> None:
        """Add a value, below headings down to `level`."""
        if isinstance(value, _Object):
            self._write_object(value, level)
        elif isinstance(value, list):
            self._write_list(value, level)
        else:
            self._write_string(_written(value))

    def _write_string(self, text: str) -> None:
        write_text(without_embedded(text, self._builder), self._builder)

    def _write_object(self, value: _Object, level: int, *, in_list: bool = False) -> None:
        """Add the values of an object before what has parts of its own."""
        if table := _table_of_pairs(value):
            self._builder.table(table, header_rows=1)
            return
        short: list[tuple[str, str]] = []
        parts: list[tuple[str, _Value]] = []
        for key, one in value.pairs:
            cells = _short_cells(key, one, _MOST_INNER_KEYS if in_list else 0)
            short += cells or ()
            parts += [(key, one)] if cells is None else []
        rows = [(key, without_embedded(cell, self._builder)) for key, cell in short]
        self._builder.table(rows, header_rows=0)
        for key, one in parts:
            if isinstance(one, str):
                one = without_embedded(one, self._builder)
            if _cell(one) is None:
                self._builder.heading(key, level)
                self.write(one, level + 1)

    def _write_list(self, value: list[_Value], level: int) -> None:
        if table := _table(value):
            rows, header_rows = table
            self._builder.table(
                ([without_embedded(cell, self._builder) for cell in row] for row in rows),
                header_rows=header_rows,
            )
            return
        group = self._builder.group()
        for number, one in enumerate(value, start=1):
            cell = _cell(one)
            if cell is not None:
                self._builder.item(without_embedded(cell, self._builder), group=group)
            elif isinstance(one, _Object):
                self._builder.heading(_name_of(one) or str(number), level)
                self._write_object(one, level + 1, in_list=True)
            else:
                self.write(one, level + 1)


def _short_cells(key: str, value: _Value, most_keys: int) -> list[tuple[str, str]] | None:
    """Return the rows that a value gives in the table of its object; None for one of its own."""
    if isinstance(value, _Object) and 0 < len(value.keys) <= most_keys:
        cells = [(name, cell) for name, cell in _flat(value, f"{key} ", 0) if cell is not None]
        return cells if len(cells) == len(value.keys) else None
    cell = _cell(value)
    return None if cell is None else [(key, cell)]


def _written(value: object) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(value: _Value) -> str | None:
    """Return what fits into a cell: a short string or number, or a list of these."""
    if isinstance(value, _Object):
        return None if value.keys else ""
    if not isinstance(value, list):
        text = _written(value)
        is_long = len(text) > _LONG or "\n\n" in text or ("<" in text and is_page(text))
        return None if is_long else text
    cells = [_cell(one) for one in value if not isinstance(one, list)]
    if len(cells) < len(value) or any(cell is None or ends_sentence(cell) for cell in cells):
        return None
    text = ", ".join(cell for cell in cells if cell)
    return text if len(text) <= _LONG else None


def _table(rows: list[_Value]) -> tuple[list[list[str]], int] | None:
    """Return the rows of a list of objects, or of lists, and how many of them are header."""
    if len(rows) < 2 and not (rows and isinstance(rows[0], _Object)):
        return None
    if all(isinstance(row, _Object) for row in rows):
        named = _rows_by_name([row for row in rows if isinstance(row, _Object)])
        return (named, 1) if named else None
    if not all(isinstance(row, list) and len(row) > 1 for row in rows):
        return None
    cells = [[_cell(one) for one in row] for row in rows if isinstance(row, list)]
    if any(cell is None for row in cells for cell in row):
        return None
    return [[cell or "" for cell in row] for row in cells], 0


def _table_of_pairs(value: _Object) -> list[list[str]] | None:
    """Return the rows of an object of objects with the same keys, each behind its own key."""
    inner = [one for one in value.values if isinstance(one, _Object) and one.keys]
    if len(inner) < 2 or len(inner) < len(value.keys):
        return None
    if len({one.keys for one in inner}) > 1:
        return None
    rows = _rows_by_name(inner)
    if rows is None:
        return None
    return [[name, *row] for name, row in zip(("", *value.keys), rows, strict=True)]


def _rows_by_name(objects: Sequence[_Object]) -> list[list[str]] | None:
    """Return the keys and, in their order, the values of objects; None where they fit no table."""
    names: dict[str, int] = {}
    found: list[list[str]] = []
    for each in objects:
        row = [""] * len(names)
        seen = set()
        for name, cell in _flat(each, "", _DEEPEST):
            if cell is None or name in seen:
                return None
            seen.add(name)
            if names.setdefault(name, len(names)) == len(row):
                row.append(cell)
            else:
                row[names[name]] = cell
        if len(names) > _MOST_COLUMNS:
            return None
        found.append(row)
    if not names:
        return None
    for row in found:
        row += [""] * (len(names) - len(row))
    return [list(names), *found]


def _flat(value: _Object, before: str, depth: int) -> Iterator[tuple[str, str | None]]:
    for key, one in value.pairs:
        if isinstance(one, _Object) and one.keys and depth > 0:
            yield from _flat(one, f"{before}{key} ", depth - 1)
        else:
            yield before + key, _cell(one)


def _name_of(value: _Object) -> str:
    texts = (one_line(_text_at(value, name)) for name in _NAMES)
    return next((text for text in texts if 0 < len(text) <= _LONGEST_TITLE), "")


def _text_at(value: _Object, name: str) -> str:
    return next(
        (one for key, one in value.pairs if key.lower() == name and isinstance(one, str)), ""
    )
