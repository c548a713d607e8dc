"""The rules by which a follow-up is understood.

A follow-up is recognised by what it lacks: a pronoun that nothing in its own sentence explains, a
phrase without a verb, a lone question word. A question without such a gap is left as it was typed,
whatever was spoken of before. What fills a gap comes from the earlier questions, the latest first,
and from the answers only where no question has it (a name for "he", a heading for a topic).

For English, by the closed lists of `english`. What is put in is the conversation's own words, and
of ours only "the", "of", "in", "at", "not", "and", "is", "are", "what", "tell me more", "about"
and the adjectives of countries.

Whoever calls decides which turns may be carried from: an answer that its reader may no longer see
must not be among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.answering.question import LONGEST_QUESTION
from index.rewriting.english import (
    ATTRIBUTES,
    AUXILIARY,
    BE,
    CLAUSE,
    CONDITIONS,
    DO,
    HAVE,
    PERSONAL,
    POSSESSIVE,
    PREPOSITION,
    WH,
)
from index.rewriting.phrases import Cut, Phrase, cut_question
from index.rewriting.references import fill_gaps
from index.rewriting.substitution import put_in
from index.rewriting.times import times
from index.rewriting.tokens import Word, lowered, singular, unended
from index.rewriting.turns import PREFIXED, Conversation, Turn, Understood

__all__ = ["understand"]

_LONGEST_FOLLOW_UP = 60
"""Words; what is longer explains itself, and rules made for a sentence would misread it."""

_NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:a )?(?:new|another|different|next|other|unrelated|separate)"
    r" (?:question|topic|subject)"
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
    r"^(?:what|how)\s+about\s+|^what\s+of\s+"
    r"|^(?:is\s+(?:it|that)\s+)?(?:the\s+)?same\s+(?:for|with)\s+",
    re.I,
)
_DETAILS = r"(?:\s+(?:details?|information|please))*"
_MORE = re.compile(
    r"^(?:(?:please\s+)?(?:(?:can|could) you\s+)?(?:tell|give|show)\s+(?:me|us)\s+(?:some\s+)?more"
    rf"{_DETAILS}|(?:some\s+)?more{_DETAILS}|further\s+details"
    r"|give (?:me|us) (?:an example|(?:some )?examples)"
    r"|go on|continue|carry on|keep going"
    r"|(?:please\s+|(?:can|could) you\s+)?(?:elaborate|explain|expand)(?:\s+(?:more|further))?"
    r"|(?:is there\s+)?(?:anything|something)\s+(?:else|more)|what\s+else)(?:\s+please)?$",
    re.I,
)
_TRAILING = re.compile(r"(?:[\s,]+(?:then|please|though|instead|too|as well))*[\s?!.…]*$", re.I)
_THE_ONE = re.compile(rf"^the ones? (?=(?:{'|'.join(sorted(PREPOSITION))})\s)", re.I)

_LONGEST_FRAGMENT = 8
"""Words of what is put into another question."""


def understand(question: str, turns: Sequence[Turn]) -> Understood:
    """The question with what it lacks put in from `turns`, the oldest first.

    Understanding what was understood changes nothing, and nothing is longer than the engine takes:
    where a rule would break either, the question is left as it was typed.
    """
    if not turns or len(question) > LONGEST_QUESTION:
        return Understood(question)
    conversation = Conversation(turns)
    understood = _FollowUp(question, conversation).understood()
    if understood is None or understood.question == question:
        return Understood(question)
    if len(understood.question) > LONGEST_QUESTION or not understood.question:
        return Understood(question)
    again = _FollowUp(understood.question, conversation).understood()
    if again is not None and again.question != understood.question:
        return Understood(question)
    return understood


class _FollowUp:
    """One question against its conversation; each rule gives None where it does not apply."""

    def __init__(self, question: str, conversation: Conversation) -> None:
        self.question = question
        self.conversation = conversation
        text = question.strip()
        lead = _LEAD.match(text)
        self.text = text[lead.end() :] if lead else text
        about = _ABOUT.match(self.text)
        self.led = bool(lead or about)
        self.asked_about = bool(about)
        self.bare = _THE_ONE.sub("", _TRAILING.sub("", self.text[about.end() if about else 0 :]))
        self.cut = cut_question(self.text)
        self.fragment_cut = cut_question(self.bare)

    def understood(self) -> Understood | None:
        text = self.question.strip()
        new = _NEW_SUBJECT.match(text)
        if new:
            return Understood(text[new.end() :]) if new.end() < len(text) else None
        if not self.bare or PREFIXED.match(text) or len(self.cut.words) > _LONGEST_FOLLOW_UP:
            return None
        asked_before = unended(self.conversation.last.text)
        if asked_before and text.startswith(f"{asked_before}, and "):
            return None
        rules: tuple[Callable[[], Understood | None], ...] = (
            self.more,
            self.question_word,
            self.clause,
            self.fragment,
            self.gaps,
            self.verb_alone,
            self.which,
        )
        for rule in rules:
            understood = rule()
            if understood is not None:
                return understood
        return None

    def more(self) -> Understood | None:
        """ "tell me more" """
        asked = unended(self.bare)
        if not _MORE.match(asked):
            return None
        topic = self.conversation.topic()
        if topic is None:
            return None
        low = asked.lower()
        if not low.startswith(
            ("any", "some", "what", "is there", "more", "further", "tell", "give")
        ):
            asked = "tell me more"
        asked = re.sub(r"\s+please$", "", asked, flags=re.I)
        joined = "of" if asked.lower().endswith(("example", "examples")) else "about"
        return self.carrying(f"{asked} {joined} {topic}", topic)

    def question_word(self) -> Understood | None:
        """ "why?", "since when?", "up to what amount?" """
        cut = self.fragment_cut
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
        before = self.conversation.last
        question = unended(before.text)
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
                return self.carrying(f"{asked} {lowered(question)}", question)
        if adverbial and before.inverted and self._adverbial(before):
            bare_being = before.words[before.opener].low in BE and not before.verbs
            if not bare_being or {cut.wh, before.wh} <= {"when", "where"}:
                verb = before.words[before.opener]
                rest = unended(
                    (verb.low if verb.is_clitic else verb.text) + before.text[verb.end :]
                )
                return self.carrying(f"{asked} {rest}", rest)
        return self.carrying(f"{question}, and {lowered(asked)}", question)

    @staticmethod
    def _goes_on(wh: str, over: Sequence[Word]) -> bool:
        """ "why so few?", "how long in advance?" """
        if any(w.low in AUXILIARY | PERSONAL for w in over):
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
        if not self.led or conjunction not in CONDITIONS or self.asked_about:
            return None
        if len(self.cut.words) > 1 and self.cut.words[1].low in AUXILIARY:
            return None
        before = self.conversation.last
        old = [w for n, w in enumerate(before.words) if n and w.low == conjunction]
        if not old:
            return None
        question = unended(before.text[: old[0].start])
        return self.carrying(f"{question} {self.bare}", question)

    def fragment(self) -> Understood | None:
        """ "what about Sweden?", "and in winter?", "level 4?" """
        cut, words = self.fragment_cut, self.fragment_cut.words
        if not words or len(words) > _LONGEST_FRAGMENT or cut.verbs or cut.wh:
            return None
        grammar = {word.low for word in words} & (AUXILIARY | WH | CLAUSE - {"and"})
        if grammar and not (len(times(self.bare)) == 1 and grammar <= AUXILIARY):
            return None  # a clause; but "may" and "will" are names as well
        if any(word.low in POSSESSIVE for word in words):
            return self._owned()
        if any(word.low in PERSONAL - {"one"} for word in words):
            return None
        prepositional = words[0].low in PREPOSITION
        if not (self.led or prepositional or (self._asks() and len(words) <= 3)):
            return None
        before = self.conversation.last
        attribute = self._attribute()
        if attribute is not None:
            return attribute
        question = unended(before.text)
        replaced = put_in(before, cut, led=self.led)
        if replaced is not None:
            return self.carrying(replaced, question)
        if not self.led:
            return None
        return self.carrying(f"About {self.bare}: {lowered(question)}", question)

    def _owned(self) -> Understood | None:
        """ "and its budget?" """
        cut = self.fragment_cut
        if not (self.led or self._asks()) or cut.words[0].low not in POSSESSIVE or not cut.phrases:
            return None
        verb = "are" if cut.phrases[-1].plural else "is"
        filled = fill_gaps(cut_question(f"what {verb} {self.bare}"), self.conversation)
        return self.carrying(filled.text, *filled.carried) if filled.carried else None

    def _attribute(self) -> Understood | None:
        """ "and the cost?" where no cost was spoken of."""
        phrases = [phrase for phrase in self.fragment_cut.phrases if phrase.role != "owner"]
        topic = self.conversation.topic()
        if not self.led or not phrases or topic is None:
            return None
        noun = phrases[0]
        known = any(singular(p.head) == singular(noun.head) for p in self.conversation.last.phrases)
        if known or singular(noun.head) not in ATTRIBUTES or noun.determiner not in {"the", ""}:
            return None
        if noun.before or noun.last - noun.first > 2:
            return None
        verb = "are" if noun.plural else "is"
        article = "" if noun.determiner else "the "
        return self.carrying(f"what {verb} {article}{self.bare} of {topic}", topic)

    def gaps(self) -> Understood | None:
        """ "how large would it be?", "who approved that plan?", "when is the next one?" """
        filled = fill_gaps(self.cut, self.conversation)
        if filled.carried:
            return self.carrying(filled.text, *filled.carried)
        return self._prefixed() if filled.open else None

    def _prefixed(self) -> Understood | None:
        """Where it is not known how the conversation fits, it is put before the question."""
        topic = self.conversation.topic()
        if topic is None:
            question = unended(self.conversation.last.text)
            return self.carrying(f"{question}, and {lowered(self.text)}", question)
        return self.carrying(f"About {topic}: {lowered(self.text)}", topic)

    def verb_alone(self) -> Understood | None:
        """ "who decides?": nothing but a question word and a verb."""
        cut = self.cut
        said = [w for w in cut.words if not w.is_punctuation]
        if not cut.wh or cut.phrases or not cut.verbs or len(said) > 4:
            return None
        if any(w.low in PERSONAL for w in said):
            return None
        return self._prefixed() if self.conversation.topic() else None

    def which(self) -> Understood | None:
        """ "which is larger?": one of those that were spoken of."""
        words = [word for word in self.cut.words if not word.is_punctuation]
        if len(words) not in {3, 4} or words[0].low != "which" or self.cut.opener > 1:
            return None
        if words[1].low not in BE | HAVE or any(word.low in PERSONAL for word in words):
            return None
        return self._prefixed() if self.conversation.topic() else None

    def _asks(self) -> bool:
        return self.question.rstrip().endswith("?")

    def carrying(self, text: str, *carried: str) -> Understood:
        text = text.rstrip()
        if not text.endswith(("?", "!", ".")) and (
            self._asks() or (self.led and self.conversation.last.text.rstrip().endswith("?"))
        ):
            text += "?"
        return Understood(text, tuple(carried))
