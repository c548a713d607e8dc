"""Checking a source: an excerpt in its place, a document's pages, the original file, passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot import words
from bot.answering import Asked
from bot.discord.buttons import Click, Interaction
from bot.discord.choices import document_choices, heading_choices
from bot.discord.client import BriefingBot
from bot.discord.exchanges import exchange_of
from bot.discord.rendering.answers import answer, closest
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import Button, Part
from bot.discord.rendering.sources import document_rows, passages, source
from bot.discord.sending import follow_up, turn_page
from bot.library import Status, View
from bot.records import Exchange, Kind
from bot.services import Services
from index.answer import Answer, Excerpt, Hit

__all__ = ["Sources"]

T = TypeVar("T")

_HITS = 20
_HITS_ON_A_PAGE = 4
_DOCUMENTS_ON_A_PAGE = 8
_LONGEST_FILTER = 60
"""Characters; it is part of the page buttons' ids."""
_LARGEST_FILE = 10_000_000
"""Bytes that every guild takes; boosted ones take more."""


class Sources(commands.Cog):
    def __init__(self, bot: BriefingBot) -> None:
        self.bot = bot
        self.services = bot.services
        self._find_sources = app_commands.ContextMenu(
            name=words.FIND_SOURCES, callback=self.find_sources
        )

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(*_BUTTONS)
        self.bot.tree.add_command(self._find_sources)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(*_BUTTONS)
        self.bot.tree.remove_command(self._find_sources.name, type=self._find_sources.type)

    @app_commands.command(name="source", description=words.SOURCE_DESCRIPTION)
    @app_commands.describe(
        document=words.SOURCE_DOCUMENT, place=words.SOURCE_PLACE, share=words.SHARE
    )
    @app_commands.autocomplete(document=document_choices, place=heading_choices)
    async def source(
        self, interaction: Interaction, document: str, place: str | None = None, share: bool = False
    ) -> None:
        await interaction.response.defer(thinking=True, ephemeral=not share)
        library = self.services.library

        def looked_up() -> list[Part]:
            name = library.find_document(document)
            view = library.view_at(name, library.resolve_place(name, place))
            return source(view, rows=[_reading_buttons(self.services, view)])

        parts = await self.services.desk.look_up(looked_up)
        await follow_up(interaction, parts, private=not share)

    @app_commands.command(name="search", description=words.SEARCH_DESCRIPTION)
    @app_commands.describe(query=words.SEARCH_WORDS, document=words.ASK_DOCUMENT, share=words.SHARE)
    @app_commands.rename(query="words")
    @app_commands.autocomplete(document=document_choices)
    async def search(
        self, interaction: Interaction, query: str, document: str | None = None, share: bool = False
    ) -> None:
        name = None
        if document is not None:
            name = await self.services.desk.look_up(
                lambda: self.services.library.find_document(document)
            )
        await interaction.response.defer(thinking=True, ephemeral=not share)
        asked = _asked(interaction, query, Kind.SEARCH, document=name, private=not share)
        exchange, result = await self.services.answering.search(asked, _HITS)
        parts = _results(exchange, result.hits, 1)
        await follow_up(interaction, parts, private=not share)

    @app_commands.command(name="documents", description=words.DOCUMENTS_DESCRIPTION)
    @app_commands.describe(filter=words.DOCUMENTS_FILTER)
    async def documents(
        self,
        interaction: Interaction,
        filter: app_commands.Range[str, 1, _LONGEST_FILTER] | None = None,  # noqa: A002
    ) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        parts = await self.services.desk.look_up(lambda: _listed(self.services, filter or "", 1))
        await follow_up(interaction, parts, private=True)

    async def find_sources(self, interaction: Interaction, message: discord.Message) -> None:
        """What bears on a message that somebody takes for a claim, for their eyes only."""
        if not message.content.strip():
            await interaction.response.send_message(words.NO_CLAIM, ephemeral=True)
            return
        await interaction.response.defer(thinking=True, ephemeral=True)
        asked = _asked(interaction, message.content, Kind.CLAIM, private=True)
        answered = await self.services.answering.answer(asked)
        if isinstance(answered.response, Answer):
            parts = answer(answered.response, exchange=answered.exchange.id, asked=message.content)
        else:
            parts = closest(answered.response.closest)
        await follow_up(interaction, parts, private=True)


