"""A question, and an engine that raises when it is told to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.access import Person, Viewer
from bot.chat.question import ChatQuestion
from testing.engines import EngineAfter

LEASE = "who signs the lease of the warehouse?"
PERSON, GUILD, CHANNEL, MESSAGE = 700_000_001, 700_000_002, 700_000_003, 700_000_004


def asked(question: str = LEASE, **changes: Any) -> ChatQuestion:
    """By command, in a guild, unless `changes` say otherwise."""
    viewer = Person(PERSON, at_home=True)
    asked = ChatQuestion(question, PERSON, GUILD, CHANNEL, viewer, Unchanging(viewer))
    return replace(asked, **changes)


@dataclass(frozen=True)
class Unchanging:
    """Whoever asks keeps their rights."""

    who: Viewer

    async def __call__(self) -> Viewer:
        return self.who


class Failing(EngineAfter):
    """Answers as another engine does, unless it has an error to raise."""

    error: Exception | None = None

    def before(self, _question: str) -> None:
        if self.error:
            raise self.error
