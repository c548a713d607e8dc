"""Statements that something is open, unknown or none, which answer whoever asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.answering.evidence import Evidence
from index.answering.tuning import Tuning
from index.answering.word_weights import WordWeights

__all__ = ["OPEN", "raise_open"]

_KNOWN = (
    r"(?:decided|determined|agreed|defined|fixed|settled|set|known|clear|announced|disclosed"
    r"|published|confirmed|said|stated|specified|signed|named|chosen|resolved|finali[sz]ed|released)"
)
OPEN = re.compile(
    rf"\b(?:to be (?:seen|{_KNOWN})"
    rf"|(?:not|never|n['’]t)(?: yet| so far)?(?: been| be)?(?: yet)? {_KNOWN}"
    r"|undecided|undetermined|unresolved|unsettled|unknown|unclear|uncertain|pending|tb[adc]"
    r"|nobody (?:knows|has (?:decided|said))|(?:cannot|can['’]t|can not) (?:give|say|tell|promise)"
    r"|(?:remains?|is|are|still|left) (?:still )?open"
    r"(?! (?:from|at|to the|on|daily|until|between))|as open"
    r"|open (?:questions?|points?|issues?)|no (?:final )?decision)\b",
    re.IGNORECASE,
)
"""What says that something is not decided or not known."""
_NONE = re.compile(
    r"\b(?:nobody|no[ -]one|none|nothing|neither|no|not (?:any|a single)|without any)\b",
    re.IGNORECASE,
)
_MEASURES = (
    "size scale scope extent number amount magnitude quantity volume strength figure figures large"
    " big many much long far high length duration"
)
_SIZES = frozenset(_MEASURES.split())
_DIMENSIONS = (
    (
        re.compile(
            r"\bhow (?:large|big|many|much|long|far|high|strong|great|expensive)\b|\bcost", re.I
        ),
        frozenset(f"{_MEASURES} cost costs price budget sum value".split()),
    ),
    (
        re.compile(r"\bwhen\b|\bwhat (?:date|day|time)\b|\bhow soon\b", re.I),
        frozenset("date dates day time timing timetable schedule when deadline start".split()),
    ),
    (
        re.compile(r"\bwhere\b|\bwhat (?:place|location)\b", re.I),
        frozenset("place location site where venue".split()),
    ),
    (
        re.compile(r"\bwho\b|\bwhose\b|\bwhom\b", re.I),
        frozenset("who name person successor".split()),
    ),
    (re.compile(r"\bwhy\b", re.I), frozenset("reason reasons cause why".split())),
)
"""What questions ask for, and the nouns that statements have for it."""
_COUNTED = re.compile(r"\b(?:how (?:many|much)|any|who|which|what|is there|are there)\b", re.I)
_NOT_ASKED = (
    frozenset("expected going likely still yet exactly".split())
    | _SIZES
    | frozenset("anybody anyone people person persons staff".split())
)


def raise_open(
    question: str, evidence: Sequence[Evidence], weights: WordWeights, tuning: Tuning
) -> tuple[list[Evidence], float]:
    """Return the evidence, a statement that what is asked for is open or none as the likeliest.

    With it comes the least confidence that follows: 0 where there is no such statement.
    """
    asked = weights.stems(question, _NOT_ASKED)
    nouns = next((nouns for asks, nouns in _DIMENSIONS if asks.search(question)), frozenset())
    best: tuple[float, int] | None = None
    for at, piece in enumerate(evidence):
        text = piece.passage.text_of(piece.unit.span)
        is_open = bool(OPEN.search(text))
        if not is_open and not (_NONE.search(text) and _COUNTED.search(question)):
            continue
        passage = piece.passage
        file = passage.document.rpartition("/")[2]
        held = weights.stems(" ".join((text, *passage.heading, passage.title, file)))
        share = weights.share(asked, held)
        if is_open and weights.stems(text) & weights.stems(" ".join(nouns)):
            share = share if asked else 1.0
            least = tuning.open_share
        else:
            least = tuning.none_share
        if share >= least and (best is None or share > best[0]):
            best = share, at
    if best is None:
        return list(evidence), 0.0
    most = max(piece.probability for piece in evidence)
    raised = list(evidence)
    raised[best[1]] = replace(raised[best[1]], probability=min(1.0, most + 0.01))
    return raised, tuning.open_confidence
