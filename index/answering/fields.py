"""Fields of a document: lines with a label and its value, such as "Review: 1 June 2026"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Span
from index.store.lexical import STOP_WORDS, tokens_of
from index.text import words_of

__all__ = ["fields_asked", "fields_of"]

_LABELLED = re.compile(
    r"^[ \t]*(?P<label>[^\W\d_](?:[^:\n|]{0,38}[^\s:|])?)(?:[ \t]*:[ \t]+|[ \t]{3,}|\t+)"
    r"(?P<value>\S.*)$",
    re.MULTILINE,
)
_ALSO_ASKED = {
    "from": "who wrote sent author sender",
    "author": "who wrote written writer",
    "authors": "who wrote written writer",
    "by": "who wrote written author",
    "prepared by": "who wrote written author",
    "owner": "who responsible",
    "to": "whom recipient recipients addressed received sent",
    "cc": "copy copied recipient recipients",
    "date": "when dated day old",
    "sent": "when dated date day",
    "subject": "subject topic",
    "version": "version edition",
    "audience": "whom readers",
    "classification": "classified confidential secret",
    "handling": "classification confidential shared",
    "distribution": "whom recipients",
    "cost": "cost price expensive spent",
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
    asked = {tokens_of(word) for word in words_of(question)}
    return [where for label, where in fields_of(text, span) if asked & set(_stems(label))]


def _stems(label: str) -> Iterator[tuple[str, ...]]:
    for word in words_of(f"{label.replace('_', ' ')} {_ALSO_ASKED.get(label.lower(), '')}"):
        if word not in STOP_WORDS or word in ("who", "whom", "when"):
            yield tokens_of(word)
