"""Documents without a question: /source, /search, /documents and "Find sources"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands

from bot import messages
from bot.chat.answering import RecordedAnswer
from bot.chat.question import ChatQuestion
from bot.discord.cogs.bot_cog import BotCog, Menus
from bot.discord.permissions.admins import require_admin
from bot.discord.permissions.asked import asked_by
from bot.discord.permissions.interaction import Interaction, reply_language
from bot.discord.permissions.lookup import find_document, look_up, look_up_for
from bot.discord.permissions.ownership import exchange_of
from bot.discord.permissions.viewer_sources import everyone_here
from bot.discord.rendering.answers.answers import NO_ANSWER, closest
from bot.discord.rendering.escape import bold
from bot.discord.rendering.limits import split, units
from bot.discord.rendering.message import MessagePart
from bot.discord.rendering.naming import with_guesses
from bot.discord.ui.actions import LookUpClick, Shown, texts_in
from bot.discord.ui.ages import age_of, with_ask_again
from bot.discord.ui.answers.answers import answer_parts
from bot.discord.ui.answers.more_rows import as_they_stand
from bot.discord.ui.choices import document_choices, heading_choices
from bot.discord.ui.documents.lists import (
    LONGEST_FILTER,
    MOST_HITS,
    documents_shown,
    results_page,
)
from bot.discord.ui.documents.overdue import overdue_shown
from bot.discord.ui.documents.source_view import passage_button, reading
from bot.discord.ui.documents.successions import successions_page
from bot.discord.ui.sending import begin, follow_up
from bot.errors import NotAllowed
from bot.library import DocumentMatch, Library
from bot.localization import N_, NP_, LazyText, _
from bot.records import Kind
from index.answering.answer import Excerpt, QuestionKind, Verdict
from index.document import Span
from index.errors import UnknownDocument
from index.question import LONGEST_QUESTION

FIND_SOURCES = N_("Find sources")
NO_CLAIM = LazyText("There are no words in that message that I could look up.")
_CLAIM_CLOSEST = LazyText("These passages come nearest, but I do not think that they bear on it.")
_CLAIM_UNSURE = LazyText("**I am not sure that this bears on it.**")
_SHARE = N_("Show it to everybody in this channel")
_DOCUMENTS_FILTER = N_("Only those with this in their name or title; * and ? work")
_DOCUMENTS_SHOW = N_("Instead of the list: what is overdue, or what replaces what")
NOT_FOR_ALL = LazyText(
    "Not everybody here may see that document, so it is not shown here. Without sharing it, I "
    "show it to you alone."
)
_FILTER_TOO_LONG = LazyText(
    "That is too long to look for in names and titles: {most:,} characters is the most."
)
_FILTER_ALONE = LazyText("A filter is for the list of all documents, so leave `show` out.")
_CLAIM_CUT = LazyText("-# Only the first {most:,} characters of the message were looked up.")

_CLAIM = 300
"""Most units of a claim that are shown, since the person has just read it."""
_ROWS_OF_A_TABLE = 2
"""Most rows of one table among passages that only come close, which are of several documents."""


class Sources(BotCog):
    def menus(self) -> Menus:
        return (app_commands.ContextMenu(name=FIND_SOURCES, callback=self.find_sources),)

    @app_commands.command(
        name=NP_("command", "source"), description=N_("Look a document up, at a page or a heading")
    )
    @app_commands.describe(
        document=N_("Which document"), place=N_("A page or a heading"), share=_SHARE
    )
    @app_commands.autocomplete(document=document_choices, place=heading_choices)
    async def source(
        self, interaction: Interaction, document: str, place: str | None = None, share: bool = False
    ) -> None:
        share = share and not self.bot.viewers.is_away(interaction)
        if share:
            # Before anything is shown to others, so that only the person sees a misspelt name.
            found = await self._found(interaction, document, share=True)
            await self.services.admission.count(interaction.user.id)
            try:
                with reply_language(interaction, private=False):
                    here = everyone_here(self.bot.viewers, interaction)
                    parts = await look_up_for(self.services, here, _source, found.name, place)
            except UnknownDocument:  # meanwhile it was removed, or closed to some readers
                await self._found(interaction, document, share=True)
                raise
            parts = with_guesses(parts, found)
            await interaction.response.defer(thinking=True)
        else:
            await begin(interaction)
            parts = await look_up(interaction, _source, document, place)
        await follow_up(interaction, parts, private=not share)

    @app_commands.command(
        name=NP_("command", "search"), description=N_("Find passages without asking for an answer")
    )
    @app_commands.describe(
        query=N_("What to look for"), document=messages.ASK_DOCUMENT, share=_SHARE
    )
    @app_commands.rename(query="words")
    @app_commands.autocomplete(document=document_choices)
    async def search(
        self, interaction: Interaction, query: str, document: str | None = None, share: bool = False
    ) -> None:
        share, found = share and not self.bot.viewers.is_away(interaction), None
        if document is not None:
            found = await self._found(interaction, document, share=share)
        if share:
            self.services.admission.require_room(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=not share)
        asked = await asked_by(interaction, query, alone=not share)
        asked = replace(asked, kind=Kind.SEARCH, document=found.name if found else None)
        exchange, result = await self.services.answering.search(asked, MOST_HITS)
        with reply_language(interaction, private=not share):
            parts = await self.services.admission.run_quick(results_page, exchange, result, 1)
        if found is not None:
            parts = with_guesses(parts, found)
        await follow_up(interaction, parts, private=not share)

    @app_commands.command(
        name=NP_("command", "documents"),
        description=N_("See which documents I know, and how well I could read them"),
    )
    @app_commands.describe(filter=_DOCUMENTS_FILTER, show=_DOCUMENTS_SHOW)
    @app_commands.choices(
        show=[
            app_commands.Choice(name=N_("Overdue for a review"), value="overdue"),
            app_commands.Choice(name=N_("What replaces what (for admins)"), value="replacements"),
        ]
    )
    async def documents(
        self,
        interaction: Interaction,
        filter: app_commands.Range[str, 1, LONGEST_FILTER] | None = None,  # noqa: A002
        show: str | None = None,
    ) -> None:
        wanted = (filter or "").strip()
        if show is not None and wanted:
            await interaction.response.send_message(_FILTER_ALONE, ephemeral=True)
            return
        if show is not None:
            await self._stewarded(interaction, show)
            return
        if units(wanted) > LONGEST_FILTER:  # Discord may have counted an emoji as one
            said = _FILTER_TOO_LONG.format(most=LONGEST_FILTER)
            await interaction.response.send_message(said, ephemeral=True)
            return
        await begin(interaction)
        await follow_up(interaction, await documents_shown(interaction, wanted, 1))

    async def _stewarded(self, interaction: Interaction, show: str) -> None:
        """Show what is overdue, or which document replaces which."""
        if show != "overdue":
            require_admin(interaction, self.services.guilds)
        await begin(interaction)
        if show == "overdue":
            parts = await overdue_shown(interaction, 1)
        else:
            parts = await look_up(interaction, successions_page, 1)
        await follow_up(interaction, parts)

    async def find_sources(self, interaction: Interaction, message: discord.Message) -> None:
        """Show the person, and nobody else, what the documents say on the claim in a message."""
        claim = _text_of(message)
        if not claim:
            await interaction.response.send_message(NO_CLAIM, ephemeral=True)
            return
        await begin(interaction)
        question = split(claim, LONGEST_QUESTION)[0]
        asked = replace(await asked_by(interaction, question, alone=True), kind=Kind.CLAIM)
        answered = await self.services.answering.answer(asked)
        parts = await self._about_claim(interaction, asked, answered)
        quoted = bold(" ".join(claim.split()), _CLAIM)
        content = _("Passages about what {who} wrote: {text}").format(
            who=message.author.mention, text=quoted
        )
        if question != claim:
            content += f"\n{_CLAIM_CUT.format(most=LONGEST_QUESTION)}"
        parts[0] = replace(parts[0], content=f"{content}\n{parts[0].content}".strip())
        await follow_up(interaction, parts)

    async def _about_claim(
        self, interaction: Interaction, asked: ChatQuestion, answered: RecordedAnswer
    ) -> list[MessagePart]:
        response = answered.response
        if response.kind is QuestionKind.TALK:
            return [MessagePart(str(NO_CLAIM))]
        if response.verdict is not Verdict.SILENT:
            return await answer_parts(
                self.services, answered, asked.viewer_source, doubt=str(_CLAIM_UNSURE)
            )
        near = response.closest
        introduction = f"{NO_ANSWER} {_CLAIM_CLOSEST}" if near else str(NO_ANSWER)
        return await look_up(interaction, _closest, near, introduction)

    async def _found(
        self, interaction: Interaction, document: str, *, share: bool
    ) -> DocumentMatch:
        """Return the document that was typed, for the people who will see it.

        Raises UnknownDocument, or NotAllowed if the person may see it, but not everybody here.
        """
        viewers = self.bot.viewers
        viewer = await (viewers.here if share else viewers.asker)(interaction)
        found, hidden = await find_document(interaction, document, viewer)
        if share and hidden:
            raise NotAllowed(NOT_FOR_ALL)
        return found


def _source(library: Library, document: str, place: str | None) -> list[MessagePart]:
    found = library.named(document)
    offset = library.resolve_place(found.name, place)
    return with_guesses(reading(library, library.view_at(found.name, offset)), found)


def _text_of(message: discord.Message) -> str:
    """Return the text of a message, of the message that it forwards, or of what it lays out."""
    # clean_content shows names for mentions, and puts an invisible space into "@everyone".
    texts = [message.clean_content.replace("@\u200b", "@")]
    texts += [snapshot.content for snapshot in message.message_snapshots]
    texts += [f"{embed.title or ''}\n{embed.description or ''}" for embed in message.embeds]
    texts += ["\n".join(texts_in(message))]
    return next((text.strip() for text in texts if text.strip()), "")


# The closest passages to a question without an answer


class ShowClosest(LookUpClick, template=r"c:(?P<exchange>\d+)", shown=Shown.APART):
    """Shows the person who clicks the passages closest to an unanswered question."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        services = interaction.client.services
        exchange = exchange_of(interaction, services, self.number("exchange"), Kind.ASK)
        if exchange.verdict is not Verdict.SILENT:
            raise NotAllowed(messages.EXCHANGE_GONE)
        parts = _closest(library, exchange.excerpts)
        if age_of(services, library, exchange) is None:
            return parts
        return [*parts[:-1], with_ask_again(parts[-1], exchange)]


def _closest(
    library: Library, excerpts: Sequence[Excerpt], introduction: str | None = None
) -> list[MessagePart]:
    """Return the excerpts that the documents still contain, with buttons that open them."""
    current, left_out = as_they_stand(library, _few_of_a_table(excerpts))
    span_of = {excerpt.number: span for excerpt, span in current}
    return closest(
        [excerpt for excerpt, _ in current],
        introduction=introduction,
        note=messages.passages_left_out(left_out) if left_out else None,
        opener=lambda excerpt: passage_button(
            excerpt.number, excerpt.document, span_of[excerpt.number], excerpt.quote
        ),
    )


def _few_of_a_table(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Return the excerpts, numbered anew, without all rows of a table but the first ones."""
    rows = Counter[tuple[str, Span]]()
    shown = list[Excerpt]()
    for excerpt in excerpts:
        if excerpt.header:
            table = (excerpt.document, excerpt.header.span)
            rows[table] += 1
            if rows[table] > _ROWS_OF_A_TABLE:
                continue
        shown.append(replace(excerpt, number=len(shown) + 1))
    return shown
