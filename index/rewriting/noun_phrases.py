"""Noun phrases of a question: what kind of thing each names, and what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from index.rewriting.english import BE, DETERMINER, NOT_OF_PERSONS, PERSON_NOUNS
from index.rewriting.times import Time
from index.rewriting.tokens import Word, is_label, is_plural, singular, unowned

Role: TypeAlias = Literal["subject", "focus", "object", "after", "owner"]
"""`focus` is the noun of the question word ("which roles"), `after` stands after a preposition,
`owner` is the name in "Norway's force"."""
PhraseKind: TypeAlias = Literal["person", "name", "time", "thing"]

_ATTACHING = frozenset("of for in at on from to with between about against".split())
"""Prepositions whose phrase belongs to the noun before them rather than to the verb."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: words `first` to `last` (exclusive), or to `full` with attached phrases.

    "the lease | for the new Karsk warehouse": the bar is `last`, the end `full`. `text` and
    `whole` are these two spans of the question, without the question word. `before` is the
    preposition that it stands after.
    """

    first: int
    last: int
    full: int
    text: str
    whole: str
    role: Role
    kind: PhraseKind
    plural: bool
    determiner: str
    head: str
    before: str = ""


def noun_phrases(
    text: str,
    words: Sequence[Word],
    times: Sequence[Time],
    place: tuple[int, int],
    role: Role,
    *,
    before: str,
    wh: str,
) -> list[Phrase]:
    """Return the phrase of the words from and to `place`, after the owner that it names."""
    first, last = place
    if words[first].low in {"that", "this"} and first + 1 < len(words) and words[first + 1].is_name:
        first += 1  # "said that Norway is ready"
    determiner = words[first].low if words[first].low in DETERMINER else ""
    start = first + bool(determiner)
    nouns = words[start:last]
    if not nouns:
        return []
    owner = None
    if role in {"after", "subject", "object"} or wh:
        owner = _owner(text, words, times, nouns, start)
    label = len(nouns) > 1 and is_label(nouns[-1])
    noun = nouns[-2] if label else nouns[-1]
    whole = text[words[first].start : words[last - 1].end]
    phrase = Phrase(
        first=first,
        last=last,
        full=last,
        text=whole,
        whole=whole,
        role=role,
        kind=_kind(words, times, first, last, nouns),
        plural=not label and is_plural(noun),
        determiner=wh or determiner,
        head=noun.low,
        before=before,
    )
    return [owner, phrase] if owner else [phrase]


def _owner(
    text: str, words: Sequence[Word], times: Sequence[Time], nouns: Sequence[Word], first: int
) -> Phrase | None:
    """Return the owner in a run of nouns, such as the "Norway" of "Norway's force"."""
    for place, word in enumerate(nouns[:-1]):
        if word.owning:
            owner = nouns[: place + 1]
            whole = unowned(text[owner[0].start : owner[-1].end])
            return Phrase(
                first=first,
                last=first + place + 1,
                full=first + place + 1,
                text=whole,
                whole=whole,
                role="owner",
                kind=_kind(words, times, first, first + place + 1, owner),
                plural=not word.is_name and word.text.endswith(("s'", "s’")),
                determiner="",
                head=word.low,
            )
    return None


def _kind(
    words: Sequence[Word], times: Sequence[Time], first: int, last: int, nouns: Sequence[Word]
) -> PhraseKind:
    """Return what kind of thing a run of nouns names."""
    start, end = words[first].start, words[last - 1].end
    if any(time.start <= nouns[-1].start and nouns[0].start < time.end for time in times):
        if any(time.start <= nouns[0].start and time.end >= end for time in times):
            return "time"
        if any(time.start <= start and time.end >= end for time in times):
            return "time"
    if all(word.is_name for word in nouns) and words[first].low in DETERMINER:
        return "name"
    if all(word.is_name for word in nouns):
        bare = [word for word in nouns if word.text.isalpha() or "-" in word.text]
        of_persons = not any(singular(word.low) in NOT_OF_PERSONS for word in nouns)
        of_persons = of_persons and not any(word.low in NOT_OF_PERSONS for word in nouns)
        if 2 <= len(nouns) <= 4 and len(bare) == len(nouns) and of_persons and start > 0:
            return "person"
        return "name"
    if nouns[0].is_name and nouns[-1].text.isdigit():
        return "name"
    return "person" if singular(nouns[-1].low) in PERSON_NOUNS else "thing"


def attached(text: str, words: Sequence[Word], phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return each phrase with the prepositional phrases right behind it."""

    def low(at: int) -> str:
        return words[at].low if at < len(words) else ""

    by_first = {p.first: p for p in phrases if p.role != "owner"}
    whole = []
    for phrase in phrases:
        full = phrase.last
        if phrase.role != "owner" and phrase.kind != "time":
            if low(full) in BE and low(full + 1) == "there":
                skip: tuple[int, int] | None = (full, full + 2)
                full += 2
            else:
                skip = None
            while True:
                after = by_first.get(full + 1)
                if (
                    low(full) not in _ATTACHING
                    or after is None
                    or after.before != low(full)
                    or after.role != "after"
                ):
                    break
                if after.kind == "time" and low(full) != "of" and skip is None:
                    break
                full = after.last
            if skip and full == skip[1]:
                full, skip = phrase.last, None
            said = text[words[phrase.first].start : words[full - 1].end]
            if skip:
                rest = words[skip[1]].start
                said = f"{phrase.text} {text[rest : words[full - 1].end]}"
            phrase = replace(phrase, full=full, whole=said)
        whole.append(phrase)
    return whole
