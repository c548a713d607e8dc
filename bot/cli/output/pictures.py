"""Pictures of documents that were written to a file: what they show, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from bot.library.viewing.pictures import notes_of
from bot.localization import _
from bot.text import visible_line
from bot.wording.places import place_in

if TYPE_CHECKING:
    from bot.cli.output.as_json.answers import Json
    from bot.library import DocumentPicture


def written(pictured: DocumentPicture, file: Path) -> Iterator[Text]:
    picture = pictured.picture
    where = place_in(
        pictured.document, pictured.heading, pictured.page, pictured.styles, pictured.clause
    )
    title = pictured.title or pictured.document
    path = " › ".join(map(visible_line, [title, *where.heading]))
    yield Text(", ".join([path, *map(visible_line, where.facts)]), style="bold")
    said = _("{file}, {width:,} × {height:,} pixels, {size:,} kB")
    size = -(-len(picture.png) // 1000)
    yield Text(said.format(file=file, width=picture.width, height=picture.height, size=size))
    for note in notes_of(pictured):
        yield Text(note, style="dim")


def as_json(pictured: DocumentPicture, file: Path) -> Json:
    """Return what was written. `number` is that of the page of `count`, or of the part where it
    `is_part`, and 0 for a table, of whose `rows` the first and the last are drawn."""
    picture, rows = pictured.picture, pictured.rows
    return {
        "document": pictured.document,
        "file": str(file),
        "width": picture.width,
        "height": picture.height,
        "number": pictured.number,
        "count": pictured.count,
        "is_part": pictured.is_part,
        "rows": [rows.first, rows.last] if rows else None,
        "marked": picture.is_marked,
        "missing": picture.missing,
        "left_out": {"lines": picture.left_out_lines, "columns": picture.left_out_columns},
    }
