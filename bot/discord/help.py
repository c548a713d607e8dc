"""/help: what the bot can do, on one screen, with examples from the team's own documents."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot import words
from bot.discord.buttons import Interaction
from bot.discord.client import BriefingBot
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import Part, packed
from bot.discord.rights import is_admin
from bot.discord.sending import follow_up
from index.errors import BriefingError

__all__ = ["Help"]

_COLOUR = discord.Colour(0x3B6EA5)


class Help(commands.Cog):
    def __init__(self, bot: BriefingBot) -> None:
        self.bot = bot
        self.services = bot.services

    @app_commands.command(name="help", description=words.HELP_DESCRIPTION)
    async def help(self, interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        guilds = self.services.guilds
        assert self.bot.user is not None
        page = help_page(
            me=self.bot.user.mention,
            examples=await self.services.desk.look_up(self._examples),
            channels=sorted(guilds.of(interaction.guild_id).question_channels),
            admin=is_admin(interaction, guilds),
        )
        await follow_up(interaction, [page], private=True)

    def _examples(self) -> list[str]:
        try:
            return self.services.library.examples(3)
        except BriefingError:  # nothing is indexed yet: the rest helps all the same
            return []


def help_page(*, me: str, examples: list[str], channels: list[int], admin: bool) -> Part:
    """`me` is the bot's mention; `channels` are the ids of those for questions."""
    blocks = [words.HELP_INTRODUCTION]
    if examples:
        blocks.append(words.help_examples(examples=[escape_line(one) for one in examples]))
    where = [f"<#{channel}>" for channel in channels]
    blocks.append(words.help_asking(me=me, channels=" ".join(where)))
    blocks.append(words.HELP_CHECKING)
    if admin:
        blocks.append(words.HELP_ADMINS)
    (page,) = packed(blocks, colour=_COLOUR)
    return page