def _asked(interaction: Interaction, question: str, kind: Kind, **more: Any) -> Asked:
    assert interaction.channel_id is not None
    return Asked(
        question=question,
        person=interaction.user.id,
        guild=interaction.guild_id,
        channel=interaction.channel_id,
        kind=kind,
        **more,
    )


# An excerpt in its place


class OpenExcerpt(Click, template=r"s:(?P<exchange>\d+):(?P<number>\d+)"):
    """On an answer: shows the excerpt in its place, to whoever clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        parts = await services.desk.look_up(lambda: _excerpt_parts(self, interaction, services))
        await follow_up(interaction, parts, private=True)


class TurnToExcerpt(Click, template=r"e:(?P<exchange>\d+):(?P<number>\d+)"):
    """On an excerpt that is shown: another one of the same answer, in its place."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await turn_page(interaction, services, lambda: _excerpt_parts(self, interaction, services))


def _excerpt_parts(click: Click, interaction: Interaction, services: Services) -> list[Part]:
    exchange = exchange_of(interaction, services, click.number("exchange"))
    by_number = {excerpt.number: excerpt for excerpt in exchange.excerpts}
    excerpt = by_number.get(click.number("number"))
    if excerpt is None or not exchange.answered:
        return [Part(words.EXCHANGE_GONE)]
    return _in_place(services, exchange, excerpt)


def _in_place(services: Services, exchange: Exchange, excerpt: Excerpt) -> list[Part]:
    library = services.library
    located = library.locate(excerpt)
    if located.status is Status.GONE:
        return [Part(words.document_gone(title=escape_line(excerpt.title)))]
    if located.span is None:
        view = library.view(excerpt.document, 1)
        note: str | None = words.EXCERPT_LOST
    else:
        view = library.view_of_excerpt(excerpt.document, located.span)
        note = _NOTES.get(located.status)
    rows = [_reading_buttons(services, view, f":{exchange.id}.{excerpt.number}")]
    numbers = [one.number for one in exchange.excerpts]
    if len(numbers) > 1:
        at = numbers.index(excerpt.number)
        before, after = numbers[at - 1 : at], numbers[at + 1 : at + 2]
        ids = [f"e:{exchange.id}:{number}" for number in (*before, *after)]
        rows.insert(
            0,
            [
                _turn(words.PREVIOUS_EXCERPT, ids[0] if before else None, "e:0:0"),
                _turn(words.NEXT_EXCERPT, ids[-1] if after else None, "e:0:1"),
            ],
        )
    return source(view, note=note, rows=rows)


_NOTES = {Status.MOVED: words.EXCERPT_MOVED, Status.CHANGED: words.EXCERPT_CHANGED}


# A document's pages


