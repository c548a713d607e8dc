"""The words of a question that tables may answer, and which words of tables mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.rewriting.english import AUXILIARY, GRAMMAR
from index.store.words.lexical import STOP_WORDS
from index.store.words.tokens import tokens_of
from index.text import WORD, fold, keep_of_short

_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*(?![^\W_])|{WORD.pattern}")

BY_UNIT = re.compile(
    r"(?:(?:per|a|an|each|/) ?)(?:hour|day|night|week|month|year|person|head|piece|item|kg|km)"
    r"|(?:hourly|daily|weekly|monthly|yearly)(?: rate)?"
    r"|(?:hour|day|night|week|month|year) (?:rate|price|fee|rent)(?: \(?[A-Z]{3}\)?)?",
    re.IGNORECASE,
)
"""The header of what something costs by the hour, by the day and the like."""

GENERIC = frozenset(
    "table list listed lists entry entries row rows column chart show shows shown tell give gives"
    " given find name state stated say says said according total number amount value figure"
    " have has had need needs needed get gets got take takes took go goes went gone come comes"
    " came make makes made use used hold holds held keep kept there all any each every per please"
    " together altogether combined both out us me we our end beginning kind type many much"
    " long often far only one ones that this current currently was were been being am"
    " drive drives drove driven travel move period apart done due"
    " work works worked working cover covers covered covering thing things"
    " does do did whats what's overall exactly actual actually still compared".split()
)
"""Words that ask without saying of what."""

DEMANDING = frozenset(
    "before after next previous previously following prior not no never nor without except besides"
    " other another others same different similar first last second third consecutive top best"
    " worst bottom more less fewer than between listed since until rank ranked order else either"
    " neither both outside each every twice once increase decrease"
    " change changed rise fall grow average free spring summer autumn winter".split()
)
"""Words that no lookup accounts for, unless a cell, a header or an operation does."""

BEGUN = frozenset(
    "acquired began begun bought built commissioned first founded hired installed introduced joined"
    " made opened purchased registered since started".split()
)
"""Words that head the date from which something is there: the oldest has the earliest."""

NEGATING = frozenset("not no never without non lack lacks lacking".split())
_NOT = frozenset(
    "cannot cant dont doesnt didnt isnt arent wasnt werent wont hasnt havent couldnt".split()
)
_TIMES_OF_DAY = {"daytime": "day", "nighttime": "night"}

_GROUPS = (
    "price cost amount fee charge rate expense spend spent spending paid pay expensive cheap",
    "date when time year",
    "who name person contact driver own owner responsible lead author manager leader holder player"
    " assigned elected appointed",
    "where place city location site town destination country venue room shelf",
    "number count quantity",
    "limit maximum max cap ceiling most",
    "minimum min least",
    "phone telephone tel mobile extension dial",
    "mail email e-mail",
    "mean meaning definition description explanation stand abbreviation",
    "supplier vendor provider supply deliver sell",
    "staff employee",
    "salary wage",
    "begin start",
    "end finish until expire expires",
    "departure depart leave left",
    "arrival arrive",
    "deadline due",
    "long length duration time",
    "lodging accommodation hotel",
    "why reason cause because",
    "fast speed",
    "carry capacity fit load",
    "capacity seat",
    "have stock balance available left",
    "score point rating",
    "people population inhabitant",
    "old age",
    "tall height high",
    "heavy weight weigh",
    "large size area",
    "film movie",
    "car vehicle",
    "budget plan planned",
    "call duty shift standby",
    "hourly hour",
    "daily day",
    "weekly week",
    "monthly month",
    "yearly annual year",
    "odometer mileage kilometre kilometer mile",
)
_ASKING_FOR = {
    "count": "weight",
    "counts": "weight",
    "worth": "weight value",
    "diem": "daily allowance",
    **dict.fromkeys(
        "fit fits hold holds sit seated accommodate accommodates".split(), "capacity seat"
    ),
}
"""Words that ask for columns with other headers, of which no header asks for them."""
_SYNONYMS: dict[str, frozenset[str]] = {}


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A word of a question at its place among the words, from 0."""

    at: int
    text: str
    low: str
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        return self.text[:1].isupper()

    @property
    def is_number(self) -> bool:
        return self.text[:1].isdigit()


def question_words(question: str) -> list[QuestionWord]:
    """Return the words of a question; the s of "Norway's" is none, and "can't" is a "not"."""
    found: list[QuestionWord] = []
    for match in _TOKEN.finditer(question):
        before = question[max(0, match.start() - 1) : match.start()]
        text = match.group()
        low = fold(text)
        if low in ("s", "t") and before in "'’‘" and before:
            if low == "t" and found and found[-1].low.endswith("n"):
                found[-1] = replace(found[-1], low="not")
            continue
        low = "not" if low in _NOT else _TIMES_OF_DAY.get(low, low)
        found.append(QuestionWord(len(found), text, low, match.start(), match.end()))
    return found


def places_within(words: Sequence[QuestionWord], start: int, end: int) -> frozenset[int]:
    """Return the places of the words that lie wholly between two offsets of the question."""
    return frozenset(word.at for word in words if start <= word.start and word.end <= end)


@keep_of_short(2_048)
def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a cell or a header, without accents and capitals."""
    return tuple(_TOKEN.findall(fold(text)))


def is_content(low: str) -> bool:
    """Return whether a word says what is asked for."""
    return low not in STOP_WORDS and low not in GRAMMAR and low not in AUXILIARY


def start_of(low: str) -> str:
    """Return what all inflections of a word begin with."""
    return low[:3] if low.isalpha() else low.replace(",", "")


def stem(low: str) -> tuple[str, ...]:
    """Return what the inflections of a word have in common."""
    return tokens_of(low)


def same_stem(one: str, other: str) -> bool:
    """Return whether two words are inflections of the same."""
    if one == other:
        return True
    return one[:3] == other[:3] and one.isalpha() and other.isalpha() and stem(one) == stem(other)


def is_related(one: str, other: str) -> bool:
    """Return whether two words are of one family: drives and driver, approves and approval."""
    if same_stem(one, other):
        return True
    if one[:4] != other[:4] or min(len(one), len(other)) < 4:
        return False
    return bool(set(_roots(one)) & set(_roots(other)))


def has_reasons(headers: Iterable[str]) -> bool:
    """Return whether a column states reasons; the rows of another table do not say why."""
    return any(
        synonyms("why").intersection(stem(word)) for each in headers for word in words_in(each)
    )


def _roots(low: str) -> Iterator[str]:
    for ending in ("ers", "er", "ors", "or", "ing", "ed", "es", "s", "al", "ion", "ment", "e", ""):
        if low.endswith(ending) and len(low) - len(ending) >= 4:
            root = low[: len(low) - len(ending)]
            yield f"{root[:-1]}y" if root.endswith("i") else root  # supplies, supplier, supply


def synonyms(low: str) -> frozenset[str]:
    """Return the stems of words that may head a column of what this word asks for."""
    if not _SYNONYMS:
        for group in _GROUPS:
            stems = frozenset(token for word in group.split() for token in stem(word))
            for token in stems:
                _SYNONYMS[token] = _SYNONYMS.get(token, frozenset()) | stems
    asked = frozenset(token for word in _ASKING_FOR.get(low, "").split() for token in stem(word))
    tokens = stem(low)
    return asked | _SYNONYMS.get(tokens[0], frozenset()) if len(tokens) == 1 else asked
