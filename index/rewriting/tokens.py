"""Tokenizes a question into words, with the grammar that lists and endings reveal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.rewriting.english import (
    ALSO_NOUNS,
    ARTICLE,
    AUXILIARY,
    IRREGULAR,
    NOT_PLURALS,
    PLURALS,
    PREDICATIVE,
    PREPOSITION,
    TYPED,
    VERBS,
    WH,
)
from index.text import COMPOUND

_TOKEN = re.compile(rf"{COMPOUND.pattern}[’']?|[^\w\s]")
_OWNING = re.compile(r"(?:['’‘]s|(?<=s)['’‘])$", re.I)
_TYPED = re.compile(r"[\w'’]+")
_END = re.compile(r"[\s?!.…]+$")
_CONTRACTED = frozenset(
    "it that what who where when how why there he she here this they you we i let".split()
)
_CLITICS = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_CLITIC = re.compile(r"['’‘](?:s|re|ve|ll|d|m)$", re.I)


_ACRONYMS = frozenset({"IT", "US"})
"""Words that are pronouns in small letters only; in a question all in capitals they are, too."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a punctuation mark of a question.

    `low` is the word in lower case, without "n't" and without "'s"; a word with "'s" is `owning`.
    The department "IT" keeps its capitals, since it is not the pronoun.
    """

    text: str
    low: str
    start: int
    end: int
    owning: bool = False

    @property
    def is_name(self) -> bool:
        return self.text[:1].isupper()

    @property
    def is_clitic(self) -> bool:
        return self.text[:1] in "'’‘" and not self.is_punctuation

    @property
    def is_punctuation(self) -> bool:
        return not self.low[:1].isalnum()


def tokenize(text: str) -> tuple[Word, ...]:
    """Return the words of a text; "it's" and "they've" are two words, "Norway's" is one."""
    words = []
    acronyms = frozenset() if text.isupper() else _ACRONYMS
    for match in _TOKEN.finditer(text):
        raw, start, end = match.group(), match.start(), match.end()
        clitic = _CLITIC.search(raw)
        if clitic and raw[: clitic.start()].lower() in _CONTRACTED:
            ending = clitic.group()
            middle = start + clitic.start()
            verb = _CLITICS[re.sub("[’‘]", "'", ending.lower())]
            words.append(Word(raw[: clitic.start()], raw[: clitic.start()].lower(), start, middle))
            words.append(Word(ending, verb, middle, end))
            continue
        owning = _OWNING.search(raw)
        low = re.sub("[’‘]", "'", (raw[: owning.start()] if owning else raw).lower())
        if raw in acronyms:
            low = raw
        if low.endswith("n't"):
            low = {"can't": "can", "won't": "will", "shan't": "shall"}.get(low, low[:-3])
        words.append(Word(raw, low, start, end, bool(owning)))
    return tuple(words)


def singular(noun: str) -> str:
    """Return a noun's singular, nearly enough to compare two nouns."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3:
        return noun[:-1]
    return noun


def is_verb(low: str) -> bool:
    """Return whether a word may be a verb, even if it may be a noun too."""
    return hardly_noun(low) or _inflected(low, ALSO_NOUNS)


def hardly_noun(low: str) -> bool:
    """Return whether a word is a verb and not also a common noun."""
    return low in IRREGULAR or (
        _inflected(low, VERBS) and not _inflected(low, ALSO_NOUNS - {"lead", "hold", "reach"})
    )


def _inflected(low: str, verbs: frozenset[str]) -> bool:
    if low in verbs:
        return True
    for ending, put in (("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", "")):
        if low.endswith(ending) and low[: -len(ending)] + put in verbs:
            return True
    for ending in ("ed", "ing"):
        stem = low[: -len(ending)]
        if low.endswith(ending) and (
            stem in verbs
            or stem + "e" in verbs
            or (stem[-1:] == stem[-2:-1] and stem[:-1] in verbs)
        ):
            return True
    return False


def is_participle(low: str) -> bool:
    """Return whether a word may follow "is" or "has"."""
    return low in IRREGULAR or low in PREDICATIVE or (low.endswith("ed") and len(low) > 4)


def is_plural(noun: Word) -> bool:
    if noun.is_name or noun.low in NOT_PLURALS:
        return False
    return noun.low in PLURALS or (noun.low.endswith("s") and singular(noun.low) != noun.low)


def is_label(word: Word) -> bool:
    """Return whether a word tells several of a kind apart: the 4 of "level 4"."""
    return word.text.isdigit() or (len(word.text) == 1 and word.is_name)


def possessive(text: str) -> str:
    """Return the text with an "'s" or an apostrophe at its end."""
    if re.search(r"['’]s?$", text):
        return text
    capital = text.split()[-1][:1].isupper() and not text.lower().startswith("the ")
    plural = text.endswith("s") and not capital
    return f"{text}'" if plural else f"{text}'s"


def unowned(text: str) -> str:
    """Return the text without the ending that `possessive` adds."""
    return _OWNING.sub("", text)


def unended(question: str) -> str:
    """Return the question without the punctuation at its end."""
    return _END.sub("", question.strip())


def after_question(before: str, question: str) -> str:
    """Return a question as it was typed after the one before it, as one text to be read."""
    return f"{unended(before)}? {question}"


def lowered(question: str) -> str:
    """Return the question with a small first letter, if its first word is a word of grammar."""
    words = tokenize(question[:60])
    if words and words[0].low in AUXILIARY | WH | PREPOSITION | ARTICLE:
        return question[:1].lower() + question[1:]
    return question


def mended(text: str) -> str:
    """Return the text with the commonest slips in words of grammar mended."""

    def word(found: re.Match[str]) -> str:
        meant = TYPED.get(found[0].lower(), found[0])
        return meant.capitalize() if found[0][:1].isupper() and meant != found[0] else meant

    return _TYPED.sub(word, text)


def spliced(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """Return the text with each edit (start, end, new text) made."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
