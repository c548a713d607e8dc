"""All that the documents have of one sort, where a list of it is asked for in so many words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from index.answering.answer import Excerpt, QuestionKind, Reply, Says
from index.answering.kinds.collection.forms import Asks
from index.answering.kinds.collection.questions import collection_questions
from index.answering.list_requests import Lists, RollUpRequest
from index.answering.rollups.request import parse_list_request, readings
from index.answering.rollups.roll_up import roll_up
from index.answering.rollups.rows import RollUp, reply_of
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.times import asked_time
from index.text import words_of

_OF_DOCUMENTS = re.compile(r"(?:since|after|before|until|from|older|newer)\b", re.IGNORECASE)
_ALL_ABOUT = re.compile(
    r"(?:(?:so|and|ok|please|tell me) )*(?:what|everything|all)(?: all| else)?"
    r"(?: (?:do|does|did|have|has))? (?:we|you|(?:the|our|your|all) (?:documents|docs|files"
    r"|briefings|briefs|papers|notes|reports))(?: (?:ever|already))?"
    r" (?:say|said|know|known|have|write|written|got|tell us)(?: anything| something)?"
    r" (?:about|on|regarding|concerning) (?P<topic>[^?!]{1,80})",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|our|a|an|any|all)\s+", re.IGNORECASE)
_QUOTES = " \"'“”‘’«»`"
_LONGEST_TOPIC = 6
_WORTH_A_LIST = 2
"""Documents that are worth a list."""
_OF_TIME = frozenset({Lists.DEADLINES, Lists.DECISIONS, Lists.DATES})


def answer_list(question: str, scope: Scope) -> Findings | None:
    """Return the first statements of a list that is asked for; None for any other question."""
    request = parse_list_request(question, scope.today)
    if request is None:
        return None
    found = listed_statements(request, scope)
    past = parse_list_request(question, scope.today, past=True)
    if past and past != request and not (found and found.excerpts):
        earlier = listed_statements(past, scope)
        return earlier if earlier and earlier.excerpts else found
    return found


def list_of(text: str, today: date) -> RollUpRequest:
    """Return the list that somebody who asks for one means: in words, or by its topic alone.

    "Decisions" alone are all decisions.
    """
    for words in (text, f"list all {text}"):
        if found := parse_list_request(words, today):
            return found
    for rest, time in readings(text, today, ahead=False):
        for asked in collection_questions(rest):
            if asked.topic and asked.asks in (Asks.MENTIONS, Asks.COUNT):
                period = time.period if time else None
                return RollUpRequest(Lists.MENTIONS, _as_quoted(asked.topic, text), period)
    topic = " ".join(text.split()).strip("?!. ")
    time = asked_time(topic, today)
    if time and _OF_DOCUMENTS.match(topic, time.span.start) and (rest := time.without(topic)):
        return RollUpRequest(Lists.MENTIONS, rest, time.period)
    return RollUpRequest(Lists.MENTIONS, topic)


def _as_quoted(topic: str, text: str) -> str:
    """Return a topic in the quotes in which a text has it: its words then stand together."""
    return f'"{topic}"' if re.search(rf"[\"“]{re.escape(topic)}[\"”]", text) else topic


def listed_statements(request: RollUpRequest, scope: Scope) -> Findings | None:
    """Return the first statements of a list with the number of all; None for one on a topic that
    has none, which may be a question of another kind."""
    found = roll_up(request, scope, most=TUNING.dated_statements)
    extent = found.extent
    if not extent.rows and request.about:
        return None
    is_of_time = request.lists in _OF_TIME and extent.rows
    return Findings(
        QuestionKind.TIMELINE if is_of_time else QuestionKind.COLLECTION,
        confidence=TUNING.likely_confidence if extent.rows else 0.0,
        excerpts=_excerpts(found),
        replies=(reply_of(extent, len(found.rows)),),
        extent=extent,
    )


def _excerpts(found: RollUp) -> tuple[Excerpt, ...]:
    quotes = (row.quote for row in found.rows if row.quote)
    return tuple(replace(quote, number=number) for number, quote in enumerate(quotes, start=1))


def offer_list(question: str, found: Findings, scope: Scope) -> Findings:
    """Return what is found with a list of all documents on the topic of a question offered.

    "What do we say about escorts?" asks for what matters, or for every place.
    """
    match = _ALL_ABOUT.fullmatch(" ".join(question.split()).rstrip("?!. "))
    if match is None or found.extent or any(each.says is Says.CARD for each in found.replies):
        return found
    topic = _ARTICLE.sub("", match["topic"]).strip(_QUOTES)
    if not 0 < len(words_of(topic)) <= _LONGEST_TOPIC:
        return found
    extent = roll_up(RollUpRequest(Lists.MENTIONS, topic), scope, most=0).extent
    if extent.documents < _WORTH_A_LIST:
        return found
    reply = Reply(Says.LISTABLE, {"number": extent.documents, "name": topic})
    return replace(found, replies=(*found.replies, reply), extent=extent)
