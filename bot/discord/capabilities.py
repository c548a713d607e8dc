"""What the bot can do in Discord: one cog each."""

from __future__ import annotations

from bot.discord.asking import Asking
from bot.discord.corpus import Corpus
from bot.discord.feedback import Feedback
from bot.discord.forgetting import Forgetting
from bot.discord.help import Help
from bot.discord.reindexing import Reindexing
from bot.discord.sharing import Sharing
from bot.discord.sources import Sources
from bot.discord.status import Status

__all__ = ["CAPABILITIES"]

CAPABILITIES = (Asking, Sharing, Sources, Feedback, Forgetting, Help, Reindexing, Corpus, Status)
