"""Completes a fragment from the question before: "what about Sweden?", "and its budget?"."""

from __future__ import annotations

import re
from dataclasses import replace

from index.rewriting.english import (
    ATTRIBUTES,
    AUXILIARY,
    CLAUSE,
    PERSONAL,
    POSSESSIVE,
    PREPOSITION,
    WH,
)
from index.rewriting.phrases import parse_question
from index.rewriting.references import resolve_references
from index.rewriting.substitution import other, substitute
from index.rewriting.times import times
from index.rewriting.tokens import lowered, singular, unended
from index.rewriting.turns import FollowUpKind, Rewritten
from index.rewriting.typed_question import TypedQuestion

_OTHER_ONE = re.compile(r"^(?:(?:the|any|some) )?others?(?: ones?)?$", re.I)
_OF_PERSONS = frozenset("him her them".split())
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
    if typed.led and prepositional and [word.low in _OF_PERSONS for word in words] == [False, True]:
        question = unended(typed.conversation.last.text)
        return typed.carrying(f"{question} {words[0].text}", question)  # "and before her?"
    if any(word.low in POSSESSIVE for word in words):
        return _owned(typed)
    if any(word.low in PERSONAL - {"one"} for word in words):
        return None
    if not (typed.led or prepositional or (typed.asks and len(words) <= 3)):
        return None
    before = typed.conversation.last
    if _OTHER_ONE.match(typed.bare):
        asked = other(before) or unended(before.text)
        return replace(typed.carrying(asked, asked), follow_up=FollowUpKind.OTHER)
    attribute = _attribute(typed)
    if attribute is not None:
        return attribute
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


def _owned(typed: TypedQuestion) -> Rewritten | None:
    """Rewrite a fragment with a possessive: "and its budget?"."""
    parsed = typed.parsed_fragment
    if not (typed.led or typed.asks) or parsed.words[0].low not in POSSESSIVE or not parsed.phrases:
        return None
    verb = "are" if parsed.phrases[-1].plural else "is"
    resolved = resolve_references(parse_question(f"what {verb} {typed.bare}"), typed.conversation)
    return typed.carrying(resolved.text, *resolved.carried) if resolved.carried else None


def _attribute(typed: TypedQuestion) -> Rewritten | None:
    """Rewrite "and the cost?" where the conversation mentions no cost."""
    phrases = [phrase for phrase in typed.parsed_fragment.phrases if phrase.role != "owner"]
    topic = typed.conversation.topic()
    if not phrases or topic is None:
        return None
    noun = phrases[0]
    if not typed.led and (noun.determiner or not typed.conversation.last.wh.startswith("how much")):
        return None
    known = any(singular(p.head) == singular(noun.head) for p in typed.conversation.last.phrases)
    if known or singular(noun.head) not in ATTRIBUTES or noun.determiner not in {"the", ""}:
        return None
    if noun.before or noun.last - noun.first > 2:
        return None
    verb = "are" if noun.plural else "is"
    article = "" if noun.determiner else "the "
    return typed.carrying(f"what {verb} {article}{typed.bare} of {topic}", topic)
