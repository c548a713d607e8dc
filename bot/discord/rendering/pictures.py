"""What stands with a picture of a document: its source, what is not drawn, and a description."""

from __future__ import annotations

from pathlib import PurePosixPath

from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.excerpts import source_line
from bot.library import Pictured
from bot.localization import _, ngettext
from bot.places import place_in
from bot.text import visible_line

__all__ = ["description_of", "file_name_of", "shown_with"]

_LONGEST_DESCRIPTION = 1_000
_QUOTE, _TITLE = 500, 200
_MISSING = 40


def shown_with(pictured: Pictured) -> str:
    """Return the source of a picture, and lines on what it leaves out."""
    line = source_line(
        title=pictured.title,
        heading=pictured.heading,
        page=pictured.page,
        document=pictured.document,
        quote=pictured.quote if pictured.is_own else "",
        styles=pictured.styles if pictured.is_own else (),
    )
    return "\n".join([line, *(f"-# {note}" for note in _notes(pictured))])


def _notes(pictured: Pictured) -> list[str]:
    picture = pictured.picture
    notes = []
    if pictured.is_part and pictured.count > 1:
        notes.append(
            _("Part {number:,} of {count:,}, as I set it.").format(
                number=pictured.number, count=pictured.count
            )
        )
    rows = pictured.rows
    if rows and (rows.first, rows.last) != (1, rows.count):
        notes.append(
            _("Rows {first:,} to {last:,} of {count:,} are drawn.").format(
                first=rows.first, last=rows.last, count=rows.count
            )
        )
    if picture.left_out_columns:
        notes.append(
            ngettext(
                "One column more had no room.",
                "{count:,} columns more had no room.",
                picture.left_out_columns,
            ).format(count=picture.left_out_columns)
        )
    if picture.left_out_lines:
        notes.append(_("What follows had no room."))
    if picture.missing:
        signs = escape_line("".join(picture.missing[:_MISSING]))
        notes.append(_("▯ stands for signs that I have no font for: {signs}").format(signs=signs))
    if pictured.quote.strip() and pictured.is_own and not picture.is_marked:
        notes.append(_("I could not find the excerpt's words on it to mark them."))
    return notes


def description_of(pictured: Pictured) -> str:
    """Return what a picture shows, for whoever does not see it."""
    where = place_in(
        pictured.document, pictured.heading, pictured.page, pictured.quote, pictured.styles
    )
    path = " › ".join(filter(None, [pictured.title or pictured.document, *where.heading]))
    said = ", ".join([visible_line(path)[:_TITLE], *map(visible_line, where.facts)])
    quote = visible_line(" ".join(pictured.quote.split()))
    if quote and pictured.picture.is_marked:
        shortened = quote if len(quote) <= _QUOTE else f"{quote[: _QUOTE - 1]}…"
        said = _("{place}. Marked: “{quote}”").format(place=said, quote=shortened)
    return said[:_LONGEST_DESCRIPTION]


def file_name_of(pictured: Pictured) -> str:
    """Return the name of the picture as a file."""
    stem = PurePosixPath(pictured.document).stem
    kept = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in stem)[:60]
    end = f"-{pictured.number}" if pictured.number else "-table"
    return f"{kept.strip('-') or 'page'}{end}.png"
