"""An English question cut into phrases: what it asks for, its subject, its objects, its times.

No tagger and no model: a question is short, and its first words say how it is built. `cut_question`
goes by closed lists (the words of English grammar, which gains none) and by a list of common verbs,
which is needed because "plan" and "force" are as often nouns; what no list holds is a noun. It is
for questions in English; of anything else it makes nouns, which does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "BE",
    "CLAUSE",
    "DO",
    "HAVE",
    "MODAL",
    "PERSONAL",
    "PLACED",
    "PREPOSITION",
    "WH",
    "Cut",
    "Kind",
    "Phrase",
    "Role",
    "Time",
    "Word",
    "cut_question",
    "hardly_noun",
    "is_verb",
    "singular",
    "times",
    "words_of",
]

Role: TypeAlias = Literal["subject", "focus", "object", "after", "owner"]
"""`focus` is the noun of the question word ("which roles"), `after` stands after a preposition,
`owner` is the name in "Norway's force"."""
Kind: TypeAlias = Literal["person", "name", "time", "thing"]

BE = frozenset("am is are was were be been being".split())
HAVE = frozenset("has have had".split())
DO = frozenset("do does did".split())
MODAL = frozenset("will would can could may might must shall should cannot".split())
WH = frozenset("what which who whom whose when where why how".split())
PREPOSITION = frozenset(
    "about above across after against along at before behind below beside between beyond by despite"
    " during for from in inside into near of off on onto out outside over per since than through to"
    " toward towards under until up upon via with within without".split()
)
PLACED = frozenset("in on at near inside outside".split())
"""Prepositions of place that one may give for another: on the bridge, in town."""
CLAUSE = frozenset(
    "if when while because although unless whether whereas once that who which whose where why how"
    " what and or but so".split()
)
"""Words that begin another clause."""
PERSONAL = frozenset(
    "i me my mine you your yours we us our ours myself yourself ourselves it its they them their"
    " theirs he him his she her hers itself themselves himself herself this that these those there"
    " here someone anyone everyone nobody something anything everything nothing somebody anybody"
    " everybody none one".split()
)
_DETERMINER = frozenset(
    "the a an this that these those my your our its his her their each every any some all no both"
    " another".split()
)
_ADVERB = frozenset(
    "not never already still again only also ever yet soon now then too just even else most more"
    " please first together far ahead apart ago back away alone really actually exactly like".split()
)

_LY_NOUNS = frozenset(
    "ally anomaly assembly daily early family friendly monopoly monthly quarterly rally reply supply"
    " weekly yearly".split()
)
"""Words with the ending of an adverb that are none."""

# Common verbs, first those that are hardly ever nouns in a question.
_VERBS = frozenset(
    "accept agree allow answer apply approve arrive ask attend become begin believe belong bring"
    " build buy carry choose close come command commit compare contain contribute cover create"
    " decide declare define deliver depend describe differ drive eat enforce exist expect expire"
    " explain fail feel fill find follow forbid get give go govern grow happen hear help hold"
    " include inform inspect intervene invite join keep know lead learn leave let live lose love"
    " maintain make manage matter mean meet oblige occur offer open operate order oversee own pay"
    " pick prepare prevent produce promise protect provide publish put reach react read receive"
    " recommend refuse reject remain rent repair replace reply require revise run say see seem sell"
    " send serve settle show sign speak spend stand start stay stop store support take talk teach"
    " tell think threaten travel treat try understand use verify wait want wear weigh win withdraw"
    " write involve react contribute consist lie belong arrive".split()
)
_ALSO_NOUNS = frozenset(
    "answer approach attack base bid book call cause change charge claim close control cost count"
    " cover damage deal delay demand drive end escort fall fight focus force fund guard hire hold"
    " house impact increase lead lease limit list load look matter mark measure move name need"
    " offer open order own paper park phone plan play position price produce promise question range"
    " rank rate reach rent repair reply report request rest result ride rule run score share ship"
    " show sign stand start stay stock stop store supply support talk test time train transport"
    " travel treat trust try turn use view visit wait want watch wear weight win work".split()
)
_IRREGULAR = frozenset(
    "arose ate became began begun bought broke broken brought built came chose chosen cut did done"
    " drew drawn drove driven fell fallen felt found fought forgot gave given went gone got grew"
    " grown had heard held hit hurt kept knew known laid led left lent lost made meant met paid put read"
    " ran rose said sat saw seen sent set shown shut sold spent spoke spoken stood took taken taught"
    " told thought threw understood won withdrew withdrawn wore worn wrote written".split()
)
_PREDICATIVE = frozenset(
    "able available big binding cheap closed cold dangerous dear expensive far fast free full good"
    " heavy high important large late likely long low necessary old open over possible ready safe"
    " short slow small strong true valid warm wide".split()
)
_IMPERATIVE = frozenset(
    "compare define describe explain find give list name outline show summarise summarize tell"
    " quote".split()
)
_PLURALS = frozenset("people staff men women children police personnel troops media data".split())
_NOT_PLURALS = frozenset("news means series headquarters species always this".split())
_PERSON_NOUNS = frozenset(
    "adviser advisor ambassador author captain chief citizen colleague commander coordinator"
    " director doctor donor driver employee employer expert general guard head leader manager"
    " mayor mechanic medic member minister moderator nurse officer official owner participant"
    " passenger patient person pharmacist pilot president secretary soldier speaker spokesman"
    " spokeswoman trainer traveller traveler visitor volunteer warden worker".split()
)
_NOT_OF_PERSONS = frozenset(
    "agency army association bank board centre center coalition commission committee company"
    " council couriers depot force forces foundation freight fuels government group haulage hub"
    " institute kingdom logistics ministry mission nations office oil organisation organization"
    " petrol programme rail relief republic service services states store team trading transport"
    " treaty union university agreement bridge street road lane war sea act plan post island".split()
)
_COUNTED = frozenset(
    "hour hours day days week weeks month months year years minute minutes time times way kind sort"
    " extent amount number".split()
)
"""What is measured or counted by, and hardly ever spoken of again as "it"."""

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = "|".join(name.capitalize() for name in _MONTHS)
_TIME = re.compile(
    r"(?P<core>(?:\bthe\s+)?\b(?:first|second|third|fourth|last|next|previous)\s+"
    r"(?:quarter|half|week|month|year|winter|summer|spring|autumn)"
    rf"|(?<!^)\b(?:\d{{1,2}}\s+)?(?:{_MONTH})\b"
    r"|\b(?:\d{1,2}\s+)?(?:january|february|april|june|july|august|september|october|november"
    r"|december)\b"
    r"|\b(?:winter|summer|spring|autumn|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?"
    r"|\b(?:today|yesterday|tomorrow|tonight|night)\b)\b(?P<year>(?:\s+of)?\s+(?:19|20)\d\d\b)?"
    r"|\b(?P<only>(?:19|20)\d\d)\b",
    re.I,
)
_SEASONS = frozenset("winter summer spring autumn winters summers springs autumns".split())
_WORD = re.compile(r"[^\W_]+(?:[-.'’‘_/&][^\W_]+)*[’']?|[^\w\s]")
_OWNING = re.compile(r"(?:['’‘]s|(?<=s)['’‘])$", re.I)


@dataclass(frozen=True, slots=True)
class Word:
    """`low` is the word in lower case without "n't" and "'s"; `end` is exclusive."""

    text: str
    low: str
    start: int
    end: int
    owning: bool

    @property
    def is_name(self) -> bool:
        return self.text[:1].isupper()

    @property
    def is_punctuation(self) -> bool:
        return not self.text[:1].isalnum()


@dataclass(frozen=True, slots=True)
class Time:
    """A time in a text; `shape` says what may stand for what, `year` where the year begins."""

    start: int
    end: int
    year: int
    shape: Literal["year", "month", "season", "ordinal", "day"]
    month: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: words `first` to `last` (exclusive), up to `full` with what is attached.

    "the lease | for the new Karsk warehouse": the bar is `last`, the end `full`. `text` and
    `whole` are these two spans of the question, without the question word. `before` is the
    preposition that it stands after.
    """

    first: int
    last: int
    full: int
    text: str
    whole: str
    role: Role
    kind: Kind
    plural: bool
    determiner: str
    head: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A question in pieces; indices are of `words`.

    `opener` words belong to the question word ("at what temperature", "how many doses"); `inverted`
    where an auxiliary and the subject follow it, or begin the question; `verbs` are main verbs.
    """

    text: str
    words: tuple[Word, ...]
    opener: int
    wh: str
    inverted: bool
    verbs: frozenset[int]
    phrases: tuple[Phrase, ...]


def words_of(text: str) -> tuple[Word, ...]:
    words = []
    for match in _WORD.finditer(text):
        raw = match.group()
        owning = _OWNING.search(raw)
        low = (raw[: owning.start()] if owning else raw).lower().replace("’", "'")
        if low.endswith("n't"):
            low = {"can't": "can", "won't": "will", "shan't": "shall"}.get(low, low[:-3])
        if owning and raw.lower().replace("’", "'") in _CONTRACTED:
            owning = None
        words.append(Word(raw, low, match.start(), match.end(), bool(owning)))
    return tuple(words)


_CONTRACTED = frozenset(
    "it's that's what's who's where's when's how's why's there's he's she's let's here's".split()
)


def times(text: str) -> list[Time]:
    found = []
    for match in _TIME.finditer(text):
        core = (match["core"] or "").lower()
        words = core.split()
        month = next((n for n, name in enumerate(_MONTHS, 1) if name in words), 0)
        shape: Literal["year", "month", "season", "ordinal", "day"]
        if match["only"]:
            shape = "year"
        elif month:
            shape = "month"
        elif words[-1] in _SEASONS and len(words) == 1:
            shape = "season"
        else:
            shape = "ordinal" if len(words) > 1 else "day"
        year = match.start("year") if match["year"] else match.end()
        found.append(Time(match.start(), match.end(), year, shape, month))
    return found


def singular(noun: str) -> str:
    """Near enough to compare two nouns by."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3:
        return noun[:-1]
    return noun


