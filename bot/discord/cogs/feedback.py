"""👍 and 👎 below every answer, with a reason if it may be kept.

A form, like a button, is known by its id alone. So a reason is accepted even if the person wrote
for long, or the bot was restarted meanwhile.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import discord
from discord.ext import commands

from bot import messages
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.ages import with_age
from bot.discord.ui.buttons import Click
from bot.discord.ui.errors import tell_error
from bot.discord.ui.sending import new
from bot.errors import NotAllowed
from bot.localization import _
from bot.records import Exchange, Kind, Mark
from bot.services import Services
from index.errors import BriefingError

__all__ = ["Feedback"]

THANKS_UP = _("Thank you. It is recorded that this helped.")
THANKS_DOWN = _("Thank you. It is recorded, and shown to the admins.")
_THANKS_DOWN_COUNTED = _("Thank you. It is recorded. Your question and its words are not kept.")
_REASON_PLACEHOLDER = _("The wrong document, a missing line, an answer although there is none, …")

_PATIENCE = 1.5
"""Seconds in which the age of an answer is looked up; a click is to be answered within three."""
_LONGEST_REASON = 1_000
"""Characters."""
_FORM = re.compile(r"f:(?P<exchange>[0-9]{1,18}):reason")
_FIELD = "reason"


class Feedback(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(Rate)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(Rate)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Record the reason from a form."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Mapping[str, Any] = interaction.data or {}
        form = _FORM.fullmatch(data["custom_id"])
        if form is None:
            return
        try:
            self.services.admission.enter(interaction.user.id)
            reason = _typed(data["components"]).strip()[:_LONGEST_REASON] or None
            number = int(form["exchange"])
            exchange = await _rate(interaction, self.services, number, Mark.DOWN, reason)
            await _thank(interaction, _thanks_down(self.services), exchange)
        except Exception as exc:
            await tell_error(interaction, exc)


class Rate(Click, template=r"f:(?P<exchange>\d+):(?P<mark>up|down)"):
    """Marks an answer as helpful or not, and offers a form for a reason."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        number, mark = self.number("exchange"), Mark(self.found["mark"])
        # Recorded first, so that the answer is marked down even if the form is closed.
        exchange = await _rate(interaction, services, number, mark)
        if mark is Mark.UP:
            await _thank(interaction, THANKS_UP, exchange)
        elif not services.records.keep_questions:
            await _thank(interaction, _thanks_down(services), exchange)
        else:
            await interaction.response.send_modal(_form(number))


async def _rate(
    interaction: Interaction,
    services: Services,
    number: int,
    mark: Mark,
    reason: str | None = None,
) -> Exchange:
    """Record a mark; raise NotAllowed if the person may not rate that exchange."""
    person = interaction.user.id

    def rate() -> Exchange:
        # A search has no such button.
        exchange = exchange_of(interaction, services, number)
        known = exchange.kind is not Kind.SEARCH
        if not known or not services.records.rate(number, person, mark, reason):
            raise NotAllowed(messages.EXCHANGE_GONE)
        return exchange

    return await services.admission.run_quick(rate)


async def _thank(interaction: Interaction, text: str, exchange: Exchange) -> None:
    """Thank for a mark, and say whether the answer is old; Discord waits for a few seconds."""
    part = MessagePart(text)
    if exchange.kind is Kind.ASK and exchange.excerpts:
        with suppress(TimeoutError, BriefingError):
            async with asyncio.timeout(_PATIENCE):
                part = await with_age(interaction, part, exchange)
    await interaction.response.send_message(**new(part), ephemeral=True)


def _thanks_down(services: Services) -> str:
    return THANKS_DOWN if services.records.keep_questions else _THANKS_DOWN_COUNTED


def _form(exchange: int) -> discord.ui.Modal:
    form = discord.ui.Modal(title=_("What was wrong?"), custom_id=f"f:{exchange}:reason")
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=_FIELD,
        placeholder=_REASON_PLACEHOLDER,
        style=discord.TextStyle.paragraph,
        max_length=_LONGEST_REASON,
        required=False,
    )
    form.add_item(discord.ui.Label(text=_("A reason, if you like"), component=field))
    form.stop()  # otherwise discord.py would keep it in memory until it is submitted
    return form


def _typed(components: Iterable[Mapping[str, Any]]) -> str:
    """Return the text of the form's field, wherever Discord puts it."""
    for component in components:
        inner = [*component.get("components", ()), *filter(None, [component.get("component")])]
        if component.get("custom_id") == _FIELD:
            return str(component.get("value") or "")
        if inner and (found := _typed(inner)):
            return found
    return ""
