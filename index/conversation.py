"""A follow-up made into a question that stands alone, with the words of its conversation.

"and how large would it be?" after "what roles would Norway's force take" is understood as "how
large would Norway's force be?". No model is asked. A follow-up is recognised by what it lacks: a
pronoun that nothing in its own sentence explains, a phrase without a verb, a lone question word. A
question without such a gap is left as it was typed, whatever was spoken of before. What fills a gap
comes from the earlier questions, the latest first, and from the answers only where no question has
it (a name for "he", a heading for a topic).

For English, by closed lists: the pronouns, auxiliaries and question words of a language do not
grow, and an open list (of places, of topics) would know somebody's documents. What is put in is
the conversation's own words, and of ours only "the", "of", "in", "at", "not", "and", "is", "are",
"what", "tell me more", "about" and the adjectives of countries.

Whoever calls decides which turns may be carried from: an answer that its reader may no longer see
must not be among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from index.engine import LONGEST_QUESTION
from index.phrases import (
    BE,
    CLAUSE,
    DO,
    HAVE,
    MODAL,
    PERSONAL,
    PLACED,
    PREPOSITION,
    WH,
    Cut,
    Phrase,
    Time,
    Word,
    cut_question,
    hardly_noun,
    is_verb,
    singular,
    times,
    words_of,
)

__all__ = ["Cited", "Turn", "Understood", "understand"]

REMEMBERED = 4
"""Turns that are looked back on; in the conversations we wrote nobody reaches back further."""
_LONGEST_FOLLOW_UP = 60
"""Words; what is longer explains itself, and rules made for a sentence would misread it."""
_LONGEST_CARRIED = 12
_QUOTED = 600
"""Characters of each of the first three quotes in which a name is looked for."""


class Cited(Protocol):
    """What is read of an excerpt: an `index.answer.Excerpt` will do."""

    @property
    def title(self) -> str: ...
    @property
    def heading(self) -> tuple[str, ...]: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, as it was understood then, and what was shown for it."""

    question: str
    excerpts: Sequence[Cited] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """`question` is what to ask the engine. `carried` are the words of the conversation in it, a
    phrase or a whole question; empty where the question stands alone."""

    question: str
    carried: tuple[str, ...] = ()


_Gap: TypeAlias = Literal["thing", "things", "person", "place"]
_PRONOUNS: dict[str, _Gap] = {
    **dict.fromkeys(("it", "its", "this", "that"), "thing"),
    **dict.fromkeys(("they", "them", "their", "these", "those"), "things"),
    **dict.fromkeys(("he", "him", "his", "she", "her"), "person"),
    "there": "place",
}
_POSSESSIVE = frozenset("its their his her".split())
_POINTING = frozenset("this that these those".split())
_AUXILIARY = BE | HAVE | DO | MODAL
_GRAMMAR = _AUXILIARY | WH | PREPOSITION | CLAUSE | PERSONAL | {"the", "a", "an"}
_NOT_POINTED_AT = frozenset(
    "year month week quarter day morning afternoon evening night time moment way document".split()
)
"""After "this" or "that" they mean the present, or the text at hand."""
_SAYING = frozenset(
    "say says said know knows knew think thinks thought mean means believe believes true sure clear"
    " likely possible so such ensure ensures check state states stated promise promised confirm"
    " confirmed claim claimed agree agreed announce announced decide decided report reported".split()
)
"""After these "that" begins a clause."""
_EMPTY_IT = frozenset(
    "true possible necessary allowed permitted safe likely required forbidden legal illegal"
    " important clear known correct right mandatory compulsory advisable ok okay better best"
    " useful usual common hard easy difficult dangerous enough time planned expected decided"
    " said believed agreed".split()
)
"""In "is it true that ..." the pronoun stands for nothing."""
_EMPTY_IT_VERBS = frozenset(
    "take takes took cost costs mean means matter seem seems depend".split()
)
_WEATHER = frozenset("snow snows snowing rain rains raining freeze freezes freezing thaws".split())
_HOLLOW = frozenset(
    "hour day week month year minute time way kind sort extent amount number place part end case"
    " thing example difference stock litre tonne euro kilometre metre percent total own question"
    " detail information".split()
)
"""Measures and fillers: seldom what somebody speaks of again."""
_ATTRIBUTES = frozenset(
    "address age aim author budget capacity capital cause code color colour commander cost"
    " date deadline definition destination distance driver duration fee goal head height leader"
    " length limit mandate name owner population price purpose reason result risk salary size speed"
    " status strength supplier temperature term title value weight width".split()
)
"""Nouns that need an owner: "and the cost?" asks for the cost of what was spoken of."""
_GROUPS = frozenset(
    "army board coalition committee company convoy court crew force government group ministry office"
    " organisation organization party police staff team union unit".split()
)
"""Nouns of one that are spoken of as many: "the force ... they"."""
_PLACES = frozenset(
    "airport area base basement border bridge building camp city country depot district field"
    " hospital hotel house hub junction office point port post region room school site square"
    " station stop store store town village warehouse yard zone".split()
)
_CONDITIONS = frozenset("if when while unless after before because once".split())
_TITLES = frozenset(
    "prime minister president king queen general colonel captain major dr mr mrs ms professor"
    " director chancellor secretary ambassador".split()
)
# Where the adjective is not the name with an ending that a rule could take off.
_COUNTRIES = {
    name: adjective
    for pair in (
        "Albania:Albanian Australia:Australian Austria:Austrian Belarus:Belarusian Belgium:Belgian"
        " Bulgaria:Bulgarian Canada:Canadian China:Chinese Croatia:Croatian Cyprus:Cypriot"
        " Denmark:Danish Estonia:Estonian Finland:Finnish France:French Georgia:Georgian"
        " Germany:German Greece:Greek Hungary:Hungarian Iceland:Icelandic India:Indian Iran:Iranian"
        " Ireland:Irish Israel:Israeli Italy:Italian Japan:Japanese Latvia:Latvian"
        " Lithuania:Lithuanian Luxembourg:Luxembourgish Malta:Maltese Moldova:Moldovan"
        " Netherlands:Dutch Norway:Norwegian Poland:Polish Portugal:Portuguese Romania:Romanian"
        " Russia:Russian Serbia:Serbian Slovakia:Slovak Slovenia:Slovenian Spain:Spanish"
        " Sweden:Swedish Switzerland:Swiss Turkey:Turkish Ukraine:Ukrainian Britain:British"
    ).split()
    for name, adjective in [pair.split(":")]
}
_COUNTRY_OF = {adjective.lower(): name for name, adjective in _COUNTRIES.items()}
_COUNTRY_OF.update({name.lower(): name for name in _COUNTRIES})

_NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:a )?(?:new|another|different|next|other|unrelated|separate) (?:question|topic|subject)"
    r"|(?:a )?change of (?:subject|topic)|something (?:else|different)|on another (?:note|subject)"
    r")\s*[:,.;–—-]+\s*",
    re.I,
)
_LEAD = re.compile(
    r"^(?:(?:and|but|so|also|then|plus)\b(?!\s+far\b)[\s,:;.…–—-]*"
    r"|(?:ok|okay|thanks|thank you|great|good|well|hm+|yes|no|right|i see|now|by the way|sorry)"
    r"\s*[,.!;:…–—-]+\s*)+",
    re.I,
)
_ABOUT = re.compile(
    r"^(?:what|how)\s+about\s+|^what\s+of\s+|^(?:is\s+(?:it|that)\s+)?(?:the\s+)?same\s+(?:for|with)\s+",
    re.I,
)
_MORE = re.compile(
    r"^(?:(?:please\s+)?(?:can you\s+|could you\s+)?(?:tell|give|show)\s+(?:me|us)\s+(?:some\s+)?more"
    r"(?:\s+(?:details?|information|please))*|(?:some\s+)?more(?:\s+(?:details?|information|please))*"
    r"|go on|continue|carry on|keep going|elaborate|(?:please\s+)?(?:explain|expand)(?:\s+(?:more|further))?"
    r"|(?:can you\s+|could you\s+)(?:elaborate|explain|go on)(?:\s+(?:more|further))?"
    r"|(?:is there\s+)?(?:anything|something)\s+(?:else|more)|what\s+else|further\s+details)"
    r"(?:\s+please)?$",
    re.I,
)
_TRAILING = re.compile(r"(?:[\s,]+(?:then|please|though|instead|too|as well))*[\s?!.…]*$", re.I)
_THE_ONE = re.compile(rf"^the ones? (?=(?:{'|'.join(sorted(PREPOSITION))})\s)", re.I)
_END = re.compile(r"[\s?!.…]+$")
_ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|last|next|previous)\b", re.I)
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]+(?: [A-ZÀ-ÖØ-Þ][\w’'-]+){1,3}")
_PREFIXED = re.compile(r"^about\b[^:?]*:", re.I)


def understand(question: str, turns: Sequence[Turn]) -> Understood:
    """The question with what it lacks put in from `turns`, the oldest first.

    Understanding what was understood changes nothing, and nothing is longer than the engine takes:
    where a rule would break either, the question is left as it was typed.
    """
    if not turns or len(question) > LONGEST_QUESTION:
        return Understood(question)
    follow_up = _FollowUp(question, turns)
    understood = follow_up.understood()
    if understood is None or understood.question == question:
        return Understood(question)
    if len(understood.question) > LONGEST_QUESTION or not understood.question:
        return Understood(question)
    again = _FollowUp(understood.question, turns).understood()
    if again is not None and again.question != understood.question:
        return Understood(question)
    return understood


@dataclass(frozen=True, slots=True)
class _Antecedent:
    """What a gap is filled with: `short` may take an "'s"."""

    whole: str
    short: str
    preposition: str = ""


class _FollowUp:
    """One question against its conversation; each rule gives None where it does not apply."""

    def __init__(self, question: str, turns: Sequence[Turn]) -> None:
        self.question = question
        self.turns = turns[-REMEMBERED:][::-1]
        self.cuts = [cut_question(turn.question) for turn in self.turns]
        text = question.strip()
        lead = _LEAD.match(text)
        self.text = text[lead.end() :] if lead else text
        about = _ABOUT.match(self.text)
        self.led = bool(lead or about)
        self.rest = self.text[about.end() :] if about else self.text
        self.bare = _THE_ONE.sub("", _TRAILING.sub("", self.rest))
        self.asks = text.endswith("?")
        self.cut = cut_question(self.text)
        self.spoken = {singular(w.low) for cut in self.cuts for w in cut.words}

    def understood(self) -> Understood | None:
        text = self.question.strip()
        new = _NEW_SUBJECT.match(text)
        if new:
            return Understood(text[new.end() :]) if new.end() < len(text) else None
        if not self.bare or _PREFIXED.match(text) or len(self.cut.words) > _LONGEST_FOLLOW_UP:
            return None
        asked_before = _END.sub("", self.turns[0].question.strip())
        if asked_before and text.startswith(f"{asked_before}, and "):
            return None
        rules: tuple[Callable[[], Understood | None], ...] = (
            self.more,
            self.question_word,
            self.clause,
            self.fragment,
            self.gaps,
            self.verb_alone,
        )
        for rule in rules:
            understood = rule()
            if understood is not None:
                return understood
        return None

    # The rules.

    def more(self) -> Understood | None:
        """ "tell me more" """
        asked = _END.sub("", self.bare)
        if not _MORE.match(asked):
            return None
        topic = self.topic()
        if topic is None:
            return None
        low = asked.lower()
        if not low.startswith(
            ("any", "some", "what", "is there", "more", "further", "tell", "give")
        ):
            asked = "tell me more"
        asked = re.sub(r"\s+please$", "", asked, flags=re.I)
        return self.carrying(f"{asked} about {topic}", topic)

    def question_word(self) -> Understood | None:
        """ "why?", "since when?", "up to what amount?" """
        cut = cut_question(self.bare)
        words = [word for word in cut.words if not word.is_punctuation]
        negated = len(words) > 1 and words[-1].low == "not"
        asked = self.bare
        if negated:
            asked = self.bare[: words[-1].start].strip()
            words = words[:-1]
        if not cut.wh or cut.verbs or len(words) > 6:
            return None
        over = words[cut.opener :]
        if over and not self._goes_on(cut.wh, over):
            return None
        noun = [w for w in words if w.low not in PREPOSITION | WH | {"many", "much"}]
        if not over and (len(noun) > 2 or any(w.is_name for w in noun)):
            return None
        if words[0].low == "how" and len(words) == 2 and words[1].low in {"so", "come"}:
            words, asked = words[:1], "why"
        before = self.cuts[0]
        question = _END.sub("", before.text.strip())
        adverbial = not over and self._adverbial(cut)
        if not before.wh and before.inverted:
            subject = next((p for p in before.phrases if p.first == 1 and p.role != "owner"), None)
            if cut.wh in {"how many", "how much"} and len(words) == 2 and subject:
                counted = self._counted(asked, before, subject, question)
                if counted:
                    return self.carrying(counted, question)
            if adverbial:
                if negated and subject:
                    place = before.words[subject.full - 1].end
                    question = f"{question[:place]} not{question[place:]}"
                return self.carrying(f"{asked} {_lowered(question)}", question)
        if adverbial and before.inverted and self._adverbial(before):
            bare_being = before.words[before.opener].low in BE and not before.verbs
            if not bare_being or {cut.wh, before.wh} <= {"when", "where"}:
                rest = before.text[before.words[before.opener].start :]
                return self.carrying(f"{asked} {_END.sub('', rest)}", _END.sub("", rest))
        return self.carrying(f"{question}, and {_lowered(asked)}", question)

    @staticmethod
    def _goes_on(wh: str, over: Sequence[Word]) -> bool:
        """ "why so few?", "how long in advance?" """
        if any(w.low in _AUXILIARY | PERSONAL for w in over):
            return False
        if wh == "why":
            return over[0].low in PREPOSITION | {"so"} and len(over) <= 3
        return wh in {"how", "when", "where"} and over[0].low in PREPOSITION

    @staticmethod
    def _adverbial(cut: Cut) -> bool:
        return cut.wh in {"when", "where", "why", "how"} or cut.words[0].low in PREPOSITION

    @staticmethod
    def _counted(asked: str, before: Cut, subject: Phrase, question: str) -> str | None:
        """ "Were any doses rejected?", "how many?": how many doses were rejected."""
        if before.words[0].low in DO or not subject.plural:
            return None
        first = subject.first + bool(subject.determiner)
        noun = question[before.words[first].start : before.words[subject.full - 1].end]
        rest = question[before.words[subject.full - 1].end :]
        return f"{asked} {noun} {before.words[0].text.lower()}{rest}"

    def clause(self) -> Understood | None:
        """ "and if the bridge closes?" after a question that ends with another such clause."""
        conjunction = self.cut.words[0].low if self.cut.words else ""
        if not self.led or conjunction not in _CONDITIONS or self.rest != self.text:
            return None
        if len(self.cut.words) > 1 and self.cut.words[1].low in _AUXILIARY:
            return None
        before = self.cuts[0]
        old = [w for n, w in enumerate(before.words) if n and w.low == conjunction]
        if not old:
            return None
        question = _END.sub("", before.text[: old[0].start].strip())
        return self.carrying(f"{question} {self.bare}", question)

    def fragment(self) -> Understood | None:
        """ "what about Sweden?", "and in winter?", "level 4?" """
        cut = cut_question(self.bare)
        words = cut.words
        if not words or len(words) > 8 or cut.verbs or cut.wh:
            return None
        if any(word.low in _AUXILIARY | WH | CLAUSE - {"and"} for word in words):
            if not (len(times(self.bare)) == 1 and not any(w.low in WH for w in words)):
                return None
        owned = next((w for w in words if w.low in _POSSESSIVE), None)
        if owned is not None:
            return self._owned_fragment(cut)
        if any(word.low in PERSONAL - {"one"} for word in words):
            return None
        prepositional = words[0].low in PREPOSITION
        if not (self.led or prepositional or (self.asks and len(words) <= 3)):
            return None
        before = self.cuts[0]
        for replaced in (
            self._time(before, cut),
            self._one(before, cut),
            self._label(before, cut),
            self._country(before, cut),
            self._after_preposition(before, cut) if prepositional else self._noun(before, cut),
        ):
            if replaced is not None:
                return self.carrying(replaced, _END.sub("", before.text.strip()))
        if not self.led:
            return None
        question = _lowered(_END.sub("", before.text.strip()))
        return self.carrying(f"About {self.bare}: {question}", question)

    def _owned_fragment(self, cut: Cut) -> Understood | None:
        """ "and its budget?" """
        if not (self.led or self.asks) or cut.words[0].low not in _POSSESSIVE or not cut.phrases:
            return None
        phrase = cut.phrases[-1]
        verb = "are" if phrase.plural else "is"
        inner = _FollowUp(f"what {verb} {self.bare}", self.turns[::-1])
        return inner.gaps() and self._ended(inner.gaps())

    def _ended(self, understood: Understood | None) -> Understood | None:
        if understood is None:
            return None
        return self.carrying(understood.question, *understood.carried)

    def _time(self, before: Cut, cut: Cut) -> str | None:
        """A time for a time: a year that was said goes on unless it would run backwards."""
        new, old = times(self.bare), times(before.text)
        if len(new) != 1:
            return self._ordinal(before, cut)
        head = self.bare[: new[0].start].split()
        if not old:
            placed = self.bare if cut.words[0].low in PREPOSITION else f"in {self.bare}"
            whole = not head and new[0].end == len(self.bare) and new[0].shape != "day"
            return f"{_END.sub('', before.text.strip())} {placed}" if whole else None
        if not all(word.lower() in PREPOSITION | {"the"} for word in head):
            return None
        if self.bare[new[0].end :].strip():
            return None
        same = [time for time in old if time.shape == new[0].shape]
        text = before.text
        if same:
            time = same[-1]
            said = self.bare[new[0].start : new[0].end]
            end = time.end
            if new[0].year == new[0].end and not self._runs_back(time, new[0]):
                end = time.year
            return _END.sub("", text[: time.start] + said + text[end:])
        time = old[-1]
        start = time.start
        preceding = re.search(r"\b(\w+)\s+(?:the\s+)?$", text[: time.start])
        if preceding and preceding[1].lower() in PREPOSITION and head:
            start = preceding.start()
        return _END.sub("", text[:start] + self.bare + text[time.end :])

    @staticmethod
    def _runs_back(old: Time, new: Time) -> bool:
        return old.shape == "month" and new.month < old.month

    def _ordinal(self, before: Cut, cut: Cut) -> str | None:
        """ "and in the first?" after "in the second quarter" """
        said = [w for w in cut.words if w.low not in PREPOSITION | {"the"}]
        if len(said) != 1 or not _ORDINAL.fullmatch(said[0].text):
            return None
        old = list(_ORDINAL.finditer(before.text))
        if not old:
            return None
        return _END.sub(
            "", before.text[: old[-1].start()] + said[0].text + before.text[old[-1].end() :]
        )

    def _one(self, before: Cut, cut: Cut) -> str | None:
        """ "and the alternate one?" """
        words = cut.words
        if _superlative(words):
            said = [words[-1].text]
        elif words[-1].low not in {"one", "ones"} or len(words) < 2:
            return None
        else:
            said = [w.text for w in words[:-1] if w.low not in {"the", "a", "an"}]
        for phrase in _ranked(before, lambda p: p.kind == "thing"):
            nouns = before.words[phrase.first + bool(phrase.determiner in {"the", "a", "an"}) :]
            nouns = nouns[
                : phrase.last - phrase.first - bool(phrase.determiner in {"the", "a", "an"})
            ]
            if len(nouns) < 2 or not said:
                continue
            new = " ".join([*said, *(word.text for word in nouns[1:])])
            return _END.sub("", _spliced(before.text, [(nouns[0].start, nouns[-1].end, new)]))
        return None

    def _label(self, before: Cut, cut: Cut) -> str | None:
        """ "level 4" for "level 3", "Heron 2" for "Heron 1" """
        words = [w for w in cut.words if w.low not in PREPOSITION | {"the"}]
        if len(words) < 2 or not _is_label(words[-1]):
            return None
        for place in range(len(before.words) - 1):
            noun, label = before.words[place], before.words[place + 1]
            if singular(noun.low) == singular(words[-2].low) and _is_label(label):
                return _END.sub(
                    "", _spliced(before.text, [(label.start, label.end, words[-1].text)])
                )
        return None

    def _country(self, before: Cut, cut: Cut) -> str | None:
        """ "Sweden" for "Norway", and "Swedish" for "Norwegian" """
        words = [w for w in cut.words if w.low not in PREPOSITION | {"the"}]
        if len(words) != 1 or words[0].low not in _COUNTRY_OF:
            return None
        new = _COUNTRY_OF[words[0].low]
        mentions = [word for word in before.words if word.low in _COUNTRY_OF and word.is_name]
        if not mentions:
            return None
        chosen = mentions[0]
        if cut.words[0].low in PREPOSITION:
            after = [
                p for p in before.phrases if p.before == cut.words[0].low and p.head in _COUNTRY_OF
            ]
            chosen = before.words[after[-1].last - 1] if after else chosen
        old = _COUNTRY_OF[chosen.low]
        if old == new:
            return None
        edits = []
        for word in mentions:
            if _COUNTRY_OF[word.low] == old:
                said = new if word.low == old.lower() else _COUNTRIES[new]
                edits.append((word.start, word.end, said + ("'s" if word.owning else "")))
        return _END.sub("", _spliced(before.text, edits))

    def _after_preposition(self, before: Cut, cut: Cut) -> str | None:
        """ "in Vienna" for "in Oslo"; where nothing stands in its place, it is put at the end."""
        preposition = cut.words[0].low
        new = cut.phrases[0] if cut.phrases else None
        if new is None:
            return None
        naming = new.kind in {"name", "person"}
        same = [p for p in before.phrases if p.before == preposition and p.kind != "time"]
        alike = [p for p in same if (p.kind in {"name", "person"}) == naming]
        if not alike and preposition in PLACED:
            alike = [
                p
                for p in before.phrases
                if p.before in PLACED
                and p.kind != "time"
                and (p.kind in {"name", "person"}) == naming
                and singular(p.head) not in _HOLLOW
            ]
        heads = [p for p in alike if singular(p.head) == singular(new.head)]
        if alike:
            phrase = (heads or alike)[-1]
            start = before.words[phrase.first - 1].start
            end = before.words[phrase.last - 1].end
            return _END.sub("", _spliced(before.text, [(start, end, self.bare)]))
        if naming:
            named = self._named(before, new.text)
            if named is not None:
                return named
        return f"{_END.sub('', before.text.strip())} {self.bare}"

    def _noun(self, before: Cut, cut: Cut) -> str | None:
        if not cut.phrases:
            return None
        new = next((p for p in cut.phrases if p.role != "owner"), cut.phrases[0])
        if new.kind in {"name", "person"} and any(w.is_name for w in cut.words):
            return self._named(before, self.bare)
        if singular(new.head) in _ATTRIBUTES and new.determiner in {"the", ""} and self.led:
            matched = [p for p in before.phrases if singular(p.head) == singular(new.head)]
            topic = self.topic()
            if topic and not matched and new.last - new.first <= 2:
                verb = "are" if new.plural else "is"
                noun = self.bare if new.determiner else f"the {self.bare}"
                return f"what {verb} {noun} of {topic}"
        best, score = None, 0.0
        for phrase in before.phrases:
            if phrase.kind in {"time", "name"}:
                continue
            fit = self._fit(new, phrase, before, cut)
            if fit > score:
                best, score = phrase, fit
        if best is None or score < (3.0 if self.led else 5.0):
            return None
        start, end = before.words[best.first].start, before.words[best.last - 1].end
        said = self.bare
        if best.role == "owner":
            said = _possessive(said)
            preceding = before.words[best.first - 1]
            if best.first and new.determiner and preceding.low in {"the", "a", "an"}:
                start = preceding.start
        return _END.sub("", _spliced(before.text, [(start, end, said)]))

    @staticmethod
    def _fit(new: Phrase, old: Phrase, before: Cut, cut: Cut) -> float:
        role = {"subject": 4.0, "focus": 2.0, "object": 3.0, "after": 2.0, "owner": -1.0}[old.role]
        if old.determiner in {"how many", "how much"}:
            role = 4.0
        said = {singular(w.low) for w in cut.words}
        there = {singular(w.low) for w in before.words[old.first : old.last]}
        kept = dict.fromkeys(
            ("how many", "how much", "what", "which", "whose", "my", "our", "your"), ""
        )
        score = role
        score += 8.0 if singular(new.head) == singular(old.head) else 0.0
        score += 3.0 if (said & there) - {"the", "a", "an"} else 0.0
        score += 1.0 if new.plural == old.plural else -2.0
        alike = kept.get(new.determiner, new.determiner) == kept.get(old.determiner, old.determiner)
        score += 1.0 if alike else -1.5
        score += 1.0 if (new.kind == "person") == (old.kind == "person") else -1.5
        return score - (3.0 if singular(old.head) in _HOLLOW else 0.0)

    def _named(self, before: Cut, new: str) -> str | None:
        """A name for the name that is most like it: as many words, a person for a person."""
        said = words_of(new)
        nameless = [w for w in said if not w.is_name and not w.text.isdigit()]
        if nameless and not said[0].low == "the":
            return None
        kinds = {p.first: p for p in before.phrases}
        best, score = None, 0.0
        for first, last in _name_runs(before):
            fit = 2.0 + (2.0 if last - first == len(said) else 0.0)
            word = before.words[first]
            phrase = kinds.get(first)
            fit += {"subject": 3.0, "object": 2.0, "after": 1.5, "owner": 2.5}.get(
                phrase.role if phrase else "", 0.0
            )
            if any(t.start <= word.start < t.end for t in times(before.text)):
                continue
            fit -= 4.0 * (word.text.isupper() != said[0].text.isupper())
            fit += 1.0 if word.low not in _COUNTRY_OF else -1.0
            if fit > score:
                best, score = (first, last), fit
        if best is None:
            return None
        start, end = before.words[best[0]].start, before.words[best[1] - 1].end
        if before.words[best[1] - 1].owning and not said[-1].owning:
            new = _possessive(new)
        elif said[-1].owning and not before.words[best[1] - 1].owning:
            new = re.sub(r"['’]s?$", "", new)
        return _END.sub("", _spliced(before.text, [(start, end, new)]))

    def gaps(self) -> Understood | None:
        """Pronouns, "that plan" and "the other one", each for what it stands for."""
        cut = self.cut
        edits: list[tuple[int, int, str]] = []
        carried: list[str] = []
        unresolved = False
        taken = -1
        for place, word in enumerate(cut.words):
            if place < taken:
                continue
            edit = self._gap(place)
            if edit is None:
                continue
            if edit == "":
                unresolved = True
                continue
            start, end, new, words, last = edit
            if start == 0 and word.is_name:
                new = new[:1].upper() + new[1:]
            edits.append((start, end, new))
            carried.append(words)
            taken = last
        if edits:
            return self.carrying(_spliced(cut.text, edits), *dict.fromkeys(carried))
        if not unresolved:
            return None
        topic = self.topic()
        if topic is None:
            question = _END.sub("", self.turns[0].question.strip())
            return self.carrying(f"{question}, and {_lowered(self.text)}", question)
        return self.carrying(f"About {topic}: {_lowered(self.text)}", topic)

    def _gap(self, place: int) -> tuple[int, int, str, str, int] | Literal[""] | None:
        """The edit (start, end, new, carried words, next word) for the word at `place`.

        None where the word is no gap, "" where nothing fits it.
        """
        cut, word = self.cut, self.cut.words[place]
        low = word.low
        if low in {"one", "ones"}:
            return self._one_in_clause(place)
        if low not in _PRONOUNS or (word.owning and low not in {"its"}):
            return None
        gap = _PRONOUNS[low]
        phrase = next((p for p in cut.phrases if p.first == place and p.role != "owner"), None)
        if low in _POINTING:
            if self._begins_clause(place):
                return None
            if place and cut.words[place - 1].low in _SAYING and place - 1 in cut.verbs:
                return ""
            pointing = low in {"these", "those"} and phrase is not None
            if pointing and phrase is not None and not phrase.plural and phrase.last > place + 1:
                follows = cut.words[place + 1].low
                if not is_verb(follows):
                    return None  # "those responsible for it"
            noun = self._pointed_noun(place)
            if noun:
                return self._pointed_at(place, noun)
            if phrase is not None and low in {"this", "that"} and place + 1 < len(cut.words):
                after = cut.words[place + 1].low
                if singular(after) in _NOT_POINTED_AT:
                    return None
        if low == "there" and self._empty_there(place):
            return None
        if low in {"it", "that", "this"} and self._empty_it(place):
            return None
        owning = low in _POSSESSIVE and (
            low != "her" or (phrase is not None and phrase.last > place + 1)
        )
        if self._explained_inside(place, gap, owning):
            return None
        found = self.antecedent(gap)
        if found is None:
            # "They" is anybody where nothing that was spoken of fits: "how do they film it".
            return "" if gap == "thing" or (gap == "things" and low != "they") else None
        if owning:
            return self._owned(place, phrase, found)
        if gap == "place":
            new = found.whole
            if place == 0 or cut.words[place - 1].low not in PREPOSITION:
                new = f"{found.preposition} {new}"
            return word.start, word.end, new, found.whole, place + 1
        return word.start, word.end, self._fresh(found), self._fresh(found), place + 1

    def _fresh(self, found: _Antecedent) -> str:
        """Without what the follow-up says itself: not "the store in Turku in Turku"."""
        attached = words_of(found.whole)[len(words_of(found.short)) :]
        own = {word.low for word in self.cut.words}
        if any(word.is_name and word.low in own for word in attached):
            return found.short
        return found.whole

    def _owned(
        self, place: int, phrase: Phrase | None, found: _Antecedent
    ) -> tuple[int, int, str, str, int]:
        cut, word = self.cut, self.cut.words[place]
        simple = found.whole == found.short and not any(w.owning for w in words_of(found.short))
        if (simple and len(found.short.split()) <= 4) or phrase is None:
            new = _possessive(found.short)
            return word.start, word.end, new, found.short, place + 1
        end = cut.words[phrase.last - 1].end
        owned = cut.text[cut.words[place + 1].start : end] if place + 1 < len(cut.words) else ""
        if not owned or phrase.last <= place + 1:
            return word.start, word.end, _possessive(found.short), found.short, place + 1
        return word.start, end, f"the {owned} of {found.whole}", found.whole, phrase.last

    def _one_in_clause(self, place: int) -> tuple[int, int, str, str, int] | None:
        """ "when is the next one?" """
        cut = self.cut
        before = cut.words[max(0, place - 2) : place]
        if not before or not any(
            w.low in {"the", "this", "that", "which", "another"} for w in before
        ):
            return None
        if place + 1 < len(cut.words) and cut.words[place + 1].low in PREPOSITION | {"who", "that"}:
            return None
        if before[-1].low == "that" and place + 1 < len(cut.words):
            return None
        for earlier in self.cuts:
            for phrase in _ranked(earlier, lambda p: p.kind in {"thing", "person"}):
                nouns = earlier.words[phrase.first : phrase.last]
                start = nouns[-1].start if len(nouns) < 4 else nouns[-2].start
                noun = earlier.text[start : nouns[-1].end]
                if cut.words[place].low == "one" and phrase.plural:
                    noun = noun[: len(noun) - len(nouns[-1].text)] + singular(nouns[-1].low)
                attached = phrase.whole[len(phrase.text) :]
                word = cut.words[place]
                return word.start, word.end, noun + attached, noun + attached, place + 1
        return None

    def _begins_clause(self, place: int) -> bool:
        """Whether "that" is a conjunction or a relative pronoun, as it mostly is.

        It points back at the end, after an auxiliary or a preposition ("was that signed", "of
        that"), at the head of a clause, and before a noun that was spoken of.
        """
        words = self.cut.words
        if words[place].low in {"these", "those"}:
            after = words[place + 1].low if place + 1 < len(words) else ""
            return after in {"who", "whom", "whose", "that", "which", "of", "in", "with"}
        if words[place].low != "that":
            return False
        if place + 1 >= len(words) or words[place + 1].is_punctuation:
            return False
        follows = words[place + 1].low
        if follows == "of":
            return True
        before = words[place - 1].low if place else ""
        if before in _SAYING or (before in HAVE and place - 1 in self.cut.verbs):
            return singular(follows) not in self.spoken
        if not place or before in _AUXILIARY | PREPOSITION | CLAUSE | WH:
            return False
        grammar = follows in _GRAMMAR - _AUXILIARY - PREPOSITION
        return grammar or singular(follows) not in self.spoken or not self._noun_follows(place)

    def _noun_follows(self, place: int) -> bool:
        words = self.cut.words
        return not is_verb(words[place + 1].low) and place - 1 in self.cut.verbs

    def _pointed_noun(self, place: int) -> str:
        """The noun that "this" or "that" points with; "" where it stands alone."""
        words = self.cut.words
        if place + 1 >= len(words) or words[place + 1].is_punctuation:
            return ""
        phrase = next(
            (p for p in self.cut.phrases if p.first == place and p.last > place + 1), None
        )
        follows = words[place + 1].low
        if follows in _AUXILIARY | PREPOSITION | CLAUSE | WH | PERSONAL:
            return ""
        if singular(follows) in self.spoken:
            return follows if phrase is None else phrase.head
        if phrase is None or hardly_noun(follows) or words[place + 1].is_name:
            return ""
        if place and words[place - 1].low in PREPOSITION:
            return phrase.head
        if is_verb(follows) and not any(verb > place + 1 for verb in self.cut.verbs):
            return ""
        inverted_be = place > 0 and words[place - 1].low in BE
        ends = phrase.last >= len(words) or words[phrase.last].is_punctuation
        predicate = ends or words[phrase.last].low in PREPOSITION | CLAUSE
        return "" if inverted_be and phrase.last == place + 2 and predicate else phrase.head

    def _pointed_at(
        self, place: int, noun: str
    ) -> tuple[int, int, str, str, int] | Literal[""] | None:
        if singular(noun) in _NOT_POINTED_AT:
            return None
        words = self.cut.words
        last = next((n for n in range(place + 1, len(words)) if words[n].low == noun), place + 1)
        for earlier in self.cuts:
            for phrase in _ranked(earlier, lambda p: singular(p.head) == singular(noun)):
                found = _antecedent(phrase)
                new = self._fresh(found)
                return words[place].start, words[last].end, new, new, last + 1
        return ""

    def _empty_there(self, place: int) -> bool:
        words = self.cut.words
        around = [words[n].low for n in (place - 1, place + 1) if 0 <= n < len(words)]
        return any(low in BE | {"exist", "exists"} for low in around) or (
            words[place].low != words[place].text.lower()
            or (place + 2 < len(words) and words[place + 1].low in MODAL | HAVE)
        )

    def _empty_it(self, place: int) -> bool:
        """ "is it true that", "how long does it take to" """
        words = self.cut.words
        rest = [w.low for w in words[place + 1 : place + 8]]
        goes_on = {"that", "to", "for", "if", "whether", "when"}
        said = [low for low in rest if low not in BE | MODAL | {"not", "still", "also", "been"}]
        if said[:1] and said[0] in _EMPTY_IT and goes_on & set(said[1:3]):
            return True
        if said[:1] and said[0] in _EMPTY_IT_VERBS and (goes_on - {"for"}) & set(said[1:5]):
            return words[place].low == "it"
        if said[:1] and words[place].low == "it" and said[0] in _WEATHER:
            return True
        before = [w.low for w in words[:place]]
        if self.cut.wh == "how" and before[-2:] == ["far", "is"] and {"from", "to"} & set(rest):
            return True
        if said[:1] == ["called"] and goes_on & set(said):
            return True
        if before[-2:] == ["time", "is"] or before[-2:] == ["day", "is"]:
            return True
        named = place + 1 < len(words) and words[place + 1].is_name
        return named and bool({"that", "who"} & set(rest))

    def _explained_inside(self, place: int, gap: _Gap, owning: bool) -> bool:
        """Whether a phrase before it, in the same question, is what the pronoun stands for.

        An object is never its own clause's subject ("does Norway support it"), a possessive may be.
        """
        cut = self.cut
        if owning and place < cut.opener and cut.inverted:
            # "what share of its budget does Sweden spend"
            return any(
                p.first >= cut.opener and p.role == "subject" and _may_own(p, gap, "")
                for p in cut.phrases
            )
        if owning and gap != "thing" and cut.wh in {"who", "whose"} and not cut.inverted:
            return True
        for phrase in cut.phrases:
            if phrase.last > place or phrase.determiner in _POSSESSIVE or phrase.head in _EMPTY_IT:
                continue
            follows = cut.words[phrase.last].low
            if owning:
                if phrase.role != "focus" and _may_own(phrase, gap, follows):
                    return True
                continue
            if phrase.role == "owner" or not _may_own(phrase, gap, follows):
                continue
            if any(w.low in CLAUSE or w.text in ",;:" for w in cut.words[phrase.last : place]):
                return True
        return False

    def verb_alone(self) -> Understood | None:
        """ "who decides?": nothing but a question word and a verb."""
        cut = self.cut
        said = [w for w in cut.words if not w.is_punctuation]
        if not cut.wh or cut.phrases or not cut.verbs or len(said) > 4:
            return None
        if any(w.low in PERSONAL for w in said):
            return None
        topic = self.topic()
        if topic is None:
            return None
        return self.carrying(f"About {topic}: {_lowered(self.text)}", topic)

    # What a gap is filled with.

    def antecedent(self, gap: _Gap) -> _Antecedent | None:
        """From the latest turn that has one: from its question, then from its answer."""
        for turn, cut in zip(self.turns, self.cuts, strict=True):
            for phrase in _ranked(cut, lambda p: _agrees(p, gap), gap):
                return _antecedent(phrase, gap)
            if gap == "person":
                for name in _names(turn):
                    return _Antecedent(name, name)
        return None

    def topic(self) -> str | None:
        """What was spoken of, for a follow-up that does not say what it is about."""
        for turn, cut in zip(self.turns, self.cuts, strict=True):
            prefixed = _PREFIXED.match(turn.question.strip())
            if prefixed:
                return prefixed.group()[5:-1].strip() or None
            for phrase in _ranked(cut, lambda p: singular(p.head) not in _HOLLOW):
                return _antecedent(phrase).whole
            for excerpt in turn.excerpts[:1]:
                heading = excerpt.heading[-1] if excerpt.heading else excerpt.title
                heading = " ".join(heading.split())
                if heading and len(heading.split()) <= _LONGEST_CARRIED and ":" not in heading:
                    return heading
        return None

    def carrying(self, text: str, *carried: str) -> Understood:
        text = text.rstrip()
        if not text.endswith(("?", "!", ".")) and (
            self.asks or (self.turns[0].question.rstrip().endswith("?") and self.led)
        ):
            text += "?"
        return Understood(text, tuple(carried))


def _may_own(phrase: Phrase, gap: _Gap, follows: str) -> bool:
    """Looser than what is put in for a gap: in doubt a question explains itself."""
    named = phrase.kind in {"name", "person"}
    if gap == "thing":
        return (
            phrase.kind != "time"
            and not phrase.plural
            and (phrase.kind != "person" or phrase.text[:1].isupper())
        )
    if gap == "things":
        return phrase.plural or named or follows == "and" or phrase.head in _GROUPS
    return named and not phrase.plural


def _agrees(phrase: Phrase, gap: _Gap) -> bool:
    if phrase.kind == "time" or phrase.determiner in _POSSESSIVE | _POINTING:
        return False
    hollow = singular(phrase.head) in _HOLLOW
    if gap == "thing":
        return not phrase.plural and phrase.kind != "person" and not hollow
    if gap == "things":
        group = phrase.role != "after" and (phrase.kind == "name" or phrase.head in _GROUPS)
        return (phrase.plural and not hollow) or group or " and " in phrase.text
    if gap == "person":
        alone = phrase.kind == "name" and phrase.role == "subject" and " " not in phrase.text
        nation = phrase.head in _COUNTRY_OF or phrase.text.isupper()
        return not phrase.plural and (phrase.kind == "person" or (alone and not nation))
    if singular(phrase.head) in _PLACES and not phrase.plural:
        return True
    return phrase.kind == "name" and not phrase.text.isupper() and phrase.role != "owner"


_RANK = {"subject": 5.0, "focus": 3.0, "object": 4.0, "after": 2.0, "owner": 1.0}


def _ranked(cut: Cut, fits: Callable[[Phrase], bool], gap: _Gap | None = None) -> Iterator[Phrase]:
    """What is most likely spoken of again first: a subject before an object before the rest."""

    def rank(phrase: Phrase) -> float:
        rank = _RANK[phrase.role]
        if phrase.role == "focus" and phrase.determiner == "which":
            rank = 5.5
        if phrase.role == "focus" and cut.words[0].low in PREPOSITION:
            rank = 1.0
        if gap == "things" and phrase.determiner in {"how many", "how much"}:
            rank = 4.5
        if gap == "things" and not phrase.plural:
            rank -= 1.0 if phrase.head in _GROUPS else 3.0
        if gap == "person" and phrase.kind != "person":
            rank -= 3.0
        if gap == "place" and phrase.role == "after" and phrase.before in PLACED:
            rank += 2.5
        if gap == "place" and singular(phrase.head) in _PLACES:
            rank += 3.0
        if singular(phrase.head) in _HOLLOW or phrase.kind == "time":
            rank -= 4.0
        return -rank

    return iter(sorted((p for p in cut.phrases if fits(p) and p.kind != "time"), key=rank))


def _antecedent(phrase: Phrase, gap: _Gap | None = None) -> _Antecedent:
    short, whole = phrase.text, phrase.whole
    if phrase.determiner in {"what", "which", "how many", "how much", "whose"}:
        short, whole = f"the {short}", f"the {whole}"
    elif phrase.determiner in {"any", "some", "each", "every", "no", "another"}:
        rest = len(phrase.determiner)
        short, whole = f"the{short[rest:]}", f"the{whole[rest:]}"
    if len(whole.split()) > _LONGEST_CARRIED:
        whole = short
    preposition = "in"
    if gap == "place":
        if phrase.before in PLACED:
            preposition = phrase.before
        elif singular(phrase.head) in _PLACES:
            preposition = "at"
    return _Antecedent(whole, short, preposition)


def _names(turn: Turn) -> Iterator[str]:
    """People named in what was shown, those first that the question had not named."""
    for excerpt in turn.excerpts[:3]:
        for match in _NAME.finditer(excerpt.quote[:_QUOTED]):
            words = match.group().split(" ")
            while words and words[0].lower().strip(".") in _TITLES:
                words = words[1:]
            name = re.sub(r"['’]s$", "", " ".join(words))
            cut = cut_question(f"who is {name}")
            if len(words) > 1 and any(p.kind == "person" and p.text == name for p in cut.phrases):
                yield name


def _name_runs(cut: Cut) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words, the first word of the question only where it is no function word."""
    place = 0
    while place < len(cut.words):
        last = place
        while (
            last < len(cut.words)
            and cut.words[last].is_name
            and cut.words[last].low not in _GRAMMAR
            and last not in cut.verbs
        ):
            last += 1
            if cut.words[last - 1].owning:
                break
        if last > place:
            yield place, last
        place = max(last, place + 1)


def _superlative(words: Sequence[Word]) -> bool:
    """ "the lowest" """
    return (
        len(words) == 2
        and words[0].low == "the"
        and (words[1].low.endswith("est") or words[1].low in {"best", "worst", "most", "least"})
        and words[1].low not in {"west", "rest", "test", "request", "interest", "forest", "guest"}
    )


def _is_label(word: Word) -> bool:
    return word.text.isdigit() or (len(word.text) == 1 and word.is_name)


def _possessive(text: str) -> str:
    if re.search(r"['’]s?$", text):
        return text
    plural = text.endswith("s") and not text.split()[-1][:1].isupper()
    return f"{text}'" if plural else f"{text}'s"


def _lowered(question: str) -> str:
    """With a small letter where the first word is one of grammar and no name."""
    words = words_of(question[:60])
    if words and words[0].low in _AUXILIARY | WH | PREPOSITION | {"the", "a", "an"}:
        return question[:1].lower() + question[1:]
    return question


def _spliced(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
