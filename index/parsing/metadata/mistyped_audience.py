"""Keys of front matter that may have been meant as the audience: mistyped, look-alikes, doubled.

A document that has one of these is closed, and a remark names it. One in another word is named, but
closes nothing: "access: by the north gate" is a field like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from index.document import AUDIENCE
from index.parsing.metadata.front_matter_audience import FRONT_MATTER, lines_near_top

_KEYS = (AUDIENCE, f"{AUDIENCE}s")
_KEY = re.compile(r"[^\w#]*(?P<key>\w.{0,30}?)[^\w#]{0,4}?[:=∶꞉ː](?P<rest>.*)")
_NO_KEYS = frozenset({"ambience"})
"""Words that are what they seem, however near to the key."""
_IN_OTHER_WORDS = frozenset(
    "access reader readers viewer viewers visibility visible visibleto restricted restrictedto"
    " confidentiality permission permissions recipients"
    " målgruppe målgrupper tilgang leser lesere synlighet"
    " zielgruppe zielgruppen zugriff zugang lesende sichtbarkeit personenkreis".split()
)
_MOST_MISTAKES = 2
_MOST_WORDS = 10
"""Words behind a key outside of front matter; more are prose."""
_LONGEST_LINE = 500
_CLOSED = "where there is a policy, nobody may see it until that is corrected."
_UNSEEN = frozenset({"Cc", "Cf", "Me", "Mn"})
_FILLERS = "\u115f\u1160\u3164\uffa0"
_ALIKE = {
    ord(sign): letter
    for letter, signs in {
        "a": "\u0430\u0251\u03b1\u1d00",
        "u": "\u03c5\u0446\u057d\u028b\u1d1c",
        "d": "\u0501\u0257\u217e\u1d05",
        "i": "\u0456\u03b9\u0131\u0269\u04cf",
        "e": "\u0435\u03b5\u025b\u0454\u04bd\u1d07",
        "n": "\u03bd\u03b7\u03c0\u043f\u0578\u057c",
        "c": "\u0441\u03c3\u03f2\u217d\u1d04",
        "s": "\u0455\ua731",
    }.items()
    for sign in signs
}
"""Letters of other scripts that look like one of the key, after case folding."""


def audience_mistake(text: str) -> str:
    """Return a remark on a key that may mean a Markdown file's audience; empty without one."""
    named, outermost = 0, None
    for key, indent in _keys(text):
        outermost = indent if outermost is None else outermost
        plain = unicodedata.normalize("NFKC", key).casefold().strip()
        if plain in _KEYS:
            named += indent == outermost and plain == AUDIENCE
            if named > 1:
                return f"Its front matter names its audience more than once; {_CLOSED}"
        elif plain not in _NO_KEYS and _mistakes(_folded(key)) <= _MOST_MISTAKES:
            return f"Its front matter says {key!a}, which may mean {AUDIENCE!r}; {_CLOSED}"
    return ""


def other_word(text: str) -> str:
    """Return a remark on a key of front matter that says for whom a file is, but in another word
    than the one that counts; empty without one."""
    front = FRONT_MATTER.match(text)
    for key, _ in _keys(front.group()) if front else ():
        plain = unicodedata.normalize("NFKC", key).casefold()
        words = re.findall(r"[^\W_]+", plain)
        if "".join(words) in _IN_OTHER_WORDS or (len(words) > 1 and not {*words}.isdisjoint(_KEYS)):
            return (
                f"Its front matter says {key!a}, which decides nothing: who may see it is said by "
                f"{AUDIENCE!r} and by its folder."
            )
    return ""


def _keys(text: str) -> Iterator[tuple[str, int]]:
    """Yield each key of front matter with its indentation; -1 for those that are not its own."""
    front = FRONT_MATTER.match(text)
    lines = front.group().splitlines() if front else []
    for line in lines:
        yield from _keys_of(line, fenced=True)
    for number, line, fenced in lines_near_top(text):
        if number >= len(lines):
            for key, indent in _keys_of(line, fenced=fenced):
                yield key, -1 if lines else indent


def _keys_of(line: str, *, fenced: bool) -> Iterator[tuple[str, int]]:
    line = line[:_LONGEST_LINE]
    indent = len(line) - len(line.lstrip())
    parts = re.split("[{,]", line) if "{" in line else [line]
    for place, part in enumerate(parts):
        if (match := _KEY.match(part)) and (fenced or len(match["rest"].split()) <= _MOST_WORDS):
            yield match["key"], -1 if place and line[0] != "{" else indent


def _folded(key: str) -> str:
    """Return a key as it looks: without what nobody sees, in the letters that it seems to have."""
    decomposed = unicodedata.normalize("NFKD", key).casefold()
    seen = "".join(
        sign
        for sign in decomposed
        if unicodedata.category(sign) not in _UNSEEN and sign not in _FILLERS
    )
    return seen.translate(_ALIKE).strip(" _-")


def _mistakes(word: str) -> int:
    """Return how many letters are wrong, missing, too many, or swapped with their neighbour."""
    most = _MOST_MISTAKES + 1
    if abs(len(word) - len(AUDIENCE)) >= most:
        return most
    before: list[int] = []
    row = list(range(len(AUDIENCE) + 1))
    for place, letter in enumerate(word):
        last, row = row, [place + 1]
        for column, wanted in enumerate(AUDIENCE):
            fewest = min(row[column] + 1, last[column + 1] + 1, last[column] + (letter != wanted))
            swapped = place and column and letter == AUDIENCE[column - 1]
            if swapped and word[place - 1] == wanted:
                fewest = min(fewest, before[column - 1] + 1)
            row.append(fewest)
        before = last
    return row[-1]
