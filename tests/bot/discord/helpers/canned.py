"""An engine that says what a test wants said, and keeps to the documents that may be seen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from bot.chat.answering import QuestionEngine
from bot.config.settings import Settings
from index.answering.answer import Response, SearchResult, Verdict
from testing.services import engine_of

NOTHING = Response("", Verdict.SILENT, 0.0, 1)

Canning = Response | Callable[[Collection[str] | None], Response]
"""A response, or what makes one of the names of the documents that may be seen."""


class Canned:
    """Answers the questions that it was given; asks a real engine the others.

    `asked` has each question with the documents it was asked of, and what was given beside them.
    """

    def __init__(self, settings: Settings, answers: dict[str, Canning]) -> None:
        self._answers = answers
        self._engine: QuestionEngine = engine_of(settings)
        self.asked: list[tuple[str, Collection[str] | None, dict[str, Any]]] = []

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        self.asked.append((question, documents, context))
        found = self._answers.get(question)
        if found is None:
            return self._engine.ask(question, documents, **context)
        response = found if isinstance(found, Response) else found(documents)
        return replace(response, question=question, rewritten=question)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        return self._engine.search(query, k, documents)
