"""Who may use the admin commands."""

from __future__ import annotations

from typing import TypeVar

import discord
from discord import app_commands

from bot import messages
from bot.config.guilds import GuildBook
from bot.discord.permissions.interaction import Interaction
from bot.errors import NotAllowed

C = TypeVar("C")


def shown_to_admins(command: C) -> C:
    """Show a command to people with Manage Server, unless the server's admins choose otherwise.

    They choose under Server Settings, Integrations. This is only a default for what is shown;
    `require_admin` checks the permission when a command runs. Discord does not know our settings,
    so people of `admin_roles` and `admin_people` without Manage Server have to be added there as
    well. Where somebody has installed the app for themselves, and the bot is not, there are no such
    commands.
    """
    command = app_commands.default_permissions(manage_guild=True)(command)
    command = app_commands.allowed_installs(guilds=True, users=False)(command)
    return app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)(command)


def is_admin(interaction: Interaction, guilds: GuildBook) -> bool:
    """Return whether the person may use the admin commands in this guild.

    That is a person with Manage Server, or one whom the settings of the guild name. Manage Server
    and roles count only in a home guild, since anybody may be an admin elsewhere and invite the
    bot there. Both come with this interaction, so a permission that was taken away no longer
    counts, also for buttons of old messages.
    """
    settings = guilds.of(interaction.guild_id)
    if interaction.user.id in settings.admin_people:
        return True
    viewers = interaction.client.viewers
    if (
        interaction.guild_id not in viewers.home
        or viewers.is_away(interaction)
        or not isinstance(interaction.user, discord.Member)
    ):
        return False
    roles = {role.id for role in interaction.user.roles}
    return interaction.permissions.manage_guild or bool(roles & settings.admin_roles)


def require_admin(interaction: Interaction, guilds: GuildBook) -> None:
    """Raise NotAllowed unless the person may use the admin commands."""
    if not is_admin(interaction, guilds):
        raise NotAllowed(messages.ADMINS_ONLY)


async def begin_for_admin(interaction: Interaction) -> None:
    """Begin a command whose answer an admin alone sees; raise NotAllowed for anybody else."""
    require_admin(interaction, interaction.client.services.guilds)
    await interaction.response.defer(thinking=True, ephemeral=True)
