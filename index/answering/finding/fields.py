"""Fields of a document: lines with a label and its value, such as "Review: 1 June 2026"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Span
from index.store.words.lexical import STOP_WORDS
from index.store.words.tokens import tokens_of
from index.text import words_of

_LABELLED = re.compile(
    r"^[ \t]*(?P<label>[^\W\d_](?:[^:\n|]{0,38}[^\s:|.,;])?)(?:[ \t]*:[ \t]+|[ \t]{2,}|\t+)"
    r"(?P<value>\S.*)$",
    re.MULTILINE,
)
_WRITER = "wrote written writer author"
_READER = "recipient recipients addressed received"
_DAY = "dated day old written sent published issued"
_ALSO_ASKED = {
    "from": f"{_WRITER} sent sender",
    "author": _WRITER,
    "authors": _WRITER,
    "by": _WRITER,
    "prepared by": _WRITER,
    "owner": "responsible",
    "to": _READER,
    "cc": f"copy copied {_READER}",
    "date": _DAY,
    "sent": _DAY,
    "subject": "topic",
    "version": "edition",
    "audience": "readers intended",
    "classification": "classified confidential secret",
    "handling": "classification confidential shared",
    "distribution": _READER,
    "cost": "price expensive spent",
}
"""What a label answers beside its own words."""


def fields_of(text: str, span: Span) -> Iterator[tuple[str, Span]]:
    """Yield the label and the span of each line of a text at `span` that is a field."""
    for line in _LABELLED.finditer(text):
        start = span.start + line.start("label")
        yield (
            line["label"].strip(),
            Span(start, span.start + len(line.group().rstrip()) + line.start()),
        )


def fields_asked(question: str, text: str, span: Span) -> list[Span]:
    """Return the fields in a text at `span` whose label a question has, in any form."""
    asked = {tokens_of(word) for word in words_of(question) if word not in STOP_WORDS}
    return [
        where
        for label, where in fields_of(text, span)
        for words in [f"{label} {_ALSO_ASKED.get(label.lower(), '')}".replace("_", " ")]
        if any(tokens_of(word) in asked for word in words_of(words))
    ]
