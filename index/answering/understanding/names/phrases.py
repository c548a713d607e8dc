"""Finds the words of a question that may name a document, by their grammar.

"The Q2 report", "according to the travel policy", "the norway brief says": a kind of document with
what tells it apart, or what is spoken of as a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from index.document import Span
from index.rewriting.english import (
    ARTICLE,
    AUXILIARY,
    DETERMINER,
    DO,
    GRAMMAR,
    IMPERATIVE,
    PERSONAL,
    PREPOSITION,
    WH,
)
from index.rewriting.tokens import Word, hardly_noun, singular, tokenize
from index.store.words.name_index import name_terms

GENERIC = frozenset("brief briefing doc document file note paper text memo".split())
"""Kinds that any document may be called."""
_FORMATS = {
    "mail email e-mail message letter": ".eml",
    "presentation slide deck slideshow powerpoint pptx": ".pptx",
    "spreadsheet workbook excel xlsx sheet csv": ".xlsx .csv",
    "article blog webpage": ".html .htm",
    "pdf": ".pdf",
    "docx": ".docx",
}
SUFFIXES = {
    kind: tuple(suffixes.split()) for kinds, suffixes in _FORMATS.items() for kind in kinds.split()
}
_KINDS = (
    GENERIC
    | frozenset(SUFFIXES)
    | frozenset(
        "10-k 10-q 8-k 10k 10q 8k agenda agreement analysis assessment bulletin catalogue charter"
        " checklist comparison contract correspondence evaluation factsheet faq filing glossary"
        " guide guidebook guideline guidelines handbook invoice leaflet manual minute minutes"
        " newsletter plan policy procedure programme proposal protocol readme report review"
        " sop statement strategy study summary survey syllabus transcript whitepaper".split()
    )
)
_POINTING = frozenset("in within per from under by see".split())
_PREPOSITIONS = frozenset("about concerning dated for from of on regarding".split())
"""What joins a kind with what tells it apart: the report on the convoy."""
_JOINING = frozenset("and & after of for on to".split())
"""What may stand inside a name: the travel and security policy, the after action report."""
_SAYING = frozenset(
    "about add advise allow answer ask assume call conclude contain cover define demand describe"
    " explain forbid give include list mean mention name note permit promise propose recommend"
    " regulate report require rule say set show state suggest summarise summarize tell think warn"
    " write".split()
)
ORDERS = {"latest": -1, "newest": -1, "recent": -1, "last": -1, "first": 1, "oldest": 1}
_ACCORDING = re.compile(
    r"\b(?:according to|as (?:per|stated in|said in|written in)|based on|judging by|per)\s+$", re.I
)


@dataclass(frozen=True, slots=True)
class NamePhrase:
    """Words of a question that may name a document: a kind, and what tells it apart.

    With `whole`, it names only what has all of its words. With `told_apart`, words follow that tell
    it apart ("the report on penguins"), but are in no name. With `names`, it is the name of a file,
    and these are the documents that have it.
    """

    words: tuple[Word, ...]
    kind: str
    pointed: bool
    order: int = 0
    whole: bool = False
    told_apart: bool = False
    names: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.words[0].start, self.words[-1].end)


def phrases_of(question: str) -> Iterator[NamePhrase]:
    """Yield what may name a document, the longest reading of each place first."""
    words = tokenize(question)
    for at, word in enumerate(words):
        if kind_of(word) is None:
            continue
        start = at
        while start and _modifies(words[start - 1]):
            start -= 1
        end = at + 1 + _labels(words, at + 1)
        longer, further = _farther_left(words, start), _around(words, end)
        for begin, stop, whole in (
            (longer, end, True),
            (start, further, True),
            (start, end, False),
        ):
            if begin < 0 or stop <= at:
                continue
            if phrase := phrase_of(words, begin, stop, kind_at=at):
                pointed = _is_pointed(question, words, begin, stop)
                yield replace(
                    phrase, pointed=pointed, whole=whole, told_apart=bool(further) and stop == end
                )
    for start, end in _sources(question, words):
        if phrase := phrase_of(words, start, end, pointed=True):
            yield phrase


def phrase_of(
    words: Sequence[Word], start: int, end: int, *, kind_at: int = -1, pointed: bool = False
) -> NamePhrase | None:
    """Return some words as a phrase that may name a document; None without any word."""
    kinds = [at for at in range(start, end) if kind_of(words[at])]
    kind_at = kind_at if kind_at >= 0 else (kinds[-1] if kinds else -1)
    kind = (kind_of(words[kind_at]) or "") if kind_at >= 0 else ""
    chosen = tuple(words[start:end])
    if not any(word.low[:1].isalnum() for word in chosen):
        return None
    order = next((ORDERS[word.low] for word in chosen if word.low in ORDERS), 0)
    return NamePhrase(chosen, kind, pointed, order)


def kind_of(word: Word) -> str | None:
    """Return the kind of document that a word names; None for any other word."""
    low = word.low.replace("_", "-")
    return next((form for form in (low, singular(low)) if form in _KINDS), None)


def _modifies(word: Word) -> bool:
    """Return whether a word may stand before a kind, as part of the name."""
    if word.is_punctuation or word.is_clitic:
        return False
    if word.low in GRAMMAR | DETERMINER | IMPERATIVE or word.low in PERSONAL:
        return False
    return word.is_name or not hardly_noun(word.low)


def _labels(words: Sequence[Word], start: int) -> int:
    """Count the numbers, months and quarters that follow a kind directly."""
    return sum(1 for _ in takewhile(lambda w: not w.is_punctuation and _is_date(w), words[start:]))


def _is_date(word: Word) -> bool:
    return all(re.fullmatch(r"(?:19|20)\d\d|q\d|[md]\d\d|\d+", t) for t in name_terms(word.text))


def _farther_left(words: Sequence[Word], start: int) -> int:
    """Return where a phrase begins that goes on to the left of "and" or "of"; -1 for none."""
    if start < 2 or words[start - 1].low not in _JOINING:
        return -1
    further = start - 1
    while further and _modifies(words[further - 1]) and not kind_of(words[further - 1]):
        further -= 1
    return further if further < start - 1 else -1


def _around(words: Sequence[Word], start: int) -> int:
    """Return the end of "of 12 March" or "on the winter convoy" from `start` on; 0 for none."""
    if start >= len(words) or words[start].low not in _PREPOSITIONS:
        return 0
    end = start + 1
    while end < len(words) and (
        _modifies(words[end])
        or words[end].low in ARTICLE
        or (words[end].low in {"and", "of", "for", "in"} and end > start + 1)
    ):
        end += 1
    return end if end > start + 1 else 0


def _is_pointed(question: str, words: Sequence[Word], start: int, end: int) -> bool:
    """Return whether the words around a phrase make it a source: in, by, says."""
    before = start
    while before and words[before - 1].low in DETERMINER:
        before -= 1
    previous = words[before - 1] if before else None
    following = words[end] if end < len(words) else None
    if words[end - 1].owning or _ACCORDING.search(question[: words[before].start]):
        return True
    if previous is not None and previous.low in _POINTING:
        return True
    if following is not None and _says(following.low):
        is_asked = previous is None or previous.low in DO | WH | {"that", "and", "but", ","}
        return is_asked or following.low.endswith("s")
    if following is not None and following.text in ":-–—" and previous is None:
        return True
    is_keywords = not any(word.low in AUXILIARY | WH | IMPERATIVE for word in words)
    return is_keywords and previous is None and len(words) > end


def _says(low: str) -> bool:
    forms = {low, singular(low), low.removesuffix("es"), low.removesuffix("d")}
    return bool(forms & _SAYING)


def _sources(question: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield what follows "according to", and what "says" something, whatever it is called."""
    for at, word in enumerate(words):
        if at and _ACCORDING.search(question[: word.start]):
            end = at
            while end < len(words) and (not words[end].is_punctuation or words[end].text == "&"):
                if end > at and words[end].low in WH | AUXILIARY | PREPOSITION - {"of", "for"}:
                    break
                end += 1
            start = at + (word.low in DETERMINER)
            if end > start:
                yield start, end
        if word.low in {"say", "says", "state", "states", "mention", "mentions"} and at:
            start = at
            while start and _modifies(words[start - 1]):
                start -= 1
            if start < at and (start == 0 or words[start - 1].low in DO | DETERMINER):
                yield start, at
