"""Recorded exchanges, of which a test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.records import Exchange, Kind, NewExchange, Records
from index.answering.answer import Verdict

_USUAL: dict[str, Any] = {
    "kind": Kind.ASK,
    "person": 1,
    "guild": 1,
    "channel": 2,
    "generation": 7,
    "confidence": 0.9,
    "verdict": Verdict.ANSWERED,
}


def new_exchange(question: str = "Who?", **different: Any) -> NewExchange:
    return NewExchange(**(_USUAL | {"question": question} | different))


def exchange(question: str = "Who?", **different: Any) -> Exchange:
    """Return an exchange as the records would have it."""
    known = {"id": 1, "at": datetime(2026, 1, 19, 12, tzinfo=UTC), "rewritten": question}
    return Exchange(**(_USUAL | known | {"question": question} | different))


def ask(records: Records, question: str = "Who?", **different: Any) -> Exchange:
    return records.add(new_exchange(question, **different))
