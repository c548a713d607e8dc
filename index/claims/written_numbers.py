"""Numbers as people write them, in figures or in words, and what they are worth."""

from __future__ import annotations

import re
from decimal import Decimal

from index.number_words import NUMBERS

_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = NUMBERS | dict(zip(_TEENS, range(13, 20), strict=True))
WORDS |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
WORDS |= {
    f"{ten}{sign}{one}": WORDS[ten] + number
    for ten in _TENS
    for one, number in NUMBERS.items()
    for sign in "- "
    if 0 < number < 10
}
WORDS |= {"hundred": 100, "dozen": 12, "twice": 2}
BARE_WORDS = frozenset(("one", "zero", "hundred", "dozen", "twice"))
"""Count only before a unit."""


def worth(written: str) -> Decimal | None:
    low = written.lower()
    if low in WORDS:
        return Decimal(WORDS[low])
    plain = re.sub(r"[ \u00a0\u202f'’]", "", written)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def digits_of(written: str) -> int:
    """Return how many digits are significant: 2 of "12,000" or "1.2"."""
    digits = re.sub(r"\D", "", written).lstrip("0")
    return len(digits if re.search(r"[.,]\d{1,2}$", written) else digits.rstrip("0")) or 1


def small_number(word: str) -> int:
    return max(1, int(word) if word.isdigit() else WORDS[word.lower()])
