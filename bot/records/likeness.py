"""How alike questions are: by their vectors, and by words that must not differ.

Vectors alone take "in Berlin" and "in Oslo", "who" and "when", "may" and "may not" for almost the
same. tests/data/question-pairs.md tells how the figures here were chosen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.claims.manner import denies
from index.claims.words import stem
from index.number_words import MONTHS, NUMBERS, WEEKDAYS
from index.store.words.lexical import STOP_WORDS
from index.text import WORD

_LEAST = 0.5
"""The least cosine, for all-MiniLM-L6-v2, of questions that ask the same."""
_BASE, _SHARED_STEMS, _SHARED_WORDS = 0.013, -1 / 3, 5 / 6
_BOTH_SAY_MORE, _ONE_SAYS_MORE = 2 / 3, 1 / 2
"""What a pair needs more or less than that, by shares from 0 to 1, and where both, or one of them,
have content words of their own. The same sentence with another word has a high cosine too, so
the more words are the same, the nearer it must be."""
_USUAL = 0.75
"""About what a pair needs."""
_UNRELATED = -10.0
"""How alike questions of different things are: so little that no others bring them together."""

_FOREIGN_STOP_WORDS = frozenset(
    "der die das den dem des ein eine einer einem ist sind war waren hat haben wie viel viele wer"
    " was wo wann warum welche welcher welches wird werden kann können muss müssen und oder für mit"
    " von vom zu zum zur im in am an auf aus bei nicht nach es gibt ich wir man er sie mein unser"
    " hoch og i på av til for med som har hva hvem hvor når hvorfor hvilke hvilken hvilket mange"
    " mye kan skal må vi jeg du det en et ikke fra om hvordan finnes høyt".split()
)
_LIGHT = frozenset(
    "please pls tell know called number amount quantity many much long often far high find get want"
    " need do make must may would there any our us time date place kind kinds sort way reason"
    " ok happen happens mean stand thing things take give have use put per one".split()
)
_ALIKE = {
    each: words.split()[0]
    for words in (
        "vendor supplier provider",
        "sign authoris approv allow",
        "reimburs expens",
        "eur euro",
        "cheapest lowest",
        "daili dai",
    )
    for each in words.split()
}
"""Stems that mean the same in questions, besides those that do in statements."""
_TIMES = frozenset(
    "last previous former yesterday tomorrow tonight today ago latest newest montag dienstag"
    " mittwoch donnerstag freitag samstag sonntag mandag tirsdag onsdag torsdag fredag lørdag"
    " søndag letzte letzten vorige".split()
).union(WEEKDAYS, MONTHS) - {"may"}
_DENIES = re.compile(
    r"\b(?:nicht|kein\w{0,4}|nie|niemals|ohne|ikke|ingen|uten|aldri)\b", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"\bno\.", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for pair in (
        "open opens opened opening åpner öffnet:close closes closed closing shut shuts stenger"
        " schließt",
        "cheapest cheap lowest least:expensive highest most dearest",
        "above over more after:below under less before",
        "first last previous:next",
        "arrive arrival enter:leave departure depart",
        "buy import:sell export",
        "increase start begin:decrease end",
        "old oldest:new newest",
        "minimum min:maximum max limit",
        "to:from",
    )
    for one, other in [pair.split(":")]
)

_ASKED_FOR = tuple(
    (name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for name, words in {
        "who": r"who|whom|whose|wer|wem|wen|wessen|hvem"
        r"|name of (?:our|the) \w+(?: \w+)? (?:officer|director|manager|head|lead)"
        r"|(?:officer|director|manager|head|lead) name",
        "when": r"when|(?:at|on|in|by) (?:what|which) (?:time|date|day|year|month)|what time"
        r"|date|deadline|due|(?:closing|opening) time|wann|når|stengetid|åpningstid|frist",
        "where": r"where|in (?:which|what) (?:place|room|building|city|country|town|street)"
        r"|at (?:which|what) place|wo|wohin|hvor(?! (?:mange|mye|lenge|ofte|langt|høy))",
        "why": r"why|reasons?|what for|warum|wieso|weshalb|hvorfor",
        "duration": r"how (?:long|many (?:minutes|hours|days|weeks|months|years))|duration"
        r"|wie (?:lange|viele (?:tage|wochen|monate))|hvor (?:lenge|mange (?:dager|uker))",
        "frequency": r"how (?:often|frequently)|frequency|wie oft|hvor ofte",
        "cost": r"how (?:expensive|much)|costs?|price|kostet|kosten|preis|koster|pris",
        "number": r"how many|number of|quantity|wie ?viele?|anzahl|hvor mange|antall",
        "amount": r"how much|amount of|quantity|wie viel|hvor mye",
        "degree": r"how (?:far|high|fast|large|big|tall|deep|old)|distance"
        r"|hvor (?:langt|høy)|wie (?:hoch|groß|weit|schnell)",
    }.items()
)
_BEGINNING = re.compile(
    r"^(?:(?:in|at|on|by|for|to|from|with|of) )?(?:(?P<what>what|how|was|wie|hva|hvordan)"
    r"|(?P<which>which|welche\w?|hvilke\w?)|(?P<whether>is|are|was|were|do|does|did|can|could|may"
    r"|must|should|shall|will|has|have|ist|sind|kann|muss|darf|hat|er|kan|må|har))\b",
    re.IGNORECASE,
)
_ASKING_WORDS = re.compile(r"\b(?:who|whom|whose|when|where|why|wer|wo|wann|hvem)\b", re.IGNORECASE)
_MAY_BE_THE_SAME = frozenset(
    frozenset(pair.split())
    for pair in (
        "what which",
        "what number",
        "what amount",
        "what cost",
        "what degree",
        "number amount",
    )
)
_ATTRIBUTES = frozenset(
    map(stem, "phone email address password weight speed name size age".split())
)
"""Stems of what is asked of a thing: questions with different ones ask different things."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks.

    `words`: all of them, in small letters. `stems`: of its content words, and whether each is a
    name. `asks_for`: nothing where it is not told, as in a few words without a verb.
    """

    words: frozenset[str]
    stems: Mapping[str, bool]
    numbers: frozenset[str]
    times: frozenset[str]
    is_negative: bool
    asks_for: frozenset[str]


def likeness_of(questions: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return by how much each two questions are more alike, float32 (n, n), than is needed to ask
    the same: 0 or more where they do.

    `vectors`: float32 (n, d), rows L2-normalised. Those of a half-alike pair are compared word by
    word, which takes a second or two for a thousand questions.
    """
    asked = [_read(question) for question in questions]
    cosines = vectors @ vectors.T
    likeness = cosines - np.float32(_USUAL)
    for one, other in zip(*np.nonzero(np.triu(cosines >= _LEAST, 1)), strict=True):
        least = _least_cosine(asked[one], asked[other])
        found = _UNRELATED if least is None else float(cosines[one, other]) - least
        likeness[one, other] = likeness[other, one] = found
    return likeness


