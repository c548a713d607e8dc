"""One phrase of a question for another: "what about Sweden?" after "when did Norway join?".

Each rule takes the earlier question, and the fragment that was typed, and gives the question with
the fragment in it, or None where the question has nothing that the fragment could stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.rewriting.english import (
    ARTICLE,
    COUNTRIES,
    COUNTRY_OF,
    GRAMMAR,
    HOLLOW,
    PLACED,
    PREPOSITION,
)
from index.rewriting.phrases import Cut, Phrase
from index.rewriting.times import times
from index.rewriting.tokens import (
    Word,
    is_label,
    possessive,
    singular,
    spliced,
    unended,
    unowned,
    words_of,
)
from index.rewriting.turns import ranked

__all__ = ["put_in"]

_ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|last|next|previous)\b", re.I)
_NO_SUPERLATIVE = frozenset("west rest test request interest forest guest".split())
_ENOUGH, _ENOUGH_ALONE = 3.0, 5.0
"""How well a noun must fit to take another's place: after "what about", and without it."""


def put_in(before: Cut, new: Cut, *, led: bool) -> str | None:
    """`before` with the fragment `new` in its place; `led` where "and" or "what about" led it."""
    prepositional = new.words[0].low in PREPOSITION
    return (
        _time(before, new)
        or _ordinal(before, new)
        or _one(before, new)
        or _label(before, new)
        or _country(before, new)
        or (_after_preposition(before, new) if prepositional else _noun(before, new, led))
    )


def _time(before: Cut, cut: Cut) -> str | None:
    """A time for a time: a year that was said goes on unless it would run backwards."""
    new, old = times(cut.text), times(before.text)
    if len(new) != 1:
        return None
    head = cut.text[: new[0].start].split()
    if not old:
        placed = cut.text if cut.words[0].low in PREPOSITION else f"in {cut.text}"
        whole = not head and new[0].end == len(cut.text) and new[0].shape != "day"
        return f"{unended(before.text)} {placed}" if whole else None
    if not all(word.lower() in PREPOSITION | {"the"} for word in head):
        return None
    if cut.text[new[0].end :].strip():
        return None
    same = [time for time in old if time.shape == new[0].shape]
    text = before.text
    if same:
        time = same[-1]
        said = cut.text[new[0].start : new[0].end]
        end = time.end
        if new[0].year == new[0].end and not (time.shape == "month" and new[0].month < time.month):
            end = time.year
        return unended(text[: time.start] + said + text[end:])
    time = old[-1]
    start = time.start
    preceding = re.search(r"\b(\w+)\s+(?:the\s+)?$", text[: time.start])
    if preceding and preceding[1].lower() in PREPOSITION and head:
        start = preceding.start()
    return unended(text[:start] + cut.text + text[time.end :])


def _ordinal(before: Cut, cut: Cut) -> str | None:
    """ "and in the first?" after "in the second quarter" """
    said = [w for w in cut.words if w.low not in PREPOSITION | {"the"}]
    if len(said) != 1 or not _ORDINAL.fullmatch(said[0].text):
        return None
    old = list(_ORDINAL.finditer(before.text))
    if not old:
        return None
    return unended(before.text[: old[-1].start()] + said[0].text + before.text[old[-1].end() :])


def _one(before: Cut, cut: Cut) -> str | None:
    """ "and the alternate one?" """
    words = cut.words
    if _superlative(words):
        said = [words[-1].text]
    elif words[-1].low not in {"one", "ones"} or len(words) < 2:
        return None
    else:
        said = [w.text for w in words[:-1] if w.low not in ARTICLE]
    for phrase in ranked(before, lambda p: p.kind == "thing"):
        nouns = before.words[phrase.first + bool(phrase.determiner in ARTICLE) :]
        nouns = nouns[: phrase.last - phrase.first - bool(phrase.determiner in ARTICLE)]
        if len(nouns) < 2 or not said:
            continue
        new = " ".join([*said, *(word.text for word in nouns[1:])])
        return unended(spliced(before.text, [(nouns[0].start, nouns[-1].end, new)]))
    return None


def _label(before: Cut, cut: Cut) -> str | None:
    """ "level 4" for "level 3", "Heron 2" for "Heron 1" """
    words = [w for w in cut.words if w.low not in PREPOSITION | {"the"}]
    if len(words) < 2 or not is_label(words[-1]):
        return None
    for place in range(len(before.words) - 1):
        noun, label = before.words[place], before.words[place + 1]
        if singular(noun.low) == singular(words[-2].low) and is_label(label):
            return unended(spliced(before.text, [(label.start, label.end, words[-1].text)]))
    return None


def _country(before: Cut, cut: Cut) -> str | None:
    """ "Sweden" for "Norway", and "Swedish" for "Norwegian" """
    words = [w for w in cut.words if w.low not in PREPOSITION | {"the"}]
    if len(words) != 1 or words[0].low not in COUNTRY_OF:
        return None
    new = COUNTRY_OF[words[0].low]
    mentions = [word for word in before.words if word.low in COUNTRY_OF and word.is_name]
    if not mentions:
        return None
    chosen = mentions[0]
    if cut.words[0].low in PREPOSITION:
        after = [p for p in before.phrases if p.before == cut.words[0].low and p.head in COUNTRY_OF]
        chosen = before.words[after[-1].last - 1] if after else chosen
    old = COUNTRY_OF[chosen.low]
    if old == new:
        return None
    edits = []
    for word in mentions:
        if COUNTRY_OF[word.low] == old:
            said = new if word.low == old.lower() else COUNTRIES[new]
            edits.append((word.start, word.end, said + ("'s" if word.owning else "")))
    return unended(spliced(before.text, edits))


