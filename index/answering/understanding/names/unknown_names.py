"""Finds names and years of a question that no passage holds, often the reason for no answer.

Only sure cases are reported. These words are skipped: a word that is no name, an abbreviation (a
passage may write it out), a name with a hyphen, and a country whose adjective is in a passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.ports import Filter
from index.rewriting.english import (
    COUNTRIES,
    COUNTRY_OF,
    GRAMMAR,
    HOLLOW,
    IMPERATIVE,
    PERSON_NOUNS,
    TITLES,
)
from index.rewriting.tokens import Word, singular, tokenize, unowned
from index.store.catalog.catalog import Catalog

_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NO_NAMES = GRAMMAR | HOLLOW | IMPERATIVE | PERSON_NOUNS | TITLES
_ENDS_SENTENCE = frozenset(".?!:;")


def unknown_names(
    question: str, catalog: Catalog, allowed: Filter | None = None
) -> tuple[str, ...]:
    """Return the unknown names as typed, each once.

    With `allowed`, all other passages are ignored as if they did not exist.
    """
    words = tokenize(question)
    suspects = [at for at in range(len(words)) if _is_sure(words, at)]
    if not suspects:
        return ()
    spellings = {at: _spellings(words[at].low) for at in suspects}
    query = " ".join(dict.fromkeys(word for words in spellings.values() for word in words))
    known = {word for word, (count, _) in catalog.coverage(query, (), allowed).items() if count}
    unknown = [at for at in suspects if not known & set(spellings[at])]
    runs: list[tuple[int, int]] = []
    for at in unknown:
        if at - 1 in unknown and words[at].is_name and words[at - 1].is_name:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    names = (unowned(question[words[a].start : words[b].end]) for a, b in runs)
    return tuple(dict.fromkeys(names))


def _is_sure(words: Sequence[Word], at: int) -> bool:
    """Return whether a word is surely a name or a year, so that it may be reported as unknown."""
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
    """Return whether Every Word Begins Like a Name, or is IN CAPITALS."""
    return any(
        word.is_name and word.low in GRAMMAR and not _begins(words, at)
        for at, word in enumerate(words)
    )


def _spellings(low: str) -> tuple[str, ...]:
    country = COUNTRY_OF.get(low)
    return (low,) if country is None else (country.lower(), COUNTRIES[country].lower())
