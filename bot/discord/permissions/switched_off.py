"""Commands that a server has switched off (`commands_off` in the guilds' file)."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.discord.permissions.interaction import ServingClient
from bot.errors import NotAllowed
from bot.localization import _

__all__ = ["require_on"]


def require_on(interaction: discord.Interaction[ServingClient], command: str | None = None) -> None:
    """Raise NotAllowed where the guild has switched a command off.

    Without `command` it is the one that the interaction runs or completes. The client asks for
    these itself; a button or a list asks for the command that showed it.
    """
    data: Mapping[str, object] = interaction.data or {}
    name = command or str(data.get("name", ""))
    if name and interaction.client.services.guilds.of(interaction.guild_id).is_off(name):
        raise NotAllowed(_("That is switched off on this server."))
