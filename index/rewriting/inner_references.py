"""Pronouns that stand for nothing, or for what their own question names."""

from __future__ import annotations

from index.rewriting.english import (
    BE,
    CLAUSE,
    EMPTY_IT,
    EMPTY_IT_VERBS,
    HAVE,
    MODAL,
    POSSESSIVE,
    WEATHER,
)
from index.rewriting.phrases import ParsedQuestion
from index.rewriting.turns import Referent, may_own

_DOING = frozenset("do does did done doing".split())


def is_empty(parsed: ParsedQuestion, place: int) -> bool:
    """Return whether a pronoun stands for no thing, as in "how long did he do it?"."""
    low = parsed.words[place].low
    if low == "there":
        return _empty_there(parsed, place)
    if low in {"it", "that", "this"} and _empty_it(parsed, place):
        return True
    is_done = place - 1 in parsed.verbs and parsed.words[place - 1].low in _DOING
    return low in {"it", "that"} and is_done


def is_explained(parsed: ParsedQuestion, place: int, referent: Referent, owning: bool) -> bool:
    """Return whether an earlier phrase of the same question is what the pronoun stands for.

    An object is never the subject of its clause ("does Norway support it"); a possessive may
    refer to it.
    """
    if owning and place < parsed.opener and parsed.inverted:
        # "what share of its budget does Sweden spend"
        return any(
            p.first >= parsed.opener and p.role == "subject" and may_own(p, referent, "")
            for p in parsed.phrases
        )
    if owning and referent != "thing" and parsed.wh in {"who", "whose"} and not parsed.inverted:
        return True
    for phrase in parsed.phrases:
        if phrase.last > place or phrase.determiner in POSSESSIVE or phrase.head in EMPTY_IT:
            continue
        follows = parsed.words[phrase.last].low
        if owning:
            if phrase.role != "focus" and may_own(phrase, referent, follows):
                return True
            continue
        if phrase.role == "owner" or not may_own(phrase, referent, follows):
            continue
        between = parsed.words[phrase.last : place]
        if any(w.low in CLAUSE | {"since"} or w.text in ",;:.?!" for w in between):
            return True
    return False


def _empty_there(parsed: ParsedQuestion, place: int) -> bool:
    words = parsed.words
    around = [words[n].low for n in (place - 1, place + 1) if 0 <= n < len(words)]
    if place and words[place - 1].low in {"out", "over", "up", "down", "hi", "hello", "hey"}:
        return True
    return any(low in BE | {"exist", "exists"} for low in around) or (
        words[place].low != words[place].text.lower()
        or (place + 2 < len(words) and words[place + 1].low in MODAL | HAVE)
    )


def _empty_it(parsed: ParsedQuestion, place: int) -> bool:
    """Return whether "it" stands for nothing: "is it true that", "how long does it take"."""
    words = parsed.words
    rest = [w.low for w in words[place + 1 : place + 8]]
    goes_on = {"that", "to", "for", "if", "whether", "when"}
    after = [low for low in rest if low not in BE | MODAL | {"not", "still", "also", "been"}]
    if after[:1] and after[0] in EMPTY_IT and goes_on & set(after[1:3]):
        return "for" not in after[1:3] or "to" in after  # "is it ok for wheelchairs?"
    if after[:1] and after[0] in EMPTY_IT_VERBS and (goes_on - {"for"}) & set(after[1:5]):
        return words[place].low == "it"
    if after[:1] and words[place].low == "it" and after[0] in WEATHER:
        return True
    before = [w.low for w in words[:place]]
    if parsed.wh == "how" and before[-2:] == ["far", "is"] and {"from", "to"} & set(rest):
        return True
    if after[:1] == ["called"] and goes_on & set(after):
        return True
    if before[-2:] == ["time", "is"] or before[-2:] == ["day", "is"]:
        return True
    named = place + 1 < len(words) and words[place + 1].is_name
    return named and bool({"that", "who"} & set(rest))
