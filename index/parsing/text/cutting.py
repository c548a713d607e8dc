"""Cutting: the beginning of a text that is longer than one may be, and what is said of the rest."""

from __future__ import annotations


def beginning(text: str, most: int) -> str:
    """Return a text's beginning of at most so many characters, cut at white space."""
    if len(text) <= most:
        return text
    end = max(0, most)
    while end and not text[end].isspace():
        end -= 1
    return text[:end].rstrip()


def too_long(most: int, after: str = "") -> str:
    """Return the remark on a document that is read no further; `after` says after what."""
    return f"It holds more than {most:,} characters; what follows{after} was not read."


def only_the_first(most: int, count: int, called: str) -> str:
    """Return the remark on a document of which `most` of its `count` pages are read.

    They are `called` so, in the plural.
    """
    of_all = f"of its {count:,} {called}"
    read = f"{of_all} was" if most == 1 else f"{most:,} {of_all} were"
    return f"Only the first {read} read (BRIEFING_MAX_PAGES)."
