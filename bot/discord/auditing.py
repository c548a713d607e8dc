"""What an admin did and what came of it: into the records, and into the guild's audit channel."""

from __future__ import annotations

import asyncio
import logging

from bot.discord.buttons import Interaction
from bot.discord.rendering.changes import audit_message
from bot.discord.sending import NOT_SENT
from bot.errors import RecordsUnavailable

__all__ = ["audit"]

_log = logging.getLogger(__name__)


async def audit(interaction: Interaction, action: str, detail: str) -> None:
    """Raises nothing: what was done is done, whether or not it can be written down."""
    services, person, guild = interaction.client.services, interaction.user.id, interaction.guild_id
    try:
        entry = await asyncio.to_thread(services.records.audit, person, guild, action, detail)
    except RecordsUnavailable as exc:
        _log.error("Not recorded: %d did %s (%s): %s", person, action, detail, exc)
        return
    channel = services.guilds.of(guild).audit_channel
    if channel is None:
        return
    try:
        told = interaction.client.get_partial_messageable(channel)
        await told.send(content=audit_message(entry).content)
    except NOT_SENT as exc:  # it is gone, or closed to the bot
        _log.warning("What an admin did could not be told in channel %d: %s", channel, exc)
