"""The rules by which a follow-up is rewritten.

A follow-up is recognised by what it lacks: a pronoun that nothing in its own sentence explains, a
phrase without a verb, a lone question word. A question that lacks nothing is left as typed. What is
lacking comes from the earlier questions, the latest first, and from the answers only where no
question has it (a name for "he", a heading for a topic).

The rules are for English, with the closed lists of `english`. They put in the conversation's words,
and of their own only "the", "of", "in", "at", "not", "and", "is", "are", "what", "tell me more",
"about" and the adjectives of countries.

The caller decides which turns the words may come from. It must leave out an answer that the viewer
may no longer see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.question import LONGEST_QUESTION
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
from index.rewriting.phrases import ParsedQuestion, Phrase, parse_question
from index.rewriting.references import resolve_references
from index.rewriting.substitution import substitute
from index.rewriting.times import times
from index.rewriting.tokens import Word, lowered, singular, unended
from index.rewriting.turns import PREFIXED, Conversation, Rewritten, Turn

__all__ = ["rewrite"]

_LONGEST_FOLLOW_UP = 60
"""Words. A longer question lacks nothing, and rules made for a sentence would misread it."""

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
"""Words of a fragment that is put into another question."""


def rewrite(question: str, turns: Sequence[Turn]) -> Rewritten:
    """Return the question with what it lacks put in from `turns`, which come oldest first.

    Rewriting a rewritten question changes nothing, and no result is longer than the engine takes.
    Where a rule would break this, the question is left as typed.
    """
    if not turns or len(question) > LONGEST_QUESTION:
        return Rewritten(question)
    conversation = Conversation(turns)
    rewritten = _FollowUp(question, conversation).rewritten()
    if rewritten is None or rewritten.question == question:
        return Rewritten(question)
    if len(rewritten.question) > LONGEST_QUESTION or not rewritten.question:
        return Rewritten(question)
    again = _FollowUp(rewritten.question, conversation).rewritten()
    if again is not None and again.question != rewritten.question:
        return Rewritten(question)
    return rewritten


class _FollowUp:
    """One question and its conversation; each rule returns None where it does not apply."""

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
        self.parsed = parse_question(self.text)
        self.parsed_fragment = parse_question(self.bare)

    def rewritten(self) -> Rewritten | None:
        text = self.question.strip()
        new = _NEW_SUBJECT.match(text)
        if new:
            return Rewritten(text[new.end() :]) if new.end() < len(text) else None
        if not self.bare or PREFIXED.match(text) or len(self.parsed.words) > _LONGEST_FOLLOW_UP:
            return None
        asked_before = unended(self.conversation.last.text)
        if asked_before and text.startswith(f"{asked_before}, and "):
            return None
        rules: tuple[Callable[[], Rewritten | None], ...] = (
            self.details,
            self.question_word,
            self.clause,
            self.fragment,
            self.references,
            self.verb_alone,
            self.which,
        )
        for rule in rules:
            rewritten = rule()
            if rewritten is not None:
                return rewritten
        return None

    def details(self) -> Rewritten | None:
        """Rewrite "tell me more"."""
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

    def question_word(self) -> Rewritten | None:
        """Rewrite a lone question word: "why?", "since when?", "up to what amount?"."""
        parsed = self.parsed_fragment
        words = [word for word in parsed.words if not word.is_punctuation]
        negated = len(words) > 1 and words[-1].low == "not"
        asked = self.bare
        if negated:
            asked = self.bare[: words[-1].start].strip()
            words = words[:-1]
        if not parsed.wh or parsed.verbs or len(words) > 6:
            return None
        over = words[parsed.opener :]
        if over and not self._goes_on(parsed.wh, over):
            return None
        noun = [w for w in words if w.low not in PREPOSITION | WH | {"many", "much"}]
        if not over and (len(noun) > 2 or any(w.is_name for w in noun)):
            return None
        if words[0].low == "how" and len(words) == 2 and words[1].low in {"so", "come"}:
            words, asked = words[:1], "why"
        before = self.conversation.last
        question = unended(before.text)
        adverbial = not over and self._adverbial(parsed)
        if not before.wh and before.inverted:
            subject = next((p for p in before.phrases if p.first == 1 and p.role != "owner"), None)
            if parsed.wh in {"how many", "how much"} and len(words) == 2 and subject:
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
            if not bare_being or {parsed.wh, before.wh} <= {"when", "where"}:
                verb = before.words[before.opener]
                rest = unended(
                    (verb.low if verb.is_clitic else verb.text) + before.text[verb.end :]
                )
                return self.carrying(f"{asked} {rest}", rest)
        return self.carrying(f"{question}, and {lowered(asked)}", question)

    @staticmethod
    def _goes_on(wh: str, over: Sequence[Word]) -> bool:
        """Return whether words belong to a lone question word: "why so few?"."""
        if any(w.low in AUXILIARY | PERSONAL for w in over):
            return False
        if wh == "why":
            return over[0].low in PREPOSITION | {"so"} and len(over) <= 3
        return wh in {"how", "when", "where"} and over[0].low in PREPOSITION

    @staticmethod
    def _adverbial(parsed: ParsedQuestion) -> bool:
        return parsed.wh in {"when", "where", "why", "how"} or parsed.words[0].low in PREPOSITION

    @staticmethod
    def _counted(asked: str, before: ParsedQuestion, subject: Phrase, question: str) -> str | None:
        """Rewrite "how many?" after "were any doses rejected?"."""
        if before.words[0].low in DO or not subject.plural:
            return None
        first = subject.first + bool(subject.determiner)
        noun = question[before.words[first].start : before.words[subject.full - 1].end]
        rest = question[before.words[subject.full - 1].end :]
        return f"{asked} {noun} {before.words[0].text.lower()}{rest}"

    def clause(self) -> Rewritten | None:
        """Rewrite "and if the bridge closes?" after a question with another such clause."""
        conjunction = self.parsed.words[0].low if self.parsed.words else ""
        if not self.led or conjunction not in CONDITIONS or self.asked_about:
            return None
        if len(self.parsed.words) > 1 and self.parsed.words[1].low in AUXILIARY:
            return None
        before = self.conversation.last
        old = [w for n, w in enumerate(before.words) if n and w.low == conjunction]
        if not old:
            return None
        question = unended(before.text[: old[0].start])
        return self.carrying(f"{question} {self.bare}", question)

    def fragment(self) -> Rewritten | None:
        """Rewrite a fragment: "what about Sweden?", "and in winter?", "level 4?"."""
        parsed, words = self.parsed_fragment, self.parsed_fragment.words
        if not words or len(words) > _LONGEST_FRAGMENT or parsed.verbs or parsed.wh:
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
        replaced = substitute(before, parsed, led=self.led)
        if replaced is not None:
            return self.carrying(replaced, question)
        if not self.led:
            return None
        return self.carrying(f"About {self.bare}: {lowered(question)}", question)

    def _owned(self) -> Rewritten | None:
        """Rewrite a fragment with a possessive: "and its budget?"."""
        parsed = self.parsed_fragment
        if (
            not (self.led or self._asks())
            or parsed.words[0].low not in POSSESSIVE
            or not parsed.phrases
        ):
            return None
        verb = "are" if parsed.phrases[-1].plural else "is"
        resolved = resolve_references(parse_question(f"what {verb} {self.bare}"), self.conversation)
        return self.carrying(resolved.text, *resolved.carried) if resolved.carried else None

    def _attribute(self) -> Rewritten | None:
        """Rewrite "and the cost?" where the conversation mentions no cost."""
        phrases = [phrase for phrase in self.parsed_fragment.phrases if phrase.role != "owner"]
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

    def references(self) -> Rewritten | None:
        """Rewrite "how large would it be?", "who approved that plan?", "when is the next one?"."""
        resolved = resolve_references(self.parsed, self.conversation)
        if resolved.carried:
            return self.carrying(resolved.text, *resolved.carried)
        return self._prefixed() if resolved.open else None

    def _prefixed(self) -> Rewritten | None:
        """Put the topic before the question, for a reference that could not be resolved."""
        topic = self.conversation.topic()
        if topic is None:
            question = unended(self.conversation.last.text)
            return self.carrying(f"{question}, and {lowered(self.text)}", question)
        return self.carrying(f"About {topic}: {lowered(self.text)}", topic)

    def verb_alone(self) -> Rewritten | None:
        """Rewrite "who decides?", which has only a question word and a verb."""
        parsed = self.parsed
        words = [w for w in parsed.words if not w.is_punctuation]
        if not parsed.wh or parsed.phrases or not parsed.verbs or len(words) > 4:
            return None
        if any(w.low in PERSONAL for w in words):
            return None
        return self._prefixed() if self.conversation.topic() else None

    def which(self) -> Rewritten | None:
        """Rewrite "which is larger?", which asks for one of several things mentioned."""
        words = [word for word in self.parsed.words if not word.is_punctuation]
        if len(words) not in {3, 4} or words[0].low != "which" or self.parsed.opener > 1:
            return None
        if words[1].low not in BE | HAVE or any(word.low in PERSONAL for word in words):
            return None
        return self._prefixed() if self.conversation.topic() else None

    def _asks(self) -> bool:
        return self.question.rstrip().endswith("?")

    def carrying(self, text: str, *carried: str) -> Rewritten:
        text = text.rstrip()
        if not text.endswith(("?", "!", ".")) and (
            self._asks() or (self.led and self.conversation.last.text.rstrip().endswith("?"))
        ):
            text += "?"
        return Rewritten(text, tuple(carried))
