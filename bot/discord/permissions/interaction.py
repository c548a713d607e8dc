"""An interaction with the bot, as commands, buttons and permission checks receive it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from typing import TypeAlias

import discord
from discord.ext import commands

from bot.discord.permissions.languages import Languages
from bot.discord.permissions.viewers import Viewers
from bot.errors import HandledElsewhere
from bot.localization import language, speaking
from bot.records import Records
from bot.services import Services

__all__ = ["Interaction", "ServingClient", "enter", "is_first", "reply_language"]


class ServingClient(commands.Bot):
    """The bot without its connection, which `bot.discord.gateway.client` adds."""

    services: Services
    viewers: Viewers
    languages: Languages

    def answering(self) -> AbstractContextManager[None]:
        """Return a context in which the bot, when it is stopped, waits for an answer to be sent."""
        raise NotImplementedError


_CLAIM_TIMEOUT = 0.8
"""Seconds."""
Interaction: TypeAlias = discord.Interaction[ServingClient]


def reply_language(interaction: Interaction, *, private: bool) -> AbstractContextManager[None]:
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
    is_typing = interaction.type is discord.InteractionType.autocomplete
    if not is_typing and not await is_first(services.records, f"interaction {interaction.id}"):
        raise HandledElsewhere


async def is_first(records: Records, what: str) -> bool:
    """Return whether no other bot deals with it; True also where that is not known soon.

    Discord waits three seconds for an answer, and not all of them are for this.
    """
    if not records.are_shared:
        return True
    try:
        async with asyncio.timeout(_CLAIM_TIMEOUT):
            return await asyncio.to_thread(records.claims.take, what)
    except TimeoutError:
        return True
