"""Completes a lone question word from the question before: "why?", "since when?", "how many?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.rewriting.english import AUXILIARY, PERSONAL, PREPOSITION, WH
from index.rewriting.phrases import ParsedQuestion
from index.rewriting.tokens import Word, lowered, unended

_LONGEST = 6
"""Words of a text with a lone question word."""
_COUNTING = frozenset({"how many", "how much"})
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
    if words and words[-1].low == "not":
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
    of_topic = bool(noun) and not before.wh and before.inverted and parsed.wh in _COUNTING
    return Completed(f"{question}, and {lowered(asked)}", question, of_topic=of_topic)


def _goes_on(wh: str, over: Sequence[Word]) -> bool:
    """Return whether words belong to a lone question word: "why so few?"."""
    if any(w.low in AUXILIARY | PERSONAL for w in over):
        return False
    if over[0].low == "to" and len(over) > 1:
        return False  # "how to apply"
    if wh == "why":
        return over[0].low in PREPOSITION | {"so"} and len(over) <= 3
    return wh in {"how", "when", "where"} and over[0].low in PREPOSITION
