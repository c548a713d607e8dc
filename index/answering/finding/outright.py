"""Statements that answer outright: that something is open, or none, and the field asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.finding.evidence import Evidence, made_likeliest
from index.answering.finding.fields import fields_of
from index.answering.finding.key_figures import key_figures
from index.answering.finding.word_weights import Stem, WordWeights
from index.answering.tuning import Tuning
from index.chunking.passage import Unit

_SETTLED_WORDS = (
    r"(?:decided|determined|agreed|defined|fixed|settled|set|known|clear|announced|disclosed"
    r"|published|confirmed|said|stated|specified|signed|named|chosen|resolved|finali[sz]ed|released)"
)
OPEN = re.compile(
    rf"\b(?:to be (?:seen|{_SETTLED_WORDS})"
    rf"|(?:not|never|n['’]t)(?: yet| so far)?(?: been| be)?(?: yet)? {_SETTLED_WORDS}"
    r"|(?:left )?undecided|undetermined|unresolved|unsettled|unknown|unclear|uncertain|pending"
    r"|tb[adc]"
    r"|nobody (?:knows|has (?:decided|said))|(?:cannot|can['’]t|can not) (?:give|say|tell|promise)"
    r"|(?:remains?|is|are|still) (?:still )?open(?! (?:from|at|to the|on|daily|until|between))"
    r"|left open(?! (?:from|daily|until|between|(?:at|on) \d|at night))|as open"
    r"|open (?:questions?|points?|issues?)|no (?:final )?decision)\b",
    re.IGNORECASE,
)
"""What says that something is not decided or not known."""
_IN_CASE = re.compile(r"\b(?:if|unless|in case|as long as|until|once)\b[^,;:.]*$", re.IGNORECASE)
"""Goes before what may come to be so, which is then no statement that it is."""
_NONE = re.compile(
    r"\b(?:nobody|no[ -]one|none|nothing|neither|not (?:any|a single)|without any"
    r"|no(?! (?:longer|more|less|later|doubt|matter|sooner)))\b",
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
_OPEN_NOUNS = sorted({noun for _, nouns in _DIMENSIONS for noun in nouns})
_COUNTED = re.compile(r"\b(?:how (?:many|much)|any|anybody|anyone|who|is there|are there)\b", re.I)
_PREMISED = re.compile(r"\W*(?:why|when|where|how) (?:is|are|was|were|do|does|did|has|had)\b", re.I)
_DENIED = re.compile(r"\b(?:not|never|no longer)\b|n['’]t\b", re.IGNORECASE)
_LEAST_DENIED = 3
"""Words of a question, of which each must stand in what denies it."""
_LONGEST_FIELD = 120
_NOT_ASKED = (
    frozenset("expected going likely still yet exactly".split())
    | _SIZES
    | frozenset("anybody anyone people person persons staff".split())
)


def raise_outright(
    question: str, evidence: Sequence[Evidence], weights: WordWeights, tuning: Tuning
) -> tuple[list[Evidence], float]:
    """Return the evidence, with a statement that answers outright as the likeliest.

    With it comes the least confidence that follows: 0 where there is no such statement.
    """
    asking = _Asking.of(question, weights)
    best: tuple[float, int] | None = None
    for at, piece in enumerate(evidence):
        passage = piece.passage
        text = passage.text_of(piece.unit.span)
        least = asking.least_share(text, piece.unit, tuning)
        if label := key_figures(passage).get(piece.unit):
            text = f"{passage.text_of(label.span)} {text}"
            least = tuning.outright_share if asking.is_label(passage.text_of(label.span)) else None
        if least is None:
            continue
        file = passage.document.rpartition("/")[2]
        held = weights.stems(" ".join((text, *passage.heading, passage.title, file)))
        share = weights.share(asking.stems, held) if asking.stems else 1.0
        if share >= least and (best is None or share > best[0]):
            best = share, at
    if best is None:
        return list(evidence), 0.0
    return made_likeliest(evidence, best[1]), tuning.outright_confidence


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a question asks for: its stems, and those of the nouns for what it wants to know."""

    question: str
    stems: frozenset[Stem]
    nouns: frozenset[Stem]
    weights: WordWeights

    @classmethod
    def of(cls, question: str, weights: WordWeights) -> _Asking:
        nouns = next((nouns for asks, nouns in _DIMENSIONS if asks.search(question)), frozenset())
        stems = weights.stems(question, _NOT_ASKED)
        return cls(question, stems, weights.stems(" ".join(nouns)), weights)

    def least_share(self, text: str, unit: Unit, tuning: Tuning) -> float | None:
        """Return the share of the question that a statement must have to answer it outright.

        None means that it is no such statement.
        """
        is_open = OPEN.search(text)
        if is_open and not _IN_CASE.search(text[: is_open.start()]):
            held = self.weights.stems(text)
            if held & self.nouns:
                return tuning.open_share
            return None if self._is_of_other_dimension(held) else tuning.outright_share
        is_counted = _COUNTED.search(self.question) and not _NONE.search(self.question)
        if is_counted and _NONE.search(text):
            return tuning.outright_share
        if self._is_denied(text):
            return 1.0
        return tuning.outright_share if self._is_field(text, unit) else None

    def _is_of_other_dimension(self, held: frozenset[Stem]) -> bool:
        """Return whether a statement says that a date is open, say, where a size is asked for."""
        if not self.nouns:
            return False
        others = " ".join(_OPEN_NOUNS)
        return bool(held & (self.weights.stems(others) - self.stems - self.nouns))

    def _is_denied(self, text: str) -> bool:
        """Return whether a text denies what a question takes for granted, in its very words."""
        if not _PREMISED.match(self.question) or _DENIED.search(self.question):
            return False
        is_told = len(self.stems) >= _LEAST_DENIED and self.stems <= self.weights.stems(text)
        return is_told and bool(_DENIED.search(text))

    def is_label(self, text: str) -> bool:
        """Return whether a label has no word that is not asked for."""
        stems = self.weights.stems(text)
        return bool(stems) and stems <= self.stems

    def _is_field(self, text: str, unit: Unit) -> bool:
        """Return whether a text is fields, one of them with a label that is asked for."""
        labels = [label for label, _ in fields_of(text, unit.span)]
        if len(labels) < 2 and (len(text) > _LONGEST_FIELD or text.partition(":")[0].isupper()):
            return False
        return any(self.is_label(label.replace("_", " ")) for label in labels)
