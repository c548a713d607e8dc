"""Words and letters: the one tokenizer of words, and the one folding of letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")
LONGEST_KEPT = 200
"""Characters of a text of which results are kept: one of a document may have millions."""

SUPERSCRIPT_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""Marks of notes and exponents, which are no part of the word before them: "fee¹", "10⁶"."""
_LETTER = rf"[^\W_{SUPERSCRIPT_DIGITS}]"
_LETTERS_AND_DIGITS = rf"{_LETTER}+(?:[\u0300-\u036f]{_LETTER}*)*"
WORD = re.compile(_LETTERS_AND_DIGITS)
"""Letters and digits, with their combining accents: "don't" is two words, "1,200" too."""
COMPOUND = re.compile(
    rf"{_LETTERS_AND_DIGITS}(?:(?:[-.'’‘_/&]|(?<=\d)[,:](?=\d)){_LETTERS_AND_DIGITS})*"
)
"""Words joined without a space, as people write them: "don't", "cease-fire", "1,200", "U.S"."""

NO_TITLE = r"(?<!\b[DM]r)(?<!\b[MS]t)(?<!\bMs)(?<!\bN[or])(?<!\bMrs)(?<!\bProf)"
"""Of expressions, before the full stop that ends a sentence: none of "Dr." and "No." does."""

_FIGURE = re.compile(
    r"\W*(?:[A-Z]{3}\s?)?(?!(?:19|20)\d\d\b(?![.,]\d))\d[\d.,'’ \u00a0\u202f]*"
    r"(?:[kmx]|bn|mn)?[%‰€$£°)]*(?:\s[a-zß-ÿ]+){0,2}\W*"
)

_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not decompose, as they are written without their marks."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def keep_of_short(
    most: int,
) -> Callable[[Callable[Concatenate[str, _P], _T]], Callable[Concatenate[str, _P], _T]]:
    """Return a decorator of a function of a text, which keeps as many of the last results.

    Of long texts none is kept, so that what is kept has a bound in bytes.
    """

    def keeping(
        function: Callable[Concatenate[str, _P], _T],
    ) -> Callable[Concatenate[str, _P], _T]:
        kept = lru_cache(most)(function)

        @wraps(function)
        def called(text: str, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
            if len(text) > LONGEST_KEPT:
                return function(text, *args, **kwargs)
            return kept(text, *args, **kwargs)  # type: ignore[arg-type]

        return called

    return keeping


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, in order."""
    return [word.lower() for word in WORD.findall(text)]


def is_figure(text: str) -> bool:
    """Return whether a text is a figure and no more, as those set large in a report.

    "67,845 crowns" and "96.4 %" are, "2031 budget" is not.
    """
    return len(text) <= 60 and _FIGURE.fullmatch(text) is not None


def fold(text: str) -> str:
    """Return a text in lower case without accents and other marks on its letters.

    "Støre" becomes "store" and "Straße" becomes "strasse".
    """
    folded = text.casefold()
    if folded.isascii():
        return folded
    return _NOT_ASCII.sub(_without_marks, folded)


def _without_marks(run: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", run.group())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return letters.translate(_PLAIN_LETTERS)
