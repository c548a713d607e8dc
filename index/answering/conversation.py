"""A conversation that is given as texts, held once more with the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from index.answering.answer import Response
from index.errors import BadQuestion
from index.rewriting import Turn, rewrite


@dataclass(frozen=True, slots=True)
class Message:
    """What one side said; the agent is whoever answered then, not necessarily this engine."""

    speaker: Literal["user", "agent"]
    text: str


class _Engine(Protocol):
    def ask(self, question: str, *, conversation: Sequence[Turn] = ...) -> Response: ...


def replay(engine: _Engine, messages: Sequence[Message]) -> list[Turn]:
    """Return the turns, the oldest first.

    A question that an agent answered keeps that answer. One that nobody answered is asked of the
    engine, with the turns before it. What cannot be asked is left out.
    """
    turns: list[Turn] = []
    for at, message in enumerate(messages):
        if message.speaker == "agent":
            continue
        reply = messages[at + 1] if at + 1 < len(messages) else None
        if reply is not None and reply.speaker == "agent":
            question = rewrite(message.text, turns).question
            turns.append(Turn(question, reply=reply.text))
            continue
        try:
            response = engine.ask(message.text, conversation=turns)
        except BadQuestion:
            continue
        turns.append(Turn(response.rewritten, response.excerpts))
    return turns
