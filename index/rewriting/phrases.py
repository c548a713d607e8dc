"""Parses an English question into phrases: what it asks for, its subject, objects and times.

No tagger and no model is used: a question is short, and its first words say how it is built.
`parse_question` uses the closed lists of `english`, with a list of common verbs, because "plan" and
"force" are as often nouns. A word in no list is taken for a noun. In other languages every word is
taken for a noun, which does no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.rewriting.english import (
    ADVERB,
    AUXILIARY,
    BE,
    CLAUSE,
    DETERMINER,
    DO,
    HAVE,
    IMPERATIVE,
    LY_NOUNS,
    PERSONAL,
    PREDICATIVE,
    PREPOSITION,
    WH,
)
from index.rewriting.noun_phrases import Phrase, Role, attached, noun_phrases
from index.rewriting.times import times
from index.rewriting.tokens import (
    Word,
    hardly_noun,
    is_participle,
    is_verb,
    singular,
    tokenize,
)

_MOST_WORDS = 80
_COUNTED_PER = frozenset({"diem", "cent", "capita"})
_DEGREE = frozenset("more most less least very so too".split())
_SUBJECTS = frozenset("i we he she they".split())
_NO_DEGREE = PERSONAL | DETERMINER | PREPOSITION


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question in phrases; indices count `words`.

    The first `opener` words belong to the question word `wh` ("at what temperature", "how many
    doses"). `inverted` says that an auxiliary and the subject follow it, or begin the question.
    `verbs` are the main verbs.
    """

    text: str
    words: tuple[Word, ...]
    opener: int
    wh: str
    inverted: bool
    verbs: frozenset[int]
    phrases: tuple[Phrase, ...]


def parse_question(text: str) -> ParsedQuestion:
    """Return the question in phrases; only its first _MOST_WORDS words are parsed."""
    return _Parser(text, tokenize(text)[:_MOST_WORDS]).parsed()


