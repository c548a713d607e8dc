"""All that the documents have of one sort, where a list of it is asked for in so many words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from index.answering.answer import Excerpt, QuestionKind, Reply, Says
from index.answering.kinds.collection.forms import Asks
from index.answering.kinds.collection.questions import collection_questions
from index.answering.lists import Lists, RollUpRequest
from index.answering.rollups.asked import asked_list, readings
from index.answering.rollups.roll_up import roll_up
from index.answering.rollups.rows import RollUp
from index.answering.scope import Found, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.times import asked_time

__all__ = ["answer_list", "list_of", "listed_statements"]

_OF_DOCUMENTS = re.compile(r"(?:since|after|before|until|from|older|newer)\b", re.IGNORECASE)
_OF_TIME = frozenset({Lists.DEADLINES, Lists.DECISIONS, Lists.DATES})


def answer_list(question: str, scope: Scope) -> Found | None:
    """Return the first statements of a list that is asked for; None for any other question."""
    request = asked_list(question, scope.today)
    return listed_statements(request, scope) if request else None


def list_of(text: str, today: date) -> RollUpRequest:
    """Return the list that somebody who asks for one means: in words, or by its topic alone."""
    if found := asked_list(text, today):
        return found
    for rest, time in readings(text, today, ahead=False):
        for asked in collection_questions(rest):
            if asked.topic and asked.asks in (Asks.MENTIONS, Asks.COUNT):
                return RollUpRequest(Lists.MENTIONS, asked.topic, time.period if time else None)
    topic = " ".join(text.split()).strip("?!. ")
    time = asked_time(topic, today)
    if time and _OF_DOCUMENTS.match(topic, time.span.start) and (rest := time.without(topic)):
        return RollUpRequest(Lists.MENTIONS, rest, time.period)
    return RollUpRequest(Lists.MENTIONS, topic)


def listed_statements(request: RollUpRequest, scope: Scope) -> Found | None:
    """Return the first statements of a list with the number of all; None for one on a topic that
    has none, which may be a question of another kind."""
    found = roll_up(request, scope, most=TUNING.dated_statements)
    extent = found.extent
    if not extent.rows and request.about:
        return None
    values: dict[str, str | int | tuple[str, ...]] = {
        "lists": request.lists,
        "number": extent.statements,
        "documents": extent.documents,
        "shown": len(found.rows),
        **request.days(),
    }
    if request.about:
        values["name"] = request.about
    if not extent.is_whole:
        values["more"] = 1
    is_of_time = request.lists in _OF_TIME and extent.rows
    return Found(
        QuestionKind.TIMELINE if is_of_time else QuestionKind.COLLECTION,
        confidence=TUNING.likely_confidence if extent.rows else 0.0,
        excerpts=_excerpts(found),
        replies=(Reply(Says.LISTED, values),),
        extent=extent,
    )


def _excerpts(found: RollUp) -> tuple[Excerpt, ...]:
    quotes = (row.quote for row in found.rows if row.quote)
    return tuple(replace(quote, number=number) for number, quote in enumerate(quotes, start=1))
