"""The rows of a table that an answer leaves for later, so that it is no wall on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.answers.answers import more_rows
from bot.discord.rendering.answers.evidence import pages_of_rows
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.actions import Shown, ShownParts
from bot.discord.ui.buttons import Click
from bot.discord.ui.documents.source_view import passage_button
from bot.discord.ui.paging import page_of
from bot.errors import NotAllowed
from bot.library import ExcerptStatus, Library
from bot.records import Kind
from bot.services import Services
from index.answering.answer import Excerpt
from index.document import Span

_ROWS = r"(?P<exchange>\d{1,19}):(?P<first>\d{1,9})-(?P<last>\d{1,9})"


def as_they_stand(
    library: Library, excerpts: Sequence[Excerpt]
) -> tuple[list[tuple[Excerpt, Span]], int]:
    """Return the excerpts that the documents still contain, with where they stand now, and how
    many a document no longer says. Those of documents that are removed or hidden do not count:
    which of the two must stay unknown.
    """
    located = [(excerpt, library.locate(excerpt)) for excerpt in excerpts]
    standing = [
        (excerpt, found.span)
        for excerpt, found in located
        if found.status in (ExcerptStatus.SAME, ExcerptStatus.MOVED) and found.span is not None
    ]
    return standing, sum(found.status is ExcerptStatus.CHANGED for _, found in located)


class OpenRows(Click, template=f"u:o:{_ROWS}", shown=Shown.APART):
    """On an answer: shows the person who clicks the rows that it left for later."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await look_up(interaction, _rows, self, interaction, 1)


class TurnRows(Click, template=rf"u:t:{_ROWS}:(?P<page>\d{{1,6}})"):
    """On such rows: shows another page of them."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await look_up(interaction, _rows, self, interaction, self.number("page"))


def _rows(
    library: Library, click: Click, interaction: Interaction, number: int
) -> list[MessagePart]:
    services, found = interaction.client.services, click.found
    exchange = exchange_of(interaction, services, click.number("exchange"), Kind.ASK)
    first, last = click.number("first"), click.number("last")
    rows = [each for each in exchange.shown if first <= each.number <= last]
    standing, changed = as_they_stand(library, rows)
    if not standing:
        raise NotAllowed(messages.EXCHANGE_GONE)
    place = f"{found['exchange']}:{found['first']}-{found['last']}"
    spans = {excerpt.number: span for excerpt, span in standing}
    page = page_of(pages_of_rows([excerpt for excerpt, _ in standing]), number, 1)
    return more_rows(
        page.values[0],
        left_out=changed,
        opener=lambda row: passage_button(row.number, row.document, spans[row.number], row.quote),
        footer=page.footer,
        turns=page.turns(f"u:t:{place}:"),
    )
