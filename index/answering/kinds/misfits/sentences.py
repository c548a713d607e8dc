"""Misfits among sentences: they have no word of what is asked."""

from __future__ import annotations

from index.answering.finding.word_weights import WordWeights
from index.answering.kinds.misfits.rows import tokens
from index.answering.kinds.tables.words import (
    is_content,
    is_related,
    question_words,
    synonyms,
    words_in,
)
from index.answering.scope import Findings, Scope
from index.answering.understanding.language import language_of
from index.chunking.passage import Passage

_SURE = 0.75
"""The confidence from which on a sentence may use other words than its passage."""


def has_no_word(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown has no word of an English question.

    "How many dogs are there" is not answered by a text on lifts. Where it is sure, the whole
    passage that is shown first may have one.
    """
    passage = _passage_shown(found)
    if passage is None or language_of(question):
        return False
    weights = WordWeights(scope)
    asked = weights.stems(question)
    text = passage.text
    if found.confidence < _SURE:
        text = " ".join(
            f"{each.quote} {each.header.text if each.header else ''}" for each in found.excerpts
        )
    around = " ".join((text, passage.title, passage.document, *passage.heading))
    around = around.replace("_", " ").replace("-", " ")
    if not asked or asked & weights.stems(around):
        return False
    typed = [word.low for word in question_words(question) if is_content(word.low)]
    told, stems = set(words_in(around)), tokens(around)
    return not any(
        synonyms(low) & stems or any(is_related(low, word) for word in told) for low in typed
    )


def _passage_shown(found: Findings) -> Passage | None:
    """Return the passage that is shown first, where it is among those that were read."""
    shown = found.excerpts[0].passage if found.excerpts else None
    return next((each.passage for each in found.candidates if each.passage.id == shown), None)
