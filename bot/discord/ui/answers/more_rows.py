"""The rows of a table that an answer leaves for later, so that it is no wall on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.answers.answers import more_rows
from bot.discord.rendering.answers.evidence import pages_of_rows
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.actions import LookUpClick, Shown
from bot.discord.ui.documents.source_view import passage_button
from bot.discord.ui.paging import page_of
from bot.errors import NotAllowed
from bot.library import ExcerptStatus, Library
from bot.records import Kind
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


class OpenRows(LookUpClick, template=f"u:o:{_ROWS}", shown=Shown.APART):
    """On an answer: shows the person who clicks the rows that it left for later."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        services, found = interaction.client.services, self.found.groupdict()
        exchange = exchange_of(interaction, services, self.number("exchange"), Kind.ASK)
        first, last = self.number("first"), self.number("last")
        rows = [each for each in exchange.shown if first <= each.number <= last]
        standing, changed = as_they_stand(library, rows)
        if not standing:
            raise NotAllowed(messages.EXCHANGE_GONE)
        spans = {excerpt.number: span for excerpt, span in standing}
        pages = pages_of_rows([excerpt for excerpt, _ in standing])
        page = page_of(pages, int(found.get("page", 1)), 1)
        return more_rows(
            page.values[0],
            left_out=changed,
            opener=lambda row: passage_button(
                row.number, row.document, spans[row.number], row.quote
            ),
            footer=page.footer,
            turns=page.turns(f"u:t:{found['exchange']}:{found['first']}-{found['last']}:"),
        )


class TurnRows(OpenRows, template=rf"u:t:{_ROWS}:(?P<page>\d{{1,6}})", shown=Shown.IN_PLACE):
    """On such rows: shows another page of them."""
