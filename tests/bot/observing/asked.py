"""A question, and an engine that raises when it is told to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from bot.access import Person, Viewer
from bot.chat.answering import QuestionEngine
from bot.chat.question import ChatQuestion
from index.answering.answer import Response, SearchResult

__all__ = ["LEASE", "MESSAGE", "PERSON", "Failing", "Unchanging", "asked"]

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

    async def viewer(self) -> Viewer:
        return self.who


class Failing:
    """Answers as another engine does, unless it has an error to raise."""

    def __init__(self, engine: QuestionEngine) -> None:
        self._engine = engine
        self.error: Exception | None = None

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        if self.error:
            raise self.error
        return self._engine.ask(question, documents, **context)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        return self._engine.search(query, k, documents)
