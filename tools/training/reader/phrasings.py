"""Questions in the forms in which people type: keywords, statements, lower case, slips.

The sets' questions are written carefully. These are rules on words, which change the form of a
question and nothing that it asks for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from index.rewriting.english import AUXILIARY, BE, GRAMMAR, MODAL, PREPOSITION, VERBS, WH
from index.text import COMPOUND, words_of

_TELLING = frozenset(
    "per before after above below under over inside outside without since until between".split()
)
"""Grammar that a question is about: who types keywords types these too."""
_HOLLOW = (GRAMMAR - _TELLING) | frozenset(
    "many much there please tell me and or that this".split()
)
_NEGATION = re.compile(r"\b(?:not|no|never|none|nobody|cannot)\b|n['’]t\b", re.I)
_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "w", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "x",
}  # fmt: skip
_LONG_ENOUGH = re.compile(r"\b[a-z]{5,}\b")
_MOST_ANSWER = 8
"""Words of an answer that a statement is made of."""


def content_words(text: str) -> list[str]:
    """Return the words of a text that say what it is about, in lower case."""
    return [word for word in words_of(text) if word not in _HOLLOW and len(word) > 1]


def keywords(question: str, rng: random.Random) -> str | None:
    """Return the question as keywords, now and then in another order.

    None where little is left, and of a question with a "not", which nobody types without it.
    """
    if _NEGATION.search(question):
        return None
    words = [w for w in COMPOUND.findall(question) if w.lower() not in _HOLLOW]
    if len(words) < 2:
        return None
    if rng.random() < 0.35:
        cut = rng.randrange(1, len(words))
        words = words[cut:] + words[:cut]
    return " ".join(words)


def lowered(question: str) -> str:
    """Return the question in lower case and without its question mark."""
    return question.rstrip(" ?.").lower()


def mistyped(question: str, rng: random.Random) -> str | None:
    """Return the question with a slip in one of its longer words; None where there is none.

    Names keep their letters: a slip there could be another name.
    """
    places = list(_LONG_ENOUGH.finditer(question))
    if not places:
        return None
    place = rng.choice(places)
    word = place.group()
    at = rng.randrange(1, len(word) - 1)
    slips = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + rng.choice(_NEAR[word[at]]) + word[at + 1 :],
    )
    slip = rng.choice([s for s in slips if s != word])
    return f"{question[: place.start()]}{slip}{question[place.end() :]}"


def confirmed(question: str, answer: str, rng: random.Random) -> str | None:
    """Return the question and its answer as a question for yes or no, or as a statement.

    What settles it is what answered before. None where no rule knows the question's form.
    """
    words = question.rstrip(" ?").split()
    if len(words) < 3 or not 0 < len(answer.split()) <= _MOST_ANSWER:
        return None
    answer = answer.strip(" .,;")
    low = [word.lower() for word in words]
    if low[0] in ("who", "what"):
        said = _of_subject(words[1:], low[1:], answer, person=low[0] == "who")
    elif low[0] == "which" or low[:2] == ["how", "many"]:
        said = _of_noun(words, low, answer)
    elif low[0] in ("when", "where"):
        said = _of_place(words[1:], low[1:], answer)
    else:
        said = None
    if said is None:
        return None
    asked, stated = said
    if asked and (not stated or rng.random() < 0.5):
        return f"{asked[0].upper()}{asked[1:]}?"
    opening = rng.choice(("", "", "I heard that ", "so "))
    return f"{opening}{stated}." if stated else None


_Said = tuple[str, str]


def _of_subject(words: list[str], low: list[str], answer: str, *, person: bool) -> _Said | None:
    """Return "was A the king" and "A was the king" of "who was the king"."""
    rest = " ".join(words[1:])
    if low[0] in BE or low[0] in MODAL or low[0] in ("has", "have", "had"):
        if low[0] not in BE and low[-1:] and any(w in AUXILIARY for w in low[1:2]):
            return None
        return f"{low[0]} {answer} {rest}", f"{answer} {words[0]} {rest}"
    if low[0] in AUXILIARY or low[0] in PREPOSITION or low[0] in WH:
        return None
    is_verb = low[0] in VERBS or low[0].endswith("ed") or (person and low[0].endswith("s"))
    return ("", f"{answer} {' '.join(words)}") if is_verb else None


def _of_noun(words: list[str], low: list[str], answer: str) -> _Said | None:
    """Return "A has a port" of "which town has a port"; of "how many", a yes or no."""
    first = 2 if low[:2] == ["how", "many"] else 1
    place = next((n for n in range(first + 1, len(low)) if low[n] in AUXILIARY), None)
    if place is None or place - first > 3:
        return None
    noun = " ".join(words[first:place]) if first == 2 else ""
    rest = " ".join(words[place + 1 :])
    thing = f"{answer} {noun}".strip() if noun and noun not in answer else answer
    if low[place] in ("do", "does", "did"):
        return (f"{low[place]} {rest} {thing}", "") if not _ends_in_preposition(rest) else None
    return f"{low[place]} {thing} {rest}", f"{thing} {words[place]} {rest}"


def _of_place(words: list[str], low: list[str], answer: str) -> _Said | None:
    """Return "did X begin in A" of "when did X begin"."""
    if low[0] not in AUXILIARY or low[-1] in PREPOSITION:
        return None
    begins = answer.split()[0].lower()
    where = answer if begins in PREPOSITION else f"in {answer}"
    return f"{low[0]} {' '.join(words[1:])} {where}", ""


def _ends_in_preposition(text: str) -> bool:
    return text.rsplit(" ", 1)[-1].lower() in PREPOSITION


def typed(question: str, answer: str, rng: random.Random) -> str:
    """Return the question in one of the forms, or as it is; half of them stay.

    Without an answer it becomes no statement.
    """
    forms: list[tuple[float, Callable[[], str | None]]] = [
        (0.48, lambda: question),
        (0.2, lambda: keywords(question, rng)),
        (0.12, lambda: confirmed(question, answer, rng) if answer else None),
        (0.2, lambda: lowered(question)),
    ]
    form = rng.choices([form for _, form in forms], [weight for weight, _ in forms])[0]
    changed = form() or question
    if rng.random() < 0.3:
        changed = lowered(changed)
    if rng.random() < 0.08:
        changed = mistyped(changed, rng) or changed
    return changed
