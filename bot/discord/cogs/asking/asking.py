"""Questions: by mention, direct message, channels for questions, threads and /ask."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot import messages
from bot.chat.claiming import ReceivedQuestion, is_taken_over, message_nonce
from bot.chat.in_flight import InFlight
from bot.chat.question import ChatQuestion
from bot.discord.cogs.asking.addressing import (
    CANNOT_READ,
    Address,
    AddressReason,
    addressed,
    goes_on_in_thread,
    is_surely_asked,
    replied_exchange,
    said_to_no_question,
    thread_exchange,
)
from bot.discord.cogs.asking.asking_on import unread_reply
from bot.discord.cogs.asking.experts import handed_in_reply
from bot.discord.cogs.asking.interaction_answers import (
    ANSWERED_FURTHER,
    extra_answer,
    record_replies,
    show_answer,
    standalone_parts,
)
from bot.discord.cogs.asking.narrowing import narrowed
from bot.discord.cogs.asking.refusing import Refusals
from bot.discord.cogs.asking.small_talk import (
    is_small_talk,
    react,
    reaction_to,
    take_back,
)
from bot.discord.cogs.asking.taking_back import delete_answers, delete_messages, withdraw_answers
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.asked import asked_by
from bot.discord.permissions.interaction import ASKS, Interaction, ServingClient
from bot.discord.permissions.viewer_sources import asker_alone, everyone_here
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.answers.answers import answer_parts
from bot.discord.ui.answers.forum_tags import tag_post
from bot.discord.ui.answers.threads import open_thread, open_thread_below, wants_thread
from bot.discord.ui.choices import document_choices, folder_choices
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.sending import reply, rewrite, send, typing_in
from bot.errors import Busy, NotAllowed, TooMany
from bot.localization import N_, NP_, speak
from bot.records import Exchange
from index.answering.answer import QuestionKind

EDITABLE = timedelta(minutes=5)
"""How long after it was asked an edited question is answered again."""
_log = logging.getLogger(__name__)


class Asking(BotCog):
    def __init__(self, bot: ServingClient) -> None:
        super().__init__(bot)
        self._in_flight = InFlight()
        self._refusals = Refusals()

    # By command

    @app_commands.command(
        name=NP_("command", "ask"),
        description=N_("Ask the briefing documents; the answer is word for word from them"),
        extras=ASKS,
    )
    @app_commands.describe(
        question=N_("What you want to know, in words"),
        document=messages.ASK_DOCUMENT,
        folder=N_("Only the documents in this folder"),
        since=N_("Only documents dated since then: 2026-05-01, May 2026 or 2026"),
        private=N_("Show the answer to me alone"),
    )
    @app_commands.autocomplete(document=document_choices, folder=folder_choices)
    async def ask(
        self,
        interaction: Interaction,
        question: str,
        document: str | None = None,
        folder: str | None = None,
        since: str | None = None,
        private: bool = False,
    ) -> None:
        asks = await narrowed(interaction, document, folder, since, private=private)
        if not asks.private:
            self.services.admission.require_room(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=asks.private)
        thread = None
        settings = self.services.guilds.of(interaction.guild_id)
        if (
            not asks.private
            and wants_thread(settings, interaction.channel)
            and not is_small_talk(question)
        ):
            thread = await open_thread_below(interaction, question)
        asked = await asked_by(interaction, question, alone=asks.private)
        asked = replace(asked, document=asks.document, folder=asks.folder, since=asks.since)
        asked = replace(asked, channel=thread.id) if thread else asked
        with self.bot.answering():
            answered = await self.services.answering.answer(asked)
            await show_answer(interaction, asked, answered, question, asks.notes, thread)

    # By message

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        await self._consider(message, edited=False)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        message = payload.message
        if message.edited_at is not None:
            await self._consider(message, edited=True)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await delete_answers(self.bot, self._in_flight, payload.message_id, payload.channel_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in payload.message_ids:
            await delete_answers(self.bot, self._in_flight, message_id, payload.channel_id)

    async def _consider(self, message: discord.Message, *, edited: bool) -> None:
        """Answer the message if it is meant for the bot, unless it is deleted meanwhile."""
        if message.author.bot or self.bot.user is None:
            return
        with self._in_flight.arriving(message.id):
            try:
                await self._respond(message, self.bot.user, edited=edited)
            except discord.Forbidden:
                _log.warning("No right to answer in channel %s", message.channel.id)
            except discord.HTTPException as exc:
                if exc.code not in _UNKNOWN_CODES and exc.status != 400:
                    raise
                _log.info("A question was deleted before it was answered")

    async def _respond(
        self, message: discord.Message, me: discord.ClientUser, *, edited: bool
    ) -> None:
        # Before anything is looked up, where that could change nothing; most messages are nobody's
        # question, and need no claim.
        claim = _claim_of(message, edited=edited)
        is_claimed = is_surely_asked(message, me)
        if is_claimed and not await self.services.claiming.is_first(*claim):
            return
        if await handed_in_reply(message, self.services):
            return  # it answers a person's question
        previous = await replied_exchange(message, self.services)
        thread_of = await thread_exchange(message, self.services)
        found = addressed(
            message,
            me,
            self.services.guilds.of(message.guild.id if message.guild else None),
            replies_to_answer=previous is not None,
            in_answer_thread=goes_on_in_thread(thread_of, message, me),
        )
        if found is None:
            if edited:
                await withdraw_answers(self.bot, self._in_flight, message, me)
            return
        if edited and _late(message):
            return
        if not is_claimed and not await self.services.claiming.is_first(*claim):
            return
        speak(self.bot.languages.of_message(message))
        try:
            self.services.admission.enter(message.author.id, admitted=is_taken_over())
        except Busy as exc:
            await self._refusals.refuse(message, exc)
            return
        before = None
        if edited or is_taken_over():
            before = await self._last_answered(message.id)
            # Discord also sends an edit when it has loaded the preview of a link.
            if before is not None and (
                before.person != message.author.id
                or (before.replies and before.question == found.question)
            ):
                return
        if self._in_flight.begin(message.id):
            with self.bot.answering():
                await self._answer(message, me, found, previous, thread_of, before)

    async def _last_answered(self, message_id: int) -> Exchange | None:
        """Return the last answer to a message, once none of its older wordings is in work."""
        records, run_quick = self.services.records, self.services.admission.run_quick
        while True:
            older = await self._in_flight.older(message_id)
            before = await run_quick(records.by_question, message_id)
            if not await self._in_flight.drop(message_id, older):
                return before

    async def _answer(
        self,
        message: discord.Message,
        me: discord.ClientUser,
        found: Address,
        previous: Exchange | None,
        thread_of: Exchange | None,
        before: Exchange | None,
    ) -> None:
        off = self.services.guilds.of(message.guild.id if message.guild else None).commands_off
        said = said_to_no_question(message, found, off)
        if said == CANNOT_READ and previous is not None and previous.message is None:
            await reply(message, [unread_reply(previous)])
        elif said:
            await reply(message, [MessagePart(content=said)])
        if said is not None:
            return
        try:
            viewer = await self.bot.viewers.around(message)
            thread = await self._thread(message, found, before)
        except TooMany as exc:
            await self._refusals.refuse(message, exc)
            return
        except (Busy, NotAllowed) as exc:
            if not self.services.claiming.leave(exc):
                await reply(message, [MessagePart(content=sentence_of(exc))])
            return
        asked = ChatQuestion(
            question=found.question,
            person=message.author.id,
            guild=message.guild.id if message.guild else None,
            channel=thread.id if thread else message.channel.id,
            viewer=viewer,
            viewer_source=everyone_here(self.bot.viewers, message),
            message=message.id,
            mention=found.why is AddressReason.MENTION,
            reply_to=previous.id if previous else None,
            thread_of=thread_of.id if thread_of else None,
            today=self.services.today(message.guild.id if message.guild else None),
        )
        silent = not found.certain and is_small_talk(found.question)
        try:
            async with nullcontext() if silent else typing_in(thread or message.channel):
                answered = await self.services.answering.answer(asked)
        except (Busy, TooMany) as exc:  # nobody sees "typing …" for that
            if not self.services.claiming.leave(exc):
                await self._refusals.refuse(message, exc)
            return
        except Exception as exc:
            said = sentence_of(exc, reading=self.services.reindexing.running)
            problem = [MessagePart(content=said)]
            await (send(thread, problem) if thread else reply(message, problem))
            return
        if not await self.services.claiming.is_mine():
            return
        emoji = None if found.certain else reaction_to(answered.response)
        parts = []
        if emoji is None:
            parts = await answer_parts(self.services, answered, asked.viewer_source)
        old = before.replies if before else ()
        delivery = self._deliver(message, old, parts, answered.exchange, thread)
        await self._in_flight.send(message.id, delivery)
        await self._refusals.lift(message, me)
        if before is not None and before.question_kind is QuestionKind.TALK:
            await take_back(message, me)
        if emoji is not None:
            if before is not None:  # its answer is gone
                await record_replies(self.services, before, [])
            await react(message, emoji)
        if message.guild is not None:
            settings = self.services.guilds.of(message.guild.id)
            await tag_post(message.channel, settings, answered.response, message.author.id)
            await self._answer_extra(message, answered.exchange)

    async def _thread(
        self, message: discord.Message, found: Address, before: Exchange | None
    ) -> discord.Thread | None:
        """Return the thread that the answer is put into, if the settings want one.

        An edited question is answered where it was answered before. Raises Busy and TooMany.
        """
        if before is not None and before.replies:
            in_thread = before.channel == message.id
            return await open_thread(message, found.question) if in_thread else None
        if message.guild is None or found.why not in (AddressReason.MENTION, AddressReason.CHANNEL):
            return None
        settings = self.services.guilds.of(message.guild.id)
        if not wants_thread(settings, message.channel) or is_small_talk(found.question):
            return None
        self.services.admission.require_room(message.author.id)
        return await open_thread(message, found.question)

    async def _answer_extra(self, message: discord.Message, public: Exchange) -> None:
        """Send the asker directly what not all readers of the channel may see.

        If the question was edited, an earlier direct answer is deleted first. Nobody else can see
        whether there was one.
        """
        run_quick, access = self.services.admission.run_quick, self.services.access
        before = await run_quick(self.services.records.by_question, message.id, private=True)
        if before is not None:
            await delete_messages(self.bot, before)
            await record_replies(self.services, before, [])
        viewers = self.bot.viewers
        asker, readers = await viewers.author(message), await viewers.around(message)
        if not await run_quick(access.sees_more, asker, readers):
            return
        direct = await message.author.create_dm()
        asked = ChatQuestion(
            question=public.question,
            person=message.author.id,
            guild=None,
            channel=direct.id,
            viewer=asker,
            viewer_source=asker_alone(viewers, message),
            message=message.id,
            today=self.services.today(message.guild.id if message.guild else None),
            private=True,
        )
        if extra := await extra_answer(self.services, asked, public, readers):
            why = ANSWERED_FURTHER.format(where=message.jump_url)
            parts = await standalone_parts(
                self.services, extra, asked.viewer_source, public.question, readers, why
            )
            await self._in_flight.send(
                message.id, self._deliver_directly(direct, parts, extra.exchange)
            )

    async def _deliver_directly(
        self, direct: discord.DMChannel, parts: list[MessagePart], exchange: Exchange
    ) -> None:
        sent: list[int] = []
        try:
            for number, part in enumerate(parts):
                sent += await send(direct, [part], nonce=message_nonce(number, is_direct=True))
        except discord.Forbidden:
            _log.info("Somebody accepts no direct messages, so they did not get an extra answer")
        finally:  # as in a channel: what was sent goes with the question
            await record_replies(self.services, exchange, sent)

    async def _deliver(
        self,
        message: discord.Message,
        old: Sequence[int],
        parts: list[MessagePart],
        exchange: Exchange,
        thread: discord.Thread | None,
    ) -> None:
        """Send an answer and record its messages, in one task that is not interrupted.

        Where a message cannot be sent, those before it, and the old ones that are left, are
        recorded: they go when the question is deleted.
        """
        sent: list[int] = []
        left = old
        try:
            async for id_ in rewrite(message, old, parts, thread):
                sent.append(id_)
                left = old[len(sent) :]
            left = ()
        finally:
            await record_replies(self.services, exchange, [*sent, *left])


def _claim_of(message: discord.Message, *, edited: bool) -> tuple[str, ReceivedQuestion]:
    what = f"edit {message.id} {message.edited_at}" if edited else f"message {message.id}"
    guild = message.guild.id if message.guild else None
    data = {"id": message.id, "channel_id": message.channel.id}
    if guild is not None:
        data["guild_id"] = guild
    event = {"name": "MESSAGE_UPDATE" if edited else "MESSAGE_CREATE", "data": data}
    return what, ReceivedQuestion(message.author.id, guild, event)


def _late(message: discord.Message) -> bool:
    """Return whether a message was edited so much later that it stays as it was answered."""
    edited = message.edited_at
    return edited is None or edited - message.created_at > EDITABLE


_UNKNOWN_CODES = (10003, 10008)
"""Discord's codes for a channel or thread, and for a message, that is not there."""
