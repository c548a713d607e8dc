"""Names and years in a question that stand in no passage: why there is no answer, often.

Said only where it is sure to be true. A word that may have been meant otherwise is passed over: one
that is no name, an abbreviation (it may be written out), a name spelled with a hyphen, and a
country whose adjective is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.rewriting.english import (
    COUNTRIES,
    COUNTRY_OF,
    GRAMMAR,
    HOLLOW,
    IMPERATIVE,
    PERSON_NOUNS,
    TITLES,
)
from index.rewriting.tokens import Word, singular, unowned, words_of
from index.store.catalog import Catalog

__all__ = ["unknown_names"]

_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NO_NAMES = GRAMMAR | HOLLOW | IMPERATIVE | PERSON_NOUNS | TITLES
_ENDS_SENTENCE = frozenset(".?!:;")


def unknown_names(
    question: str, catalog: Catalog, allowed: Sequence[int] | None = None
) -> tuple[str, ...]:
    """As typed, each once. With `allowed`, passages of other keys are as if they were not there."""
    words = words_of(question)
    suspects = [at for at in range(len(words)) if _may_be_told(words, at)]
    if not suspects:
        return ()
    wanted = {at: _spellings(words[at].low) for at in suspects}
    asked_for = " ".join(dict.fromkeys(spelling for of in wanted.values() for spelling in of))
    held = {word for word, (count, _) in catalog.coverage(asked_for, (), allowed).items() if count}
    told = [at for at in suspects if not held & set(wanted[at])]
    names: list[tuple[int, int]] = []
    for at in told:
        if at - 1 in told and words[at].is_name and words[at - 1].is_name:
            names[-1] = (names[-1][0], at)
        else:
            names.append((at, at))
    found = (unowned(question[words[a].start : words[b].end]) for a, b in names)
    return tuple(dict.fromkeys(found))


def _may_be_told(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if _YEAR.fullmatch(word.low):
        return True
    if not word.low.isalpha() or len(word.low) < 3 or singular(word.low) in _NO_NAMES:
        return False
    if word.low in COUNTRY_OF:
        return True
    if not word.is_name or word.text.isupper() or _is_heading(words):
        return False
    return not _begins(words, at) or word.owning


def _begins(words: Sequence[Word], at: int) -> bool:
    return at == 0 or words[at - 1].text in _ENDS_SENTENCE


def _is_heading(words: Sequence[Word]) -> bool:
    """Whether Every Word Begins Like a Name, or is IN CAPITALS."""
    return any(
        word.is_name and word.low in GRAMMAR and not _begins(words, at)
        for at, word in enumerate(words)
    )


def _spellings(low: str) -> tuple[str, ...]:
    country = COUNTRY_OF.get(low)
    return (low,) if country is None else (country.lower(), COUNTRIES[country].lower())
