"""What stands with a picture of a document: its source, what is not drawn, and a description."""

from __future__ import annotations

from pathlib import PurePosixPath

from bot.discord.rendering.answers.excerpts import source_line
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.limits import shortened
from bot.library import DocumentPicture
from bot.library.viewing.pictures import notes_of
from bot.localization import _
from bot.text import visible_line
from bot.wording.places import place_in

_LONGEST_DESCRIPTION = 1_000
_QUOTE, _TITLE = 500, 200


def picture_lines(pictured: DocumentPicture) -> str:
    """Return the source of a picture, and lines on what it leaves out."""
    line = source_line(
        title=pictured.title,
        heading=pictured.heading,
        page=pictured.page,
        document=pictured.document,
        styles=pictured.styles if pictured.is_own else (),
        clause=pictured.clause if pictured.is_own else "",
    )
    return "\n".join([line, *(f"-# {escape_line(note)}" for note in notes_of(pictured))])


def description_of(pictured: DocumentPicture) -> str:
    """Return what a picture shows, for whoever does not see it."""
    where = place_in(
        pictured.document, pictured.heading, pictured.page, pictured.styles, pictured.clause
    )
    path = " › ".join(filter(None, [pictured.title or pictured.document, *where.heading]))
    said = ", ".join([visible_line(path)[:_TITLE], *map(visible_line, where.facts)])
    if pictured.quote.strip() and pictured.picture.is_marked:
        quote = shortened(pictured.quote, _QUOTE)
        said = _("{place}. Marked: “{quote}”").format(place=said, quote=quote)
    return said[:_LONGEST_DESCRIPTION]


def file_name_of(pictured: DocumentPicture) -> str:
    stem = PurePosixPath(pictured.document).stem
    kept = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in stem)[:60]
    end = f"-{pictured.number}" if pictured.number else "-table"
    return f"{kept.strip('-') or 'page'}{end}.png"
