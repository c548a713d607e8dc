"""Asking: by mention, by direct message, in a channel for questions, in a thread, and by /ask."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import words
from bot.access import Viewer
from bot.answering import Answered, Asked
from bot.discord.addressing import Addressed, addressed
from bot.discord.buttons import Interaction
from bot.discord.choices import document_choices
from bot.discord.client import BriefingBot
from bot.discord.problems import sentence_of
from bot.discord.rendering.answers import answer
from bot.discord.rendering.message import Part
from bot.discord.sending import follow_up, reply, rewrite, send, send_after
from bot.discord.sharing import may_be_shared, with_share
from bot.records import Exchange
from index.errors import BriefingError, UnknownDocument

__all__ = ["Asking"]

EDITABLE = timedelta(minutes=5)
"""How long after it was asked a question that is edited is answered again."""
_log = logging.getLogger(__name__)


class Asking(commands.Cog):
    def __init__(self, bot: BriefingBot) -> None:
        self.bot = bot
        self.services = bot.services
        self._in_work: dict[int, asyncio.Task[None]] = {}
        """Questions that are being answered, by message: one that is deleted meanwhile is dropped,
        one that is edited begins anew."""
        self._on_their_way: dict[int, asyncio.Task[None]] = {}
        """Answers that are being sent, by the question's message: too late to drop them."""

    # By command

    @app_commands.command(name="ask", description=words.ASK_DESCRIPTION)
    @app_commands.describe(
        question=words.ASK_QUESTION, document=words.ASK_DOCUMENT, private=words.ASK_PRIVATE
    )
    @app_commands.autocomplete(document=document_choices)
    async def ask(
        self,
        interaction: Interaction,
        question: str,
        document: str | None = None,
        private: bool = False,
    ) -> None:
        own = await self.bot.viewing.asker(interaction)
        among = await self.bot.viewing.here(interaction)
        name, why = None, ""
        if document is not None:
            # Before anything is shown to others, so that a misspelt name stays between us.
            name, hidden = await self._found(document, own if private else among, own)
            private, why = private or hidden, words.FOR_YOU_ALONE if hidden else ""
        await interaction.response.defer(thinking=True, ephemeral=private)
        assert interaction.channel_id is not None
        asked = Asked(
            question=question,
            person=interaction.user.id,
            guild=interaction.guild_id,
            channel=interaction.channel_id,
            viewer=own if private else among,
            document=name,
            private=private,
        )
        with self.bot.answering():
            answered = await self.services.answering.answer(asked)
            parts = await self._shown(answered, question, among, why)
            sent = await follow_up(interaction, parts, private=private)
            await self._remember(answered.exchange, sent)
            if asked.alone:
                return
            asked = replace(asked, viewer=own, private=True)
            if further := await self._further(asked, answered.exchange, among):
                why = words.answered_further(where=f"<#{asked.channel}>")
                parts = await self._shown(further, question, among, why)
                sent = await send_after(interaction, parts, private=True)
                await self._remember(further.exchange, sent)

    async def _found(self, document: str, viewer: Viewer, own: Viewer) -> tuple[str, bool]:
        """The name of a document, and whether it is only the asker who may see it.

        Raises UnknownDocument.
        """
        look_up, libraries = self.services.desk.look_up, self.services.libraries
        try:
            return await look_up(lambda: libraries.of(viewer).find_document(document)), False
        except UnknownDocument:
            return await look_up(lambda: libraries.of(own).find_document(document)), True

    async def _shown(
        self, answered: Answered, question: str, among: Viewer, why: str = ""
    ) -> list[Part]:
        """To somebody who cannot see the question above it; `why` says why they see it alone."""
        exchange = answered.exchange
        parts = answer(
            answered.response,
            exchange=exchange.id,
            asked=question,
            understood=answered.understood,
        )
        if why:
            parts[0] = replace(parts[0], content=f"{why}\n{parts[0].content}")
        if exchange.private and await self.services.desk.look_up(
            lambda: may_be_shared(self.services, exchange, among)
        ):
            return with_share(parts, exchange)
        return parts

    async def _further(self, asked: Asked, public: Exchange, among: Viewer) -> Answered | None:
        """What the asker may see beyond what was answered to all; all the same whether it fails."""
        try:
            return await self.services.answering.answer_further(asked, public, among)
        except BriefingError as exc:
            _log.info("What one person may see beyond others was not looked up: %s", exc)
            return None

    # By message

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        await self._consider(message, edited=False)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        message = payload.message
        edited = message.edited_at
        if edited is not None and edited - message.created_at <= EDITABLE:
            await self._consider(message, edited=True)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._take_back(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in payload.message_ids:
            await self._take_back(message_id)

    async def _consider(self, message: discord.Message, *, edited: bool) -> None:
        """Answers the message if it is meant for the bot."""
        if message.author.bot or self.bot.user is None:
            return
        previous = await self._previous(message)
        thread_of = await self._began_thread(message)
        found = addressed(
            message,
            self.bot.user,
            self.services.guilds.of(message.guild.id if message.guild else None),
            replies_to_answer=previous is not None,
            in_answer_thread=thread_of is not None,
        )
        if found is None:
            return
        before = None
        if edited:
            await self._until_sent(message.id)
            before = await self.services.desk.look_up(
                lambda: self.services.records.by_question(message.id)
            )
            # Discord also sends an edit when it has fetched a link's preview.
            if before is not None and before.question == found.question:
                return
            if earlier := self._in_work.get(message.id):
                earlier.cancel()
        task = asyncio.current_task()
        assert task is not None
        self._in_work[message.id] = task
        try:
            with self.bot.answering():
                await self._answer(message, found, previous, thread_of, before)
        except asyncio.CancelledError:
            if self._in_work.get(message.id) is task:
                raise
            # Edited or deleted meanwhile; whoever cancelled this goes on from here.
        except discord.Forbidden:
            _log.warning("No right to answer in channel %s", message.channel.id)
        except discord.HTTPException as exc:
            if exc.code != _UNKNOWN_MESSAGE and exc.status != 400:
                raise
            _log.info("A question was gone before it was answered")
        finally:
            if self._in_work.get(message.id) is task:
                del self._in_work[message.id]

    async def _answer(
        self,
        message: discord.Message,
        found: Addressed,
        previous: Exchange | None,
        thread_of: Exchange | None,
        before: Exchange | None,
    ) -> None:
        if not found.question:
            if found.surely:
                await reply(message, [Part(content=_nothing_asked(message))])
            return
        if _COMMAND.match(found.question):
            await reply(message, [Part(content=words.TYPED_COMMAND)])
            return
        viewing = self.bot.viewing
        own, among = await viewing.author(message), await viewing.around(message)
        async with message.channel.typing():
            try:
                answered = await self.services.answering.answer(
                    Asked(
                        question=found.question,
                        person=message.author.id,
                        guild=message.guild.id if message.guild else None,
                        channel=message.channel.id,
                        viewer=among,
                        message=message.id,
                        reply_to=previous.id if previous else None,
                        thread_of=thread_of.id if thread_of else None,
                    )
                )
            except Exception as exc:
                await reply(message, [Part(content=sentence_of(exc))])
                return
        parts = answer(
            answered.response, exchange=answered.exchange.id, understood=answered.understood
        )
        old = before.replies if before else ()
        await self._send(message, self._deliver(message, old, parts, answered.exchange))
        if message.guild is not None:
            await self._answer_further(message, answered.exchange, own, among)

    async def _answer_further(
        self, message: discord.Message, public: Exchange, own: Viewer, among: Viewer
    ) -> None:
        """Tells the asker directly what not all who read along may see, and takes back what was
        told before if the question was edited. Nobody else can see whether there was anything.
        """
        look_up, access = self.services.desk.look_up, self.services.access
        before = await look_up(lambda: self.services.records.by_question(message.id, private=True))
        if before is not None:
            await self._delete(before)
            await self._remember(before, [])
        if await look_up(lambda: access.visible(own) == access.visible(among)):
            return
        direct = await message.author.create_dm()
        asked = Asked(
            question=public.question,
            person=message.author.id,
            guild=None,
            channel=direct.id,
            viewer=own,
            message=message.id,
            private=True,
        )
        if further := await self._further(asked, public, among):
            why = words.answered_further(where=message.jump_url)
            parts = await self._shown(further, public.question, among, why)
            await self._send(message, self._tell(direct, parts, further.exchange))

    async def _send(self, message: discord.Message, sending: Coroutine[Any, Any, None]) -> None:
        """To its end, whatever becomes of the question meanwhile."""
        delivery = asyncio.create_task(sending)
        self._on_their_way[message.id] = delivery
        delivery.add_done_callback(lambda _: self._on_their_way.pop(message.id, None))
        await asyncio.shield(delivery)

    async def _tell(self, direct: discord.DMChannel, parts: list[Part], exchange: Exchange) -> None:
        try:
            await self._remember(exchange, await send(direct, parts))
        except discord.Forbidden:
            _log.info("Somebody takes no direct messages, so they were not told more")

    async def _deliver(
        self, message: discord.Message, old: Sequence[int], parts: list[Part], exchange: Exchange
    ) -> None:
        """In one piece, so that every message that was sent is known to belong to the question."""
        await self._remember(exchange, await rewrite(message, old, parts))

    async def _until_sent(self, message_id: int) -> None:
        if delivery := self._on_their_way.get(message_id):
            await asyncio.wait([delivery])

    async def _take_back(self, message_id: int) -> None:
        """The question is gone, so its answer goes as well."""
        if task := self._in_work.pop(message_id, None):
            task.cancel()
        await self._until_sent(message_id)
        for exchange in await self.services.desk.look_up(lambda: self._exchanges(message_id)):
            await self._delete(exchange)

    def _exchanges(self, message_id: int) -> list[Exchange]:
        """What was answered to all, and further to the asker."""
        by_question = self.services.records.by_question
        found = (by_question(message_id, private=private) for private in (False, True))
        return [exchange for exchange in found if exchange is not None]

    async def _delete(self, exchange: Exchange) -> None:
        channel = self.bot.get_partial_messageable(exchange.channel)
        for sent in exchange.replies:
            with suppress(discord.NotFound, discord.Forbidden):
                await channel.get_partial_message(sent).delete()

    async def _previous(self, message: discord.Message) -> Exchange | None:
        """The exchange that the message replies to, if it replies to an answer."""
        replied_to = message.reference.message_id if message.reference else None
        if replied_to is None:
            return None
        return await self.services.desk.look_up(lambda: self.services.records.by_reply(replied_to))

    async def _began_thread(self, message: discord.Message) -> Exchange | None:
        """The exchange whose answer the message's thread began at: it has that message's id."""
        if not isinstance(message.channel, discord.Thread):
            return None
        thread = message.channel.id
        return await self.services.desk.look_up(lambda: self.services.records.by_reply(thread))

    async def _remember(self, exchange: Exchange, sent: list[int]) -> None:
        await self.services.desk.look_up(
            lambda: self.services.records.set_replies(exchange.id, sent)
        )


_UNKNOWN_MESSAGE = 10008
_COMMAND = re.compile(r"/[a-z]{2,20}\b")


def _nothing_asked(message: discord.Message) -> str:
    """What to say to a message that is meant for the bot and asks nothing."""
    if message.poll:
        return words.ASKED_BY_POLL
    if message.attachments:
        return words.ASKED_BY_FILE
    if message.reference and message.guild:
        # Without the message-content intent a reply that does not ping comes without its words.
        return words.CANNOT_READ
    return words.NOTHING_ASKED
