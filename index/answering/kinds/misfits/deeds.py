"""Misfits of deeds and things: what is asked of is named by no document."""

from __future__ import annotations

import re
from itertools import dropwhile

from index.answering.kinds.misfits.nouns import SURE_OF_SENTENCE
from index.answering.kinds.tables.words import is_content, is_related, question_words, words_in
from index.answering.scope import Findings, Scope
from index.answering.understanding.language import language_of
from index.text import fold

__all__ = ["is_of_what_nothing_names"]

_ASKING_OF_DEEDS = frozenset("how when where who whom why".split())
_DOING = frozenset("are been being got is was were who".split())
_MAY_BE = re.compile(
    r"\W*(?:(?:and|so|but) )?(?:(?:can|could|may|must|should) (?:i|we|you|one) \w+"
    r" (?:(?:an?|the|my|our|some|any) )?(\w{3,})|(?:is|are) (?:(?:an?|the|my|our) )?(\w{3,})"
    r" (?:allowed|forbidden|ok|okay|permitted|possible)\b)",
    re.IGNORECASE,
)


def is_of_what_nothing_names(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether a deed or a thing is asked of for which no document has a word.

    "When was the lane repaved?" is not surely answered by when it was closed, nor "can I take
    coffee inside" by what is said of water. A sure sentence may say otherwise what was done.
    """
    if not found.excerpts or language_of(question):
        return False
    asked = _MAY_BE.match(question)
    what = fold(asked[1] or asked[2]) if asked else ""
    if asked is None and found.confidence < SURE_OF_SENTENCE:
        what = _deed_in(question)
    if not what or not is_content(what) or scope.catalog.document_frequency(what, scope.allowed):
        return False
    told = {word for each in found.excerpts for word in words_in(each.quote)}
    return not any(is_related(what, word) for word in told)


def _deed_in(question: str) -> str:
    """Return what was done, of "when was the lane repaved"; "" of any other question."""
    lows = [word.low for word in question_words(question)]
    if not _ASKING_OF_DEEDS.intersection(lows[:1]):
        return ""
    after = dropwhile(lambda low: low not in _DOING, lows)
    return next((low for low in after if len(low) > 4 and low.endswith(("ed", "ing"))), "")
