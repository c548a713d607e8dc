"""Lists over all documents in pages, and as files. A button's id holds all that was asked for."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date

import discord

from bot.chat.question import ChatQuestion
from bot.discord.permissions.asked import asked_by
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.answers.rolled_up import ROWS_ON_A_PAGE, rolled_up_message
from bot.discord.rendering.limits import units
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.actions import Click, Shown, ShownParts
from bot.discord.ui.documents.source_view import document_button, passage_button
from bot.discord.ui.paging import Page
from bot.errors import NotAllowed
from bot.exports import MOST_EXPORTED, ExportFormat, export_list, file_name
from bot.library import Library, key_of
from bot.localization import LazyText, _, ngettext
from bot.services import Services
from index.answering.list_requests import Extent, Lists, RollUpRequest
from index.answering.rollups.rows import RollUpRow
from index.parsing.text.dates import Period

LONGEST_ABOUT = 50
"""Units of a topic, which is part of the ids of buttons."""
COMMAND = "list"
_EXPORT = LazyText("Export")
_CHOOSE_FORMAT = LazyText("As which file? It holds what you may see at the moment of your click.")
_WHOLE_LIST = LazyText("Whole list")
_LABELS = {
    ExportFormat.MARKDOWN: LazyText("Markdown"),
    ExportFormat.CSV: LazyText("Spreadsheet (CSV)"),
    ExportFormat.JSON_LINES: LazyText("JSON Lines"),
}
_APOSTROPHE = LazyText(
    "-# In the CSV, a cell that begins like a formula has an apostrophe before it; the last column "
    "says which."
)
_LETTERS = {
    Lists.MENTIONS: "m",
    Lists.FIGURES: "f",
    Lists.DEADLINES: "d",
    Lists.DECISIONS: "e",
    Lists.DATES: "s",
    Lists.PHONES: "p",
    Lists.ADDRESSES: "a",
}
_LISTS = {letter: lists for lists, letter in _LETTERS.items()}
_FORMS = {"1": ExportFormat.MARKDOWN, "2": ExportFormat.CSV, "3": ExportFormat.JSON_LINES}
_BESIDES = 10_000
"""Bytes of an upload besides the file."""


@dataclass(frozen=True, slots=True)
class RollUpPage:
    """A page of a list: what is listed, of which folder (its key, empty for all), which page."""

    request: RollUpRequest
    folder: str = ""
    page: int = 1

    def button_id(self, action: str, page: int | None = None) -> str:
        """Return the id of a button on this page; `page` is the one that it leads to."""
        period = self.request.period
        first = "" if period is None or period.first == date.min else period.first.toordinal()
        last = "" if period is None or period.last == date.max else period.last.toordinal()
        number = self.page if page is None else page
        return (
            f"r:{action}{_LETTERS[self.request.lists]}{number}:{first}-{last}:{self.folder}"
            f":{self.request.about}"
        )

    @property
    def fits(self) -> bool:
        """Return whether ids of buttons have room for it."""
        return units(self.request.about) <= LONGEST_ABOUT


_PAGE = (
    r"(?P<lists>[mfdespa])(?P<page>\d{1,5}):(?P<first>\d{0,7})-(?P<last>\d{0,7})"
    rf":(?P<folder>(?:[\w-]{{12}})?):(?P<about>(?s:.{{0,{LONGEST_ABOUT}}}))"
)


async def rolled_up_parts(interaction: Interaction, page: RollUpPage) -> list[MessagePart]:
    """Return a page of a list by the rights that the person who asks or clicks has now."""
    services = interaction.client.services
    first = (page.page - 1) * ROWS_ON_A_PAGE + 1
    asked = await _asked(interaction, page)
    found = await services.listing.rows(asked, page.request, first, ROWS_ON_A_PAGE)
    if not found.rows and found.extent.rows:  # there were more when the button was made
        last = _pages(found.extent.rows)
        page, first = replace(page, page=last), (last - 1) * ROWS_ON_A_PAGE + 1
        found = await services.listing.rows(asked, page.request, first, ROWS_ON_A_PAGE)
    shown = Page(found.rows, page.page, _pages(found.extent.rows))
    before, _mark, after = page.button_id("t", 0).partition("0:")
    export = [Button(str(_EXPORT), page.button_id("x"))] if found.rows else []
    rows = [[*shown.turns(before, f":{after}"), *export]]
    return await services.admission.run_quick(rolled_up_message, found, shown.footer, rows, _opener)


async def _asked(interaction: Interaction, page: RollUpPage) -> ChatQuestion:
    folder = await look_up(interaction, _folder_of, page.folder) if page.folder else None
    return replace(await asked_by(interaction, "", alone=True), folder=folder)


def _folder_of(library: Library, key: str) -> str:
    """Return the folder with that key; raises NotAllowed where the viewer sees none."""
    folder = next((one for one in library.folders() if key_of(one) == key), None)
    if folder is None:
        raise NotAllowed(_("That folder is no longer among those that I can show you."))
    return folder


def _pages(rows: int) -> int:
    return max(1, -(-rows // ROWS_ON_A_PAGE))


def _opener(number: int, row: RollUpRow) -> Button:
    """Return a button that opens the place of a quote, or else the document's card."""
    if row.quote is None:
        return document_button(number, row.document)
    return passage_button(number, row.document, row.quote.span, row.quote.quote)


