"""A conversation: its questions and answers, and what a follow-up may refer to."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from index.document import Span
from index.rewriting.english import (
    COUNTRY_OF,
    DETERMINER,
    GRAMMAR,
    GROUPS,
    HOLLOW,
    PLACED,
    PLACES,
    POINTING,
    POSSESSIVE,
    PREPOSITION,
    TITLES,
)
from index.rewriting.noun_phrases import Phrase
from index.rewriting.phrases import ParsedQuestion, parse_question
from index.rewriting.reactions import goes_on, is_talk
from index.rewriting.tokens import singular, tokenize, unowned

_REMEMBERED = 4
"""Turns that a follow-up may refer to; none of the test conversations reaches back further."""
_LONGEST_CARRIED = 12
"""Words of what is carried from an earlier turn."""
_QUOTED = 600
"""Characters of each of the first three quotes that are searched for a name."""
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]+(?: [A-ZÀ-ÖØ-Þ][\w’'-]+){1,3}")
_WORD = re.compile(r"\w[\w’'-]*")
_INSIDE = re.compile(r"(?:^|(?<=[\s(]))[a-zà-þ][\w’'-]*,? (?=([A-ZÀ-ÖØ-Þ][a-zà-þ][\w-]*))", re.M)
"""A word in small letters before a name. "Bystra Petrol" does not make a name of petrol."""
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]+"
_THE_OTHER = re.compile(r"the other (?P<noun>[a-z][\w-]+)", re.I)
_SENTENCE = re.compile(r"(?<=[.?!])\s+|\n+")
PREFIXED = re.compile(r"^about\b([^:?]*):", re.I)
"""A question with its topic before it. We make such a question of an unresolved pronoun."""

Referent: TypeAlias = Literal["thing", "things", "person", "place"]
"""What a pronoun refers to: one thing, several, a person or a place."""


class Cited(Protocol):
    """What is needed of an excerpt, such as an `index.answering.answer.Excerpt`."""

    @property
    def document(self) -> str: ...
    @property
    def span(self) -> Span: ...
    @property
    def title(self) -> str: ...
    @property
    def heading(self) -> tuple[str, ...]: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, as it was rewritten, and what was said to it.

    `excerpts` are those shown, and `reply` is what somebody else answered in their own words.
    """

    question: str
    excerpts: Sequence[Cited] = ()
    reply: str = ""


class FollowUpKind(enum.Enum):
    """How a question follows up what was said before."""

    NOTHING = enum.auto()
    """It stands alone."""
    ON = enum.auto()
    """It asks about what was said: "why?", "and in Oslo?"."""
    OTHER = enum.auto()
    """It asks about something of the same kind: "what about the other one?"."""
    MORE = enum.auto()
    """It wants what comes next: "tell me more"."""
    AGAIN = enum.auto()
    """It doubts the answer: "are you sure?"."""
    WRONG = enum.auto()
    """It rejects the answer: "that's not what I asked"."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question to ask the engine.

    `carried` holds the words of the conversation in it, phrases or a whole question. It is empty
    for a question that stands alone. `continued` is the earlier question that "tell me more" goes
    on with. `near` is a question about what was shown, in the words that were typed: "why?".
    """

    question: str
    carried: tuple[str, ...] = ()
    follow_up: FollowUpKind = FollowUpKind.NOTHING
    continued: str = ""
    near: str = ""
    may_stand_alone: bool = False
    """Whether it may be about something new as well: "any awards?"."""
    may_be_heading: bool = False
    """Whether a heading may be worded like it: "if you are detained"."""


@dataclass(frozen=True, slots=True)
class Antecedent:
    """What a reference is resolved to; `short` is the form that may take an "'s"."""

    whole: str
    short: str
    preposition: str = ""

    @classmethod
    def of(cls, phrase: Phrase, referent: Referent | None = None) -> Antecedent:
        short, whole = phrase.text, phrase.whole
        if phrase.determiner in {"what", "which", "how many", "how much", "whose"}:
            short, whole = f"the {short}", f"the {whole}"
        elif phrase.determiner in {"any", "some", "each", "every", "no", "another"}:
            rest = len(phrase.determiner)
            short, whole = f"the{short[rest:]}", f"the{whole[rest:]}"
        if len(whole.split()) > _LONGEST_CARRIED:
            whole = short
        preposition = "in"
        if referent == "place":
            if phrase.before in PLACED:
                preposition = phrase.before
            elif singular(phrase.head) in PLACES:
                preposition = "at"
        return cls(whole, short, preposition)


