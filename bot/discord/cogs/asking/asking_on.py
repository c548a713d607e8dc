"""Goes on from an answer by a form, where Discord does not tell the bot what a reply says.

That is a reply to the answer of a command: without the Message Content intent its words do not
come, even where it pings the bot.
"""

from __future__ import annotations

import re
from typing import Any

import discord

from bot.chat.question import ChatQuestion
from bot.discord.cogs.asking.interaction_answers import show_answer
from bot.discord.cogs.bot_cog import Buttons, FormCog
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.ownership import channel_of, exchange_of
from bot.discord.permissions.viewer_sources import AskerAlone, EveryoneHere
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.buttons import Click
from bot.discord.ui.forms import SubmittedForm, filled
from bot.errors import NotAllowed
from bot.localization import _
from bot.records import Exchange, Kind
from bot.services import Services
from index.question import LONGEST_QUESTION

__all__ = ["AskingOn", "unread_reply"]

_FORM = re.compile(r"n:on:(?P<exchange>[0-9]{1,18}):form")
_FIELD = "question"


def unread_reply(exchange: Exchange) -> MessagePart:
    """Return what is said to a reply without words, to the answer that a command got."""
    said = _(
        "Discord does not let me read a reply to the answer of a command. Mention me in it, or "
        "write here what else you want to know:"
    )
    button = Button(_("Ask on"), f"n:on:{exchange.id}", discord.ButtonStyle.primary)
    return MessagePart(said, rows=((button,),))


class AskingOn(FormCog):
    form = _FORM

    def buttons(self) -> Buttons:
        return (AskOn,)

    async def sent(self, interaction: Interaction, form: SubmittedForm) -> None:
        """Answer what was written into the form."""
        await _ask_on(
            interaction, int(form.found["exchange"]), filled(form.data["components"], _FIELD)
        )


class AskOn(Click, template=r"n:on:(?P<exchange>\d+)"):
    """Below the advice: opens a form for a question that goes on from the answer."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        number = self.number("exchange")
        await services.admission.run_quick(exchange_of, interaction, services, number, Kind.ASK)
        await interaction.response.send_modal(_form(number))


async def _ask_on(interaction: Interaction, number: int, question: str) -> None:
    """Answer a question that follows up an exchange, for those who saw that."""
    services, viewers = interaction.client.services, interaction.client.viewers
    before = await services.admission.run_quick(
        exchange_of, interaction, services, number, Kind.ASK
    )
    if not question.strip():
        raise NotAllowed(_("There was no question in that form."))
    private = before.private or viewers.is_away(interaction)
    if not private:
        services.admission.require_room(interaction.user.id)
    await interaction.response.defer(thinking=True, ephemeral=private)
    asked = ChatQuestion(
        question=question,
        person=interaction.user.id,
        guild=interaction.guild_id,
        channel=channel_of(interaction),
        viewer=await (viewers.asker if private else viewers.here)(interaction),
        viewer_source=(AskerAlone if private else EveryoneHere)(viewers, interaction),
        reply_to=before.id,
        today=services.today(interaction.guild_id),
        private=private,
    )
    with interaction.client.answering():
        answered = await services.answering.answer(asked)
        await show_answer(interaction, asked, answered, question)


def _form(exchange: int) -> discord.ui.Modal:
    form = discord.ui.Modal(title=_("Ask on"), custom_id=f"n:on:{exchange}:form")
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=_FIELD, style=discord.TextStyle.paragraph, max_length=LONGEST_QUESTION
    )
    form.add_item(discord.ui.Label(text=_("What else do you want to know?"), component=field))
    form.stop()  # otherwise discord.py would keep it in memory until it is submitted
    return form