def list_buttons(extent: Extent, folder: str) -> list[Button]:
    """Return buttons for an answer that shows the beginning of a list: all of it, and as a file.

    `folder` is the key of the one that is asked, empty for all.
    """
    page = RollUpPage(extent.request, folder)
    if not page.fits:
        return []
    return [
        Button(str(_WHOLE_LIST), page.button_id("t")),
        Button(str(_EXPORT), page.button_id("x")),
    ]


class _Listed(Click, command=COMMAND):
    """Base of the buttons of a list."""

    def asked_page(self) -> RollUpPage:
        first, last = (self._day(name) for name in ("first", "last"))
        period = None
        if first or last:
            period = Period(first or date.min, last or date.max)
        request = RollUpRequest(_LISTS[self.found["lists"]], self.found["about"], period)
        return RollUpPage(request, self.found["folder"], max(1, self.number("page")))

    def _day(self, name: str) -> date | None:
        number = int(self.found[name] or 0)
        return date.fromordinal(number) if 0 < number <= date.max.toordinal() else None


class TurnRollUp(_Listed, template=rf"r:t{_PAGE}"):
    """Shows another page of a list, made anew for the person who clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await rolled_up_parts(interaction, self.asked_page())


class ChooseExport(_Listed, template=rf"r:x{_PAGE}", shown=Shown.APART):
    """Asks as which file a list is wanted."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        page = self.asked_page()
        buttons = tuple(
            Button(str(_LABELS[form]), page.button_id(action)) for action, form in _FORMS.items()
        )
        part = MessagePart(f"{_CHOOSE_FORMAT}\n{_APOSTROPHE}", rows=(buttons,))
        return [part]


class SendExport(_Listed, template=rf"r:(?P<form>[123]){_PAGE}", shown=Shown.APART):
    """Sends a list as a file to the person who clicks, by their rights at this moment."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        page = self.asked_page()
        asked = await _asked(interaction, page)
        found = await services.listing.rows(asked, page.request, 1, MOST_EXPORTED)
        form, most = _FORMS[self.found["form"]], interaction.filesize_limit - _BESIDES
        made = await services.admission.run_quick(export_list, found, form, most)
        mark = "\ufeff" if form is ExportFormat.CSV else ""  # without it, Excel garbles letters
        data = io.BytesIO(f"{mark}{made.text}".encode(errors="replace"))
        await interaction.edit_original_response(
            content=_said(made.rows, found.extent.rows),
            attachments=[discord.File(data, filename=file_name(found, form))],
        )


def _said(rows: int, of: int) -> str:
    if rows == of:
        return ngettext(
            "{n:,} entry, all of the list.", "{n:,} entries, all of the list.", of
        ).format(n=of)
    return ngettext(
        "Only the first of {of:,} entries: the rest does not fit into one file. A folder or a time "
        "makes the list shorter.",
        "The first {n:,} of {of:,} entries: the rest does not fit into one file. A folder or a "
        "time makes the list shorter.",
        rows,
    ).format(n=rows, of=of)
