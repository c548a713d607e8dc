"""Misfits among sentences and key figures: they have no word for what is asked."""

from __future__ import annotations

import re

from index.answering.finding.key_figures import key_figures, with_label
from index.answering.finding.word_weights import WordWeights
from index.answering.kinds.misfits.nouns import (
    SAME,
    SURE_OF_SENTENCE,
    UNTOLD,
    asked_of_something,
    has_noun,
    tokens,
)
from index.answering.kinds.tables.words import (
    is_content,
    is_related,
    question_words,
    synonyms,
    words_in,
)
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.language import language_of
from index.chunking.passage import Passage

__all__ = ["has_no_word", "is_another_figure", "lacks_noun"]

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ABSTRACT = frozenset(
    "advantage advantages aim aspect aspects benefit benefits cause causes consequence consequences"
    " date day definition details development difference effect effects example examples expression"
    " goal history idea impact importance kinds list location meaning names overview phrase place"
    " point purpose reason reasons result results role rule rules significance steps summary term"
    " terms time types way ways word year".split()
)
"""Words that a text seldom has of what it tells."""
_SAME = (*SAME, frozenset("pay pays paid salary salaries wage wages".split()))


def lacks_noun(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether sentences have no word for what is asked of something.

    What the clerk may spend is not "the salary of the clerk". A sure sentence may say it otherwise.
    """
    noun = asked_of_something(question)
    if not noun or not found.excerpts or found.excerpts[0].header is not None:
        return False
    if found.confidence >= SURE_OF_SENTENCE or language_of(question):
        return False
    first = found.excerpts[0]
    text = " ".join(each.quote for each in found.excerpts)
    if has_noun(noun, text, first, WordWeights(scope, _SAME), UNTOLD | _ABSTRACT):
        return False
    around = " ".join((text, first.document, first.title, *first.heading)).replace("_", " ")
    return not any(is_related(low, word) for word in words_in(around) for low in words_in(noun))


def is_another_figure(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether a key figure is shown whose label is not what the question asks for.

    "Visitors 1,240" does not answer "how many volunteers", nor does it for any year.
    """
    passage = _passage_shown(found)
    if passage is None:
        return False
    first = found.excerpts[0]
    if not any(first.span == with_label(unit, passage) for unit in key_figures(passage)):
        return False
    weights = WordWeights(scope)
    around = " ".join((first.quote, first.document, first.title, *first.heading))
    asked = weights.stems(_YEAR.sub(" ", question))
    return weights.share(asked, weights.stems(around)) < TUNING.figure_share


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
    if found.confidence < SURE_OF_SENTENCE:
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
