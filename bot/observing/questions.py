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

from bot.observing.metrics import ANSWERED, UNANSWERED, UNEXPECTED, WITHDRAWN, Metrics, Way
from bot.records import Exchange, Kind
from index.errors import BriefingError

__all__ = ["in_question", "observed"]

_ID = "question_id"
_log = logging.getLogger(__name__)


@contextmanager
def observed(
    metrics: Metrics, kind: Kind, way: Way
) -> Iterator[Callable[[Exchange, Mapping[str, float]], None]]:
    """Observe a question; yields a function to call with its exchange and milliseconds.

    Every line that this task, and whatever it starts, logs from now on has the question's id, also
    after the block has ended: the answer is sent later.
    """
    bind_contextvars(**{_ID: secrets.token_hex(4)})
    began = time.perf_counter()
    outcome = UNEXPECTED
    fields: dict[str, int] = {}

    def ended(exchange: Exchange, milliseconds: Mapping[str, float]) -> None:
        nonlocal outcome
        outcome = ANSWERED if exchange.answered else UNANSWERED
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
        metrics.asked(kind, way, outcome)
        seconds = round(time.perf_counter() - began, 3)
        more = {"kind": str(kind), "way": str(way), "outcome": outcome, "seconds": seconds}
        _log.info("Asked", extra={**more, **fields})


def in_question() -> bool:
    """Return whether this task has asked a question."""
    return _ID in get_contextvars()


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
