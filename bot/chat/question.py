"""A question as it comes in, from any chat system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.access import Viewer
from bot.chat.recheck import ViewerSource
from bot.observing.metrics import EntryPoint
from bot.records import Kind


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """A question as it came in. All ids are the chat system's.

    `viewer`: who would see the answer at the moment of asking. `viewer_source`: tells who would see
    it at any later moment; nothing that they may not see then has a part in it. `channel`: may be a
    thread or a direct conversation. `message`: the one with the question, None for a command.
    `mention`: the message mentions the bot. `reply_to`: the exchange that it replies to.
    `thread_of`: the exchange at whose answer this thread began. `document`, `folder` and `since`
    narrow the documents, as in `Access.narrowed`. `today`: the date where it was asked.
    """

    question: str
    person: int
    guild: int | None
    channel: int
    viewer: Viewer
    viewer_source: ViewerSource
    kind: Kind = Kind.ASK
    message: int | None = None
    mention: bool = False
    reply_to: int | None = None
    thread_of: int | None = None
    document: str | None = None
    folder: str | None = None
    since: date | None = None
    today: date | None = None
    private: bool = False

    @property
    def only_asker_sees(self) -> bool:
        return self.private or self.guild is None

    @property
    def entry_point(self) -> EntryPoint:
        if self.message is None:
            return EntryPoint.COMMAND
        if self.guild is None:
            return EntryPoint.DIRECT
        if self.reply_to or self.thread_of:
            return EntryPoint.REPLY
        return EntryPoint.MENTION if self.mention else EntryPoint.CHANNEL
