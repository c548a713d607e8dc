"""A conversation: what was asked, what was shown, what can be spoken of again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from index.rewriting.english import (
    COUNTRY_OF,
    DETERMINER,
    GRAMMAR,
    GROUPS,
    HOLLOW,
    PLACED,
    PLACES,
    POINTING,
    POSSESSIVE,
    PREPOSITION,
    TITLES,
)
from index.rewriting.phrases import Cut, Phrase, cut_question
from index.rewriting.tokens import singular, unowned, words_of

__all__ = [
    "PREFIXED",
    "Antecedent",
    "Cited",
    "Conversation",
    "Gap",
    "Turn",
    "Understood",
    "may_own",
    "ranked",
]

_REMEMBERED = 4
"""Turns that are looked back on; in the conversations we wrote nobody reaches back further."""
_LONGEST_CARRIED = 12
"""Words."""
_QUOTED = 600
"""Characters of each of the first three quotes in which a name is looked for."""
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]+(?: [A-ZÀ-ÖØ-Þ][\w’'-]+){1,3}")
PREFIXED = re.compile(r"^about\b([^:?]*):", re.I)
"""A question that says before it what it is about, as we make it where a pronoun stays open."""

Gap: TypeAlias = Literal["thing", "things", "person", "place"]
"""What a pronoun may stand for: one, several, somebody, somewhere."""


class Cited(Protocol):
    """What is read of an excerpt: an `index.answering.answer.Excerpt` will do."""

    @property
    def title(self) -> str: ...
    @property
    def heading(self) -> tuple[str, ...]: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, as it was understood then, and what was shown for it."""

    question: str
    excerpts: Sequence[Cited] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """`question` is what to ask the engine. `carried` are the words of the conversation in it, a
    phrase or a whole question; empty where the question stands alone."""

    question: str
    carried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Antecedent:
    """What a gap is filled with: `short` may take an "'s"."""

    whole: str
    short: str
    preposition: str = ""

    @classmethod
    def of(cls, phrase: Phrase, gap: Gap | None = None) -> Antecedent:
        short, whole = phrase.text, phrase.whole
        if phrase.determiner in {"what", "which", "how many", "how much", "whose"}:
            short, whole = f"the {short}", f"the {whole}"
        elif phrase.determiner in {"any", "some", "each", "every", "no", "another"}:
            rest = len(phrase.determiner)
            short, whole = f"the{short[rest:]}", f"the{whole[rest:]}"
        if len(whole.split()) > _LONGEST_CARRIED:
            whole = short
        preposition = "in"
        if gap == "place":
            if phrase.before in PLACED:
                preposition = phrase.before
            elif singular(phrase.head) in PLACES:
                preposition = "at"
        return cls(whole, short, preposition)


