"""Observation of one question: its id in the log, and what it counts as in the metrics."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, get_contextvars

from bot.observing.metrics import NO_KIND, UNEXPECTED, WITHDRAWN, EntryPoint, Metrics
from bot.records import Exchange, Kind
from index.errors import BriefingError

_ID = "question_id"
_log = logging.getLogger(__name__)


@contextmanager
def observed(
    metrics: Metrics, kind: Kind, way: EntryPoint
) -> Iterator[Callable[[Exchange, Mapping[str, float]], None]]:
    """Observe a question; yields a function to call with its exchange and milliseconds.

    Every line that this task, and whatever it starts, logs from now on has the question's id, also
    after the block has ended: the answer is sent later.
    """
    bind_contextvars(**{_ID: secrets.token_hex(4)})
    began = time.perf_counter()
    outcome, question_kind = UNEXPECTED, NO_KIND
    fields: dict[str, int] = {}

    def ended(exchange: Exchange, milliseconds: Mapping[str, float]) -> None:
        nonlocal outcome, question_kind
        outcome = exchange.verdict.value
        if exchange.kind is not Kind.SEARCH:
            question_kind = exchange.question_kind.value
        fields.update(exchange=exchange.id, generation=exchange.generation)
        metrics.took(milliseconds)

    try:
        yield ended
    except asyncio.CancelledError:
        outcome = WITHDRAWN
        raise
    except BriefingError as exc:
        outcome = _snake(type(exc).__name__)
        raise
    finally:
        metrics.asked(kind, way, question_kind, outcome)
        more = {
            "kind": str(kind),
            "way": str(way),
            "question_kind": question_kind,
            "outcome": outcome,
            "seconds": round(time.perf_counter() - began, 3),
        }
        _log.info("Asked", extra={**more, **fields})


def in_question() -> bool:
    """Return whether this task has asked a question."""
    return _ID in get_contextvars()


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
