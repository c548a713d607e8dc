"""What happened at a time, or between two: dated statements and documents, in order of date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answering.answer import Excerpt, QuestionKind, Reply, Says
from index.answering.excerpts.quoting import excerpt_of
from index.answering.kinds.collection.listing import TopicMentions, listed, mentions_of
from index.answering.kinds.listings import listed_statements
from index.answering.list_requests import Lists, RollUpRequest
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.forms import Form
from index.answering.understanding.times import AskedTime, asked_time
from index.answering.visible_documents import in_period, visible
from index.store.catalog.particulars import DatedStatement
from index.text import words_of

_WORDS = {
    "HAPPENED": "happened|happens|happen|occurred|took place|takes place|take place|went on|goes on"
    "|was going on|is going on|happening|was happening|is happening|has happened",
    "DECIDED": "decided|agreed|resolved|approved|concluded|settled",
    "ABOUT": "in|at|to|with|on|for|about|around|near|regarding|concerning",
    "EVENTS": "events?|incidents?|developments?|timeline|chronology|history|calendar|dates|agenda",
    "WILL": "will happen|is planned|are planned|is scheduled|is due|are due|is coming up|comes up"
    "|is next|is ahead|is expected|is on|is happening|happens",
}
_FORMS = Form(
    """
    (what|what all|what else) (HAPPENED|has been happening) [ABOUT <topic>]
    (what|anything) (was|has been|were|have been|did we|did they|did you) (going on|done|do)
        [ABOUT <topic>]
    [what are|what were|list|show|show me|give me] [the|all|all the|any|main|key]* EVENTS
        [(of|ABOUT) <topic>]
    <topic> (timeline|chronology)
    """,
    _WORDS,
)
_AHEAD = Form(
    """
    (what|what's|what all|what else|which EVENTS) [is|are|events are] (WILL|planned|scheduled|due
        |coming up|next|happening) [ABOUT <topic>]
    (what's|whats) (planned|scheduled|due|coming up|happening|on) [ABOUT <topic>]
    [upcoming|coming] EVENTS [ABOUT <topic>]
    """,
    _WORDS,
)
_DECISIONS = Form(
    """
    (what|what all|which decisions|what decisions) (was|were|has been|have been|did (we|they|you))
        (DECIDED|decide|agree|made|make|taken|take) [ABOUT <topic>]
    [list|show|show me|what are|what were|which] [the|all|all the]* decisions [made|taken]
        [(of|ABOUT) <topic>]
    """,
    _WORDS,
)
_ON_A_DAY = Form("(what|what's|whats|anything|something) [is|happening]", {})
"""Of "what's on 9 June" this is left without the day, which then has its preposition."""
_DUE = Form(
    """
    [what are|what were|which are|list|show|show me|give me|any] [the|all|all the|our|my|upcoming]*
        (deadlines?|due dates?) [we have|there are|are there|do we have|for us] [(of|ABOUT) <topic>]
    what [(is|was|are|were)] due [ABOUT <topic>]
    """,
    _WORDS,
)
_PLACED = re.compile(r"(?:on|in|for|during|at|over)\b", re.I)
_LONGEST = 120
"""Characters of a question about a time; a longer one is about something else too."""
_ENOUGH = 2
"""Sentences beside which rows are not shown: a price list is full of dates."""
_NOT_A_TOPIC = frozenset("you me us it this that there what who how we i they".split())


def answer_timeline(question: str, scope: Scope) -> Findings | None:
    """Return dated statements in order of date; None for any other question.

    What was decided on one day is left to the sections, since a heading may ask it.
    """
    if len(question) > _LONGEST:
        return None
    for forms in (_DECISIONS, _DUE, _FORMS, _AHEAD, _ON_A_DAY):
        is_ahead = forms in (_DUE, _AHEAD, _ON_A_DAY)
        time = asked_time(question, scope.today, ahead=is_ahead)
        if time is None:
            return None
        if forms is _ON_A_DAY and not _PLACED.match(question, time.span.start):
            continue
        rest = time.without(question).rstrip("?!. ").replace("’", "'")
        for found in forms.match(" ".join(rest.split())):
            topic = re.sub(r"^(?:the|our|a)\s+", "", found.get("topic", ""), flags=re.I)
            if _NOT_A_TOPIC.intersection(words_of(topic)):
                continue
            timeline = _timeline(topic, time, scope, forms)
            past = asked_time(question, scope.today)
            if is_ahead and past and (timeline is None or not timeline.excerpts):
                timeline = _timeline(topic, past, scope, forms)
            return timeline
    return None


def _timeline(topic: str, time: AskedTime, scope: Scope, forms: Form) -> Findings | None:
    period = time.period
    if forms in (_DECISIONS, _DUE):
        if forms is _DECISIONS and period.first == period.last:
            return None
        lists = Lists.DECISIONS if forms is _DECISIONS else Lists.DEADLINES
        found = listed_statements(RollUpRequest(lists, topic, period), scope)
        return found if found and found.excerpts else None
    mentions = mentions_of(topic, scope) if topic else None
    documents = in_period(visible(scope), period)[::-1]
    if mentions:
        documents = [each for each in documents if each.name in mentions.passages]
    number, statements = _statements(mentions, time, scope, TUNING.dated_statements)
    sentences = [each for each in statements if not each.is_row]
    excerpts = _excerpts(sentences if len(sentences) >= _ENOUGH else statements, scope)
    if not excerpts and not documents:
        return None
    values: dict[str, str | int | tuple[str, ...]] = {**time.days()}
    values |= {"number": number, "shown": len(excerpts)} if excerpts else {"number": len(documents)}
    return Findings(
        QuestionKind.TIMELINE,
        confidence=TUNING.likely_confidence,
        excerpts=excerpts,
        replies=(Reply(Says.HAPPENED if excerpts else Says.NEW_SINCE, values),),
        documents=listed(documents[: TUNING.listed_documents], scope),
    )


def _statements(
    mentions: TopicMentions | None, time: AskedTime, scope: Scope, most: int
) -> tuple[int, list[DatedStatement]]:
    """Return how many statements are of a time, and most of them in order of date."""
    keys = None
    if mentions:
        keys = [each.key for found in mentions.passages.values() for each in found]
    number, found = scope.catalog.particulars.dated_in(time.period, most, scope.names, keys)
    return number, sorted(
        found, key=lambda e: (e.period.first, e.period.last, e.document, e.span.start)
    )


def _excerpts(statements: Sequence[DatedStatement], scope: Scope) -> tuple[Excerpt, ...]:
    passages = scope.catalog.passages([each.passage for each in statements])
    return tuple(
        excerpt_of(each.span, passages[each.passage], scope.catalog) for each in statements
    )
