"""👍 and 👎 below every answer, with a reason if somebody wants to give one."""

from __future__ import annotations

from typing import Any

import discord
from discord.ext import commands

from bot import words
from bot.discord.buttons import Click, Interaction
from bot.discord.client import BriefingBot
from bot.discord.exchanges import exchange_of
from bot.discord.problems import tell_error
from bot.records import Verdict
from bot.services import Services

__all__ = ["Feedback"]

_LONGEST_REASON = 1_000
"""Characters."""


class Feedback(commands.Cog):
    def __init__(self, bot: BriefingBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(Rate)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(Rate)


class Rate(Click, template=r"f:(?P<exchange>\d+):(?P<verdict>up|down)"):
    async def clicked(self, interaction: Interaction, services: Services) -> None:
        number, verdict = self.number("exchange"), Verdict(self.found["verdict"])

        def rate() -> None:
            exchange_of(interaction, services, number)
            services.records.rate(number, interaction.user.id, verdict)

        # Recorded before anything else: whoever closes the form has still marked the answer down.
        await services.desk.look_up(rate)
        if verdict is Verdict.UP:
            await interaction.response.send_message(words.THANKS_UP, ephemeral=True)
        else:
            await interaction.response.send_modal(_Reason(number))


class _Reason(discord.ui.Modal, title=words.REASON_TITLE):
    reason: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label=words.REASON_LABEL,
        placeholder=words.REASON_PLACEHOLDER,
        style=discord.TextStyle.paragraph,
        max_length=_LONGEST_REASON,
        required=False,
    )

    def __init__(self, exchange: int) -> None:
        super().__init__(timeout=900)
        self._exchange = exchange

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        services: Services = interaction.client.services
        reason = self.reason.value.strip() or None
        person = interaction.user.id
        await services.desk.look_up(
            lambda: services.records.rate(self._exchange, person, Verdict.DOWN, reason)
        )
        await interaction.response.send_message(words.THANKS_DOWN, ephemeral=True)

    async def on_error(  # type: ignore[override] # a modal's has no item
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        await tell_error(interaction, error)
