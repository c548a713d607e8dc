"""Pictures: a page of a document, or a table of it, with an excerpt marked.

They are shown to the person who clicks, by their rights at that moment. A picture counts as a
question, since drawing it takes longer than looking up a text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePosixPath

import discord

from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import draw
from bot.discord.rendering.documents.pictures import description_of, file_name_of, picture_lines
from bot.discord.rendering.layout import view_of
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.actions import Click, Shown
from bot.discord.ui.paging import turn_button
from bot.discord.ui.sending import begin, begin_turn
from bot.library import DocumentPicture, Library, key_of
from bot.library.visible_documents import checksum
from bot.localization import _
from bot.services import Services
from index.document import Span, Style, StyleKind

_PLACE = r"(?P<key>[\w-]{12}):(?P<start>\d{1,9})-(?P<end>\d{1,9}):(?P<sum>[0-9a-f]{8})"
_EMOJI = "🖼️"
_OF_TABLES = frozenset({StyleKind.ROW, StyleKind.HEADER})
_PAGED = frozenset({".pdf"})
_SLIDES = frozenset({".pptx", ".ppsx", ".pptm", ".ppsm", ".potx", ".potm", ".odp", ".otp"})


def picture_button(document: str, span: Span, quote: str, styles: Sequence[Style] = ()) -> Button:
    """Return a button that shows the place of an excerpt as a picture, with its words marked.

    `quote` is the document's text at `span`; both may be empty, for a place. `styles` say whether
    it is of a table: of a document without pages, the table is shown then.
    """
    suffix = PurePosixPath(document).suffix.lower()
    place = f"{key_of(document)}:{span.start}-{span.end}:{checksum(quote)}"
    if suffix in _PAGED:
        return Button(_("Page"), f"i:p:{place}", emoji=_EMOJI)
    if any(style.kind in _OF_TABLES for style in styles):
        return Button(_("Table"), f"i:t:{place}", emoji=_EMOJI)
    return Button(_("Slide") if suffix in _SLIDES else _("Picture"), f"i:p:{place}", emoji=_EMOJI)


class OpenPicture(Click, template=rf"i:(?P<sort>[pt]):{_PLACE}", shown=Shown.APART):
    """On an answer or a view: shows a page or a table, in a message of its own."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await _show(interaction, self)


class TurnPicture(
    Click, template=rf"j:(?P<sort>[pt])(?P<number>\d{{0,6}}):{_PLACE}", shown=Shown.BY_ITSELF
):
    """On a picture: shows another page, or the table, in its place."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        if interaction.message is not None and interaction.message.flags.components_v2:
            await begin(interaction)  # no picture stands there, and a layout stays a layout
        else:
            await begin_turn(interaction)
        await _show(interaction, self)


async def _show(interaction: Interaction, click: Click) -> None:
    """Look up and send a picture."""
    pictured = await draw(interaction, _pictured, click)
    file = discord.File(
        io.BytesIO(pictured.picture.png),
        filename=file_name_of(pictured),
        description=description_of(pictured),
    )
    ways = _ways(pictured, click)
    part = MessagePart(picture_lines(pictured), rows=(tuple(ways),) if ways else ())
    await interaction.edit_original_response(
        content=part.content, attachments=[file], view=view_of(part)
    )


def _pictured(library: Library, click: Click) -> DocumentPicture:
    name = library.name_of(click.found["key"])
    span = Span(click.number("start"), click.number("end"))
    if click.found["sort"] == "t":
        return library.table_picture(name, span, quote_sum=click.found["sum"])
    groups = click.found.groupdict()
    number = int(groups.get("number") or 0) or None
    return library.page_picture(name, span, number, quote_sum=click.found["sum"])


def _ways(pictured: DocumentPicture, click: Click) -> list[Button]:
    """Return buttons to the pages before and after, and from the page to its table and back."""
    found = click.found
    place = f"{found['key']}:{found['start']}-{found['end']}:{found['sum']}"
    number, count = pictured.number, pictured.count
    if not number:
        return [Button(_("In its place"), f"j:p:{place}")]
    before = f"j:p{number - 1}:{place}" if number > 1 else None
    after = f"j:p{number + 1}:{place}" if number < count else None
    ways = []
    if count > 1:
        ways = [
            turn_button(_before(pictured), before, f"j:p0:{place}"),
            turn_button(_after(pictured), after, f"j:p00:{place}"),
        ]
    if not pictured.is_own:
        ways.append(Button(_("↩ The excerpt"), f"j:p:{place}"))
    elif pictured.has_table:
        ways.append(Button(_("Table"), f"j:t:{place}", emoji=_EMOJI))
    return ways


def _before(pictured: DocumentPicture) -> str:
    if pictured.number == 1:
        return _("‹ Page") if not pictured.is_part else _("‹ Part")
    said = _("‹ Part {number:,}") if pictured.is_part else _("‹ Page {number:,}")
    return said.format(number=pictured.number - 1)


def _after(pictured: DocumentPicture) -> str:
    if pictured.number == pictured.count:
        return _("Page ›") if not pictured.is_part else _("Part ›")
    said = _("Part {number:,} ›") if pictured.is_part else _("Page {number:,} ›")
    return said.format(number=pictured.number + 1)
