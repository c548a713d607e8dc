"""Who may see which document: what the policy says, and who is looking. Nothing here knows Discord.

Synchronous; what a viewer may see is found out anew at every look, so a right that was taken away
has gone.
"""

from bot.access.access import Access, Names, goes_beyond
from bot.access.openings import Openings, openings_under
from bot.access.policy import CLOSED, OPEN, Audience, Policy
from bot.access.redaction import redact, visible_counts
from bot.access.viewers import OPERATOR, STRANGER, ChannelReaders, Person, Viewer

__all__ = [
    "CLOSED",
    "OPEN",
    "OPERATOR",
    "STRANGER",
    "Access",
    "Audience",
    "ChannelReaders",
    "Names",
    "Openings",
    "Person",
    "Policy",
    "Viewer",
    "goes_beyond",
    "openings_under",
    "redact",
    "visible_counts",
]
