"""Records: exchanges, feedback, the audit log and small facts, in one SQLite file.

The words of questions and the reasons for marks are kept only if the settings say so, in tables of
their own (`wordings`, `reasons`). Otherwise they never get to the disk, and the words of questions
stay in memory for as long as a conversation lasts. Those of "Find sources" are never kept, since
they are mostly somebody else's.

A method that changes something returns when the change is on the disk, so neither `kill -9` nor a
power cut can undo what was acknowledged. That takes an fsync of some milliseconds, so these calls
do not belong on the event loop. The one exception is records that may wait in memory while the disk
takes nothing, so that the bot goes on answering; `Records.problem` says so then. Ids of people,
guilds, channels and messages are the chat system's, below 2**63.
"""

from bot.records.entries import (
    AuditEntry,
    Counts,
    Exchange,
    Fault,
    FeedbackEntry,
    Kind,
    Mark,
    NewExchange,
    PersonCounts,
    PersonData,
    UnsatisfiedQuestion,
)
from bot.records.recent import CONVERSATION
from bot.records.records import Records

__all__ = [
    "CONVERSATION",
    "AuditEntry",
    "Counts",
    "Exchange",
    "Fault",
    "FeedbackEntry",
    "Kind",
    "Mark",
    "NewExchange",
    "PersonCounts",
    "PersonData",
    "Records",
    "UnsatisfiedQuestion",
]
