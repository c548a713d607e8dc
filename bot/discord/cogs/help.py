"""/help: what the bot can do, with examples from the documents."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.examples import TriedExamples
from bot.discord.permissions.admins import is_admin
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.viewer_sources import AskerAlone
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import MessagePart, packed
from bot.discord.ui.sending import follow_up
from bot.localization import _

__all__ = ["Help"]

_HELP_INTRODUCTION = _(
    "**I answer from the briefing documents, word for word.** Every quote is compared "
    "with the stored document before you see it. Where I am not sure, or find nothing close, I "
    "say so."
)
_HELP_CHECKING = _(
    "**Check an answer**\n"
    "**Sources** below an answer, or the number of an excerpt, shows it in its place, "
    "with the text around it and the original file.\n"
    "`/source` opens a document at a page or a heading, `/search` finds passages.\n"
    "Right-click a message (on a phone, press it long), *Apps*, *Find sources*: "
    "passages about what somebody wrote."
)
_HELP_CURRENT = _(
    "**What holds, and what is new**\n"
    "Newer documents come first; one that was replaced says so. Where two say different "
    "things, I show both.\n"
    "`/changes` shows what changed since you looked last, old beside new; `/compare` two "
    "documents beside each other.\n"
    "**Tell me when this changes**, below an answer: I write to you. `/watches` lists what you "
    "watch."
)
_HELP_LISTS = _(
    "**See it all**\n"
    "`/list` finds every document that mentions a word, or *deadlines in the next 30 days*, also "
    "as a file.\n"
    "`/documents` lists what I know, and with `show` what is overdue for a review."
)
_HELP_YOURS = _(
    "**You and I**\n"
    "👍 and 👎 tell the admins what works.\n"
    "`/forget-me` shows what I keep of you, and deletes it."
)
_HELP_ADMINS = _(
    "**For admins**\n"
    "`/reindex` takes in what changed, `/upload` and `/remove` change the documents, "
    "`/rollback` goes back one state.\n"
    "`/documents show` lists which documents seem to replace others, `/replaced` says that one "
    "does, `/conflicts` lists where they contradict each other.\n"
    "`/status` shows how I am, `/gaps` what people asked in vain, `/access` who sees a folder."
)

_COLOUR = discord.Colour(0x3B6EA5)
_MOST_CHANNELS = 10


class Help(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.guilds = bot.services.guilds
        services = bot.services
        self._examples = TriedExamples(
            services.access,
            services.current,
            services.libraries,
            services.answering,
            services.admission,
        )

    @app_commands.command(
        name="help", description=_("What I can do, with examples from your documents")
    )
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
    blocks = [_HELP_INTRODUCTION]
    if examples:
        lines = "\n".join(f"- {escape_line(text)}" for text in examples)
        blocks.append(_("**Try**\n{examples}").format(examples=lines))
    where = [f"<#{channel}>" for channel in channels[:_MOST_CHANNELS]]
    more = " …" if len(channels) > _MOST_CHANNELS else ""
    blocks.append(_asking(me=me, channels=" ".join(where) + more))
    blocks += [_HELP_CHECKING, _HELP_CURRENT, _HELP_LISTS, _HELP_YOURS]
    if admin:
        blocks.append(_HELP_ADMINS)
    return packed(blocks, colour=_COLOUR)


def _asking(*, me: str, channels: str) -> str:
    """Say how to ask; `channels`, as mentions, may be empty."""
    also = _(" In {channels} every message is a question.") if channels else ""
    return _(
        "**Ask**\n"
        "Mention {me}, write to me directly, or use `/ask`; `private` shows the answer to you "
        "alone.{also}\n"
        "Ask for facts, lists, tables and summaries, or about the documents themselves: *what is "
        "new since May?*\n"
        "Reply to an answer to go on: *and how large would it be?*\n"
        "Edit your question, and I answer again; delete it, and the answer goes."
    ).format(me=me, also=also.format(channels=channels))