class Conversation:
    """The last turns, the latest first, without thanks and greetings."""

    def __init__(self, turns: Sequence[Turn], columns: Sequence[frozenset[str]] = ()) -> None:
        asked = [turn for turn in turns if not is_talk(turn.question)]
        self.turns = asked[-_REMEMBERED:][::-1]
        self.written = _names_in(self.turns)
        self.columns = [*_columns(self.turns), *columns]
        self.questions = [parse_question(self.cased(turn.question)) for turn in self.turns]
        words = {word.low for parsed in self.questions for word in parsed.words}
        self.mentioned = {singular(low) for low in words - GRAMMAR - DETERMINER}

    @property
    def last(self) -> ParsedQuestion:
        """The latest question that asks for more than what comes next, if there is one."""
        asking = (parsed for parsed in self.questions if not goes_on(parsed.text.strip()))
        return next(asking, self.questions[0] if self.questions else parse_question(""))

    @property
    def in_small_letters(self) -> bool:
        """Return whether the latest question has no capital, so that its names have none either."""
        return not any(letter.isupper() for letter in self.turns[0].question)

    def cased(self, text: str) -> str:
        """Return the text with names as the answers write them: "velin" becomes "Velin"."""
        return _WORD.sub(lambda found: self.written.get(found[0], found[0]), text)

    @property
    def asked(self) -> str:
        """The latest question that asks for more than what comes next; "" without one."""
        questions = (turn.question.strip() for turn in self.turns)
        return next((text for text in questions if not goes_on(text)), "")

    def antecedent(self, referent: Referent, *, unnamed: bool = False) -> Antecedent | None:
        """Return what a reference stands for: from the latest turn that has it, question first.

        With `unnamed`, no bare name is.
        """
        for turn, parsed in zip(self.turns, self.questions, strict=True):
            for phrase in ranked(parsed, lambda p: _agrees(p, referent), referent):
                if unnamed and self._is_bare_name(phrase):
                    continue
                return Antecedent.of(phrase, referent)
            if referent == "person":
                name = _name(turn)
                if name is not None:
                    return Antecedent(name, name)
        return None

    def _is_bare_name(self, phrase: Phrase) -> bool:
        """Return whether a phrase names something without an article; in small letters, one word.

        A singular noun without an article is a name.
        """
        if phrase.determiner or phrase.plural:
            return False
        return phrase.kind == "name" or (self.in_small_letters and " " not in phrase.text)

    def the_other(self, text: str) -> str:
        """Return "the Velin depot" for "the other depot", where the answer names just one more."""
        found = _THE_OTHER.fullmatch(text)
        if found is None or not self.turns:
            return text
        noun = re.escape(found["noun"])
        named = re.compile(
            rf"\b(?i:{noun}) (?:in|at|of|on) (?P<after>{_CAPITAL})"
            rf"|(?P<before>{_CAPITAL}) (?i:{noun})\b"
        )
        answers = "\n".join(_answers(self.turns[:1]))
        names = {match["after"] or match["before"] for match in named.finditer(answers)}
        others = {name for name in names if name.lower() not in self.last.text.lower()} - {"The"}
        return f"the {others.pop()} {found['noun']}" if len(others) == 1 < len(names) else text

    def topic(self) -> str | None:
        """Return the topic of the conversation, for a follow-up that does not say its own."""
        for turn, parsed in zip(self.turns, self.questions, strict=True):
            prefixed = PREFIXED.match(turn.question.strip())
            if prefixed:
                return prefixed[1].strip() or None
            for phrase in ranked(parsed, lambda p: singular(p.head) not in HOLLOW):
                return Antecedent.of(phrase).whole
            for excerpt in turn.excerpts[:1]:
                heading = excerpt.heading[-1] if excerpt.heading else excerpt.title
                heading = " ".join(heading.split())
                if heading and len(heading.split()) <= _LONGEST_CARRIED and ":" not in heading:
                    return heading
        return None


def _answers(turns: Sequence[Turn]) -> Iterator[str]:
    """Yield the texts that answered."""
    for turn in turns:
        for excerpt in turn.excerpts[:3]:
            yield excerpt.quote[:_QUOTED]
        yield turn.reply[:_QUOTED]


def _names_in(turns: Sequence[Turn]) -> dict[str, str]:
    """Return the words that are always written with a capital inside sentences, by small letters.

    A word that begins a sentence, a line or a cell of a table tells nothing.
    """
    text = "\n".join(_answers(turns))
    small = {found[0] for found in _WORD.finditer(text) if found[0].islower()}
    inside = (found[1] for found in _INSIDE.finditer(text))
    return {name.lower(): name for name in inside if name.lower() not in small}


