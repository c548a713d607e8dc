"""Remarks: the parts of sentences that say where in a file something was not read."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST_LISTED = 10
_LINK = re.compile(r" (?:of|in|by) ")


def listed(names: Sequence[object]) -> str:
    """Return names as in "2, 3 and 7"; of many, the first ones and how many there are besides."""
    texts = [str(name) for name in names]
    if len(texts) > _MOST_LISTED:
        more = len(texts) - _MOST_LISTED + 1
        return f"{', '.join(texts[:-more])} and {more:,} more"
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def comments_not_read(number: int) -> str:
    were = "comment was" if number == 1 else "comments were"
    return f"{number:,} {were} not read (BRIEFING_READ_HIDDEN=comments)."


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, as in "1 comment" and "2,000 pages of notes"."""
    thing = _LINK.split(noun)[0]
    return f"{number:,} {noun if number == 1 else plural or f'{thing}s{noun[len(thing) :]}'}"
