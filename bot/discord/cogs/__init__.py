"""What the bot can do in Discord: one cog each."""

from __future__ import annotations

from bot.discord.cogs.adding import Adding
from bot.discord.cogs.asking import Asking
from bot.discord.cogs.asking_again import AskingAgain
from bot.discord.cogs.asking_on import AskingOn
from bot.discord.cogs.changing import Changing
from bot.discord.cogs.choosing import Choosing
from bot.discord.cogs.closing_gaps import ClosingGaps
from bot.discord.cogs.conflicting import Conflicting
from bot.discord.cogs.digests import Digests
from bot.discord.cogs.experts import Experts
from bot.discord.cogs.feedback import Feedback
from bot.discord.cogs.forgetting import Forgetting
from bot.discord.cogs.gaps import Gaps
from bot.discord.cogs.help import Help
from bot.discord.cogs.listing import Listing
from bot.discord.cogs.marking import Marking
from bot.discord.cogs.reindexing import Reindexing
from bot.discord.cogs.sharing import Sharing
from bot.discord.cogs.sources import Sources
from bot.discord.cogs.status import Status
from bot.discord.cogs.stewardship import Stewardship
from bot.discord.cogs.uploads import Uploading
from bot.discord.cogs.watches import Watches
from bot.discord.cogs.who_sees import WhoSees

__all__ = ["CAPABILITIES"]

CAPABILITIES = (
    *(Asking, Choosing, Sharing, Sources, Listing, Feedback, Forgetting, Help),
    *(Watches, AskingAgain, AskingOn, ClosingGaps, Marking),
    *(Reindexing, Uploading, Status, Gaps, Stewardship, WhoSees, Conflicting),
    *(Changing, Digests, Experts, Adding),
)
