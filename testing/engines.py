"""Engines that answer when a test wants them to."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection
from typing import Any

from bot.chat.answering import QuestionEngine
from index.answering.answer import Response, SearchResult


class EngineAfter:
    """Answers as another engine does, after what `before` does with the question."""

    def __init__(self, engine: QuestionEngine) -> None:
        self._engine = engine

    def before(self, question: str) -> None: ...

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        self.before(question)
        return self._engine.ask(question, documents, **context)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        return self._engine.search(query, k, documents)


class Held(EngineAfter):
    """Answers when it is let; with `held`, other questions at once. `asked` are all of them."""

    def __init__(self, engine: QuestionEngine, held: Collection[str] | None = None) -> None:
        super().__init__(engine)
        self._held = held
        self.let = threading.Event()
        self.asked: list[str] = []

    def before(self, question: str) -> None:
        self.asked.append(question)
        if self._held is None or question in self._held:
            self.let.wait(60)


class Slow(EngineAfter):
    """Says when it is asked, on the standard output, and takes its time."""

    def __init__(self, engine: QuestionEngine, seconds: float) -> None:
        super().__init__(engine)
        self._seconds = seconds

    def before(self, _question: str) -> None:
        os.write(1, b"asked\n")  # in one piece, whatever another thread writes
        time.sleep(self._seconds)
