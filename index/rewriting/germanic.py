"""Follow-ups in German and the Nordic languages that name another place, time or week.

The other rules are for English and do not know "und in Köln?" or "og i uke 50?".
"""

from __future__ import annotations

import re

from index.rewriting.tokens import unended

_ARTICLE = r"(?:(?:der|die|dem|den|das|einem|einer|en|ei|et|ett)\s+)?"
_FRAGMENT = re.compile(
    r"(?:und|og|och)(?:\s+(?:was|wie|hva|vad) (?:ist|er|är))?\s+"
    r"(?P<where>im|in|am|an|auf|bei|für|nach|um|zu|zum|zur|i|på|hos|ved|vid|for|för|til|till)\s+"
    rf"(?P<what>{_ARTICLE}(?P<first>\w[\w-]*)(?:\s+(?P<second>\w[\w-]*))?)",
    re.IGNORECASE,
)


def placed_elsewhere(before: str, new: str) -> str | None:
    """Return the question before with what `new` has after the same preposition, in its place.

    Returns None where that preposition stands in it more than once, or not at all, and for two
    words of which the first one is not there: "uke 50" takes the place of "uke 49".
    """
    fragment = _FRAGMENT.fullmatch(unended(new.strip()))
    if fragment is None:
        return None
    kept = rf"{re.escape(fragment['first'])}\s+" if fragment["second"] else ""
    old = list(
        re.finditer(
            rf"\b{fragment['where']}\s+(?P<what>{_ARTICLE}{kept}\w[\w-]*)", before, re.IGNORECASE
        )
    )
    if len(old) != 1:
        return None
    start, end = old[0].span("what")
    return f"{before[:start]}{fragment['what']}{before[end:]}"
