"""Shows an error to a person in one sentence."""

from __future__ import annotations

import logging
import secrets

import discord
from discord import app_commands

from bot import messages
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.limits import CONTENT_AIM
from index.errors import BriefingError, UnknownDocument

__all__ = ["sentence_of", "tell_error"]

_THINKING = discord.InteractionResponseType.deferred_channel_message
_NAME = 300
"""Units of a name that are shown."""
_log = logging.getLogger(__name__)


async def tell_error(interaction: discord.Interaction, error: Exception) -> None:
    """Show the person one sentence about an error; an unexpected error is logged."""
    text = sentence_of(error)
    try:
        if interaction.response.is_done():
            # In place of "thinking …", for everybody who saw that; otherwise for the person alone.
            if interaction.response.type is _THINKING:
                await interaction.edit_original_response(content=text)
            else:
                await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException:
        # The interaction has ended: its message was deleted, or 15 minutes have passed.
        _log.warning("An error could not be shown: %s", type(error).__name__)


def sentence_of(error: Exception) -> str:
    """Return a sentence about the error; an unexpected one gets a number, as in the log."""
    cause = error
    if isinstance(error, app_commands.CommandInvokeError):
        cause = error.original
    if isinstance(cause, UnknownDocument):
        similar = [escape_line(name, _NAME) for name in cause.similar]
        return messages.unknown_document(name=escape_line(cause.name, _NAME), similar=similar)
    if isinstance(cause, BriefingError):
        return messages.problem(cause) or escape_line(str(cause), CONTENT_AIM)
    if isinstance(cause, app_commands.CheckFailure):
        return messages.ADMINS_ONLY
    if isinstance(cause, app_commands.AppCommandError):  # raised before our own code ran
        return messages.COMMAND_CHANGED
    number = secrets.token_hex(3)
    _log.error("Error %s", number, exc_info=cause)
    return messages.unexpected(number)
