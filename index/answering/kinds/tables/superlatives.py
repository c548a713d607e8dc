"""Superlatives in a question to tables: what is compared, and whether the most or the least."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import partial

from index.answering.kinds.tables.query import PAID, SIZES, Superlative
from index.answering.kinds.tables.words import QuestionWord, places_within

_MONEY = ("price", "cost", "fee", "amount")
_SUPERLATIVES: dict[str, tuple[bool, tuple[str, ...]]] = {
    **dict.fromkeys("highest greatest maximum max most".split(), (True, ())),
    **dict.fromkeys("lowest least fewest minimum min".split(), (False, ())),
    **dict.fromkeys("largest biggest".split(), (True, SIZES)),
    "smallest": (False, SIZES),
    "best": (True, ()),
    "worst": (False, ()),
    "cheapest": (False, _MONEY),
    "dearest": (True, _MONEY),
    "costliest": (True, _MONEY),
    "priciest": (True, _MONEY),
    "longest": (True, ("duration", "distance", "length")),
    "shortest": (False, ("duration", "distance", "length")),
    "farthest": (True, ("distance",)),
    "furthest": (True, ("distance",)),
    "nearest": (False, ("distance",)),
    "heaviest": (True, ("weight",)),
    "lightest": (False, ("weight",)),
    "fastest": (True, ("speed",)),
    "quickest": (True, ("speed",)),
    "slowest": (False, ("speed",)),
    "hottest": (True, ("temperature",)),
    "warmest": (True, ("temperature",)),
    "coldest": (False, ("temperature",)),
    "tallest": (True, ("height",)),
    "youngest": (True, ("date", "year", "age")),
    "oldest": (False, ("date", "year", "age")),
    "earliest": (False, ("date", "year")),
    "newest": (True, ("date", "year")),
    "latest": (True, ("date", "year")),
}
_MOST_EXPENSIVE = re.compile(r"\b(most|least) (expensive|costly|recent|populous|populated)\b", re.I)
_OF_ADJECTIVE = {
    "expensive": _MONEY,
    "costly": _MONEY,
    "recent": ("date", "year"),
    "populous": ("population",),
    "populated": ("population",),
}
_PAYS_MOST = re.compile(
    r"\b(?:pays?|paid|costs?|spends?|spent|earns?|earned|owes?|owed)(?: us)?"
    r" (?:the )?(?P<most>most|least)\b(?! (?!with|for|in|to|of|per)\w)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:expires?|ends?|finish(?:es)?|due|starts?|begins?|arrives?|leaves?|departs?|closes?|opens?)"
    r" (?:(?P<least>first|soonest|earliest)|last|latest)\b",
    re.IGNORECASE,
)
_DONE_FIRST = re.compile(
    r"\A(?>.*?\b(?:which|what)\b).*\b(?:\w+(?:ed|[nst])|back)"
    r" (?P<first>(?P<least>first|soonest|earliest|longest ago)|last|latest|most recently)\W*$",
    re.IGNORECASE,
)
"""Here a header must name what is done, such as "Next inspection" of what is inspected first."""
_COMPARATIVES = {
    **dict.fromkeys("more higher greater larger bigger".split(), (True, ())),
    **dict.fromkeys("less fewer lower smaller".split(), (False, ())),
    "cheaper": (False, _MONEY),
    "longer": (True, ("duration", "distance", "length")),
    "shorter": (False, ("duration", "distance", "length")),
    "farther": (True, ("distance",)),
    "further": (True, ("distance",)),
    "heavier": (True, ("weight",)),
    "lighter": (False, ("weight",)),
    "faster": (True, ("speed",)),
    "slower": (False, ("speed",)),
    "younger": (True, ("date", "year", "age")),
    "older": (False, ("date", "year", "age")),
    "newer": (True, ("date", "year")),
    "warmer": (True, ("temperature",)),
    "colder": (False, ("temperature",)),
}
"""They choose one of two that are named: "which has more seats, Heron 3 or Heron 4?"."""
_LIMIT = re.compile(r"\bat (?:most|least)\b|\bmost of\b|\bthe most part\b", re.IGNORECASE)


def superlative_in(
    question: str, words: Sequence[QuestionWord], taken: Collection[int]
) -> tuple[Superlative | None, frozenset[int]]:
    """Return what the greatest or the least is asked of, and the places of the words for it.

    Words that are `taken` belong to something else.
    """
    within = partial(places_within, words)
    if match := _MOST_EXPENSIVE.search(question):
        positions = within(*match.span())
        of = _OF_ADJECTIVE[match[2].lower()]
        return Superlative(min(positions), match[1].lower() == "most", of), positions
    if match := _PAYS_MOST.search(question):
        positions = within(*match.span())
        at = min(within(*match.span("most")))
        return Superlative(at, match["most"].lower() == "most", PAID), positions
    if match := _FIRST.search(question):
        positions = within(*match.span())
        return Superlative(max(positions), not match["least"], ("date", "year")), positions
    if match := _DONE_FIRST.search(question):
        positions = within(*match.span("first"))
        return Superlative(max(positions), not match["least"], ("date", "year")), positions
    limits = frozenset(at for match in _LIMIT.finditer(question) for at in within(*match.span()))
    for word in words:
        if word.low in _SUPERLATIVES and word.at not in limits and word.at not in taken:
            greatest, of = _SUPERLATIVES[word.low]
            return Superlative(word.at, greatest, of), frozenset((word.at,))
    low = {word.low for word in words}
    if "or" in low and "than" not in low:
        for word in words:
            if word.low in _COMPARATIVES and word.at not in taken:
                greatest, of = _COMPARATIVES[word.low]
                return Superlative(word.at, greatest, of), frozenset((word.at,))
    return None, frozenset()
