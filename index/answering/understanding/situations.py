"""What people tell of themselves, as the question that they mean.

"I lost my key, what now?" asks what to do in a case that the documents may name.
"""

from __future__ import annotations

import re

from index.rewriting.english import WH, either

_ASKED_AFTER = re.compile(
    r"[\s,.;:!?…–—-]+(?:and |so |but )?"
    r"(?:what (?:(?:do|should|shall|can|must) (?:i|we)(?: (?:need|have) to)? do|to do|now)"
    r"|(?:what|which) steps (?:do|should|shall|can|must) (?:i|we) (?:take|follow)"
    r"|(?:how|where) (?:do|should|can) (?:i|we) (?:get help|(?:fix|solve) (?:it|this|that)))"
    r"(?: now| then)?\W*$",
    re.IGNORECASE,
)
_LONGEST = 14
"""Words: whoever tells a story asks about the rest of it."""
_ELSE = re.compile(rf"\b{either(WH)}\b|[?.!;]\s*\w|\b(?:19|20)\d\d\b", re.IGNORECASE)
"""Another question, another sentence, or a year, in which it happened."""
_ADDRESSED = (
    (re.compile(r"\b(?:i am|i['’]?m|we are|we['’]re)\b", re.IGNORECASE), "you are"),
    (re.compile(r"\b(?:i have|i['’]?ve|we have|we['’]ve)\b", re.IGNORECASE), "you have"),
    (re.compile(r"\b(?:i|we|me|us)\b", re.IGNORECASE), "you"),
    (re.compile(r"\b(?:my|our)\b", re.IGNORECASE), "your"),
)
"""What somebody says of themselves, as it is said to them."""


def as_situation(text: str) -> str | None:
    """Return the question what to do in a situation that is told before it; else None."""
    asking = _ASKED_AFTER.search(text)
    told = text[: asking.start()].strip(" \t,.;:!?…–—-") if asking else ""
    if not told or len(told.split()) > _LONGEST or _ELSE.search(told):
        return None
    for own, addressed in _ADDRESSED:
        told = own.sub(addressed, told)
    return f"What to do if {told}?"
