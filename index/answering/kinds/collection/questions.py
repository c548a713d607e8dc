"""Reads questions about the documents themselves, and tells them from those about their matter.

"Which documents mention X" asks about the collection; "which documents do I need" does not. Where
grammar alone cannot tell, what the question names must be found in the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.answering.kinds.collection.forms import FORMS, GENERIC_KIND, Asks, Certainty
from index.number_words import NUMBERS
from index.rewriting.english import AUXILIARY, CLAUSE, PERSONAL, PREPOSITION, WH
from index.rewriting.tokens import singular
from index.text import words_of


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """One reading of a question.

    `topic` is what documents shall mention, `document` what one is called, `person` who wrote, and
    `folder` where. `kind` is a kind of document, empty for any. `number` documents are asked for, 0
    for as many as there are; `several` tells whether more than one is.
    """

    asks: Asks
    sure: Certainty
    topic: str = ""
    document: str = ""
    person: str = ""
    folder: str = ""
    kind: str = ""
    number: int = 0
    several: bool = False


_NUMBERS = NUMBERS | {"few": 3}

_LEAD_IN = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|well|please|pls|quick question|question|sorry)\b[\s,:!.-]*"
    r"|(?:can|could|would|will) (?:you|u) (?:please )?(?:tell me |say )?(?=\S)"
    r"|(?:do you know|tell me|let me know|i(?:'d| would) like to know|i want to know|i wonder)\s+"
    r"(?=(?:what|which|who|when|how|where|if|whether)\b)(?:(?:if|whether) )?)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:(?<![\s,])[\s,]+(?:please|pls|thanks|thank you|thx|at all|anywhere|for me|by the way|btw"
    r"|exactly|actually|again))+$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:(?:the|a|an|any|some|our|all)\s+)+", re.IGNORECASE)
_NOT_IN_NAME = WH | set("i you we he she whats what's whos who's wheres where's hows how's".split())
_SEVERAL = frozenset(
    "documents docs files briefings briefs papers sources reports notes memos presentations emails"
    " mails spreadsheets pdfs letters articles everything anything".split()
)
_QUOTES = " \"'“”‘’«»`"
_LONGEST_TOPIC, _LONGEST_NAME = 8, 10
_NOT_IN_TOPIC = (AUXILIARY | WH | CLAUSE | PERSONAL) - {
    "and",
    "or",
    "who",
    "may",
    "might",
    "will",
    "that",
    "us",
    "it",
    "one",
    "can",
}


def collection_questions(question: str) -> Iterator[CollectionQuestion]:
    """Yield each reading of a question as one about the documents, the likeliest first."""
    text = " ".join(question.replace("’", "'").split()).rstrip("?!. ")
    text = _TAIL.sub("", _LEAD_IN.sub("", text)).strip()
    for asks, sure, form in FORMS:
        for found in form.match(text):
            if reading := _reading(asks, sure, found):
                yield reading


def _reading(asks: Asks, sure: Certainty, found: Mapping[str, str]) -> CollectionQuestion | None:
    topic = _ARTICLE.sub("", found.get("topic", "").strip(_QUOTES)).strip(_QUOTES)
    document = _ARTICLE.sub("", found.get("document", "").strip(_QUOTES))
    if ("topic" in found and not _is_thing(topic)) or not _names(document, sure):
        return None
    kind = found.get("kind", "").lower()
    is_generic = any(True for _ in GENERIC_KIND.match(kind))
    is_plural = kind.endswith(("s", "a", "documentation", "material"))
    if asks is Asks.LIST and kind and not is_plural:
        return None
    number = found.get("number", "").lower()
    return CollectionQuestion(
        asks,
        sure,
        topic=topic,
        document=document,
        person=found.get("person", "").strip(_QUOTES),
        folder=found.get("folder", "").strip(_QUOTES),
        kind="" if is_generic else singular(kind),
        number=_NUMBERS.get(number) or int(number or 0),
        several=is_plural,
    )


def _is_thing(topic: str) -> bool:
    """Return whether words may name something, and are no clause."""
    words = words_of(topic)
    if not 0 < len(words) <= _LONGEST_TOPIC or words[-1] in PREPOSITION:
        return False
    return not _NOT_IN_TOPIC.intersection(words)


def _names(document: str, sure: Certainty) -> bool:
    """Return whether words may be what one document is called."""
    words = words_of(document)
    if _SEVERAL.intersection(words if sure is Certainty.IF_NAME else words[:1]):
        return False
    return len(words) <= _LONGEST_NAME and not _NOT_IN_NAME.intersection(words)
