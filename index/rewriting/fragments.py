"""Completes a fragment from the question before: "what about Sweden?", "and in winter?"."""

from __future__ import annotations

import re
from dataclasses import replace

from index.rewriting.english import AUXILIARY, CLAUSE, PERSONAL, PREPOSITION, WH
from index.rewriting.substitution import other, substitute
from index.rewriting.times import times
from index.rewriting.tokens import lowered, unended
from index.rewriting.turns import FollowUpKind, Rewritten
from index.rewriting.typed_question import TypedQuestion

_OTHER_ONE = re.compile(r"^(?:(?:the|any|some) )?others?(?: ones?)?$", re.I)
LONGEST_FRAGMENT = 8
"""Words of a fragment that is put into another question."""


def complete_fragment(typed: TypedQuestion) -> Rewritten | None:
    """Rewrite a fragment: "what about Sweden?", "and in winter?", "level 4?"."""
    parsed, words = typed.parsed_fragment, typed.parsed_fragment.words
    if not words or len(words) > LONGEST_FRAGMENT or parsed.verbs or parsed.wh:
        return None
    if words[0].low == "per":
        return None  # "per diem Oslo" lacks nothing
    grammar = {word.low for word in words} & (AUXILIARY | WH | CLAUSE - {"and"})
    if grammar and not (len(times(typed.bare)) == 1 and grammar <= AUXILIARY):
        return None  # a clause; but "may" and "will" are names as well
    prepositional = words[0].low in PREPOSITION
    if any(word.low in PERSONAL - {"one"} for word in words):
        return None
    if not (typed.led or prepositional or (typed.asks and len(words) <= 3)):
        return None
    before = typed.conversation.last
    if _OTHER_ONE.match(typed.bare):
        asked = other(before) or unended(before.text)
        return replace(typed.carrying(asked, asked), follow_up=FollowUpKind.OTHER)
    question = unended(before.text)
    replaced = substitute(
        before,
        parsed,
        led=typed.led,
        columns=typed.conversation.columns,
        corrects=typed.conversation.in_small_letters,
    )
    if replaced is not None:
        return typed.carrying(replaced, question)
    if not typed.led:
        return None
    return typed.carrying(f"About {typed.bare}: {lowered(question)}", question)
