"""Nouns of a question, in "the weight of the forklift", and whether a text has words for them."""

from __future__ import annotations

import re
from collections.abc import Collection

from index.answering.answer import Excerpt
from index.answering.finding.word_weights import WordWeights
from index.answering.kinds.tables.words import stem, words_in

__all__ = ["SAME", "SURE_OF_SENTENCE", "UNTOLD", "asked_of_something", "has_noun", "tokens"]

SURE_OF_SENTENCE = 0.75
"""The confidence from which on a sentence may call what is asked for by any other word."""
UNTOLD = frozenset(
    "average best biggest current exact full highest largest lowest main maximum max minimum min"
    " name new number part rest right sort sum kind total type usual value amount figure".split()
)
"""Words that a text need not have to tell it."""
SAME: tuple[frozenset[str], ...] = (
    frozenset("cost costs price prices fee fees rate rates charge charges tariff".split()),
)
"""Words that mean the same of a thing."""
_OF_SOMETHING = re.compile(
    r"\W*+(?:what(?:['’]s| is| are| was| were)|tell me|give me)?\s*(?:the )?"
    r"(?P<what>(?!(?:what|which|who|how|when|where|why)\b)\w+(?: \w+){0,2}?) (?:of|for) ",
    re.IGNORECASE,
)


def asked_of_something(question: str) -> str:
    """Return what is asked of something, the "top speed" of "the top speed of the forklift"."""
    asked = _OF_SOMETHING.match(question)
    return asked["what"] if asked else ""


def has_noun(
    noun: str, text: str, shown: Excerpt, weights: WordWeights, without: Collection[str]
) -> bool:
    """Return whether a text, or what stands above it, has a word of a noun, or that has none."""
    around = " ".join((text, shown.document, shown.title, *shown.heading)).replace("_", " ")
    wanted = weights.stems(noun, without)
    return not wanted or bool(wanted & weights.stems(around))


def tokens(text: str) -> frozenset[str]:
    """Return the stems of a text's words, as the headers of tables are compared."""
    return frozenset(token for word in words_in(text) for token in stem(word))
