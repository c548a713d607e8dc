"""Replaces a phrase of an earlier question, as "what about Sweden?" asks for.

Each rule takes the earlier question and the typed fragment. It returns the question with the
fragment in it, or None where the question has nothing that the fragment could replace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.number_words import MONTHS
from index.rewriting.english import (
    ALIKE,
    ARTICLE,
    COUNTRIES,
    COUNTRY_OF,
    GRAMMAR,
    HOLLOW,
    PLACED,
    PREPOSITION,
)
from index.rewriting.noun_phrases import Phrase
from index.rewriting.phrases import ParsedQuestion
from index.rewriting.times import times
from index.rewriting.tokens import (
    Word,
    is_label,
    possessive,
    singular,
    spliced,
    tokenize,
    unended,
    unowned,
)
from index.rewriting.turns import ranked

_ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|last|next|previous)\b", re.I)
_DAY_ALONE = re.compile(r"(?:(?:on|at|for)\s+)?(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)", re.I)
_MONTH = "|".join(MONTHS)
_DATED = re.compile(
    rf"\b(?P<day>\d{{1,2}}(?:st|nd|rd|th)?)(?=\s+(?:of\s+)?(?:{_MONTH})\b)"
    rf"|\b(?:{_MONTH})\s+(?:the\s+)?\b(?P<after>\d{{1,2}}(?:st|nd|rd|th)?)\b(?!\s*[:.]\d)",
    re.I,
)
_NO_SUPERLATIVE = frozenset("west rest test request interest forest guest".split())
_OPEN = frozenset(("", "how many", "how much", "what", "which", "whose", "my", "our", "your"))
"""Determiners of which one may stand for another."""
_ROLE = {"subject": 4.0, "focus": 2.0, "object": 3.0, "after": 2.0, "owner": -1.0}
_ROLE_OF_NAME = {"subject": 3.0, "focus": 2.0, "object": 2.0, "after": 1.5, "owner": 2.5}
"""How likely a noun, or a name, of a role is the one that is replaced."""
_ENOUGH, _ENOUGH_ALONE = 3.0, 5.0
"""How well a noun must fit to replace another: after "what about", and without it."""


def substitute(
    before: ParsedQuestion,
    new: ParsedQuestion,
    *,
    led: bool,
    columns: Sequence[frozenset[str]] = (),
    corrects: bool = False,
) -> str | None:
    """Return `before` with the fragment `new` in it, or None where it fits nowhere.

    `led` says that the fragment came after "and" or "what about". `columns` are those of the tables
    that were shown: what stands in the same column is alike. A fragment that `corrects` the
    question is not one more condition.
    """
    prepositional = new.words[0].low in PREPOSITION
    return (
        _day(before, new)
        or _time(before, new)
        or _ordinal(before, new)
        or _one(before, new)
        or _alike(before, new)
        or _label(before, new)
        or _country(before, new)
        or _cell(before, new, columns)
        or (_after_preposition(before, new, corrects) if prepositional else _noun(before, new, led))
    )


def _day(before: ParsedQuestion, parsed: ParsedQuestion) -> str | None:
    """Replace the day of a date: "and on the 30th?" after "on 28 December"."""
    given = _DAY_ALONE.fullmatch(unended(parsed.text))
    old = [each.span("day" if each["day"] else "after") for each in _DATED.finditer(before.text)]
    if given is None or len(old) != 1:
        return None
    return unended(spliced(before.text, [(*old[0], given["day"])]))


def _time(before: ParsedQuestion, parsed: ParsedQuestion) -> str | None:
    """Replace a time by a time; an earlier year stays unless time would run backwards."""
    new, old = times(parsed.text), times(before.text)
    if len(new) != 1:
        return None
    head = parsed.text[: new[0].start].split()
    if not old:
        is_holiday = new[0].shape == "month" and not new[0].month
        where = "" if parsed.words[0].low in PREPOSITION else "on " if is_holiday else "in "
        placed = f"{where}{parsed.text}"
        whole = not head and new[0].end == len(parsed.text) and new[0].shape != "day"
        return f"{unended(before.text)} {placed}" if whole else None
    if not all(word.lower() in PREPOSITION | {"the"} for word in head):
        return None
    if parsed.text[new[0].end :].strip():
        return None
    same = [time for time in old if time.shape == new[0].shape]
    text = before.text
    if same:
        time = same[-1]
        given = parsed.text[new[0].start : new[0].end]
        end = time.end
        if new[0].year == new[0].end and not (time.shape == "month" and new[0].month < time.month):
            end = time.year
        return unended(text[: time.start] + given + text[end:])
    time = old[-1]
    start = time.start
    preceding = re.search(r"\b(\w+)\s+(?:the\s+)?$", text[: time.start])
    if preceding and preceding[1].lower() in PREPOSITION and head:
        start = preceding.start()
    return unended(text[:start] + parsed.text + text[time.end :])


def _ordinal(before: ParsedQuestion, parsed: ParsedQuestion) -> str | None:
    """Replace an ordinal: "and in the first?" after "in the second quarter"."""
    given = [w for w in parsed.words if w.low not in PREPOSITION | {"the"}]
    if len(given) != 1 or not _ORDINAL.fullmatch(given[0].text):
        return None
    old = list(_ORDINAL.finditer(before.text))
    if not old:
        return None
    return unended(before.text[: old[-1].start()] + given[0].text + before.text[old[-1].end() :])


def _one(before: ParsedQuestion, parsed: ParsedQuestion) -> str | None:
    """Replace an adjective: "and the alternate one?"."""
    words = parsed.words
    if _superlative(words):
        given = [words[-1].text]
    elif words[-1].low not in {"one", "ones"} or len(words) < 2:
        return None
    else:
        given = [w.text for w in words[:-1] if w.low not in ARTICLE]
    for phrase in ranked(before, lambda p: p.kind == "thing"):
        nouns = before.words[phrase.first + bool(phrase.determiner in ARTICLE) :]
        nouns = nouns[: phrase.last - phrase.first - bool(phrase.determiner in ARTICLE)]
        if len(nouns) < 2 or not given:
            continue
        new = " ".join([*given, *(word.text for word in nouns[1:])])
        return unended(spliced(before.text, [(nouns[0].start, nouns[-1].end, new)]))
    return None


def _alike(before: ParsedQuestion, parsed: ParsedQuestion) -> str | None:
    """Replace a word that tells things of one kind apart: "and warm?" after "the cold lunch"."""
    given = [w for w in parsed.words if w.low not in PREPOSITION | ARTICLE]
    kinds = [kind for kind in ALIKE if len(given) == 1 and given[0].low in kind]
    old = [word for word in before.words for kind in kinds if word.low in kind]
    if len(old) != 1 or old[0].low == given[0].low:
        return None
    return unended(spliced(before.text, [(old[0].start, old[0].end, given[0].text)]))


def _label(before: ParsedQuestion, parsed: ParsedQuestion) -> str | None:
    """Replace a label: "level 4" for "level 3", "Heron 2" for "Heron 1"."""
    words = [w for w in parsed.words if w.low not in PREPOSITION | {"the"}]
    if len(words) < 2 or not is_label(words[-1]):
        return None
    for place in range(len(before.words) - 1):
        noun, label = before.words[place], before.words[place + 1]
        if singular(noun.low) == singular(words[-2].low) and is_label(label):
            return unended(spliced(before.text, [(label.start, label.end, words[-1].text)]))
    return None


def _country(before: ParsedQuestion, parsed: ParsedQuestion) -> str | None:
    """Replace a country: "Sweden" for "Norway", and "Swedish" for "Norwegian"."""
    words = [w for w in parsed.words if w.low not in PREPOSITION | {"the"}]
    if len(words) != 1 or words[0].low not in COUNTRY_OF:
        return None
    new = COUNTRY_OF[words[0].low]
    mentions = [word for word in before.words if word.low in COUNTRY_OF and word.is_name]
    if not mentions:
        return None
    chosen = mentions[0]
    if parsed.words[0].low in PREPOSITION:
        after = [
            p for p in before.phrases if p.before == parsed.words[0].low and p.head in COUNTRY_OF
        ]
        chosen = before.words[after[-1].last - 1] if after else chosen
    old = COUNTRY_OF[chosen.low]
    if old == new:
        return None
    edits = []
    for word in mentions:
        if COUNTRY_OF[word.low] == old:
            country = new if word.low == old.lower() else COUNTRIES[new]
            edits.append((word.start, word.end, country + ("'s" if word.owning else "")))
    return unended(spliced(before.text, edits))


def _cell(
    before: ParsedQuestion, parsed: ParsedQuestion, columns: Sequence[frozenset[str]]
) -> str | None:
    """Replace a cell of a table by another of its column: "Velin" for "Karsk"."""
    words = [w for w in parsed.words if w.low not in PREPOSITION | ARTICLE]
    if not words:
        return None
    new = parsed.text[words[0].start : words[-1].end]
    for column in columns:
        if new.lower() not in column:
            continue
        for old in sorted(column, key=len, reverse=True):
            place = re.search(rf"\b{re.escape(old)}\b", before.text, re.I) if old else None
            if place is not None and old != new.lower():
                return unended(spliced(before.text, [(place.start(), place.end(), new)]))
    return None


def other(before: ParsedQuestion) -> str | None:
    """Return the question about the other one of what it asks about: "the other depot"."""
    for phrase in ranked(before, lambda p: p.kind in {"thing", "person"}):
        nouns = before.words[phrase.first + bool(phrase.determiner in ARTICLE) : phrase.last]
        if len(nouns) > 1 and is_label(nouns[-1]):
            nouns = nouns[:-1]
            given = f"the other {nouns[-1].text}"
        elif phrase.determiner in {"which", "what"} and phrase.role in {"focus", "subject"}:
            given = f"other {nouns[-1].text}"
        elif phrase.determiner in ARTICLE and len(nouns) > 1 and nouns[0].is_name:
            given = f"the other {nouns[-1].text}"
        else:
            continue
        start = before.words[phrase.first].start
        return unended(spliced(before.text, [(start, before.words[phrase.last - 1].end, given)]))
    return None


def _after_preposition(
    before: ParsedQuestion, parsed: ParsedQuestion, corrects: bool
) -> str | None:
    """Replace what follows a preposition: "in Vienna" for "in Oslo"; else put it at the end."""
    preposition = parsed.words[0].low
    new = parsed.phrases[0] if parsed.phrases else None
    if new is None:
        return None
    if new.kind == "time":
        return f"{unended(before.text)} {parsed.text}"
    naming = new.kind in {"name", "person"} or new.head in COUNTRY_OF
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
    if not alike and corrects:
        alike = same
    heads = [p for p in alike if singular(p.head) == singular(new.head)]
    if alike:
        phrase = (heads or alike)[-1]
        start = before.words[phrase.first - 1].start
        end = before.words[phrase.last - 1].end
        return unended(spliced(before.text, [(start, end, parsed.text)]))
    if naming:
        named = _named(before, new.text)
        if named is not None:
            return named
    return f"{unended(before.text)} {parsed.text}"


def _noun(before: ParsedQuestion, parsed: ParsedQuestion, led: bool) -> str | None:
    """Replace the noun phrase that the fragment fits best."""
    if not parsed.phrases:
        return None
    new = next((p for p in parsed.phrases if p.role != "owner"), parsed.phrases[0])
    if new.kind in {"name", "person"} and any(w.is_name for w in parsed.words):
        return _named(before, parsed.text)
    best, score = None, 0.0
    for phrase in before.phrases:
        if phrase.kind in {"time", "name"}:
            continue
        fit = _fit(new, phrase, before, parsed)
        if fit > score:
            best, score = phrase, fit
    if best is None or score < (_ENOUGH if led else _ENOUGH_ALONE):
        return None
    last = best.full if best.head == new.head and new.full > new.last else best.last
    start, end = before.words[best.first].start, before.words[last - 1].end
    given = parsed.text
    if best.role == "owner":
        given = possessive(given)
        preceding = before.words[best.first - 1]
        if best.first and new.determiner and preceding.low in ARTICLE:
            start = preceding.start
    return unended(spliced(before.text, [(start, end, given)]))


def _fit(new: Phrase, old: Phrase, before: ParsedQuestion, parsed: ParsedQuestion) -> float:
    """Return how well a phrase of the fragment fits in place of one of the question."""
    score = 4.0 if old.determiner in {"how many", "how much"} else _ROLE[old.role]
    given = {singular(w.low) for w in parsed.words}
    present = {singular(w.low) for w in before.words[old.first : old.last]}
    score += 8.0 if singular(new.head) == singular(old.head) else 0.0
    score += 3.0 if (given & present) - ARTICLE else 0.0
    score += 1.0 if new.plural == old.plural else -2.0
    alike = new.determiner == old.determiner or {new.determiner, old.determiner} <= _OPEN
    score += 1.0 if alike else -1.5
    score += 1.0 if (new.kind == "person") == (old.kind == "person") else -1.5
    return score - (3.0 if singular(old.head) in HOLLOW else 0.0)


def _named(before: ParsedQuestion, new: str) -> str | None:
    """Replace the name that is most like the new one: as many words, in a likely role."""
    given = tokenize(new)
    nameless = [w for w in given if not w.is_name and not w.text.isdigit()]
    if nameless and given[0].low != "the":
        return None
    kinds = {p.first: p for p in before.phrases}
    best, score = None, 0.0
    for first, last in _name_runs(before):
        fit = 2.0 + (2.0 if last - first == len(given) else 0.0)
        word = before.words[first]
        phrase = kinds.get(first)
        fit += _ROLE_OF_NAME[phrase.role] if phrase else 0.0
        if any(t.start <= word.start < t.end for t in times(before.text)):
            continue
        fit -= 4.0 * (unowned(word.text).isupper() != unowned(given[0].text).isupper())
        fit += 1.0 if word.low not in COUNTRY_OF else -1.0
        if fit > score:
            best, score = (first, last), fit
    if best is None:
        return None
    start, end = before.words[best[0]].start, before.words[best[1] - 1].end
    if before.words[best[1] - 1].owning and not given[-1].owning:
        new = possessive(new)
    elif given[-1].owning and not before.words[best[1] - 1].owning:
        new = unowned(new)
    return unended(spliced(before.text, [(start, end, new)]))


def _name_runs(parsed: ParsedQuestion) -> Iterator[tuple[int, int]]:
    """Yield the runs of capitalised words that are neither grammar nor verbs."""
    place = 0
    while place < len(parsed.words):
        last = place
        while (
            last < len(parsed.words)
            and parsed.words[last].is_name
            and parsed.words[last].low not in GRAMMAR
            and last not in parsed.verbs
        ):
            last += 1
            if parsed.words[last - 1].owning:
                break
        if last > place:
            yield place, last
        place = max(last, place + 1)


def _superlative(words: Sequence[Word]) -> bool:
    """Return whether the words are an article and a superlative: "the lowest"."""
    return (
        len(words) == 2
        and words[0].low == "the"
        and (words[1].low.endswith("est") or words[1].low in {"best", "worst", "most", "least"})
        and words[1].low not in _NO_SUPERLATIVE
    )