def _least_cosine(one: _Asked, other: _Asked) -> float | None:
    """Return how alike they must be to ask the same; None where words say that they do not."""
    if (
        one.numbers != other.numbers
        or one.times != other.times
        or one.is_negative != other.is_negative
        or not _may_ask_for_the_same(one.asks_for, other.asks_for)
        or any(_are_opposite(one.words, other.words, *sides) for sides in _OPPOSITES)
    ):
        return None
    attributes = [_ATTRIBUTES & each.stems.keys() for each in (one, other)]
    if all(attributes) and not attributes[0] & attributes[1]:
        return None
    mine, theirs = _only_in(one.stems, other.stems), _only_in(other.stems, one.stems)
    if any(one.stems[word] for word in mine) or any(other.stems[word] for word in theirs):
        return None
    # The same sentence with another word in one place.
    swapped = len(one.words - other.words) == len(other.words - one.words) == 1
    if swapped and len(mine) == len(theirs) == 1:
        return None
    least = _BASE + _SHARED_WORDS * len(one.words & other.words) / len(one.words | other.words)
    stems = len(one.stems) + len(other.stems)
    if stems:
        least += _SHARED_STEMS * (stems - len(mine) - len(theirs)) / stems
    if mine and theirs:
        least += _BOTH_SAY_MORE
    elif mine or theirs:
        least += _ONE_SAYS_MORE
    return max(_LEAST, least)


def _may_ask_for_the_same(one: Collection[str], other: Collection[str]) -> bool:
    return (
        not one
        or not other
        or any(a == b or frozenset((a, b)) in _MAY_BE_THE_SAME for a in one for b in other)
    )


def _are_opposite(
    one: frozenset[str], other: frozenset[str], left: frozenset[str], right: frozenset[str]
) -> bool:
    sides = [(bool(words & left), bool(words & right)) for words in (one, other)]
    return sides in ([(True, False), (False, True)], [(False, True), (True, False)])


def _only_in(one: Mapping[str, bool], other: Mapping[str, bool]) -> list[str]:
    return [
        word
        for word in one
        if word not in other and not any(_are_alike(word, each) for each in other)
    ]


def _are_alike(one: str, other: str) -> bool:
    """Return whether two stems mean the same, or are of one word: "norwai" and "norwegian"."""
    if _ALIKE.get(one, one) == _ALIKE.get(other, other):
        return True
    if one[:4] != other[:4]:
        return False
    common = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    return common >= 4 and min(len(one), len(other)) - 3 <= common >= max(len(one), len(other)) - 5


def _read(question: str) -> _Asked:
    words = WORD.findall(question)
    low = [word.lower() for word in words]
    numbers = {str(NUMBERS[word]) for word in low if word in NUMBERS and word != "one"}
    times = {word for each in low for word in (each, each[:-1], each[:-2]) if word in _TIMES}
    return _Asked(
        frozenset(low).union(times),
        _stems(words, times),
        frozenset(numbers.union(_NUMBER.findall(question))),
        frozenset(times),
        denies(_ABBREVIATED.sub(" ", question)) or _DENIES.search(question) is not None,
        _asked_for(question),
    )


def _stems(words: Sequence[str], times: Collection[str]) -> dict[str, bool]:
    """Return the stems of the content words, each with whether it is a name."""
    are_titled = sum(word[0].isupper() for word in words) > max(2, 0.6 * len(words))
    found: dict[str, bool] = {}
    for number, word in enumerate(words):
        low = word.lower()
        if (
            low in STOP_WORDS
            or low in _FOREIGN_STOP_WORDS
            or low in _LIGHT
            or any(low.startswith(time) for time in times)
            or any(letter.isdigit() for letter in low)
        ):
            continue
        is_short = len(word) > 1 and word.isupper()
        is_name = not are_titled and (is_short or (number > 0 and word[0].isupper()))
        found[stem(low) or low] = found.get(stem(low) or low, True) and is_name
    return found


def _asked_for(question: str) -> frozenset[str]:
    begins = _BEGINNING.match(question)
    # After "what" or "is", another word that could ask does not: "what do we do when …?"
    text = _ASKING_WORDS.sub(" ", question) if begins else question
    found = {name for name, form in _ASKED_FOR if form.search(text)}
    if begins is not None and begins.lastgroup == "whether":
        found = found - {"cost", "amount", "number"} | {"whether"}
    elif begins is not None and begins.lastgroup and not found:
        found = {begins.lastgroup}
    return frozenset(found)
