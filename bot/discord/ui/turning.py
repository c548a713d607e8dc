"""Asks the question of an exchange again, for another page of what it showed."""

from __future__ import annotations

from bot.chat.question import ChatQuestion
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.ownership import exchange_of
from bot.discord.permissions.viewer_sources import AskerAlone
from bot.discord.ui.buttons import Click
from bot.records import Exchange, Kind
from bot.services import Services

__all__ = ["turned"]


async def turned(
    click: Click, interaction: Interaction, services: Services, kind: Kind
) -> tuple[Exchange, ChatQuestion]:
    """Return the exchange of a page, and its question, asked by whoever clicked alone."""
    exchange = await services.admission.run_quick(
        exchange_of, interaction, services, click.number("exchange"), kind
    )
    viewers = interaction.client.viewers
    asked = ChatQuestion(
        question=exchange.question,
        person=interaction.user.id,
        guild=exchange.guild,
        channel=exchange.channel,
        viewer=await viewers.asker(interaction),
        viewer_source=AskerAlone(viewers, interaction),
        kind=kind,
        document=exchange.document,
        today=services.today(exchange.guild),
        private=True,
    )
    return exchange, asked
