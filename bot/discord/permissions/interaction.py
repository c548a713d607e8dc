"""An interaction with the bot, as commands, buttons and permission checks receive it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TypeAlias

import discord
from discord.ext import commands

from bot.discord.permissions.languages import Languages
from bot.discord.permissions.viewers import Viewers
from bot.errors import HandledElsewhere
from bot.localization import language, speaking
from bot.services import Services

__all__ = ["Interaction", "ServingClient", "among", "enter"]


class ServingClient(commands.Bot):
    """The bot without its connection, which `bot.discord.gateway.client` adds."""

    services: Services
    viewers: Viewers
    languages: Languages

    def answering(self) -> AbstractContextManager[None]:
        """Return a context in which the bot, when it is stopped, waits for an answer to be sent."""
        raise NotImplementedError


_TYPING = discord.InteractionType.autocomplete
Interaction: TypeAlias = discord.Interaction[ServingClient]


def among(interaction: Interaction, *, private: bool) -> AbstractContextManager[None]:
    """Return a context in which what is not private is in the server's language, where it has
    chosen one."""
    chosen = None if private else interaction.client.languages.of_guild(interaction.guild)
    return speaking(chosen or language())


async def enter(interaction: Interaction) -> None:
    """Speak the person's language in the current task, and count it as theirs.

    Raises Busy, and HandledElsewhere where another bot was the first to get it.
    """
    services = interaction.client.services
    interaction.client.languages.greet(interaction)
    services.admission.enter(interaction.user.id)
    if services.records.are_shared and interaction.type is not _TYPING:
        taken = f"interaction {interaction.id}"
        if not await services.admission.run_quick(services.records.claims.take, taken):
            raise HandledElsewhere
