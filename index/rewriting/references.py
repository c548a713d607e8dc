"""Pronouns and pointing words of a question that its conversation must explain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.rewriting.english import (
    AUXILIARY,
    BE,
    CLAUSE,
    EMPTY_IT,
    EMPTY_IT_VERBS,
    GRAMMAR,
    HAVE,
    MODAL,
    NOT_POINTED_AT,
    PERSONAL,
    POINTING,
    POSSESSIVE,
    PREPOSITION,
    SAYING,
    WEATHER,
    WH,
)
from index.rewriting.phrases import Cut, Phrase
from index.rewriting.tokens import (
    hardly_noun,
    is_verb,
    possessive,
    singular,
    spliced,
    words_of,
)
from index.rewriting.turns import Antecedent, Conversation, Gap, may_own, ranked

__all__ = ["Filled", "fill_gaps"]

_PRONOUNS: dict[str, Gap] = {
    **dict.fromkeys(("it", "its", "this", "that"), "thing"),
    **dict.fromkeys(("they", "them", "their", "these", "those"), "things"),
    **dict.fromkeys(("he", "him", "his", "she", "her"), "person"),
    "there": "place",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """`text` with its gaps filled by `carried`; `open` where a gap is left that nothing fits."""

    text: str
    carried: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class _Edit:
    """`new`, with the words `carried` in it, for characters; reading goes on at word `after`."""

    start: int
    end: int
    new: str
    carried: str
    after: int


_Open: TypeAlias = Literal["open"]


def fill_gaps(cut: Cut, conversation: Conversation) -> Filled:
    finder = _Gaps(cut, conversation)
    edits: list[_Edit] = []
    is_open = False
    for place, word in enumerate(cut.words):
        if edits and place < edits[-1].after:
            continue
        edit = finder.gap(place)
        if edit == "open":
            is_open = True
        elif edit is not None:
            new = edit.new
            if edit.start == 0 and word.is_name:
                new = new[:1].upper() + new[1:]
            edits.append(_Edit(edit.start, edit.end, new, edit.carried, edit.after))
    text = spliced(cut.text, [(edit.start, edit.end, edit.new) for edit in edits])
    return Filled(text, tuple(dict.fromkeys(edit.carried for edit in edits)), is_open)


class _Gaps:
    def __init__(self, cut: Cut, conversation: Conversation) -> None:
        self.cut = cut
        self.conversation = conversation

    def gap(self, place: int) -> _Edit | _Open | None:
        """The edit for the word at `place`.

        None where the word is no gap, "open" where nothing fits it.
        """
        cut, word = self.cut, self.cut.words[place]
        low = word.low
        if low in {"one", "ones"}:
            return self._one_in_clause(place)
        if low not in _PRONOUNS or (word.owning and low not in {"its"}):
            return None
        gap = _PRONOUNS[low]
        phrase = next((p for p in cut.phrases if p.first == place and p.role != "owner"), None)
        if low in POINTING:
            if self._begins_clause(place):
                return None
            if place and cut.words[place - 1].low in SAYING and place - 1 in cut.verbs:
                return "open"
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
                if singular(after) in NOT_POINTED_AT:
                    return None
        if low == "there" and self._empty_there(place):
            return None
        if low in {"it", "that", "this"} and self._empty_it(place):
            return None
        owning = low in POSSESSIVE and (
            low != "her" or (phrase is not None and phrase.last > place + 1)
        )
        if self._explained_inside(place, gap, owning):
            return None
        found = self.conversation.antecedent(gap)
        if found is None:
            # "They" is anybody where nobody was spoken of: "how do they film it".
            somebody = any(p.kind == "person" for p in self.conversation.last.phrases)
            known = gap == "thing" or (gap == "things" and (low != "they" or somebody))
            return "open" if known else None
        if owning:
            return self._owned(place, phrase, found)
        if gap == "place":
            new = found.whole
            if place == 0 or cut.words[place - 1].low not in PREPOSITION:
                new = f"{found.preposition} {new}"
            return _Edit(word.start, word.end, new, found.whole, place + 1)
        new = self._fresh(found)
        if place + 1 < len(cut.words) and cut.words[place + 1].is_clitic:
            verb = cut.words[place + 1]  # "if it's closed": if the bridge is closed
            return _Edit(word.start, verb.end, f"{new} {verb.low}", new, place + 2)
        return _Edit(word.start, word.end, new, new, place + 1)

    def _fresh(self, found: Antecedent) -> str:
        """Without what the follow-up says itself: not "the store in Turku in Turku"."""
        attached = words_of(found.whole)[len(words_of(found.short)) :]
        own = {word.low for word in self.cut.words}
        if any(word.is_name and word.low in own for word in attached):
            return found.short
        return found.whole

    def _owned(self, place: int, phrase: Phrase | None, found: Antecedent) -> _Edit:
        cut, word = self.cut, self.cut.words[place]
        simple = found.whole == found.short and not any(w.owning for w in words_of(found.short))
        if (simple and len(found.short.split()) <= 4) or phrase is None:
            new = possessive(found.short)
            return _Edit(word.start, word.end, new, found.short, place + 1)
        end = cut.words[phrase.last - 1].end
        owned = cut.text[cut.words[place + 1].start : end] if place + 1 < len(cut.words) else ""
        if not owned or phrase.last <= place + 1:
            return _Edit(word.start, word.end, possessive(found.short), found.short, place + 1)
        return _Edit(word.start, end, f"the {owned} of {found.whole}", found.whole, phrase.last)

    def _one_in_clause(self, place: int) -> _Edit | None:
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
        for earlier in self.conversation.cuts:
            for phrase in ranked(earlier, lambda p: p.kind in {"thing", "person"}):
                nouns = earlier.words[phrase.first : phrase.last]
                start = nouns[-1].start if len(nouns) < 4 else nouns[-2].start
                noun = earlier.text[start : nouns[-1].end]
                if cut.words[place].low == "one" and phrase.plural:
                    noun = noun[: len(noun) - len(nouns[-1].text)] + singular(nouns[-1].low)
                attached = phrase.whole[len(phrase.text) :]
                word = cut.words[place]
                return _Edit(word.start, word.end, noun + attached, noun + attached, place + 1)
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
        before = words[place - 1].low if place else ""
        if follows == "of" or (place and words[place + 1].is_name):
            return before not in AUXILIARY | PREPOSITION
        if before in SAYING or (before in HAVE and place - 1 in self.cut.verbs):
            return singular(follows) not in self.conversation.spoken
        if not place or before in AUXILIARY | PREPOSITION | CLAUSE | WH:
            return False
        grammar = follows in GRAMMAR - AUXILIARY - PREPOSITION
        return (
            grammar
            or singular(follows) not in self.conversation.spoken
            or not self._noun_follows(place)
        )

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
        if follows in AUXILIARY | PREPOSITION | CLAUSE | WH | PERSONAL:
            return ""
        if singular(follows) in self.conversation.spoken:
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

    def _pointed_at(self, place: int, noun: str) -> _Edit | _Open | None:
        if singular(noun) in NOT_POINTED_AT:
            return None
        words = self.cut.words
        last = next((n for n in range(place + 1, len(words)) if words[n].low == noun), place + 1)
        for earlier in self.conversation.cuts:
            for phrase in ranked(earlier, lambda p: singular(p.head) == singular(noun)):
                found = Antecedent.of(phrase)
                new = self._fresh(found)
                return _Edit(words[place].start, words[last].end, new, new, last + 1)
        return "open"

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
        if said[:1] and said[0] in EMPTY_IT and goes_on & set(said[1:3]):
            return True
        if said[:1] and said[0] in EMPTY_IT_VERBS and (goes_on - {"for"}) & set(said[1:5]):
            return words[place].low == "it"
        if said[:1] and words[place].low == "it" and said[0] in WEATHER:
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

    def _explained_inside(self, place: int, gap: Gap, owning: bool) -> bool:
        """Whether a phrase before it, in the same question, is what the pronoun stands for.

        An object is never its own clause's subject ("does Norway support it"), a possessive may be.
        """
        cut = self.cut
        if owning and place < cut.opener and cut.inverted:
            # "what share of its budget does Sweden spend"
            return any(
                p.first >= cut.opener and p.role == "subject" and may_own(p, gap, "")
                for p in cut.phrases
            )
        if owning and gap != "thing" and cut.wh in {"who", "whose"} and not cut.inverted:
            return True
        for phrase in cut.phrases:
            if phrase.last > place or phrase.determiner in POSSESSIVE or phrase.head in EMPTY_IT:
                continue
            follows = cut.words[phrase.last].low
            if owning:
                if phrase.role != "focus" and may_own(phrase, gap, follows):
                    return True
                continue
            if phrase.role == "owner" or not may_own(phrase, gap, follows):
                continue
            if any(w.low in CLAUSE or w.text in ",;:" for w in cut.words[phrase.last : place]):
                return True
        return False
