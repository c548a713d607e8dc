"""Goes on from an answer: by a choice, by the same question once more, or by a form.

The form is for a reply to the answer of a command: without the Message Content intent Discord does
not tell the bot what it says, even where it pings the bot.
"""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.discord.cogs.asking.interaction_answers import (
    record_replies,
    show_answer,
    show_extra,
    standalone_parts,
)
from bot.discord.permissions.asked import asked_by
from bot.discord.permissions.interaction import Interaction, reply_language
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.actions import Click, Form, Shown, form_of, text_field
from bot.discord.ui.answers.asked_words import question_of
from bot.discord.ui.sending import follow_up, reply, send_after
from bot.errors import NotAllowed
from bot.localization import LazyText, _
from bot.records import Exchange
from bot.services import Services
from index.question import LONGEST_QUESTION

ASKED_AGAIN = LazyText("-# Asked again by {who}.")
ANSWERED_BELOW = LazyText("Answered again, below the old answer.")

_FIELD = "question"


# By a choice


class Choose(Click, template=r"a:(?P<exchange>\d+):(?P<number>\d+)", shown=Shown.BY_ITSELF):
    """Below a question that was asked back: asks one reading of it, for the person who clicks.

    The answer is shown to those who saw the choices: to the asker alone if they were private.
    """

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        unclear = await self.exchange(interaction)
        private = unclear.private
        if not private:
            services.admission.require_room(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=private)
        asked = await asked_by(interaction, unclear.question, alone=private)
        with interaction.client.answering():
            answered = await services.answering.choose(asked, unclear, self.number("number"))
            await show_answer(interaction, asked, answered, answered.exchange.question)


# Once more, below the old answer, with the rights of today


class AskAgain(Click, template=r"w:again:(?P<exchange>\d+)", shown=Shown.APART):
    """Where an old answer is said to be old: answers anew, for those who saw the old one."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        before = await self.exchange(interaction)
        question = await question_of(interaction, before)
        alone = before.private or before.guild is None
        asked = await asked_by(interaction, question, alone=alone)
        asked = replace(asked, channel=before.channel, private=before.private)
        with interaction.client.answering():
            answered = await services.answering.ask_anew(asked, before)
            readers = await interaction.client.viewers.here(interaction)
            with reply_language(interaction, private=before.private):
                why = "" if alone else ASKED_AGAIN.format(who=interaction.user.mention)
                parts = await standalone_parts(
                    services, answered, asked.viewer_source, question, readers, why
                )
            if before.private:
                sent = await follow_up(interaction, parts)
            else:
                sent = await _below(interaction, before, parts)
            await record_replies(services, answered.exchange, sent)
            await show_extra(interaction, asked, answered, question)


async def _below(interaction: Interaction, before: Exchange, parts: list[MessagePart]) -> list[int]:
    """Send the parts as a reply to the old answer; where that is gone, in its channel."""
    channel = interaction.client.get_partial_messageable(before.channel)
    if before.replies:
        try:
            sent = await reply(channel.get_partial_message(before.replies[-1]), parts)
        except discord.HTTPException as exc:
            if exc.status not in (400, 403, 404):
                raise
        else:
            await follow_up(interaction, ANSWERED_BELOW)
            return sent
    await follow_up(interaction, ANSWERED_BELOW)
    return await send_after(interaction, parts, private=False)


# By a form


def unread_reply(exchange: Exchange) -> MessagePart:
    """Return what is said to a reply without words, to the answer that a command got."""
    said = _(
        "Discord does not let me read a reply to the answer of a command. Mention me in it, or "
        "write here what else you want to know:"
    )
    button = Button(_("Ask on"), f"n:on:{exchange.id}", discord.ButtonStyle.primary)
    return MessagePart(said, rows=((button,),))


class AskOn(Click, template=r"n:on:(?P<exchange>\d+)", shown=Shown.BY_ITSELF):
    """Below the advice: opens a form for a question that goes on from the answer."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await self.exchange(interaction)
        await interaction.response.send_modal(_form(self.number("exchange")))


class AskedOn(Form, template=r"n:on:(?P<exchange>\d{1,18}):form", shown=Shown.BY_ITSELF):
    """Answers what was written into the form, for those who saw the answer before."""

    async def sent(self, interaction: Interaction, services: Services) -> None:
        question, before = self.filled(_FIELD), await self.exchange(interaction)
        if not question.strip():
            raise NotAllowed(_("There was no question in that form."))
        private = before.private or interaction.client.viewers.is_away(interaction)
        if not private:
            services.admission.require_room(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=private)
        asked = replace(await asked_by(interaction, question, alone=private), reply_to=before.id)
        with interaction.client.answering():
            answered = await services.answering.answer(asked)
            await show_answer(interaction, asked, answered, question)


def _form(exchange: int) -> discord.ui.Modal:
    field = text_field(_FIELD, LONGEST_QUESTION)
    label = discord.ui.Label(text=_("What else do you want to know?"), component=field)
    return form_of(_("Ask on"), f"n:on:{exchange}:form", label)
