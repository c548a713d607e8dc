"""An interaction with the bot, as commands, buttons and permission checks receive it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.claiming import ReceivedQuestion, is_taken_over
from bot.discord.permissions.languages import Languages
from bot.discord.permissions.viewers import Viewers
from bot.errors import HandledElsewhere, NotAllowed
from bot.localization import _, language, speaking
from bot.services import Services

ASKS: dict[Any, Any] = {"asks": True}
"""The extras of a command that asks a question, and may be begun anew by another bot."""
received_interaction: ContextVar[Mapping[str, Any] | None] = ContextVar("received", default=None)
"""The interaction that the current task deals with, as Discord sent it."""


class ServingClient(commands.Bot):
    """The bot without its connection, which `bot.discord.gateway.client` adds."""

    services: Services
    viewers: Viewers
    languages: Languages

    def answering(self) -> AbstractContextManager[None]:
        """Return a context in which the bot, when it is stopped, waits for an answer to be sent."""
        raise NotImplementedError


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
    services.admission.enter(interaction.user.id, admitted=is_taken_over())
    is_typing = interaction.type is discord.InteractionType.autocomplete
    what = f"interaction {interaction.id}"
    if not is_typing and not await services.claiming.is_first(what, _question_of(interaction)):
        raise HandledElsewhere


def require_on(interaction: Interaction, command: str | None = None) -> None:
    """Raise NotAllowed where the guild has switched a command off (`commands_off` in its file).

    Without `command` it is the one that the interaction runs or completes. The client asks for
    these itself; a button or a list asks for the command that showed it.
    """
    data: Mapping[str, object] = interaction.data or {}
    name = command or str(data.get("name", ""))
    if name and interaction.client.services.guilds.of(interaction.guild_id).is_off(name):
        raise NotAllowed(_("That is switched off on this server."))


def _question_of(interaction: Interaction) -> ReceivedQuestion | None:
    """Return what another bot would answer the interaction from; None where it must not."""
    data, command = received_interaction.get(), interaction.command
    if data is None or not isinstance(command, app_commands.Command) or command.extras != ASKS:
        return None
    event = {"name": "INTERACTION_CREATE", "data": data}
    return ReceivedQuestion(interaction.user.id, interaction.guild_id, event)