def _columns(turns: Sequence[Turn]) -> list[frozenset[str]]:
    """Return the columns of the tables that were shown, as the cells in them in small letters."""
    columns: list[frozenset[str]] = []
    for turn in turns:
        for excerpt in turn.excerpts[:3]:
            rows = [line.split(" | ") for line in excerpt.quote.splitlines() if " | " in line]
            for width in {len(row) for row in rows}:
                alike = (row for row in rows if len(row) == width)
                for column in zip(*alike, strict=True):
                    columns.append(frozenset(cell.lower() for cell in column))
    return columns


_RANK = {"subject": 5.0, "focus": 3.0, "object": 4.0, "after": 2.0, "owner": 1.0}


def ranked(
    parsed: ParsedQuestion, fits: Callable[[Phrase], bool], referent: Referent | None = None
) -> Iterator[Phrase]:
    """Return the fitting phrases, the likeliest topic first: a subject before an object."""

    def rank(phrase: Phrase) -> float:
        rank = _RANK[phrase.role]
        if phrase.role == "focus" and phrase.determiner == "which":
            rank = 5.5
        if phrase.role == "focus" and parsed.words[0].low in PREPOSITION:
            rank = 1.0
        if referent == "things" and phrase.determiner in {"how many", "how much"}:
            rank = 4.5
        if referent == "things" and not phrase.plural:
            rank -= 1.0 if phrase.head in GROUPS else 3.0
        if referent == "person" and phrase.kind != "person":
            rank -= 3.0
        if referent == "place" and phrase.role == "after" and phrase.before in PLACED:
            rank += 2.5
        if referent == "place" and singular(phrase.head) in PLACES:
            rank += 3.0
        if singular(phrase.head) in HOLLOW or phrase.kind == "time":
            rank -= 4.0
        return -rank

    return iter(sorted((p for p in parsed.phrases if fits(p) and p.kind != "time"), key=rank))


def may_own(phrase: Phrase, referent: Referent, follows: str) -> bool:
    """Return whether a pronoun may refer to a phrase of its own question.

    This is laxer than `_agrees`: in doubt, a question needs nothing from its conversation.
    """
    named = phrase.kind in {"name", "person"}
    if referent == "thing":
        return (
            phrase.kind != "time"
            and not phrase.plural
            and (phrase.kind != "person" or phrase.text[:1].isupper())
        )
    if referent == "things":
        return (
            phrase.plural
            or named
            or "and" in {follows, *phrase.text.split()}
            or (phrase.head in GROUPS)
        )
    return named and not phrase.plural


def _agrees(phrase: Phrase, referent: Referent) -> bool:
    """Return whether a pronoun may refer to a phrase of an earlier question."""
    if phrase.kind == "time" or phrase.determiner in POSSESSIVE | POINTING:
        return False
    hollow = singular(phrase.head) in HOLLOW
    if referent == "thing":
        return not phrase.plural and phrase.kind != "person" and not hollow
    if referent == "things":
        group = phrase.role != "after" and (phrase.kind == "name" or phrase.head in GROUPS)
        return (phrase.plural and not hollow) or group or " and " in phrase.text
    if referent == "person":
        alone = phrase.kind == "name" and phrase.role == "subject" and " " not in phrase.text
        nation = phrase.head in COUNTRY_OF or phrase.text.isupper()
        return not phrase.plural and (phrase.kind == "person" or (alone and not nation))
    if singular(phrase.head) in PLACES and not phrase.plural:
        return True
    return phrase.kind == "name" and not phrase.text.isupper() and phrase.role != "owner"


def _name(turn: Turn) -> str | None:
    """Return the person named in the line of the answer that shares most words with the question.

    Where such lines name several people, None is better than the wrong one.
    """
    asked = {singular(word.low) for word in tokenize(turn.question)} - GRAMMAR
    best, found = 0, set[str]()
    for line, heading in _lines(turn):
        names = set(_names(line))
        shared = len(asked & {singular(word.low) for word in tokenize(f"{heading} {line}")})
        if names and shared >= best:
            found = names if shared > best else found | names
            best = shared
    new = {name for name in found if name not in turn.question}
    return new.pop() if len(new) == 1 else None


def _lines(turn: Turn) -> Iterator[tuple[str, str]]:
    """Yield the lines that answered a turn, each with the headings above it."""
    for excerpt in turn.excerpts[:3]:
        for line in excerpt.quote[:_QUOTED].splitlines():
            yield line, " ".join(excerpt.heading)
    for line in _SENTENCE.split(turn.reply[:_QUOTED]):
        yield line, ""


def _names(line: str) -> Iterator[str]:
    for match in _NAME.finditer(line):
        words = match.group().split(" ")
        while words and words[0].lower() in TITLES:
            words = words[1:]
        name = unowned(" ".join(words))
        parsed = parse_question(f"who is {name}")
        if len(words) > 1 and any(p.kind == "person" and p.text == name for p in parsed.phrases):
            yield name
