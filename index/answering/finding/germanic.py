"""Questions in German and the Nordic languages, answered by sentences that have their words.

The reader knows English. In these languages, endings and compounds hide from it, and from the
search, that "når er dugnaden" is answered by a sentence on the "vårdugnad".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answering.finding.evidence import Evidence
from index.answering.tuning import Tuning
from index.answering.understanding.language import grammar_of, language_of
from index.text import fold, words_of

__all__ = ["raise_germanic"]

_LANGUAGES = frozenset(("da", "de", "no", "sv"))
_ASKING = frozenset(
    "passiert brauche brauchen braucht bekomme bekommen bekommt finde finden darfst kannst muessen"
    " mussen müssen man mir mich mein meine meinen kein keine keinen nächste nächsten naechste"
    " an am ab bis da dann den denn hier mal bitte nicht nur was wen wem so"
    " kostet kosten koste koster kostar teuer dyrt mye mange mycket många stor lenge lange länge"
    " hvad gjør gjøre gjør göra skjer man meg min mitt mine i å at et en ei neste nästa nå nu"
    " oft viel viele wieviele lang"
    " dürfen dürft erlaubt verboten gestattet lov tillatt forbudt tillåtet förbjudet".split()
)
"""Words that ask, or stand beside those that do, without saying of what."""
_DAY = (
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:man|tirs|tors|fre|lør|søn|mån|tis|lör"
    r"|sön)dag|onsdag"
)
_MONTH = (
    r"jan(?:uar|uari)?|feb(?:ruar|ruari)?|märz|mars|marts|april|mai|maj|juni|juli|august|augusti"
    r"|september|oktober|november|de[sz]ember|december"
)
_WHEN = re.compile(
    rf"\b\d{{1,2}}[:.]\d\d\b|\b\d{{1,2}}\.?(?:\s*(?:bis|til|till|–|-)\s*\d{{1,2}})?\s*uhr\b|\bkl\.?\s*\d"
    rf"|\d\.?\s*(?:{_MONTH})\b|\b(?:{_MONTH})\s+20\d\d|\b(?:{_DAY})",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\d\s*(?:€|euro?\b|kr\b|kroner|kronor|nok\b|sek\b|dkk\b|chf\b|franken)|[€£$]\s*\d"
    r"|\b(?:kosten(?:los|frei)|gratis|umsonst)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
_ASKS = (
    (re.compile(r"\b(?:wann|hvornår|når|när)\b", re.I), _WHEN),
    (re.compile(r"\b(?:kostet|kosten|teuer|koster|kostar|dyrt)\b", re.I), _MONEY),
    (
        re.compile(r"\bwie ?(?:viele?|lange?|oft)\b|\bh(?:vor|ur) (?:m|l|å)\w+", re.I),
        re.compile(r"\d|\b(?:ein|zwei|drei|vier|en|ett|to|två|tre)\b", re.I),
    ),
)
"""What a question asks for, and what its answer cannot lack."""
_ENDINGS = re.compile(r"(?:ene|ern|en|er|es|et|em|e|n|s|t)$")
_LEAST_STEM = 4
_BESIDE = 0.5
"""Of a word that stands in the same passage only."""


def raise_germanic(
    question: str, evidence: Sequence[Evidence], tuning: Tuning
) -> tuple[list[Evidence], float]:
    """Return the evidence, with the sentence that has the words of the question as the likeliest.

    With it comes the least confidence that follows: 0 where there is no such sentence, or the
    question is in another language.
    """
    language = language_of(question)
    if language not in _LANGUAGES or not evidence:
        return list(evidence), 0.0
    asking = _Asking.of(question, language)
    if not asking.stems:
        return list(evidence), 0.0
    shares = [asking.share_in(piece) for piece in evidence]
    best = max(range(len(shares)), key=lambda at: (shares[at], evidence[at].probability))
    if shares[best] < tuning.germanic_share:
        return list(evidence), 0.0
    most = max(piece.probability for piece in evidence)
    raised = list(evidence)
    raised[best] = replace(raised[best], probability=min(1.0, most + 0.01))
    return raised, tuning.outright_confidence


@dataclass(frozen=True, slots=True)
class _Asking:
    """The stems of a question's words, and what its answer must have."""

    stems: tuple[str, ...]
    needed: re.Pattern[str] | None

    @classmethod
    def of(cls, question: str, language: str) -> _Asking:
        known = grammar_of(language) | _ASKING
        words = [word for word in words_of(question) if word not in known]
        needed = next((needed for asks, needed in _ASKS if asks.search(question)), None)
        return cls(tuple(dict.fromkeys(map(_stem, words))), needed)

    def share_in(self, piece: Evidence) -> float:
        """Return how much of the question a unit has, with the headings above it."""
        passage = piece.passage
        text = passage.text_of(piece.unit.span)
        if self.needed and not self.needed.search(text):
            return 0.0
        own = [*words_of(text), *(w for heading in passage.heading for w in words_of(heading))]
        own, beside = list(map(fold, own)), list(map(fold, words_of(passage.text)))
        found = [
            1.0 if _holds(own, stem) else _BESIDE * _holds(beside, stem) for stem in self.stems
        ]
        return sum(found) / len(found)


def _stem(word: str) -> str:
    folded = fold(word)
    stem = _ENDINGS.sub("", folded)
    return stem if len(stem) >= _LEAST_STEM else folded


def _holds(words: Sequence[str], stem: str) -> bool:
    """Return whether one of these words has a stem, or is a compound with it."""
    if len(stem) < _LEAST_STEM:
        return stem in words
    return any(stem in word for word in words)
