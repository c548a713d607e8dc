"""Engines that answer when a test wants them to."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection
from typing import Any

from bot.chat.answering import QuestionEngine
from index.answering.answer import Response, SearchResult

__all__ = ["Held", "Slow"]


class _Engine:
    def __init__(self, engine: QuestionEngine) -> None:
        self._engine = engine

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        self._wait()
        return self._engine.ask(question, documents, **context)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        return self._engine.search(query, k, documents)

    def _wait(self) -> None:
        raise NotImplementedError


class Held(_Engine):
    """Answers when it is let; `asked` counts what it was asked."""

    def __init__(self, engine: QuestionEngine) -> None:
        super().__init__(engine)
        self.let = threading.Event()
        self.asked = 0

    def _wait(self) -> None:
        self.asked += 1
        self.let.wait(60)


class Slow(_Engine):
    """Says when it is asked, on the standard output, and takes its time."""

    def __init__(self, engine: QuestionEngine, seconds: float) -> None:
        super().__init__(engine)
        self._seconds = seconds

    def _wait(self) -> None:
        os.write(1, b"asked\n")  # in one piece, whatever another thread writes
        time.sleep(self._seconds)
