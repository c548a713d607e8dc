"""Names that statements tell: who is what, where something is, and which words are names."""

from __future__ import annotations

import re

from index.claims.words import stem
from index.document import Span
from index.text import WORD

_PERSON = (
    r"(?:(?:Dr|Mr|Ms|Mrs|Prof|Col|Maj|Capt|Lt|Sgt)\.?\s)?"
    r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}(?:\s(?:[A-ZÀ-ÖØ-Þ]\.|van|von|de|der|al|bin)){0,2}"
    r"(?:\s[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}){0,3}"
)
_IS_NAME = re.compile(
    rf"^(?P<subject>.{{3,160}}?)\s(?:is|will be|remains)\s(?P<name>{_PERSON})\s*(?:[.,;(]|$"
    rf"|who\b|from\b"
    r"|since\b)"
)
_BY_NAME = re.compile(
    r"^(?P<subject>.{3,160}?\b(?:led|headed|chaired|managed|signed|approved|run|owned|written|directed"
    rf"|coordinated|supplied|delivered|audited|built|made|produced|provided)\sby)\s(?:the\s)?(?P<name>{_PERSON})"
)
_IN_PLACE = re.compile(
    r"^(?P<subject>.{3,160}?\s(?:is|are|will be)(?:\s(?:located|based|held|stored|kept|stationed"
    r"|parked"
    rf"|situated|housed))?\s(?:in|at)|.{{3,120}}?\b(?:takes place|meets?|lies|stands"
    rf"|sits)\s(?:in|at))\s"
    rf"(?:the\s)?(?P<name>{_PERSON})"
)
_NAME_IS = re.compile(
    rf"^(?P<name>{_PERSON})\s(?P<subject>(?:is|will be)\sthe\s.{{3,160}}|is\s(?:responsible"
    rf"|in charge)\b"
    r".{3,160}|(?:leads|heads|chairs|manages|owns|signs|approves|coordinates|commands|directs|represents)"
    r"\s.{3,160})"
)
_FORMS = (
    (_IS_NAME, ("is", "be", "remains")),
    (_BY_NAME, ("by",)),
    (_IN_PLACE, ("in", "at")),
    (
        _NAME_IS,
        "is be leads heads chairs manages owns signs approves coordinates commands directs"
        " represents".split(),
    ),
)
"""Each with words of which a text in this form has one."""
_NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday the this that these those there here"
    " it he she they we you i a an no not all any each every some if when in on at yes if both one"
    " two everyone everybody nobody someone who what january february march april may june july"
    " august september october november december".split()
)
_LONGEST_NAME = 6
_GOES_ON = re.compile(r"(?:,\s|,?\s(?:and|&|or)\s)(?:the\s)?[A-ZÀ-ÖØ-Þ]")


def stated_name(text: str) -> tuple[str, Span, str]:
    """Return the name that a clause tells, where it stands, and of what; empty if none."""
    said = frozenset(text.split())
    for form, words_of_form in _FORMS:
        if said.isdisjoint(words_of_form):
            continue
        match = form.match(text)
        if match is None:
            continue
        words = match["name"].split()
        if re.match(r"\s?\d|@", text[match.end("name") :]) or len(words[-1]) == 1:
            continue
        if _GOES_ON.match(text, match.end("name")):
            continue  # several names
        if words[0].lower() in _NOT_NAMES or any(word.lower() in _NOT_NAMES for word in words[1:]):
            continue
        if form is _NAME_IS and len(words) < 2:
            continue
        return match["name"], Span(*match.span("name")), match["subject"]
    return "", Span(0, 0), ""


def names_of(text: str, from_the_first: bool) -> tuple[str, ...]:
    """Return the stems of the words with a capital letter, but for the first of a sentence."""
    found = [
        match
        for match in WORD.finditer(text)
        if match[0][:1].isupper() and (from_the_first or text[: match.start()].strip(" -*•\"'“("))
    ]
    return tuple(stem(match[0].lower()) for match in found)


def is_name(text: str) -> bool:
    """Return whether a value is a name, each of its words with a capital letter."""
    words = [word for word in WORD.findall(text) if len(word) > 3 or word[0].isupper()]
    return (
        0 < len(words) <= _LONGEST_NAME
        and text[:1].isupper()
        and all(word[0].isupper() or word[0].isdigit() for word in words)
        and words[0].lower() not in _NOT_NAMES
    )
