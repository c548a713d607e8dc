"""Writes what admins do to the records and to the guild's audit channel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.access import Viewer
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.documents.changes import audit_line
from bot.discord.ui.sending import NOT_SENT
from bot.errors import RecordsUnavailable
from bot.records import AuditEntry
from bot.services import Services

_log = logging.getLogger(__name__)


async def audit(
    interaction: Interaction,
    action: str,
    detail: str,
    document: str | None = None,
    other: str | None = None,
) -> None:
    """Record what an admin did, and send a line of it to the audit channel; from a direct
    conversation, to those of all home guilds.

    Raises nothing, since what was done stays done even if it cannot be recorded. The line goes by
    what all readers of the channel may see. An entry on a `document` that is hidden from some of
    them is not sent, nor is one on a document and an `other`. An entry on all documents is sent
    without its detail.
    """
    services, person, guild = interaction.client.services, interaction.user.id, interaction.guild_id
    fields = {"person": person, "server": guild, "document": document, "detail": detail}
    _log.info("Admin: %s", action, extra=fields)
    try:
        entry = await asyncio.to_thread(
            services.records.audit, person, guild, action, detail, document, other
        )
    except RecordsUnavailable as exc:
        _log.error("Not recorded: %d did %s (%s): %s", person, action, detail, exc)
        return
    guilds = interaction.client.viewers.home if guild is None else ()
    channels = {services.guilds.of(each).audit_channel for each in (guild, *guilds)}
    for channel in sorted(filter(None, channels)):
        readers = interaction.client.viewers.readers_in(channel)
        visible = await asyncio.to_thread(visible_entries, [entry], services, readers)
        if not visible:
            continue
        try:
            target = interaction.client.get_partial_messageable(channel)
            await target.send(content=audit_line(visible[0]))
        except NOT_SENT as exc:  # the channel is gone, or closed to the bot
            _log.warning("An audit entry could not be sent to channel %d: %s", channel, exc)


def visible_entries(
    entries: Sequence[AuditEntry], services: Services, viewer: Viewer
) -> list[AuditEntry]:
    """Return the entries that the viewer may see, without details that they may not. Blocks."""
    access, sees_all = services.access, services.access.sees_all(viewer)
    return [
        entry if entry.document or sees_all else replace(entry, detail="")
        for entry in entries
        if all(access.may_know_of(viewer, one) for one in (entry.document, entry.other) if one)
    ]
