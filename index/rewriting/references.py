"""Resolves pronouns and pointing words of a question from its conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.rewriting.english import (
    AUXILIARY,
    BE,
    CLAUSE,
    GRAMMAR,
    HAVE,
    NOT_POINTED_AT,
    PERSONAL,
    POINTING,
    POSSESSIVE,
    PREPOSITION,
    SAYING,
    WH,
)
from index.rewriting.inner_references import is_empty, is_explained
from index.rewriting.noun_phrases import Phrase
from index.rewriting.phrases import ParsedQuestion, parse_question
from index.rewriting.times import times
from index.rewriting.tokens import (
    hardly_noun,
    is_verb,
    mended,
    possessive,
    singular,
    spliced,
    tokenize,
)
from index.rewriting.turns import Antecedent, Conversation, Referent, ranked

_PRONOUNS: dict[str, Referent] = {
    **dict.fromkeys(("it", "its", "this", "that"), "thing"),
    **dict.fromkeys(("they", "them", "their", "these", "those"), "things"),
    **dict.fromkeys(("he", "him", "his", "she", "her"), "person"),
    "there": "place",
}


_ASKED_WITH = frozenset("many much long often far large big old high".split())
_SAYS_LITTLE = 1
"""Words beside "it" that do not tell what a question is about: the "start" of "it starts"."""

_AFTER_OBJECT = frozenset("again already back".split())
"""After one of these, "that" is what a verb was said of: "do I get that back?"."""
_TIMES = frozenset("date day evening month morning night quarter week weekend year".split())


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question's text with its references resolved by `carried`.

    `open` says that a reference is left to which nothing fits, and `lacks_person` that it may be a
    person whom only what was shown names.
    """

    text: str
    carried: tuple[str, ...]
    open: bool
    lacks_person: bool = False


@dataclass(frozen=True, slots=True)
class _Edit:
    """Replaces characters `start` to `end` by `new`, which has the words `carried` in it.

    The next word to look at is `after`.
    """

    start: int
    end: int
    new: str
    carried: str
    after: int


_Open: TypeAlias = Literal["open", "person"]


def resolve_references(parsed: ParsedQuestion, conversation: Conversation) -> Resolved:
    """Return the question with what the conversation says its pronouns stand for."""
    finder = _References(parsed, conversation)
    edits: list[_Edit] = []
    is_open = lacks_person = False
    for place, word in enumerate(parsed.words):
        if edits and place < edits[-1].after:
            continue
        edit = finder.edit_at(place)
        if edit == "person":
            lacks_person = True
        elif edit == "open":
            is_open = True
        elif edit is not None:
            new = edit.new
            if edit.start == 0 and word.is_name:
                new = new[:1].upper() + new[1:]
            edits.append(_Edit(edit.start, edit.end, new, edit.carried, edit.after))
    text = spliced(parsed.text, [(edit.start, edit.end, edit.new) for edit in edits])
    carried = tuple(dict.fromkeys(edit.carried for edit in edits))
    return Resolved(text, carried, is_open, lacks_person)


def lacks_all(question: str) -> bool:
    """Return whether a question says nothing of what it is about: "how much is it?"."""
    parsed = parse_question(mended(question))
    said = [
        word
        for word in parsed.words
        if not word.is_punctuation and word.low not in GRAMMAR and word.low not in _ASKED_WITH
    ]
    if len(said) > _SAYS_LITTLE or any(word.is_name for word in said):
        return False
    return resolve_references(parsed, Conversation(())).open