def _after_preposition(before: Cut, cut: Cut) -> str | None:
    """ "in Vienna" for "in Oslo"; where nothing stands in its place, it is put at the end."""
    preposition = cut.words[0].low
    new = cut.phrases[0] if cut.phrases else None
    if new is None:
        return None
    naming = new.kind in {"name", "person"}
    same = [p for p in before.phrases if p.before == preposition and p.kind != "time"]
    alike = [p for p in same if (p.kind in {"name", "person"}) == naming]
    if not alike and preposition in PLACED:
        alike = [
            p
            for p in before.phrases
            if p.before in PLACED
            and p.kind != "time"
            and (p.kind in {"name", "person"}) == naming
            and singular(p.head) not in HOLLOW
        ]
    heads = [p for p in alike if singular(p.head) == singular(new.head)]
    if alike:
        phrase = (heads or alike)[-1]
        start = before.words[phrase.first - 1].start
        end = before.words[phrase.last - 1].end
        return unended(spliced(before.text, [(start, end, cut.text)]))
    if naming:
        named = _named(before, new.text)
        if named is not None:
            return named
    return f"{unended(before.text)} {cut.text}"


def _noun(before: Cut, cut: Cut, led: bool) -> str | None:
    if not cut.phrases:
        return None
    new = next((p for p in cut.phrases if p.role != "owner"), cut.phrases[0])
    if new.kind in {"name", "person"} and any(w.is_name for w in cut.words):
        return _named(before, cut.text)
    best, score = None, 0.0
    for phrase in before.phrases:
        if phrase.kind in {"time", "name"}:
            continue
        fit = _fit(new, phrase, before, cut)
        if fit > score:
            best, score = phrase, fit
    if best is None or score < (_ENOUGH if led else _ENOUGH_ALONE):
        return None
    start, end = before.words[best.first].start, before.words[best.last - 1].end
    said = cut.text
    if best.role == "owner":
        said = possessive(said)
        preceding = before.words[best.first - 1]
        if best.first and new.determiner and preceding.low in ARTICLE:
            start = preceding.start
    return unended(spliced(before.text, [(start, end, said)]))


def _fit(new: Phrase, old: Phrase, before: Cut, cut: Cut) -> float:
    role = {"subject": 4.0, "focus": 2.0, "object": 3.0, "after": 2.0, "owner": -1.0}[old.role]
    if old.determiner in {"how many", "how much"}:
        role = 4.0
    said = {singular(w.low) for w in cut.words}
    there = {singular(w.low) for w in before.words[old.first : old.last]}
    kept = dict.fromkeys(
        ("how many", "how much", "what", "which", "whose", "my", "our", "your"), ""
    )
    score = role
    score += 8.0 if singular(new.head) == singular(old.head) else 0.0
    score += 3.0 if (said & there) - ARTICLE else 0.0
    score += 1.0 if new.plural == old.plural else -2.0
    alike = kept.get(new.determiner, new.determiner) == kept.get(old.determiner, old.determiner)
    score += 1.0 if alike else -1.5
    score += 1.0 if (new.kind == "person") == (old.kind == "person") else -1.5
    return score - (3.0 if singular(old.head) in HOLLOW else 0.0)


def _named(before: Cut, new: str) -> str | None:
    """A name for the name that is most like it: as many words, a person for a person."""
    said = words_of(new)
    nameless = [w for w in said if not w.is_name and not w.text.isdigit()]
    if nameless and said[0].low != "the":
        return None
    kinds = {p.first: p for p in before.phrases}
    best, score = None, 0.0
    for first, last in _name_runs(before):
        fit = 2.0 + (2.0 if last - first == len(said) else 0.0)
        word = before.words[first]
        phrase = kinds.get(first)
        fit += {"subject": 3.0, "object": 2.0, "after": 1.5, "owner": 2.5}.get(
            phrase.role if phrase else "", 0.0
        )
        if any(t.start <= word.start < t.end for t in times(before.text)):
            continue
        fit -= 4.0 * (word.text.isupper() != said[0].text.isupper())
        fit += 1.0 if word.low not in COUNTRY_OF else -1.0
        if fit > score:
            best, score = (first, last), fit
    if best is None:
        return None
    start, end = before.words[best[0]].start, before.words[best[1] - 1].end
    if before.words[best[1] - 1].owning and not said[-1].owning:
        new = possessive(new)
    elif said[-1].owning and not before.words[best[1] - 1].owning:
        new = unowned(new)
    return unended(spliced(before.text, [(start, end, new)]))


def _name_runs(cut: Cut) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words that are neither grammar nor verbs."""
    place = 0
    while place < len(cut.words):
        last = place
        while (
            last < len(cut.words)
            and cut.words[last].is_name
            and cut.words[last].low not in GRAMMAR
            and last not in cut.verbs
        ):
            last += 1
            if cut.words[last - 1].owning:
                break
        if last > place:
            yield place, last
        place = max(last, place + 1)


def _superlative(words: Sequence[Word]) -> bool:
    """ "the lowest" """
    return (
        len(words) == 2
        and words[0].low == "the"
        and (words[1].low.endswith("est") or words[1].low in {"best", "worst", "most", "least"})
        and words[1].low not in _NO_SUPERLATIVE
    )
