"""Questions that people ask by a command or a click."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.question import ChatQuestion
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.ownership import channel_of
from bot.discord.permissions.viewer_sources import asker_alone, everyone_here
from bot.records import Exchange


async def asked_by(interaction: Interaction, question: str, *, alone: bool) -> ChatQuestion:
    """Return a question of whoever acts, who sees its answer `alone` or with all who read here."""
    client, guild = interaction.client, interaction.guild_id
    viewers = client.viewers
    return ChatQuestion(
        question=question,
        person=interaction.user.id,
        guild=guild,
        channel=channel_of(interaction),
        viewer=await (viewers.asker if alone else viewers.here)(interaction),
        viewer_source=(asker_alone if alone else everyone_here)(viewers, interaction),
        today=client.services.today(guild),
        private=alone,
    )


async def asked_again(interaction: Interaction, exchange: Exchange) -> ChatQuestion:
    """Return the question of an exchange, asked by whoever clicks alone, for another page of it."""
    asked = await asked_by(interaction, exchange.question, alone=True)
    return replace(asked, channel=exchange.channel, kind=exchange.kind, document=exchange.document)
