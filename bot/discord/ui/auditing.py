"""What an admin did and what came of it: into the records, and into the guild's audit channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.access import Viewer
from bot.app.services import Services
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.changes import audit_message
from bot.discord.ui.sending import NOT_SENT
from bot.errors import RecordsUnavailable
from bot.records import AuditEntry

__all__ = ["audit", "shown"]

_log = logging.getLogger(__name__)


async def audit(
    interaction: Interaction, action: str, detail: str, document: str | None = None
) -> None:
    """Raises nothing: what was done is done, whether or not it can be written down.

    In the channel nothing is told of a `document` that not all who can read it may see, and no
    details of what was done to all where they may not see all.
    """
    services, person, guild = interaction.client.services, interaction.user.id, interaction.guild_id
    try:
        entry = await asyncio.to_thread(
            services.records.audit, person, guild, action, detail, document
        )
    except RecordsUnavailable as exc:
        _log.error("Not recorded: %d did %s (%s): %s", person, action, detail, exc)
        return
    channel = services.guilds.of(guild).audit_channel
    if channel is None:
        return
    readers = interaction.client.viewers.readers_in(channel)
    told_there = await asyncio.to_thread(shown, [entry], services, readers)
    if not told_there:
        return
    try:
        told = interaction.client.get_partial_messageable(channel)
        await told.send(content=audit_message(told_there[0]).content)
    except NOT_SENT as exc:  # it is gone, or closed to the bot
        _log.warning("What an admin did could not be told in channel %d: %s", channel, exc)


def shown(entries: Sequence[AuditEntry], services: Services, viewer: Viewer) -> list[AuditEntry]:
    """What of the entries the viewer may be told. Blocks."""
    access, sees_all = services.access, services.access.sees_all(viewer)
    return [
        entry if entry.document or sees_all else replace(entry, detail="")
        for entry in entries
        if entry.document is None or access.may_know_of(viewer, entry.document)
    ]
