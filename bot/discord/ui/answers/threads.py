"""A thread for each answer, where the guild's settings say so."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.config.guilds import GuildSettings
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.answers.answers import ASKED
from bot.discord.rendering.escape import bold
from bot.discord.rendering.limits import shortened
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.sending import put

_NAME = 100
"""Most units of a thread's name."""
_PATIENCE = 5.0
"""Seconds that an answer waits for its thread."""
_LONGEST_QUESTION = 1_000
"""Most units of a question above its thread."""
_log = logging.getLogger(__name__)


def wants_thread(settings: GuildSettings, channel: object) -> bool:
    """Return whether answers in a channel go into threads. There are none within a thread."""
    return isinstance(channel, discord.TextChannel) and settings.has_answer_threads(channel.id)


async def open_thread(message: discord.Message, question: str) -> discord.Thread | None:
    """Start a thread from the message, or return the one that is there; None where the bot may not.

    Its name is the question, which nobody is pinged by.
    """
    guild, channel = message.guild, message.channel
    if guild is None or not isinstance(channel, discord.TextChannel):
        return None
    if not may_open_threads(channel.permissions_for(guild.me)):
        return None
    known = guild.get_thread(message.id)
    if known is not None:
        return known
    try:
        # Discord may have the bot wait for minutes where many threads were opened.
        async with asyncio.timeout(_PATIENCE):
            return await message.create_thread(name=_named(question))
    except (discord.HTTPException, TimeoutError) as exc:  # or the message is gone
        _log.info("No thread could be opened: %s", exc)
        return None


async def open_thread_below(interaction: Interaction, question: str) -> discord.Thread | None:
    """Show the question in place of "thinking …", and start a thread from it, as `open_thread`."""
    channel, guild = interaction.channel, interaction.guild
    if guild is None or not isinstance(channel, discord.TextChannel):
        return None
    if not may_open_threads(channel.permissions_for(guild.me)):
        return None
    asked = ASKED.format(question=bold(" ".join(question.split()), _LONGEST_QUESTION))
    await put(interaction, MessagePart(asked))
    return await open_thread(await interaction.original_response(), question)


def may_open_threads(granted: discord.Permissions) -> bool:
    return granted.create_public_threads and granted.send_messages_in_threads


def _named(question: str) -> str:
    return shortened(" ".join(question.split()), _NAME)