class Conversation:
    """The last turns, the latest first."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.turns = turns[-_REMEMBERED:][::-1]
        self.cuts = [cut_question(turn.question) for turn in self.turns]
        words = {word.low for cut in self.cuts for word in cut.words}
        self.spoken = {singular(low) for low in words - GRAMMAR - DETERMINER}

    @property
    def last(self) -> Cut:
        return self.cuts[0]

    def antecedent(self, gap: Gap) -> Antecedent | None:
        """From the latest turn that has one: from its question, then from its answer."""
        for turn, cut in zip(self.turns, self.cuts, strict=True):
            for phrase in ranked(cut, lambda p: _agrees(p, gap), gap):
                return Antecedent.of(phrase, gap)
            if gap == "person":
                name = _name(turn)
                if name is not None:
                    return Antecedent(name, name)
        return None

    def topic(self) -> str | None:
        """What was spoken of, for a follow-up that does not say what it is about."""
        for turn, cut in zip(self.turns, self.cuts, strict=True):
            prefixed = PREFIXED.match(turn.question.strip())
            if prefixed:
                return prefixed[1].strip() or None
            for phrase in ranked(cut, lambda p: singular(p.head) not in HOLLOW):
                return Antecedent.of(phrase).whole
            for excerpt in turn.excerpts[:1]:
                heading = excerpt.heading[-1] if excerpt.heading else excerpt.title
                heading = " ".join(heading.split())
                if heading and len(heading.split()) <= _LONGEST_CARRIED and ":" not in heading:
                    return heading
        return None


_RANK = {"subject": 5.0, "focus": 3.0, "object": 4.0, "after": 2.0, "owner": 1.0}


def ranked(cut: Cut, fits: Callable[[Phrase], bool], gap: Gap | None = None) -> Iterator[Phrase]:
    """What is most likely spoken of again first: a subject before an object before the rest."""

    def rank(phrase: Phrase) -> float:
        rank = _RANK[phrase.role]
        if phrase.role == "focus" and phrase.determiner == "which":
            rank = 5.5
        if phrase.role == "focus" and cut.words[0].low in PREPOSITION:
            rank = 1.0
        if gap == "things" and phrase.determiner in {"how many", "how much"}:
            rank = 4.5
        if gap == "things" and not phrase.plural:
            rank -= 1.0 if phrase.head in GROUPS else 3.0
        if gap == "person" and phrase.kind != "person":
            rank -= 3.0
        if gap == "place" and phrase.role == "after" and phrase.before in PLACED:
            rank += 2.5
        if gap == "place" and singular(phrase.head) in PLACES:
            rank += 3.0
        if singular(phrase.head) in HOLLOW or phrase.kind == "time":
            rank -= 4.0
        return -rank

    return iter(sorted((p for p in cut.phrases if fits(p) and p.kind != "time"), key=rank))


def may_own(phrase: Phrase, gap: Gap, follows: str) -> bool:
    """Looser than what is put in for a gap: in doubt a question explains itself."""
    named = phrase.kind in {"name", "person"}
    if gap == "thing":
        return (
            phrase.kind != "time"
            and not phrase.plural
            and (phrase.kind != "person" or phrase.text[:1].isupper())
        )
    if gap == "things":
        return (
            phrase.plural
            or named
            or "and" in {follows, *phrase.text.split()}
            or (phrase.head in GROUPS)
        )
    return named and not phrase.plural


def _agrees(phrase: Phrase, gap: Gap) -> bool:
    if phrase.kind == "time" or phrase.determiner in POSSESSIVE | POINTING:
        return False
    hollow = singular(phrase.head) in HOLLOW
    if gap == "thing":
        return not phrase.plural and phrase.kind != "person" and not hollow
    if gap == "things":
        group = phrase.role != "after" and (phrase.kind == "name" or phrase.head in GROUPS)
        return (phrase.plural and not hollow) or group or " and " in phrase.text
    if gap == "person":
        alone = phrase.kind == "name" and phrase.role == "subject" and " " not in phrase.text
        nation = phrase.head in COUNTRY_OF or phrase.text.isupper()
        return not phrase.plural and (phrase.kind == "person" or (alone and not nation))
    if singular(phrase.head) in PLACES and not phrase.plural:
        return True
    return phrase.kind == "name" and not phrase.text.isupper() and phrase.role != "owner"


def _name(turn: Turn) -> str | None:
    """Who is named in the line of the answer that shares most words with the question.

    None where such lines name several: nobody is better than the wrong one.
    """
    asked = {singular(word.low) for word in words_of(turn.question)} - GRAMMAR
    best, found = 0, set[str]()
    for excerpt in turn.excerpts[:3]:
        heading = " ".join(excerpt.heading)
        for line in excerpt.quote[:_QUOTED].splitlines():
            names = set(_names(line))
            shared = len(asked & {singular(word.low) for word in words_of(f"{heading} {line}")})
            if names and shared >= best:
                found = names if shared > best else found | names
                best = shared
    new = {name for name in found if name not in turn.question}
    return new.pop() if len(new) == 1 else None


def _names(line: str) -> Iterator[str]:
    for match in _NAME.finditer(line):
        words = match.group().split(" ")
        while words and words[0].lower() in TITLES:
            words = words[1:]
        name = unowned(" ".join(words))
        cut = cut_question(f"who is {name}")
        if len(words) > 1 and any(p.kind == "person" and p.text == name for p in cut.phrases):
            yield name
