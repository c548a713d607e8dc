"""Who may use the admin commands: looked at when a command runs, not only when it is shown."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import messages
from bot.config.guilds import GuildBook
from bot.discord.permissions.interaction import Interaction
from bot.errors import NotAllowed

__all__ = ["is_admin", "require_admin", "shown_to_admins"]

shown_to_admins = app_commands.default_permissions(manage_guild=True)
"""Who sees a command unless the server's admins say otherwise (Server Settings, Integrations).

No more than a default: whoever may use it is found out when it runs. Discord knows nothing of our
settings, so `admin_roles` and `admin_people` without Manage Server are to be let in there as well.
"""


def is_admin(interaction: Interaction, guilds: GuildBook) -> bool:
    """Whoever has Manage Server in this guild, or is named in its settings, if the documents are
    this guild's: anybody may be an admin somewhere else, and invite the bot.

    Both come from what Discord says in this very interaction, so a right that was taken away has
    gone, also for buttons of old messages.
    """
    settings = guilds.of(interaction.guild_id)
    if interaction.user.id in settings.admin_people:
        return True
    if interaction.guild_id not in interaction.client.viewers.home or not isinstance(
        interaction.user, discord.Member
    ):
        return False
    roles = {role.id for role in interaction.user.roles}
    return interaction.permissions.manage_guild or bool(roles & settings.admin_roles)


def require_admin(interaction: Interaction, guilds: GuildBook) -> None:
    """Raises NotAllowed, which the person is told in a sentence."""
    if not is_admin(interaction, guilds):
        raise NotAllowed(messages.ADMINS_ONLY)