class TurnPage(
    Click,
    template=r"d:(?P<key>[\w-]{12}):(?P<number>\d+)(?P<back>:(?P<exchange>\d+)\.(?P<excerpt>\d+))?",
):
    """On a source that is shown: the text before or after it; knows the way back to an excerpt."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        def looked_up() -> list[Part]:
            name = services.library.name_of(self.found["key"])
            view = services.library.view(name, self.number("number"))
            back = self.found["back"] or ""
            rows = [_reading_buttons(services, view, back)]
            if back:
                excerpt_id = f"e:{self.found['exchange']}:{self.found['excerpt']}"
                rows.insert(0, [Button(words.BACK_TO_EXCERPT, excerpt_id)])
            return source(view, rows=rows)

        await turn_page(interaction, services, looked_up)


class SendOriginal(Click, template=r"o:(?P<key>[\w-]{12})"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        library = services.library

        def opened() -> discord.File | None:
            original = library.original(library.name_of(self.found["key"]))
            if original.size > _LARGEST_FILE:
                return None
            return discord.File(original.path, filename=original.path.name)

        file = await services.desk.look_up(opened)
        if file is None:
            await interaction.edit_original_response(content=words.ORIGINAL_TOO_LARGE)
        else:
            await interaction.edit_original_response(attachments=[file])


def _reading_buttons(services: Services, view: View, back: str = "") -> list[Button]:
    """Back, forth, and the file itself; `back` is the end of an id that leads to an excerpt."""
    key = services.library.key_of(view.document)
    before, after = (
        None if number is None else f"d:{key}:{number}{back}"
        for number in (view.previous, view.following)
    )
    return [
        _turn(words.TEXT_BEFORE, before, f"d:{key}:0"),
        _turn(words.TEXT_AFTER, after, f"d:{key}:00"),
        Button(words.ORIGINAL, f"o:{key}"),
    ]


def _turn(label: str, custom_id: str | None, otherwise: str) -> Button:
    """A button that leads nowhere is shown all the same, so that the others keep their place; it
    needs an id of its own, `otherwise`."""
    return Button(label, custom_id or otherwise, disabled=custom_id is None)


# What comes closest to a question that is not answered


class ShowClosest(Click, template=r"c:(?P<exchange>\d+)"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)

        def looked_up() -> list[Part]:
            exchange = exchange_of(interaction, services, self.number("exchange"))
            return closest([one for one in exchange.excerpts if _stands(services, one)])

        await follow_up(interaction, await services.desk.look_up(looked_up), private=True)


def _stands(services: Services, excerpt: Excerpt) -> bool:
    """Whether the document still says so: what it no longer says is not shown as if it did."""
    return services.library.locate(excerpt).status in (Status.SAME, Status.MOVED)


# Lists over several pages


class TurnResults(Click, template=r"q:(?P<exchange>\d+):(?P<page>\d+)"):
    """Another page of a search: searched again, so that nothing is shown that is gone."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await interaction.response.defer()
        exchange = await services.desk.look_up(
            lambda: exchange_of(interaction, services, self.number("exchange"))
        )
        result = await services.answering.search_again(exchange, interaction.user.id, _HITS)
        parts = _results(exchange, result.hits, self.number("page"))
        await follow_up(interaction, parts, private=True)


def _results(exchange: Exchange, hits: Sequence[Hit], page: int) -> list[Part]:
    shown, page, count = _page_of(hits, page, _HITS_ON_A_PAGE)
    rows = [_page_buttons(f"q:{exchange.id}:", "", page, count)]
    return passages(shown, query=exchange.question, page=page, count=count, rows=rows)


class TurnDocuments(Click, template=r"l:(?P<page>\d+):(?P<filter>(?s:.*))"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await turn_page(
            interaction,
            services,
            lambda: _listed(services, self.found["filter"], self.number("page")),
        )


def _listed(services: Services, wanted: str, page: int) -> list[Part]:
    found = services.library.rows(wanted or None)
    shown, page, count = _page_of(found, page, _DOCUMENTS_ON_A_PAGE)
    rows = [_page_buttons("l:", f":{wanted}", page, count)]
    return document_rows(shown, page=page, count=count, rows=rows)


def _page_of(values: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """The values on the page, its number, and how many there are; the nearest page there is."""
    count = max(1, -(-len(values) // size))
    page = min(max(1, page), count)
    return values[(page - 1) * size : page * size], page, count


def _page_buttons(before: str, after: str, page: int, count: int) -> list[Button]:
    if count == 1:
        return []
    return [
        _turn(words.PREVIOUS_PAGE, f"{before}{page - 1}{after}" if page > 1 else None, "q:0:0"),
        _turn(words.NEXT_PAGE, f"{before}{page + 1}{after}" if page < count else None, "q:0:1"),
    ]


_BUTTONS = (
    OpenExcerpt,
    TurnToExcerpt,
    TurnPage,
    SendOriginal,
    ShowClosest,
    TurnResults,
    TurnDocuments,
)
