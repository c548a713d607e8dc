"""Rows of the records' tables as values, and values as what the tables hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.records.entries import (
    AuditEntry,
    Counts,
    Exchange,
    Fault,
    FeedbackEntry,
    Kind,
    Mark,
    UnsatisfiedQuestion,
)
from index.answering.answer import Choice, Excerpt, QuestionKind, Quote, Verdict
from index.document import Span, Style, StyleKind, TextOrigin

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def exchange_of(row: Sequence[Any]) -> Exchange:
    """Return the exchange of a row; its moments are UTC."""
    (
        number, kind, at, person, guild, channel, question, rewritten, generation, confidence,
        verdict, excerpts, private, message, document, question_kind,
        choices, named_documents, folder, since, follows, source_documents,
        source_people, replies,
    ) = row  # fmt: skip
    return Exchange(
        id=number,
        kind=Kind(kind),
        at=moment(at),
        person=person,
        guild=guild,
        channel=channel,
        question=question,
        rewritten=rewritten,
        generation=generation,
        confidence=confidence,
        verdict=Verdict(verdict),
        excerpts=tuple(excerpt_of(stored) for stored in json.loads(excerpts)),
        private=bool(private),
        message=message,
        replies=tuple(reply for _, reply in sorted(json.loads(replies))),
        document=document,
        question_kind=QuestionKind(question_kind),
        choices=tuple(Choice(**choice) for choice in json.loads(choices)),
        named_documents=tuple(json.loads(named_documents)),
        folder=folder,
        since=None if since is None else date.fromisoformat(since),
        follows=follows,
        source_documents=tuple(json.loads(source_documents)),
        source_people=tuple(json.loads(source_people)),
    )


def excerpt_of(stored: dict[str, Any]) -> Excerpt:
    """Return the excerpt; a new field of Excerpt needs a default, a renamed one a migration."""
    header = stored.get("header")
    return Excerpt(
        **{
            **stored,
            "heading": tuple(stored["heading"]),
            "span": Span(**stored["span"]),
            "emphasis": tuple(Span(**span) for span in stored["emphasis"]),
            "header": header and Quote(header["text"], Span(**header["span"])),
            "origin": TextOrigin(stored.get("origin", TextOrigin.BODY)),
            "styles": tuple(
                Style(
                    StyleKind(style["kind"]), Span(**style["span"]), style["level"], style["text"]
                )
                for style in stored.get("styles", ())
            ),
        }
    )


def feedback_of(row: Sequence[Any]) -> FeedbackEntry:
    """Return the mark of a row."""
    exchange, person, mark, reason, at, fault = row
    return FeedbackEntry(
        exchange, person, Mark(mark), reason, moment(at), None if fault is None else Fault(fault)
    )


def unsatisfied_of(row: Sequence[Any]) -> UnsatisfiedQuestion:
    """Return the question of a row, with what was said of its marks before it."""
    reasons = tuple(reason for _, reason in sorted(json.loads(row[0])))
    faults = tuple(map(Fault, sorted(json.loads(row[2]))))
    return UnsatisfiedQuestion(
        exchange_of(row[3:]), reasons, marked_down=bool(row[1]), faults=faults
    )


def counts_of(row: Sequence[Any]) -> Counts:
    """Return the numbers of a row, which ends with a JSON object of faults."""
    exchanges, answered, unsure, up, down, faults = row
    found = {Fault(fault): int(number) for fault, number in json.loads(faults).items()}
    in_order = {fault: found[fault] for fault in Fault if fault in found}
    return Counts(exchanges, answered, unsure, up, down, in_order)


def evaluation_row(row: Sequence[Any]) -> dict[str, object]:
    """Return a row of an evaluation set."""
    liked, exchange = row[0], exchange_of(row[1:])
    if not liked or not exchange.excerpts:
        return {"question": exchange.rewritten}
    first = exchange.excerpts[0]
    return {
        "question": exchange.rewritten,
        "document": first.document,
        "excerpt": first.quote,
        "answerable": True,
    }


def audit_entry_of(row: Sequence[Any]) -> AuditEntry:
    """Return the audit entry of a row."""
    at, *others = row
    return AuditEntry(moment(at), *others)


def stamp(at: datetime) -> int:
    """Return microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(stamped: int) -> datetime:
    """Return the moment of a stamp."""
    return EPOCH + timedelta(microseconds=stamped)


def storable(text: str) -> str:
    """Return the text with U+FFFD for halves of surrogate pairs."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