def is_verb(low: str) -> bool:
    return hardly_noun(low) or _inflected(low, _ALSO_NOUNS)


def hardly_noun(low: str) -> bool:
    """Whether a verb is not as well a common noun."""
    return low in _IRREGULAR or (
        _inflected(low, _VERBS) and not _inflected(low, _ALSO_NOUNS - {"lead", "hold", "reach"})
    )


def _inflected(low: str, verbs: frozenset[str]) -> bool:
    if low in verbs:
        return True
    for ending, put in (("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", "")):
        if low.endswith(ending) and low[: -len(ending)] + put in verbs:
            return True
    for ending in ("ed", "ing"):
        stem = low[: -len(ending)]
        if low.endswith(ending) and (
            stem in verbs
            or stem + "e" in verbs
            or (stem[-1:] == stem[-2:-1] and stem[:-1] in verbs)
        ):
            return True
    return False


def _participle(low: str) -> bool:
    return low in _IRREGULAR or low in _PREDICATIVE or (low.endswith("ed") and len(low) > 4)


def cut_question(text: str, most: int = 80) -> Cut:
    """Of a longer question only the first `most` words are looked at."""
    return _Cutter(text, words_of(text)[:most]).cut()


class _Cutter:
    """One pass from left to right. `need` is the verb that the auxiliary before still wants."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text = text
        self.words = tuple(words)
        self.verbs: set[int] = set()
        self.found: list[Phrase] = []
        self.times = times(text)
        self.need: Literal["", "base", "participle", "finite"] = ""
        self.subject_seen = False

    def cut(self) -> Cut:
        at, wh = self._opener()
        opener = at
        inverted = False
        low = self._low(at)
        auxiliary = low in BE | HAVE | DO | MODAL
        if wh or at == 0:
            inverted = auxiliary and not self._subject_is_opener(at, wh)
        if wh and not inverted:
            self.subject_seen = True
            self.found = [
                Phrase(**{**_fields(p), "role": "subject"}) if p.role == "focus" else p
                for p in self.found
            ]
            if not auxiliary and not self.verbs:
                self.need = "finite"
        elif not wh and not auxiliary:
            self.subject_seen = True
            if low in _IMPERATIVE:
                self.verbs.add(at)
                at += 1
            elif low in PERSONAL:
                self.need = "finite"
        while at < len(self.words):
            at = self._step(at)
        phrases = self._attached()
        return Cut(
            self.text, self.words, opener, wh, inverted, frozenset(self.verbs), tuple(phrases)
        )

    def _low(self, at: int) -> str:
        return self.words[at].low if at < len(self.words) else ""

    def _noun_like(self, at: int) -> bool:
        if at >= len(self.words) or self.words[at].is_punctuation:
            return False
        word, low = self.words[at], self.words[at].low
        if word.owning and low not in PERSONAL:
            return True
        if low == "may" and word.is_name and at > 0:
            return True
        return not (
            low in BE
            or low in HAVE
            or low in DO
            or low in MODAL
            or low in WH
            or low in PREPOSITION
            or low in CLAUSE
            or low in PERSONAL
            or (low in _DETERMINER and not (at and word.text == "A"))
            or low in _ADVERB
            or (low.endswith("ly") and len(low) > 4 and not word.is_name and low not in _LY_NOUNS)
        )

    def _run(self, at: int) -> int:
        """The end of the nouns from `at`; two names with "and" between them are one."""
        start = at
        while self._noun_like(at) or (
            at > start
            and self._low(at) == "and"
            and self._capital(at - 1)
            and self._capital(at + 1)
            and self._noun_like(at + 1)
        ):
            at += 1
        return at

    def _opener(self) -> tuple[int, str]:
        """Where the question word's phrase ends, and the question word; (0, "") without one."""
        at = 0
        while self._low(at) in PREPOSITION and at < 2:
            at += 1
        wh = self._low(at)
        if wh not in WH:
            return 0, ""
        at += 1
        if wh == "how":
            if self._low(at) in {"many", "much"}:
                wh = f"how {self._low(at)}"
                at += 1
            elif (
                at < len(self.words) and not self._auxiliary(at) and self._low(at) not in _PRON_LED
            ):
                # "how large", "how long", "how much more": one word that says of what degree.
                at += not self.words[at].is_punctuation
                while self._low(at) in _ADVERB:
                    at += 1
                return at, "how"
            else:
                return at, "how"
        if wh in {"what", "which", "whose", "how many", "how much"}:
            end = self._run(at)
            if end > at:
                verb = self._verb_of_opener(at, end)
                if verb is not None:
                    self.verbs.add(verb)
                    end_of_noun = verb
                else:
                    end_of_noun = end
                if end_of_noun > at:
                    self._add(at, end_of_noun, "focus", "", wh)
                if verb is None and self._low(end) in PREPOSITION:
                    end = self._attached_to_opener(end)
                return (verb + 1 if verb is not None else end), wh
        return at, wh

    def _attached_to_opener(self, at: int) -> int:
        """In "how many litres of fuel did ..." the opener goes on up to the auxiliary."""
        first = at + 1
        start = first + (self._low(first) in _DETERMINER)
        end = self._run(start)
        if end == start or not self._auxiliary(end):
            return at
        self._add(first, end, "after", self._low(at))
        return end

    def _auxiliary(self, at: int) -> bool:
        return self._low(at) in BE | HAVE | DO | MODAL

    def _verb_of_opener(self, at: int, end: int) -> int | None:
        """In "which events | start the plan" the verb is the last before a determiner."""
        if self._auxiliary(end):
            return None
        first_may = at if self._low(at - 1) in {"what"} else at + 1
        for place in range(first_may, end):
            if hardly_noun(self._low(place)) and not self.words[place].is_name:
                return place
        last = end - 1
        if last >= first_may and (
            self._low(end) in _DETERMINER
            or (is_verb(self._low(last)) and not self._later_auxiliary(end))
        ):
            return last
        return None

    def _later_auxiliary(self, at: int) -> bool:
        return any(self._auxiliary(place) for place in range(at, len(self.words)))

    def _subject_is_opener(self, at: int, wh: str) -> bool:
        """Whether in "which vendor could not name ..." no other subject follows."""
        if not wh or wh in {"when", "where", "why", "how"}:
            return False
        after = at + 1
        while self._low(after) in _ADVERB or self._auxiliary(after):
            after += 1
        end = self._run(after)
        if end == after:
            return self._low(after) in PREPOSITION or (
                self._low(after) not in PERSONAL and self._low(after) not in _DETERMINER
            )
        if self._low(at) in BE | HAVE:
            predicate = wh == "what" and self._low(after) in _PREDICATIVE
            return _participle(self._low(after)) and end - after == 1 and not predicate
        return (is_verb(self._low(after)) and not self.words[after].is_name) and (
            end - after == 1 or hardly_noun(self._low(after))
        )

    def _step(self, at: int) -> int:
        low = self._low(at)
        word = self.words[at]
        if low == "that" and at and self._noun_like(at - 1) and at - 1 not in self.verbs:
            self.need, self.subject_seen = "finite", True
            return at + 1
        if not self._noun_like(at) and low not in _DETERMINER:
            if low in BE | HAVE | DO | MODAL:
                if self.need == "base" and self.subject_seen and low in HAVE | DO:
                    self.verbs.add(at)
                    self.need = ""
                    if self._low(at + 1) == "to":
                        self.verbs.add(at + 2)
                        return at + 3
                else:
                    self.need = "participle" if low in BE | HAVE else "base"
            elif low in PERSONAL and low != "there":
                self.subject_seen = True
            elif low in CLAUSE:
                self.need, self.subject_seen = "finite", False
            elif word.is_punctuation and word.text in ",;:":
                self.need, self.subject_seen = "", self.subject_seen and word.text == ","
            elif low == "to" and is_verb(self._low(at + 1)) and not self._capital(at + 1):
                self.verbs.add(at + 1)
                return at + 2
            return at + 1
        if low in _DETERMINER and not self._noun_like(at + 1):
            if low in PERSONAL:
                self.subject_seen = True
            return at + 1
        start = at
        at += low in _DETERMINER
        end = self._run(at)
        verb = self._verb_in(start, at, end)
        if verb is None:
            self._add(start, end, self._role(start), self._before(start))
            self.subject_seen = True
            return end
        self.verbs.add(verb)
        if verb > at:
            self._add(start, verb, self._role(start), self._before(start))
        self.subject_seen, self.need = True, ""
        return verb + 1

    def _capital(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].is_name

    def _before(self, at: int) -> str:
        return self._low(at - 1) if at and self._low(at - 1) in PREPOSITION else ""

    def _role(self, at: int) -> Role:
        if self._before(at):
            return "after"
        return "object" if self.subject_seen else "subject"

    def _verb_in(self, start: int, at: int, end: int) -> int | None:
        """Which word of a run of nouns is the verb that is still wanted."""
        may_be_first = start == at and self.subject_seen and not self._before(start)
        first = at if may_be_first else at + 1
        places = [p for p in range(first, end) if not self._capital(p) and not self.words[p].owning]
        if first > at:
            places = [p for p in places if not self.words[p - 1].owning]
        if not places or not self.need:
            return None
        if self.need == "participle":
            if may_be_first:
                return places[0] if _participle(self._low(places[0])) else None
            last = places[-1]
            return last if last == end - 1 and _participle(self._low(last)) else None
        if self.need == "base" and may_be_first and places[0] == at:
            return at
        for place in places:
            if hardly_noun(self._low(place)):
                return place
        followed = self._low(end) in _DETERMINER or self._low(end) in PERSONAL
        for place in reversed(places):
            if is_verb(self._low(place)) or (followed and place == end - 1):
                return place
        named = [p for p in places if self._capital(p - 1)]
        if self.need == "base" and named:
            return named[0]
        if self.need == "base" and not self.subject_seen:
            return places[-1]
        return None

    def _add(self, first: int, last: int, role: Role, before: str, wh: str = "") -> None:
        if self._low(first) in {"that", "this"} and self._capital(first + 1):
            first += 1  # "said that Norway is ready"
        determiner = self._low(first) if self._low(first) in _DETERMINER else ""
        nouns = self.words[first + bool(determiner) : last]
        if not nouns:
            return
        head = nouns[-1]
        if role == "after" or role == "subject" or role == "object" or wh:
            owner = self._owner(nouns, first + bool(determiner))
            if owner:
                self.found.append(owner)
        text = self.text[self.words[first].start : self.words[last - 1].end]
        label = len(nouns) > 1 and (head.text.isdigit() or (len(head.text) == 1 and head.is_name))
        noun = nouns[-2] if label else head
        self.found.append(
            Phrase(
                first=first,
                last=last,
                full=last,
                text=text,
                whole=text,
                role=role,
                kind=self._kind(first, last, nouns),
                plural=not label and _is_plural(noun),
                determiner=wh or determiner,
                head=noun.low,
                before=before,
            )
        )

    def _owner(self, nouns: Sequence[Word], first: int) -> Phrase | None:
        for place, word in enumerate(nouns[:-1]):
            if word.owning:
                owner = nouns[: place + 1]
                text = _OWNING.sub("", self.text[owner[0].start : owner[-1].end])
                return Phrase(
                    first=first,
                    last=first + place + 1,
                    full=first + place + 1,
                    text=text,
                    whole=text,
                    role="owner",
                    kind=self._kind(first, first + place + 1, owner),
                    plural=not word.is_name and word.text.endswith(("s'", "s’")),
                    determiner="",
                    head=word.low,
                )
        return None

    def _kind(self, first: int, last: int, nouns: Sequence[Word]) -> Kind:
        start, end = self.words[first].start, self.words[last - 1].end
        if any(time.start <= nouns[-1].start and nouns[0].start < time.end for time in self.times):
            if any(time.start <= nouns[0].start and time.end >= end for time in self.times):
                return "time"
            if any(time.start <= start and time.end >= end for time in self.times):
                return "time"
        if all(word.is_name for word in nouns) and self.words[first].low in _DETERMINER:
            return "name"
        if all(word.is_name for word in nouns):
            bare = [word for word in nouns if word.text.isalpha() or "-" in word.text]
            of_persons = not any(singular(word.low) in _NOT_OF_PERSONS for word in nouns)
            of_persons = of_persons and not any(word.low in _NOT_OF_PERSONS for word in nouns)
            if 2 <= len(nouns) <= 4 and len(bare) == len(nouns) and of_persons and start > 0:
                return "person"
            return "name"
        if nouns[0].is_name and nouns[-1].text.isdigit():
            return "name"
        return "person" if singular(nouns[-1].low) in _PERSON_NOUNS else "thing"

    def _attached(self) -> list[Phrase]:
        """Each phrase with the prepositional phrases right behind it."""
        by_first = {p.first: p for p in self.found if p.role != "owner"}
        whole = []
        for phrase in self.found:
            full = phrase.last
            if phrase.role != "owner" and phrase.kind != "time":
                if self._low(full) in BE and self._low(full + 1) == "there":
                    skip: tuple[int, int] | None = (full, full + 2)
                    full += 2
                else:
                    skip = None
                while True:
                    after = by_first.get(full + 1)
                    if (
                        self._low(full) not in _ATTACHING
                        or after is None
                        or after.before != self._low(full)
                        or after.role != "after"
                    ):
                        break
                    if after.kind == "time" and self._low(full) != "of" and skip is None:
                        break
                    full = after.last
                if skip and full == skip[1]:
                    full, skip = phrase.last, None
                text = self.text[self.words[phrase.first].start : self.words[full - 1].end]
                if skip:
                    rest = self.words[skip[1]].start
                    text = f"{phrase.text} {self.text[rest : self.words[full - 1].end]}"
                phrase = Phrase(**{**_fields(phrase), "full": full, "whole": text})
            whole.append(phrase)
        return whole


_ATTACHING = frozenset("of for in at on from to with between about against".split())
_PRON_LED = PERSONAL | _DETERMINER | PREPOSITION


def _fields(phrase: Phrase) -> dict[str, object]:
    return {name: getattr(phrase, name) for name in Phrase.__slots__}


def _is_plural(noun: Word) -> bool:
    if noun.is_name or noun.low in _NOT_PLURALS:
        return False
    return noun.low in _PLURALS or (noun.low.endswith("s") and singular(noun.low) != noun.low)
