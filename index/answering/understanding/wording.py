"""Rewords a question for the search and the reader, which know questions best.

People ask in many ways: "I heard that ...", "..., right?", "can you tell me ...". What only says
that something is asked is taken away. No word that names a thing is lost or put in.
"""

from __future__ import annotations

import re
from itertools import pairwise

from index.answering.understanding.forms import patterns
from index.answering.understanding.situations import as_situation
from index.rewriting.english import AUXILIARY, IMPERATIVE, WH, either
from index.rewriting.tokens import is_participle, is_verb, tokenize, unended

_WORDS = {
    "PEOPLE": "(?:i|we|my colleagues?|people|they|someone|somebody|everyone|a colleague|the team)",
    "VERY": "(?:really |fairly |pretty |quite |very |almost |just |also |actually |now )*",
    "ASKING": either(WH),
}
_LEADS = re.compile(
    "^(?:"
    + "|".join(
        patterns(
            r"""
            (so|and|but|well|hmm*|then|now|also|apparently|supposedly|allegedly|actually|btw
                |by the way|oh|ok|okay|just|please|pls)\b[\s,:;.…-]*
            PEOPLE(['’]ve| have| had)? VERY(heard|understood|remember|recall|understand|think
                |thought|believe|guess|assume|suppose|gather|reckon|presume|suspect|imagine
                |(read|noticed)(?= that\b))( from \w+( \w+)?)?( that\b|,)?\s+(?!about\b|of\b)
            ((i|we) (was|were|am|are)|i['’]m|we['’]re)
                VERY(told|informed|sure|certain|convinced)( that\b)?\s+
            is it (really |actually |still )?(true|correct|right|the case|a fact|so) (that )?
            ((can|could|will|would) you |please |kindly )*(confirm|verify|double-check
                |check)( for me| please)?( that| whether| if)\s+
            (do|would) you (happen to )?(know|remember) (if |whether |(?=ASKING\b))
            (i|we)('d|’d)? (want|would like|like|need) to (know|ask
                |find out)( if| whether| that|:)?\s+
            (i was|i'm|i’m|i am|we were|we are|was|just) wondering( about)?( if| whether|:)?\s+
            ((can|could|would|will) (you|anyone|someone|somebody) |please |kindly )+(please )?(tell
                |show|remind|inform|explain to) (me|us) (if |whether |(?=ASKING\b))
            (does )?(anyone|anybody|someone) (here )?know (if |whether |(?=ASKING\b))
            """,
            _WORDS,
        )
    )
    + ")",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"\n|[.?!…]\s+\w")
"""Between sentences, of which another may ask."""
_LEAST = 3
"""Characters that must be left."""
_BEFORE_TAGS = frozenset(",; –—-")
_NOT = r"(?:n['’]?t)?"
_TAGS = re.compile(
    r"(?<![\s,;–—-])[\s,;–—-]*\b(?:"
    r"(?:is|are|was|were|do|does|did|has|have|had|will|wo|would|can|ca|could|should|must)"
    rf"{_NOT} (?:it|they|he|she|we|you|i|there|that|one)(?: not)?"
    r"|right|correct|true|no|yes|or not|or no|huh|eh|innit"
    r"|is (?:that|this|it) (?:right|correct|true|so|still (?:right|true|valid|the case))"
    r"|am i (?:right|wrong)|(?:please )?confirm|i (?:think|guess|believe|suppose|assume|presume)"
    r"|if i (?:remember|understand|recall)(?: it)?(?: correctly| rightly)?|please|pls|thanks|then"
    r")[\s?!.…]*$",
    re.IGNORECASE,
)


def bare(question: str) -> str:
    """Return the question without what only says that something is asked or believed.

    A statement ends with a full stop, since the reader is surer of it then. What has little left is
    returned as it is, and keywords are.
    """
    text = question.strip()
    names_topic = False
    while (lead := _LEADS.match(text)) and len(text) - lead.end() > _LEAST:
        text = text[lead.end() :]
        names_topic = lead[0].rstrip().endswith(("on", "about", "regarding"))
    if meant := as_situation(text):
        return meant
    tag = _TAGS.search(text)
    if tag and tag.start() > _LEAST and tag[0][:1] in _BEFORE_TAGS and _states(text[: tag.start()]):
        text = text[: tag.start()]
    if len(tokenize(text)) < 2 and not names_topic:
        return question
    is_changed = text != question.strip()
    is_sentence = is_changed or text[-1] in ".?!"
    if is_sentence and _states(text) and _has_verb(text, is_changed):
        text = f"{unended(text)}."
    return text if text == question.strip() else text[:1].upper() + text[1:]


def _has_verb(text: str, is_believed: bool) -> bool:
    """Return whether a text says something of something; less shows it of what is believed."""
    words = tokenize(text)[1:]
    return any(
        word.low in AUXILIARY or (is_believed and (is_verb(word.low) or is_participle(word.low)))
        for word in words
    )


def _states(text: str) -> bool:
    """Return whether a text neither asks nor commands by the words it holds."""
    words = tokenize(text)
    asks = any(word.low in WH for word in words) or bool(_BROKEN.search(text))
    asks = asks or any(mark.text == "," and word.low in AUXILIARY for mark, word in pairwise(words))
    return bool(words) and not asks and words[0].low not in AUXILIARY | IMPERATIVE
