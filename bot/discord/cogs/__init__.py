"""What the bot can do in Discord: one cog each."""

from __future__ import annotations

import bot.discord.cogs.asking.feedback  # noqa: F401  # its buttons and its form
from bot.discord.cogs.administering.adding import Adding
from bot.discord.cogs.administering.closing_gaps import ClosingGaps
from bot.discord.cogs.administering.conflicting import Conflicting
from bot.discord.cogs.administering.gaps import Gaps
from bot.discord.cogs.administering.reindexing import Reindexing
from bot.discord.cogs.administering.status import Status
from bot.discord.cogs.administering.stewardship import Stewardship
from bot.discord.cogs.administering.uploads import Uploading
from bot.discord.cogs.administering.who_sees import WhoSees
from bot.discord.cogs.asking.asking import Asking
from bot.discord.cogs.asking.experts import Experts
from bot.discord.cogs.asking.marking import Marking
from bot.discord.cogs.forgetting import Forgetting
from bot.discord.cogs.help import Help
from bot.discord.cogs.looking_up.changing import Changing
from bot.discord.cogs.looking_up.digests import Digests
from bot.discord.cogs.looking_up.listing import Listing
from bot.discord.cogs.looking_up.sources import Sources
from bot.discord.cogs.looking_up.watches import Watches

__all__ = ["CAPABILITIES"]

CAPABILITIES = (
    *(Asking, Sources, Listing, Forgetting, Help),
    *(Watches, ClosingGaps, Marking),
    *(Reindexing, Uploading, Status, Gaps, Stewardship, WhoSees, Conflicting),
    *(Changing, Digests, Experts, Adding),
)
