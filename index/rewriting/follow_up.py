"""The rules by which a follow-up is rewritten.

A follow-up is recognised by what it lacks: a pronoun that nothing in its own sentence explains, a
phrase without a verb, a lone question word. A question that lacks nothing is left as typed. What is
lacking comes from the earlier questions, the latest first, and from the answers only where no
question has it (a name for "he", a heading for a topic).

The rules are for English, with the closed lists of `english`, but for `germanic`. They put in the
conversation's words, and of their own only "the", "of", "in", "at", "not", "and", "is", "are",
"what", "tell me more", "about" and the adjectives of countries.

The caller decides which turns the words may come from. It must leave out an answer that the viewer
may no longer see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.question import LONGEST_QUESTION
from index.rewriting.english import (
    ATTRIBUTES,
    AUXILIARY,
    BE,
    CONDITIONS,
    GRAMMAR,
    HAVE,
    PERSONAL,
    RELATIONS,
    WH,
)
from index.rewriting.fragments import LONGEST_FRAGMENT, complete_fragment
from index.rewriting.germanic import placed_elsewhere
from index.rewriting.lone_words import complete
from index.rewriting.phrases import ParsedQuestion, parse_question
from index.rewriting.reactions import (
    circumstance,
    contrasted,
    corrected_question,
    doubts,
    meaning,
    rejects,
    unreacted,
    wants_more,
)
from index.rewriting.references import resolve_references
from index.rewriting.substitution import substitute
from index.rewriting.tokens import lowered, mended, singular, unended
from index.rewriting.turns import PREFIXED, Conversation, FollowUpKind, Rewritten, Turn
from index.rewriting.typed_question import TypedQuestion

_LONGEST_FOLLOW_UP = 60
"""Words. A longer question lacks nothing, and rules made for a sentence would misread it."""

_NEW_SUBJECT = re.compile(
    r"^\W*(?:(?:a )?(?:new|another|different|next|other|unrelated|separate)"
    r" (?:question|topic|subject)"
    r"|(?:a )?change of (?:subject|topic)|something (?:else|different)|on another (?:note|subject)"
    r")\s*[:,.;–—-]+\s*",
    re.I,
)
_WORDED = re.compile(
    r"(?:(?:any|some)thing|what else|is there|(?:some |any )?(?:more|further)"
    r"|(?:tell|give) (?:me|us))\b",
    re.I,
)
"""What is kept as typed of a wish for more."""
_EXISTENTIAL = re.compile(
    r"^(?:(?:is|are|was|were) there (?:an? |any |some |other |more |no )?|any |other |further )+"
    r"(?=\w)",
    re.I,
)
_OF_TOPIC = re.compile(r"^(?:what|who)(?:['’]s|['’]re| is| are| was| were) the (?=\w)", re.I)


def rewrite(
    question: str, turns: Sequence[Turn], columns: Sequence[frozenset[str]] = ()
) -> Rewritten:
    """Return the question with what it lacks put in from `turns`, which come oldest first.

    Rewriting a rewritten question changes nothing, and no result is longer than the engine takes.
    Where a rule would break this, the question is left as typed. `columns` are those of the tables
    that rows were shown of, as their cells in small letters.
    """
    if not turns or len(question) > LONGEST_QUESTION:
        return Rewritten(question)
    conversation = Conversation(turns, columns)
    if not conversation.turns:
        return Rewritten(question)
    follow_up = _FollowUp(question, conversation)
    rewritten = follow_up.rewritten()
    if rewritten is None or rewritten.question == question:
        follows = FollowUpKind.ON if follow_up.points_back() else FollowUpKind.NOTHING
        return Rewritten(question, follow_up=follows)
    if len(rewritten.question) > LONGEST_QUESTION or not rewritten.question:
        return Rewritten(question)
    again = _FollowUp(rewritten.question, conversation).rewritten()
    if again is not None and again.question != rewritten.question:
        return Rewritten(question)
    return rewritten


class _FollowUp(TypedQuestion):
    """The rules, in order; each returns None where it does not apply."""

    def rewritten(self) -> Rewritten | None:
        text = self.question.strip()
        new = _NEW_SUBJECT.match(text)
        if new:
            return Rewritten(text[new.end() :]) if new.end() < len(text) else None
        if text in (turn.question.strip() for turn in self.conversation.turns):
            return self.references() if self.lacked_words() else None
        if not self.bare:
            return self.details()
        if PREFIXED.match(text) or len(self.parsed.words) > _LONGEST_FOLLOW_UP:
            return None
        asked_before = unended(self.conversation.last.text)
        if asked_before and text.startswith(f"{asked_before}, and "):
            return None
        rules: tuple[Callable[[], Rewritten | None], ...] = (
            self.reaction,
            self.placed_elsewhere,
            self.details,
            self.correction,
            self.question_word,
            self.clause,
            self.ownerless,
            self.fragment,
            self.references,
            self.verb_alone,
            self.which,
        )
        no_question = {self.reaction, self.details, self.correction, self.fragment}
        for rule in rules:
            rewritten = rule()
            if rewritten is not None:
                is_near = rewritten.follow_up is FollowUpKind.ON and rule not in no_question
                lone = self.bare + "?" if rule == self.question_word else self.text
                alone = rule == self.ownerless and not self.led
                near = lone if is_near else ""
                is_clause = rule == self.clause and not self.led
                return replace(
                    rewritten, near=near, may_stand_alone=alone, may_be_heading=is_clause
                )
        is_reacted = self.question.strip() != unreacted(self.question.strip())
        return Rewritten(unreacted(self.question.strip())) if is_reacted else None

    def points_back(self) -> bool:
        """Return whether a pronoun of a person is left to which nothing fits."""
        if len(self.parsed.words) > _LONGEST_FOLLOW_UP:
            return False
        resolved = resolve_references(self.parsed, self.conversation)
        return not resolved.carried and resolved.lacks_person

    def reaction(self) -> Rewritten | None:
        """Take "are you sure?" and "that's wrong" for the question before, asked again."""
        text = mended(self.question.strip())
        asked = self.conversation.asked
        if not asked or not (rejects(text) or doubts(text)):
            return None
        return Rewritten(
            asked, (asked,), FollowUpKind.WRONG if rejects(text) else FollowUpKind.AGAIN, asked
        )

    def details(self) -> Rewritten | None:
        """Rewrite "tell me more"."""
        if not wants_more(self.stated):
            return None
        topic = self.conversation.topic()
        if topic is None:
            return None
        asked = re.sub(r"\s+please$", "", unended(self.bare), flags=re.I)
        if not _WORDED.match(asked):
            asked = "tell me more"
        joined = "of" if asked.lower().endswith(("example", "examples")) else "about"
        more = self.carrying(f"{asked} {joined} {topic}", topic)
        return replace(more, follow_up=FollowUpKind.MORE, continued=self.conversation.asked)

    def correction(self) -> Rewritten | None:
        """Rewrite "I meant Mars", "no, the other depot" and "not Oslo, Bergen"."""
        said = corrected_question(self.stated)
        before = self.conversation.last
        question = unended(before.text)
        if meant := meaning(self.stated):
            place = re.search(rf"\b{re.escape(meant[0])}\b", question, re.I)
            if place is not None:
                told = f"{question[: place.end()]}, {meant[1]},{question[place.end() :]}"
                return self.carrying(told.rstrip(","), question)
        if where := circumstance(self.stated):
            return self.carrying(f"{question} {where}", question)
        contrast = contrasted(said or self.stated)
        if contrast is not None:
            new, old = contrast
            place = re.search(rf"\b{re.escape(old)}\b", before.text, re.I)
            if place is not None and not _is_question(parse_question(new)):
                replaced = f"{before.text[: place.start()]}{new}{before.text[place.end() :]}"
                return self.carrying(unended(replaced), question)
        if not said:
            return None
        new = self.conversation.the_other(unended(said))
        parsed = parse_question(new)
        if _is_question(parsed) or not 0 < len(parsed.words) <= LONGEST_FRAGMENT:
            return _FollowUp(said, self.conversation).rewritten() or Rewritten(said)
        columns = self.conversation.columns
        substituted = substitute(before, parsed, led=True, columns=columns, corrects=True)
        return self.carrying(substituted or f"About {new}: {lowered(question)}", question)

    def question_word(self) -> Rewritten | None:
        """Rewrite a lone question word: "why?", "since when?", "up to what amount?"."""
        lone = complete(self.bare, self.parsed_fragment, self.conversation.last)
        if lone is None:
            return None
        if lone.of_topic and self.conversation.topic():
            return self.prefixed()
        return self.carrying(lone.question, lone.carried)

    def clause(self) -> Rewritten | None:
        """Rewrite "and if the bridge closes?" after a question with another such clause."""
        conjunction = self.parsed.words[0].low if self.parsed.words else ""
        if conjunction not in CONDITIONS or self.asked_about or not self._is_clause():
            return None
        before = self.conversation.last
        old = [w for n, w in enumerate(before.words) if n and w.low == conjunction]
        if old and self.led:
            question = unended(before.text[: old[0].start])
            return self.carrying(f"{question} {self.bare}", question)
        if conjunction not in {"if", "unless"}:
            return None
        question = unended(before.text)
        resolved = resolve_references(self.parsed_fragment, self.conversation)
        return self.carrying(f"{question} {lowered(resolved.text)}", question, *resolved.carried)

    def _is_clause(self) -> bool:
        """Return whether the words are one clause, without a question of its own."""
        words = self.parsed.words
        if len(words) < 3 or words[1].low in AUXILIARY:
            return False
        return self.led or not any(w.low in WH or w.text in ",;:–" for w in words)

    def ownerless(self) -> Rewritten | None:
        """Rewrite "any exceptions?" and "what are the rules?", which do not say of what."""
        topic = self.conversation.topic()
        there, of_topic = _EXISTENTIAL.match(self.bare), _OF_TOPIC.match(self.bare)
        opener = there or of_topic
        if topic is None or opener is None:
            return None
        nouns = parse_question(self.bare[opener.end() :]).words
        bare = all(not w.is_name and w.low not in GRAMMAR and not w.is_punctuation for w in nouns)
        if not nouns or len(nouns) > 2 or not bare:
            return None
        if there:
            return self.prefixed()
        noun = singular(nouns[0].low)
        known = any(singular(phrase.head) == noun for phrase in self.conversation.last.phrases)
        if known or len(nouns) > 1 or noun not in ATTRIBUTES | RELATIONS:
            return None
        return self.carrying(f"{self.bare} of {topic}", topic)

    def placed_elsewhere(self) -> Rewritten | None:
        """Rewrite "und in Köln?", in German and the Nordic languages."""
        before = self.conversation.last.text
        replaced = placed_elsewhere(before, self.question)
        return self.carrying(replaced, unended(before)) if replaced else None

    def fragment(self) -> Rewritten | None:
        """Rewrite a fragment: "what about Sweden?", "and in winter?", "level 4?"."""
        return complete_fragment(self)

    def lacked_words(self) -> bool:
        """Return whether the question was asked before an answer that says what it points to."""
        last = self.conversation.turns[0]
        if self.question.strip() == last.question.strip():
            return False
        return bool(resolve_references(self.parsed, self.conversation).carried)

    def references(self) -> Rewritten | None:
        """Rewrite "how large would it be?", "who approved that plan?", "when is the next one?"."""
        resolved = resolve_references(self.parsed, self.conversation)
        if resolved.carried:
            return self.carrying(resolved.text, *resolved.carried)
        return self.prefixed() if resolved.open else None

    def verb_alone(self) -> Rewritten | None:
        """Rewrite "who decides?", which has only a question word and a verb."""
        parsed = self.parsed
        words = [w for w in parsed.words if not w.is_punctuation]
        if not parsed.wh or parsed.phrases or not parsed.verbs or len(words) > 4:
            return None
        if any(w.low in PERSONAL for w in words):
            return None
        return self.prefixed() if self.conversation.topic() else None

    def which(self) -> Rewritten | None:
        """Rewrite "which is larger?", which asks for one of several things mentioned."""
        words = [word for word in self.parsed.words if not word.is_punctuation]
        if len(words) not in {3, 4} or words[0].low != "which" or self.parsed.opener > 1:
            return None
        if words[1].low not in BE | HAVE or any(word.low in PERSONAL for word in words):
            return None
        return self.prefixed() if self.conversation.topic() else None


def _is_question(parsed: ParsedQuestion) -> bool:
    return bool(parsed.verbs or parsed.wh or parsed.inverted)
