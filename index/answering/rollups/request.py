"""Reads which list is asked for, such as "all deadlines in the next 30 days"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from index.answering.list_requests import Lists, RollUpRequest
from index.answering.understanding.forms import Form
from index.answering.understanding.times import AskedTime, asked_time
from index.text import words_of

_WORDS = {
    "LIST": "list|list out|show|show me|give me|collect|compile|export|i need|we need|get me|find",
    "EVERY": "all|every|each|all the|all our|all of the|all of our|any and all|every single"
    "|a list of [all] [the|our]|the list of|list of",
    "HAVE": "(that|which) (we|you) (have|know)|we have|you have|you know [of]|there are|there is"
    "|(is|are) (there|mentioned|stated|given|named|noted|listed|written down)|do (we|you) have"
    "|in [all] [the|our] (documents|docs|files|briefings)|mentioned|stated|given|named|noted",
    "ABOUT": "on|of|for|about|regarding|concerning|in|at|with|to|from",
    "PHONES": "(phone|telephone|mobile|cell|contact|call) numbers?|phones|telephones",
    "MAILS": "(e-mail|email|mail|e-mail and mail) (addresses|address|contacts)|e-mails? addresses",
    "FIGURES": "figures|numbers|statistics|stats|amounts|quantities|data points|data",
    "FIGURE": "figure|number|statistic|amount|quantity|data point",
    "DUE": "deadlines|due dates|deadline|due date",
    "ATIVE": "upcoming|coming|next|open|future|past|remaining|known|important|key|main",
}
_FORMS: tuple[tuple[Lists, bool, Form], ...] = tuple(
    (lists, ahead, Form(text, _WORDS))
    for lists, ahead, text in (
        (
            Lists.DEADLINES,
            True,
            """
            (LIST [EVERY|the|our]*|EVERY|[the|our] ATIVE|what are (EVERY|[the|our] ATIVE))
                [ATIVE|of|the|our]* DUE [HAVE]* [(ABOUT) <topic>] [HAVE]*
            (what are|which are|when are|any|what|which) [the|our]* deadlines
                [do we have|are there|are coming up|are due|have we got|HAVE]*
            [the|our]* (deadlines|due dates) [coming up|ahead|HAVE]* [(ABOUT) <topic>]
            (what [else|all] (is|are|was|were)|what's|whats) due
                [(for|on|about|regarding|concerning|from) <topic>]
            """,
        ),
        (
            Lists.DECISIONS,
            False,
            """
            (LIST [EVERY|the|our]*|EVERY|what are EVERY) [ATIVE|of|the|our]* decisions?
                [taken|made|agreed|that were (taken|made)|(we|you|they) (took|made)|HAVE]*
                [(ABOUT) <topic>] [taken|made|HAVE]*
            (what|which) [ATIVE]* decisions
                (were|was|have been|did (we|you|they)|have (we|you|they))
                (made|taken|make|take) [(ABOUT) <topic>]
            (everything|all) [that] (was|has been|were|have been|we|they) (decided|agreed|resolved)
                [(ABOUT) <topic>]
            """,
        ),
        (
            Lists.PHONES,
            False,
            """
            ((LIST|what are|which|what) [EVERY|the|our]*|EVERY) [of|the|our|ATIVE]* PHONES
                [do we have|are there|HAVE]* [(ABOUT) <topic>] [HAVE]*
            """,
        ),
        (
            Lists.ADDRESSES,
            False,
            """
            ((LIST|what are|which|what) [EVERY|the|our]*|EVERY) [of|the|our|ATIVE]* MAILS
                [do we have|are there|HAVE]* [(ABOUT) <topic>] [HAVE]*
            """,
        ),
        (
            Lists.FIGURES,
            False,
            """
            (LIST [the|our]|[LIST] EVERY|what are EVERY) [ATIVE]* FIGURES [HAVE]* (ABOUT) <topic>
            (what|which) FIGURES do (we|you) have (ABOUT) <topic>
            [LIST] (every|each|every single|any) FIGURE [HAVE]* (ABOUT) <topic>
            (LIST|[LIST] EVERY) <topic> (figures|statistics|stats)
            """,
        ),
        (
            Lists.DATES,
            False,
            """
            [LIST] (every|each|all|all the|all our) [ATIVE|the|our]* (dates?|dated statements?)
                [HAVE]* [(ABOUT) <topic>]
            """,
        ),
    )
)
_BARE = re.compile(r"^(?:the|our|a|an|any|all)\s+", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"^(?:(?:please|pls|hi|hello|hey|so|ok|and|(?:can|could|would|will) you)[\s,]+){1,4}",
    re.IGNORECASE,
)
_WHAT_DECISIONS = re.compile(r"(?:what|which)\b(?! are (?:all|every))", re.IGNORECASE)
_TAIL = re.compile(r"(?:[\s,]+(?:please|pls|thanks|thank you|again))+$", re.IGNORECASE)
_LONGEST, _LONGEST_TOPIC = 160, 8
_NOT_A_TOPIC = frozenset(
    "you me us it this that there what who how we i they here now which".split()
)


def parse_list_request(question: str, today: date, *, past: bool = False) -> RollUpRequest | None:
    """Return the list of statements that is asked for in so many words; None for all else.

    "Deadlines in June" are those of the next June or, with `past`, of the last one.
    """
    text = _TAIL.sub("", _LEAD_IN.sub("", " ".join(question.split()).rstrip("?!. ")))
    if len(text) > _LONGEST:
        return None
    for lists, ahead, forms in _FORMS:
        for rest, time in readings(text, today, ahead=ahead and not past):
            for found in forms.match(rest.replace("’", "'")):
                topic = _BARE.sub("", f"{found.get('topic', '')} ").strip()
                if "topic" in found and not topic:
                    continue  # "list all figures" is of no topic
                words = words_of(topic)
                if (
                    lists is Lists.DECISIONS
                    and _WHAT_DECISIONS.match(text)
                    and (time is None or _is_of_a_day(time))
                ):
                    continue  # a heading may ask it
                if len(words) <= _LONGEST_TOPIC and _NOT_A_TOPIC.isdisjoint(words):
                    return RollUpRequest(lists, topic, time.period if time else None)
    return None


def _is_of_a_day(time: AskedTime) -> bool:
    return time.period.first == time.period.last


def readings(text: str, today: date, *, ahead: bool) -> Iterator[tuple[str, AskedTime | None]]:
    """Yield a text without the time in it, if there is one, and then the whole text."""
    if time := asked_time(text, today, ahead=ahead):
        yield " ".join(time.without(text).split()), time
    yield text, None
