"""Metrics: counts and durations since the start, for Prometheus.

Readers of the metrics may not be allowed to read the documents. So a label is always a word of this
program: never a question, a document, a person, a channel or a server.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from bot.records import Kind
from index.answering.answer import QuestionKind, Verdict

UNEXPECTED, WITHDRAWN = "unexpected", "withdrawn"
NO_KIND = "none"
"""The kind of a question that was not told: of a search, and of what failed before."""

disable_created_metrics()  # type: ignore[no-untyped-call]  # nobody looks at that second series

_STAGES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_REPLIES = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)
"""Upper ends of the histograms' buckets, in seconds."""


class EntryPoint(enum.StrEnum):
    """How a question came in."""

    COMMAND = "command"
    DIRECT = "direct"
    REPLY = "reply"
    """A reply to an answer, or a message in a thread that began at one."""
    MENTION = "mention"
    CHANNEL = "channel"
    """In a channel for questions, without a mention."""


class Metrics:
    """The metrics of one bot, in a registry of their own. Safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.connected = False
        self._was_connected = False
        self._questions = Counter(
            "briefing_questions",
            "Questions by what came of them: a verdict, withdrawn, or an error's name.",
            ["kind", "way", "question_kind", "outcome"],
            registry=self.registry,
        )
        self._stages = Histogram(
            "briefing_question_seconds",
            "What each stage of a question took in the engine, and all of them (total).",
            ["stage"],
            buckets=_STAGES,
            registry=self.registry,
        )
        self._replies = Histogram(
            "briefing_reply_seconds",
            "From when a question was taken up until its reply was sent, the line included.",
            buckets=_REPLIES,
            registry=self.registry,
        )
        self._requests = Counter(
            "briefing_discord_requests",
            "Requests to Discord by the status of the answer, or none where there was no answer.",
            ["status"],
            registry=self.registry,
        )
        self._reconnects = Counter(
            "briefing_discord_reconnects",
            "Connections to Discord's gateway after the first, resumed ones included.",
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        # Otherwise `rate` would miss the first event, since a series would begin at 1.
        for way in EntryPoint:
            for verdict in Verdict:
                self._questions.labels(Kind.ASK, way, QuestionKind.FACT, verdict)
            for outcome in (UNEXPECTED, "busy", "too_many"):
                self._questions.labels(Kind.ASK, way, NO_KIND, outcome)
        self._requests.labels("429")

    def asked(self, kind: Kind, way: EntryPoint, question_kind: str, outcome: str) -> None:
        """Count a question; `outcome` is a verdict, a constant above, or an error's name."""
        self._questions.labels(kind, way, question_kind, outcome).inc()

    def took(self, milliseconds: Mapping[str, float]) -> None:
        """Observe the durations of one question's stages, by name."""
        for stage, spent in milliseconds.items():
            self._stages.labels(stage).observe(spent / 1000)

    def replied(self, seconds: float) -> None:
        self._replies.observe(seconds)

    def requested(self, status: int | None) -> None:
        """Count a request to Discord by the status of its answer; None for no answer."""
        self._requests.labels("none" if status is None else str(status)).inc()

    def connect(self) -> None:
        self.connected = True
        if self._was_connected:
            self._reconnects.inc()
        self._was_connected = True

    def disconnect(self) -> None:
        self.connected = False
