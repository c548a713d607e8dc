"""Superscripts and subscripts in plain text, so that no figure is read as another one.

Raised figures are written with Unicode's superscripts: "10" and a raised "6" is "10⁶", a note's
mark is "fee¹". Lowered figures stay as people type them where a letter stands before them ("CO2",
"H2O"), since nothing can be misread there, and become subscripts elsewhere ("log₂8").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

HEIGHTS = {"superscript": 1, "subscript": -1}
"""How high text is set, by the names that Office has for it."""
_LEAST_SHIFT = 4
_PLAIN = "0123456789+-−–=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW"
_ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ"
_SUPERSCRIPTS = dict(zip(map(ord, _PLAIN), _ABOVE, strict=True))
_SUBSCRIPTS = dict(
    zip(
        map(ord, "0123456789+-−–=()aehijklmnoprstuvx"),
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
        strict=True,
    )
)
_MARKS = {"TM": "™", "SM": "℠"}
_ORDINAL = re.compile(r"[\dIVXLC]$")
_VARIABLE = re.compile(r"(?:^|[\W\d_])[a-z]$")
"""A letter that stands alone, such as x, whose raised or lowered letters are no part of a word."""
_LONGEST = 40


def shifted(half_points: int) -> int:
    """Return how high text is set that is moved up by so many half points: 1, 0 or -1."""
    return (half_points >= _LEAST_SHIFT) - (half_points <= -_LEAST_SHIFT)


def superscript(text: str) -> str:
    """Return the text with every character that Unicode can raise raised."""
    return text.translate(_SUPERSCRIPTS)


def subscript(text: str) -> str:
    """Return the text with every character that Unicode can lower lowered."""
    return text.translate(_SUBSCRIPTS)


def raised(text: str, before: str = "") -> str:
    """Return how a raised text is written behind the text `before` it, of which the end suffices.

    Words that are merely set small and high, as in "1st" and "Mme", stay as they are.
    """
    core = text.strip()
    before = before[-3:]
    if core in _MARKS:
        return text.replace(core, _MARKS[core])
    if not core or len(core) > _LONGEST or (core == "e" and _ORDINAL.search(before)):
        return text
    letters = sum(character.isalpha() for character in core)
    if letters > 1 and letters == len(core) and not _VARIABLE.search(before):
        return text
    if letters and any(map(str.isspace, core)):
        return text
    return superscript(text)


def lowered(text: str, before: str = "", after: str = "") -> str:
    """Return how a lowered text is written between the texts `before` and `after` it."""
    core = text.strip()
    if not core or len(core) > _LONGEST:
        return text
    before = before[-3:]
    if not any(map(str.isdigit, core)):
        return subscript(text) if _VARIABLE.search(before) else text
    on_letter = before[-1:].isalpha() or before[-1:] in (")", "]")
    if on_letter and not after[:1].isdigit():
        return text
    return subscript(text)


def with_scripts(segments: Iterable[tuple[str, int]]) -> str:
    """Join stretches of text, those that are raised (above 0) or lowered (below) as such."""
    runs = [
        ("".join(text for text, _ in run), position)
        for position, run in groupby(segments, key=itemgetter(1))
    ]
    pieces: list[str] = []
    for number, (text, position) in enumerate(runs):
        before = "".join(pieces[-3:])
        if position > 0:
            text = raised(text, before)
        elif position < 0:
            after = runs[number + 1][0] if number + 1 < len(runs) else ""
            text = lowered(text, before, after)
        pieces.append(text)
    return "".join(pieces)