class _References:
    """The references of one question."""

    def __init__(self, parsed: ParsedQuestion, conversation: Conversation) -> None:
        self.parsed = parsed
        self.conversation = conversation

    def edit_at(self, place: int) -> _Edit | _Open | None:
        """Return the edit for the word at `place`.

        None means that the word refers to nothing outside its question, "open" that nothing fits.
        """
        word = self.parsed.words[place]
        if word.low in {"one", "ones"}:
            return self._one_in_clause(place)
        if word.low not in _PRONOUNS or (word.owning and word.low != "its"):
            return None
        if word.low in POINTING:
            if self._begins_clause(place):
                return None
            if self._is_said(place):
                return "open"
            if self._points_ahead(place):
                return None
            if edit := self._time_pointed_at(place):
                return edit
            if noun := self._pointed_noun(place):
                return self._pointed_at(place, noun)
            if self._points_at_no_thing(place):
                return None
        return None if is_empty(self.parsed, place) else self._resolved(place)

    def _phrase_at(self, place: int) -> Phrase | None:
        """Return the phrase that begins with a word, unless it is whose something is."""
        phrases = self.parsed.phrases
        return next((p for p in phrases if p.first == place and p.role != "owner"), None)

    def _is_said(self, place: int) -> bool:
        """Return whether "that" is what somebody said: "who said that?"."""
        parsed = self.parsed
        return place > 0 and parsed.words[place - 1].low in SAYING and place - 1 in parsed.verbs

    def _points_ahead(self, place: int) -> bool:
        """Return whether the rest of its phrase says who is meant: "those responsible for it"."""
        words, phrase = self.parsed.words, self._phrase_at(place)
        if words[place].low not in {"these", "those"} or phrase is None or phrase.plural:
            return False
        return phrase.last > place + 1 and not is_verb(words[place + 1].low)

    def _points_at_no_thing(self, place: int) -> bool:
        """Return whether a word follows that nobody points back at: "this year"."""
        words = self.parsed.words
        if words[place].low not in {"this", "that"} or place + 1 >= len(words):
            return False
        return self._phrase_at(place) is not None and (
            singular(words[place + 1].low) in NOT_POINTED_AT
        )

    def _resolved(self, place: int) -> _Edit | _Open | None:
        """Return the edit for a pronoun by what the conversation has for it."""
        low, phrase = self.parsed.words[place].low, self._phrase_at(place)
        referent = _PRONOUNS[low]
        owning = low in POSSESSIVE and (
            low != "her" or (phrase is not None and phrase.last > place + 1)
        )
        if is_explained(self.parsed, place, referent, owning):
            return None
        # Nobody says "that" of Oslo; it is what was said of it.
        found = self.conversation.antecedent(referent, unnamed=low in {"that", "this"})
        if found is None:
            return self._unresolved(low, referent)
        if owning:
            return self._owned(place, phrase, found)
        return self._of_place(place, found) if referent == "place" else self._of(place, found)

    def _unresolved(self, low: str, referent: Referent) -> _Open | None:
        """Return what is left open by a pronoun to which nothing fits.

        Without a person in the conversation "they" is people in general: "how do they film".
        """
        if referent == "person":
            return "person"
        somebody = any(p.kind == "person" for p in self.conversation.last.phrases)
        is_known = referent == "thing" or (referent == "things" and (low != "they" or somebody))
        return "open" if is_known else None

    def _of_place(self, place: int, found: Antecedent) -> _Edit:
        """Return the edit for "there"."""
        words, new = self.parsed.words, found.whole
        if place == 0 or words[place - 1].low not in PREPOSITION:
            new = f"{found.preposition} {new}"
        return _Edit(words[place].start, words[place].end, new, found.whole, place + 1)

    def _of(self, place: int, found: Antecedent) -> _Edit:
        """Return the edit for "it"; "if it's closed" becomes "if the bridge is closed"."""
        words, new = self.parsed.words, self._without_repetition(found)
        start = words[place].start
        if place + 1 < len(words) and words[place + 1].is_clitic:
            verb = words[place + 1]
            return _Edit(start, verb.end, f"{new} {verb.low}", new, place + 2)
        return _Edit(start, words[place].end, new, new, place + 1)

    def _without_repetition(self, found: Antecedent) -> str:
        """Return the antecedent without what the follow-up says: no "store in Turku in Turku"."""
        attached = tokenize(found.whole)[len(tokenize(found.short)) :]
        present = {word.low for word in self.parsed.words}
        if any(word.is_name and word.low in present for word in attached):
            return found.short
        return found.whole

    def _owned(self, place: int, phrase: Phrase | None, found: Antecedent) -> _Edit:
        parsed, word = self.parsed, self.parsed.words[place]
        simple = found.whole == found.short and not any(w.owning for w in tokenize(found.short))
        if (simple and len(found.short.split()) <= 4) or phrase is None:
            new = possessive(found.short)
            return _Edit(word.start, word.end, new, found.short, place + 1)
        end = parsed.words[phrase.last - 1].end
        owned = (
            parsed.text[parsed.words[place + 1].start : end]
            if place + 1 < len(parsed.words)
            else ""
        )
        if not owned or phrase.last <= place + 1:
            return _Edit(word.start, word.end, possessive(found.short), found.short, place + 1)
        return _Edit(word.start, end, f"the {owned} of {found.whole}", found.whole, phrase.last)

    def _one_in_clause(self, place: int) -> _Edit | None:
        """Return the edit for "one", as in "when is the next one?"."""
        parsed = self.parsed
        before = parsed.words[max(0, place - 2) : place]
        if not before or not any(
            w.low in {"the", "this", "that", "which", "another"} for w in before
        ):
            return None
        if place + 1 < len(parsed.words) and parsed.words[place + 1].low in PREPOSITION | {
            "who",
            "that",
        }:
            return None
        if before[-1].low == "that" and place + 1 < len(parsed.words):
            return None
        for earlier in self.conversation.questions:
            for phrase in ranked(earlier, lambda p: p.kind in {"thing", "person"}):
                nouns = earlier.words[phrase.first : phrase.last]
                start = nouns[-1].start if len(nouns) < 4 else nouns[-2].start
                noun = earlier.text[start : nouns[-1].end]
                if parsed.words[place].low == "one" and phrase.plural:
                    noun = noun[: len(noun) - len(nouns[-1].text)] + singular(nouns[-1].low)
                attached = phrase.whole[len(phrase.text) :]
                word = parsed.words[place]
                return _Edit(word.start, word.end, noun + attached, noun + attached, place + 1)
        return None

    def _begins_clause(self, place: int) -> bool:
        """Return whether "that" is a conjunction or a relative pronoun, as it mostly is.

        It refers back at the end, after an auxiliary or a preposition ("was that signed", "of
        that"), at the head of a clause, and before a noun that was mentioned.
        """
        words = self.parsed.words
        if words[place].low in {"these", "those"}:
            after = words[place + 1].low if place + 1 < len(words) else ""
            return after in {"who", "whom", "whose", "that", "which", "of", "in", "with"}
        if words[place].low != "that":
            return False
        if place + 1 >= len(words) or words[place + 1].is_punctuation:
            return False
        follows = words[place + 1].low
        before = words[place - 1].low if place else ""
        if follows in _AFTER_OBJECT and place - 1 in self.parsed.verbs:
            return False  # "do I get that back?"
        if follows in _TIMES and (place + 2 >= len(words) or words[place + 2].is_punctuation):
            return False  # "who works that day?"
        if follows == "of" or (place and words[place + 1].is_name):
            return before not in AUXILIARY | PREPOSITION
        if before in SAYING or (before in HAVE and place - 1 in self.parsed.verbs):
            return singular(follows) not in self.conversation.mentioned
        if not place or before in AUXILIARY | PREPOSITION | CLAUSE | WH:
            return False
        grammar = follows in GRAMMAR - AUXILIARY - PREPOSITION
        return (
            grammar
            or singular(follows) not in self.conversation.mentioned
            or not self._noun_follows(place)
        )

    def _noun_follows(self, place: int) -> bool:
        words = self.parsed.words
        return not is_verb(words[place + 1].low) and place - 1 in self.parsed.verbs

    def _pointed_noun(self, place: int) -> str:
        """Return the noun after "this" or "that"; "" where the word stands alone."""
        words = self.parsed.words
        if place + 1 >= len(words) or words[place + 1].is_punctuation:
            return ""
        phrase = next(
            (p for p in self.parsed.phrases if p.first == place and p.last > place + 1), None
        )
        follows = words[place + 1].low
        if follows in AUXILIARY | PREPOSITION | CLAUSE | WH | PERSONAL:
            return ""
        if singular(follows) in self.conversation.mentioned:
            return follows if phrase is None else phrase.head
        if phrase is None or hardly_noun(follows) or words[place + 1].is_name:
            return ""
        if place and words[place - 1].low in PREPOSITION:
            return phrase.head
        if is_verb(follows) and not any(verb > place + 1 for verb in self.parsed.verbs):
            return ""
        inverted_be = place > 0 and words[place - 1].low in BE
        ends = phrase.last >= len(words) or words[phrase.last].is_punctuation
        predicate = ends or words[phrase.last].low in PREPOSITION | CLAUSE
        return "" if inverted_be and phrase.last == place + 2 and predicate else phrase.head

    def _pointed_at(self, place: int, noun: str) -> _Edit | _Open | None:
        if singular(noun) in NOT_POINTED_AT:
            return None
        words = self.parsed.words
        last = next((n for n in range(place + 1, len(words)) if words[n].low == noun), place + 1)
        for earlier in self.conversation.questions:
            for phrase in ranked(earlier, lambda p: singular(p.head) == singular(noun)):
                found = Antecedent.of(phrase)
                new = self._without_repetition(found)
                return _Edit(words[place].start, words[last].end, new, new, last + 1)
        return None if words[place + 1].is_name else "open"

    def _time_pointed_at(self, place: int) -> _Edit | None:
        """Return the edit for "that day", of the latest question that names a time."""
        words = self.parsed.words
        noun = words[place + 1].low if place + 1 < len(words) else ""
        if words[place].low != "that" or noun not in _TIMES:
            return None
        for earlier in self.conversation.questions:
            if found := times(earlier.text):
                time = earlier.text[found[-1].start : found[-1].end]
                bare = place == 0 or words[place - 1].low not in PREPOSITION
                joined = "on" if found[-1].shape == "day" or time[0].isdigit() else "in"
                new = f"{joined} {time}" if bare else time
                return _Edit(words[place].start, words[place + 1].end, new, time, place + 2)
        return None