class _Parser:
    """Parses in one pass from left to right.

    `need` is the form of the verb that an earlier auxiliary still needs.
    """

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text = text
        self.words = tuple(words)
        self.verbs: set[int] = set()
        self.found: list[Phrase] = []
        self.times = times(text)
        self.need: Literal["", "base", "participle", "finite"] = ""
        self.subject_seen = False

    def parsed(self) -> ParsedQuestion:
        at, wh = self._opener()
        opener = at
        inverted = False
        low = self._low(at)
        auxiliary = low in AUXILIARY
        if wh or at == 0:
            inverted = auxiliary and not self._subject_is_opener(at, wh)
        if wh and not inverted:
            self.subject_seen = True
            self.found = [
                replace(p, role="subject") if p.role == "focus" else p for p in self.found
            ]
            if not auxiliary and not self.verbs:
                self.need = "finite"
                if wh == "who" and opener == 1 and self._noun_like(at):
                    self.verbs.add(at)
                    self.need = ""
                    at += 1
        elif not wh and not auxiliary:
            self.subject_seen = True
            if low in IMPERATIVE:
                self.verbs.add(at)
                at += 1
            elif low in PERSONAL:
                self.need = "finite"
        while at < len(self.words):
            at = self._step(at)
        phrases = attached(self.text, self.words, self.found)
        return ParsedQuestion(
            self.text, self.words, opener, wh, inverted, frozenset(self.verbs), tuple(phrases)
        )

    def _low(self, at: int) -> str:
        return self.words[at].low if at < len(self.words) else ""

    def _noun_like(self, at: int) -> bool:
        if at >= len(self.words) or self.words[at].is_punctuation:
            return False
        word, low = self.words[at], self.words[at].low
        if low == "per" and self._low(at + 1) in _COUNTED_PER:
            return True
        if word.owning and low not in PERSONAL:
            return True
        if low == "may" and word.is_name and at > 0:
            return True
        return not (
            low in AUXILIARY
            or low in WH
            or low in PREPOSITION
            or low in CLAUSE
            or low in PERSONAL
            or (low in DETERMINER and not (at and word.text == "A"))
            or low in ADVERB
            or (low.endswith("ly") and len(low) > 4 and not word.is_name and low not in LY_NOUNS)
        )

    def _run(self, at: int) -> int:
        """Return the end of the nouns from `at`; two names joined by "and" count as one."""
        start = at
        while (
            self._noun_like(at)
            or (
                at > start
                and self._low(at) == "all"
                and self._noun_like(at + 1)
                and self._noun_like(at - 1)
            )
            or (
                at > start
                and self._low(at) == "and"
                and self._capital(at - 1)
                and self._capital(at + 1)
                and self._noun_like(at + 1)
            )
        ):
            at += 1
        return at

    def _opener(self) -> tuple[int, str]:
        """Return where the question word's phrase ends, and the word; (0, "") without one."""
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
                at < len(self.words) and not self._auxiliary(at) and self._low(at) not in _NO_DEGREE
            ):
                # "how large", "how long", "how much more": one word that says of what degree.
                at += not self.words[at].is_punctuation
                while self._low(at) in ADVERB:
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
        """Return where the opener of "how many litres of fuel did ..." ends: at the auxiliary."""
        first = at + 1
        start = first + (self._low(first) in DETERMINER)
        end = self._run(start)
        if end == start or not self._auxiliary(end):
            return at
        self._add(first, end, "after", self._low(at))
        return end

    def _auxiliary(self, at: int) -> bool:
        return self._low(at) in AUXILIARY

    def _verb_of_opener(self, at: int, end: int) -> int | None:
        """Return the verb among an opener's nouns: "start" in "which events start the plan"."""
        if self._auxiliary(end):
            return None
        first_may = at if self._low(at - 1) in {"what"} else at + 1
        for place in range(first_may, end):
            if hardly_noun(self._low(place)) and not self.words[place].is_name:
                return place
        last = end - 1
        if last >= first_may and (
            self._low(end) in DETERMINER
            or (is_verb(self._low(last)) and self._low(end) and not self._later_auxiliary(end))
        ):
            return last
        return None

    def _later_auxiliary(self, at: int) -> bool:
        return any(self._auxiliary(place) for place in range(at, len(self.words)))

    def _subject_is_opener(self, at: int, wh: str) -> bool:
        """Return whether the opener is the subject, as in "which vendor could not name ..."."""
        if not wh or wh in {"when", "where", "why", "how"}:
            return False
        after = at + 1
        while self._low(after) in ADVERB or self._auxiliary(after):
            after += 1
        end = self._run(after)
        if end == after:
            return self._low(after) in PREPOSITION or (
                self._low(after) not in PERSONAL and self._low(after) not in DETERMINER
            )
        if self._low(at) in BE | HAVE:
            predicate = wh == "what" and self._low(after) in PREDICATIVE
            return is_participle(self._low(after)) and end - after == 1 and not predicate
        return (is_verb(self._low(after)) and not self.words[after].is_name) and (
            end - after == 1 or hardly_noun(self._low(after))
        )

    def _step(self, at: int) -> int:
        """Take a word, or the run of nouns that it begins; return where the next one is."""
        low = self._low(at)
        if at and self._low(at - 1) in _SUBJECTS and hardly_noun(low):
            self.verbs.add(at)
            self.subject_seen, self.need = True, ""
            return at + 1
        if low == "that" and at and self._noun_like(at - 1) and at - 1 not in self.verbs:
            self.need, self.subject_seen = "finite", True
            return at + 1
        if self._noun_like(at) or low in DETERMINER:
            return self._nouns(at)
        return self._auxiliary_word(at) if low in AUXILIARY else self._other_word(at)

    def _auxiliary_word(self, at: int) -> int:
        """Take an auxiliary: the verb itself, as in "does it have", or it needs another one."""
        low = self._low(at)
        if not (self.need == "base" and self.subject_seen and low in HAVE | DO):
            self.need = "participle" if low in BE | HAVE else "base"
            return at + 1
        self.verbs.add(at)
        self.need = ""
        if self._low(at + 1) != "to":
            return at + 1
        self.verbs.add(at + 2)
        return at + 3

    def _other_word(self, at: int) -> int:
        """Take a pronoun, a preposition, a conjunction or a mark: a clause may begin there."""
        low, word = self._low(at), self.words[at]
        if low in PERSONAL and low != "there":
            if not self.need and (not self.subject_seen or low in _SUBJECTS):
                self.need = "finite"
            self.subject_seen = True
        elif low in {"and", "or"} and self.need == "base":
            pass  # it joins subjects: "do cars and lorries pay"
        elif low in CLAUSE:
            self.need, self.subject_seen = "finite", False
        elif word.is_punctuation and word.text in ",;:":
            self.need, self.subject_seen = "", self.subject_seen and word.text == ","
        elif low == "to" and is_verb(self._low(at + 1)) and not self._capital(at + 1):
            self.verbs.add(at + 1)
            return at + 2
        return at + 1

    def _nouns(self, at: int) -> int:
        """Take a run of nouns with its determiner, up to the verb in it, if it has one."""
        low, start = self._low(at), at
        if low in DETERMINER and not self._noun_like(at + 1):
            self.subject_seen = self.subject_seen or low in PERSONAL
            return at + 1
        is_degree = bool(at) and self._low(at - 1) in _DEGREE
        if is_degree and self._run(at) == at + 1 and not self.words[at].is_name:
            return at + 1  # "the most popular"
        at += low in DETERMINER
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
        """Return which word of a run of nouns is the verb that is still needed."""
        joined = self._low(start - 1) == "and" and bool(self.verbs) and self.need == "finite"
        alone = start == at and end == at + 1 and is_verb(self._low(at))
        if joined and alone and self._low(end) in DETERMINER:  # "to drive a lorry and load the ..."
            return at
        may_be_first = start == at and self.subject_seen and not self._before(start)
        first = at if may_be_first else at + 1
        places = [p for p in range(first, end) if not self._capital(p) and not self.words[p].owning]
        places = [p for p in places if not self.words[p].text.isdigit()]  # "does heron 4 have"
        if first > at:
            places = [p for p in places if not self.words[p - 1].owning]
        if self.need == "base":  # "do stocks have": no base form
            places = [p for p in places if singular(self._low(p)) == self._low(p)]
        if not places or not self.need:
            return None
        if self.need == "participle":
            if may_be_first:
                return places[0] if is_participle(self._low(places[0])) else None
            last = places[-1]
            return last if last == end - 1 and is_participle(self._low(last)) else None
        if self.need == "base" and may_be_first and places[0] == at:
            return at
        for place in places:
            if hardly_noun(self._low(place)):
                return place
        followed = self._low(end) in DETERMINER or self._low(end) in PERSONAL
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
        self.found += noun_phrases(
            self.text, self.words, self.times, (first, last), role, before=before, wh=wh
        )
