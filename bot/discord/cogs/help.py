"""/help: what the bot can do, with examples from the documents."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot import messages
from bot.chat.examples import TriedExamples
from bot.discord.permissions.admins import is_admin
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.viewer_sources import AskerAlone
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import EMPTY_LINE, MessagePart, packed
from bot.discord.ui.sending import follow_up

__all__ = ["Help"]

_COLOUR = discord.Colour(0x3B6EA5)
_MOST_CHANNELS = 10


class Help(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.guilds = bot.services.guilds
        services = bot.services
        self._examples = TriedExamples(
            services.access,
            services.live,
            services.libraries,
            services.answering,
            services.admission,
        )

    @app_commands.command(name="help", description=messages.HELP_DESCRIPTION)
    async def help(self, interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        assert self.bot.user is not None
        viewers = self.bot.viewers
        viewer, alone = await viewers.asker(interaction), AskerAlone(viewers, interaction)
        parts = _help(
            me=self.bot.user.mention,
            examples=await self._examples.get(self.bot.user.id, viewer, alone),
            channels=self._question_channels(interaction),
            admin=is_admin(interaction, self.guilds),
        )
        await follow_up(interaction, parts, private=True)

    def _question_channels(self, interaction: Interaction) -> list[int]:
        """Return this guild's channels for questions; the settings may list those of all guilds."""
        if interaction.guild is None:
            return []
        known = {channel.id for channel in interaction.guild.channels}
        return sorted(known & self.guilds.of(interaction.guild_id).question_channels)


def _help(
    *, me: str, examples: Sequence[str], channels: Sequence[int], admin: bool
) -> list[MessagePart]:
    """Return the help; `me` is the bot's mention, `channels` are the ids of question channels."""
    blocks = [messages.HELP_INTRODUCTION]
    if examples:
        blocks.append(messages.help_examples(examples=[escape_line(text) for text in examples]))
    where = [f"<#{channel}>" for channel in channels[:_MOST_CHANNELS]]
    more = " …" if len(channels) > _MOST_CHANNELS else ""
    blocks.append(messages.help_asking(me=me, channels=" ".join(where) + more))
    blocks.append(messages.HELP_CHECKING)
    if admin:
        blocks.append(messages.HELP_ADMINS)
    return packed(blocks, between=EMPTY_LINE, colour=_COLOUR)
