"""Lists in pages: the results of a search, and the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from bot import messages
from bot.discord.permissions.admins import is_admin
from bot.discord.permissions.asked import asked_again
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.documents.sources import document_rows, passages
from bot.discord.rendering.limits import LAYOUT_AIM
from bot.discord.rendering.message import Button, MessagePart, size
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.documents.held_back import AdminNotes, for_admins, held_button
from bot.discord.ui.documents.overdue import overdue_button
from bot.discord.ui.documents.source_view import passage_button
from bot.discord.ui.documents.successions import proposals_button
from bot.discord.ui.paging import page_that_fits
from bot.library import Library
from bot.localization import SOURCE, language
from bot.records import Exchange, Kind
from bot.services import Services
from bot.wording.unread_kinds import unread_lines
from index.answering.answer import Hit, SearchResult
from index.sources.unread_kinds import is_unread_kind
from index.store.catalog.document_table import DocumentRow

LONGEST_FILTER = 90
"""Units; the filter is part of the page buttons' ids."""
MOST_HITS = 20
_HITS_ON_A_PAGE = 4
_DOCUMENTS_ON_A_PAGE = 8
_LONGEST_ROW = 1_800
"""Units of a document's row at most, since its name, title and problems are shortened."""
_BESIDES = 230
"""Units of a row besides its texts."""
_OF_SUCCESSOR = 250
"""Units of what names the successor of a document at most."""
_BLANK = frozenset("\u115f\u1160\u3164\uffa0")
"""Characters that are printable in Unicode, but that `bot.text` writes out."""
_ROOM, _HITS_ROOM = LAYOUT_AIM - 100, LAYOUT_AIM - 400
"""Units for the rows of a page, which is one message; the rest is for what stands around them."""


class TurnResults(Click, template=r"q:(?P<exchange>\d+):(?P<page>\d+)"):
    """Shows another page of a search, from a new search, so that no removed text is shown."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        exchange = await self.exchange(interaction, Kind.SEARCH)
        asked = await asked_again(interaction, exchange)
        result = await services.answering.search_again(asked, MOST_HITS)
        page = self.number("page")
        return await services.admission.run_quick(results_page, exchange, result, page)


def results_page(exchange: Exchange, result: SearchResult, number: int) -> list[MessagePart]:
    """Return the page of that number, or the nearest one; a button opens each passage.

    Takes tens of milliseconds, so it must not run on the event loop.
    """
    dated = partial(
        passages,
        opener=_opener,
        standings=result.standings,
        absent=result.absent,
        is_none_said=result.is_none_said,
        is_narrowed=exchange.document is not None,
    )
    page = page_that_fits(
        result.hits,
        number,
        _HITS_ON_A_PAGE,
        lambda hit: size(dated([hit], query="")),
        _HITS_ROOM,
    )
    rows = [page.turns(f"q:{exchange.id}:")]
    return dated(page.values, query=exchange.question, footer=page.footer, rows=rows)


def _opener(hit: Hit) -> Button:
    passage = hit.passage
    return passage_button(hit.rank, passage.document, passage.span, passage.text)


class TurnDocuments(
    Click,
    template=rf"l:(?P<page>\d+):(?P<filter>(?s:.{{0,{LONGEST_FILTER}}}))",
):
    """Shows another page of the documents, as they are now."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await documents_shown(interaction, self.found["filter"], self.number("page"))


async def documents_shown(interaction: Interaction, wanted: str, page: int) -> list[MessagePart]:
    """Return a page of the documents that match `wanted`, as whoever asks may see them."""
    services = interaction.client.services
    today, admin = services.today(interaction.guild_id), is_admin(interaction, services.guilds)
    more = await for_admins(interaction) if admin else AdminNotes()
    return await look_up(interaction, documents_page, wanted, page, today, admin, more)


def documents_page(
    library: Library, wanted: str, number: int, today: date, admin: bool, more: AdminNotes
) -> list[MessagePart]:
    """Return the page of that number, or the nearest one, of the documents that match `wanted`.

    There are ways to what is overdue, and for an `admin`, who reads how each was read, to proposals
    and to what is held back.
    """
    replaced = library.successors(today)
    rows = library.rows(wanted or None)
    page = page_that_fits(
        [row for row in rows if row.indexed_at or not is_unread_kind(row.failure or "")],
        number,
        _DOCUMENTS_ON_A_PAGE,
        lambda row: _most_units(row) + (_OF_SUCCESSOR if row.name in replaced else 0),
        _ROOM,
    )
    kinds = unread_lines(row.failure for row in rows if row.failure and not row.indexed_at)
    reviews = {row.name: review for row in page.values if (review := library.review_of(row.name))}
    ways = [
        *overdue_button(library, today),
        *(proposals_button(library) if admin else ()),
        *held_button(more.held),
    ]
    first, *others = document_rows(
        page.values,
        footer=page.footer,
        unread=kinds if page.number == page.count else (),
        how_read=admin,
        reviews=reviews,
        replaced=replaced,
        rows=[page.turns("l:", f":{wanted}"), ways],
        none=messages.NO_DOCUMENTS if wanted else messages.NOTHING_TO_SEE,
    )
    return [replace(first, content=more.unseen), *others]


def _most_units(row: DocumentRow) -> int:
    """Return an upper bound for the units of a document's row.

    Rendering ten thousand documents, only to find which are on a page, would take seconds.
    """
    problems = row.failure or " ".join(row.remarks)
    if language() != SOURCE:  # which may take more words
        problems *= 2
    texts = (row.title or "", row.name, (row.date or "")[:10], problems)
    plain = all(text.isprintable() and not _BLANK.intersection(text) for text in texts)
    if not plain:  # an invisible character is written out
        return min(_LONGEST_ROW, _BESIDES + 16 * sum(map(len, texts)))
    # At most a backslash before every sign; a character may be two units.
    signs = sum(not (sign.isascii() and sign.isalnum()) for text in texts for sign in text)
    return min(_LONGEST_ROW, _BESIDES + signs + sum(map(len, texts)))
