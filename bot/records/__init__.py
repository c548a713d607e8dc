"""What the bot remembers: exchanges, feedback, what admins did, and small facts; one SQLite file.

What people wrote, the words of questions and the reasons for marks, is kept only if that is asked
for, in tables of its own (`wordings`, `reasons`); else it never gets to the disk, and the words of
questions are in memory for as long as a conversation lasts. Those of "Find sources" are never kept:
they are as a rule somebody else's.

A method that changes something returns after the change is on the disk, so neither `kill -9` nor a
power cut takes back what was acknowledged; that costs an fsync, a few milliseconds, which is why
the event loop should leave these calls to a worker. People, guilds, channels and messages are the
integers that the chat system gives them, below 2**63.
"""

from bot.records.entries import (
    AuditEntry,
    Counts,
    Exchange,
    FeedbackEntry,
    Held,
    Kind,
    Unsatisfied,
    Verdict,
)
from bot.records.recent import CONVERSATION
from bot.records.records import Records

__all__ = [
    "CONVERSATION",
    "AuditEntry",
    "Counts",
    "Exchange",
    "FeedbackEntry",
    "Held",
    "Kind",
    "Records",
    "Unsatisfied",
    "Verdict",
]
