"""What the bot can do in Discord: one cog each."""

from __future__ import annotations

from bot.discord.asking import Asking
from bot.discord.feedback import Feedback
from bot.discord.help import Help
from bot.discord.sources import Sources

__all__ = ["CAPABILITIES"]

CAPABILITIES = (Asking, Sources, Feedback, Help)
