"""Completes a lone question word from the question before: "why?", "since when?", "how many?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.rewriting.english import AUXILIARY, BE, DO, PERSONAL, PREPOSITION, WH
from index.rewriting.noun_phrases import Phrase
from index.rewriting.phrases import ParsedQuestion
from index.rewriting.tokens import Word, lowered, unended

_LONGEST = 6
"""Words of a text with a lone question word."""
_ADDED = re.compile(
    r"(?:, and (?:\w+ )?(?:why|how|when|where|who|whom|which|what)(?: \w+){0,3})+$", re.I
)
"""What earlier lone question words have added to a question."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A question with the words `carried` of the one before.

    `of_topic` says that it rather asks about the topic of the conversation: "how many teams?".
    """

    question: str
    carried: str
    of_topic: bool = False


def complete(asked: str, parsed: ParsedQuestion, before: ParsedQuestion) -> Completed | None:
    """Return what a lone question word asks after `before`; None for any other text."""
    words = [word for word in parsed.words if not word.is_punctuation]
    negated = len(words) > 1 and words[-1].low == "not"
    if negated:
        asked = asked[: words[-1].start].strip()
        words = words[:-1]
    if not parsed.wh or parsed.verbs or len(words) > _LONGEST:
        return None
    over = words[parsed.opener :]
    if over and not _goes_on(parsed.wh, over):
        return None
    noun = [w for w in words if w.low not in PREPOSITION | WH | {"many", "much"}]
    if not over and (len(noun) > 2 or any(w.is_name for w in noun)):
        return None
    question = _ADDED.sub("", unended(before.text))
    composed = f"{question}, and {lowered(asked)}"
    adverbial = not over and _adverbial(parsed)
    if not before.wh and before.inverted:
        subject = next((p for p in before.phrases if p.first == 1 and p.role != "owner"), None)
        if parsed.wh in {"how many", "how much"}:
            counted = _counted(asked, before, subject, question) if len(words) == 2 else None
            if counted or noun:
                return Completed(counted or composed, question, of_topic=not counted)
        if adverbial:
            if negated and subject:
                place = before.words[subject.full - 1].end
                question = f"{question[:place]} not{question[place:]}"
            return Completed(f"{asked} {lowered(question)}", question)
    if adverbial and before.inverted and _adverbial(before):
        # "Why may one stay?" is not what "why?" asks after "how long may one stay?".
        of_degree = parsed.wh == "why" and before.wh.startswith("how") and before.opener > 1
        bare_being = before.words[before.opener].low in BE and not before.verbs
        alike = {parsed.wh, before.wh} <= {"when", "where"}
        if not of_degree and (not bare_being or alike):
            verb = before.words[before.opener]
            rest = (verb.low if verb.is_clitic else verb.text) + before.text[verb.end :]
            return Completed(f"{asked} {unended(rest)}", unended(rest))
    return Completed(composed, question)


def _goes_on(wh: str, over: Sequence[Word]) -> bool:
    """Return whether words belong to a lone question word: "why so few?"."""
    if any(w.low in AUXILIARY | PERSONAL for w in over):
        return False
    if over[0].low == "to" and len(over) > 1:
        return False  # "how to apply"
    if wh == "why":
        return over[0].low in PREPOSITION | {"so"} and len(over) <= 3
    return wh in {"how", "when", "where"} and over[0].low in PREPOSITION


def _adverbial(parsed: ParsedQuestion) -> bool:
    return parsed.wh in {"when", "where", "why", "how"} or parsed.words[0].low in PREPOSITION


def _counted(
    asked: str, before: ParsedQuestion, subject: Phrase | None, question: str
) -> str | None:
    """Return what "how many?" asks after "were any doses rejected?"."""
    if before.words[0].low in DO or subject is None or not subject.plural:
        return None
    first = subject.first + bool(subject.determiner)
    noun = question[before.words[first].start : before.words[subject.full - 1].end]
    rest = question[before.words[subject.full - 1].end :]
    return f"{asked} {noun} {before.words[0].text.lower()}{rest}"
