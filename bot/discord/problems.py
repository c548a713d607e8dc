"""What people are told when something goes wrong: one sentence, from one place."""

from __future__ import annotations

import logging
import secrets

import discord
from discord import app_commands

from bot import words
from index.errors import BriefingError

__all__ = ["sentence_of", "tell_error"]

_log = logging.getLogger(__name__)


async def tell_error(interaction: discord.Interaction, error: Exception) -> None:
    """One sentence for the person, to their eyes only; what was not foreseen is logged."""
    text = sentence_of(error)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException:
        # The interaction is over: gone with its message, or after 15 minutes.
        _log.warning("An error could not be told: %s", type(error).__name__)


def sentence_of(error: Exception) -> str:
    """What a person is told. What nobody foresaw gets a number, to be found in the log by."""
    cause = error
    if isinstance(error, app_commands.CommandInvokeError):
        cause = error.original
    if isinstance(cause, BriefingError):
        return words.problem(cause)
    if isinstance(cause, app_commands.CheckFailure):
        return words.ADMINS_ONLY
    number = secrets.token_hex(3)
    _log.error("Error %s", number, exc_info=cause)
    return words.unexpected(number)
