"""The subject of a question: the stems of its nouns, and which of them a passage has."""

from __future__ import annotations

from functools import cached_property

from index.chunking.passage import Passage
from index.rewriting.english import HOLLOW
from index.rewriting.phrases import parse_question
from index.store.words.lexical import content_stems


class Subject:
    """The nouns of a question; the stems of a passage are kept, since most have several pieces."""

    def __init__(self, question: str) -> None:
        self._question = question
        self._stems_of: dict[str, frozenset[str]] = {}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Return the stems of the nouns of the question."""
        parsed = parse_question(self._question)
        words = [
            word.low
            for phrase in parsed.phrases
            if phrase.kind != "time"
            for word in parsed.words[phrase.first : phrase.last]
            if word.low not in HOLLOW
        ]
        return content_stems(" ".join(words)) or content_stems(self._question)

    def said_in(self, passage: Passage) -> frozenset[str]:
        """Return the stems of the question's nouns that a passage has."""
        if passage.id not in self._stems_of:
            words = " ".join((passage.text, *passage.heading, passage.title))
            self._stems_of[passage.id] = content_stems(words)
        return self.stems & self._stems_of[passage.id]
