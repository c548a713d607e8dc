"""Questions in German and the Nordic languages, answered by sentences that have their words.

The reader knows English. In these languages, endings and compounds hide from it, and from the
search, that "når er dugnaden" is answered by a sentence on the "vårdugnad".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answering.finding.evidence import Evidence, made_likeliest
from index.answering.tuning import Tuning
from index.answering.understanding.language import grammar_of, language_among, language_of
from index.document import BlockKind
from index.text import WORD, fold

_LANGUAGES = frozenset(("da", "de", "no", "sv"))
_ASKING = frozenset(
    "passiert brauche brauchen braucht bekomme bekommen bekommt finde finden darfst kannst muessen"
    " mussen müssen man mir mich mein meine meinen kein keine keinen nächste nächsten naechste"
    " an am ab bis da dann den denn hier mal bitte nicht nur was wen wem so"
    " kostet kosten koste koster kostar teuer dyrt mye mange mycket många stor lenge lange länge"
    " hvad gjør gjøre gjør göra skjer man meg min mitt mine i å at et en ei neste nästa nå nu"
    " umsonst kostenlos kostenfrei gratis"
    " oft viel viele wieviele lang hoch høy hög groß ins ans aufs ta tar tas med ha bringe"
    " die in hat habe hast hab war seit als mehr sich de du er for har finnes"
    " ihr ihre ihren ihrem ihrer ihnen dir dich dein deine deinen euch euer eure uns unser unsere"
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
    rf"|\d\.?\s*(?:{_MONTH})\b|\b(?:{_MONTH})\s+20\d\d|\b(?:{_DAY})"
    rf"|\b(?:im|i|seit|siden|sedan|ab|bis|fra|från|til|till|vor|nach|før|före|etter|efter)\s+(?:{_MONTH})\b"
    r"|\b(?:ab|nach|vor|bis|binnen|innerhalb|spätestens|innen|etter|efter|før|före|inom|senest|senast)\s+"
    r"(?:\w+\s+){0,2}(?:minut|stunde|tag|woche|monat|jahr|time|timm|dag|uke|veck|måned|månad|år)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\d\s*(?:€|euro?\b|kr\b|kroner|kronor|nok\b|sek\b|dkk\b|chf\b|franken)|[€£$]\s*\d"
    r"|\b(?:kosten(?:los|frei)|gratis|umsonst)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|två|to|tre|fire|fem|seks|sex|sju"
    r"|syv|åtte|åtta|ni|nio|ti|tio|tolv|(?:ein|zwei|drei)mal|(?:täg|wöchent|monat|jähr)lich|jede[nrs]?"
    r"|hver|hvert|varje|(?:ein(?:e[mnrs]?)?|en|ett?) (?:tag|woche|monat|jahr|stunde|dag|uke|vecka"
    r"|måned|månad|år|time|timme))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:weil|denn|damit|wegen|aufgrund|grund|fordi|derfor|grunn|eftersom|därför)\b"
    r"|, (?:da|siden)\b",
    re.IGNORECASE,
)
_ASKS = (
    (re.compile(r"\b(?:wann|hvornår|når|när)\b", re.I), _WHEN),
    (
        re.compile(
            r"\b(?:kostet|kosten|teuer|umsonst|kosten(?:los|frei)|gratis|koster|kostar|dyrt)\b",
            re.I,
        ),
        _MONEY,
    ),
    (
        re.compile(
            r"\bwie ?(?:viele?|lange?|oft)\b"
            r"|\bh(?:vor|ur) (?:mye|mange|lenge|ofte|mycket|många|länge|ofta)\b",
            re.I,
        ),
        _NUMBER,
    ),
    (re.compile(r"\b(?:warum|wieso|weshalb|hvorfor|varför)\b", re.I), _REASON),
)
"""What a question asks for, and what its answer cannot lack."""
_WHO_OR_WHERE = re.compile(
    r"\b(?:wer|wen|wem|wo|wohin|woher|hvem|hvor|hvordan|vem|var|hur)\b", re.IGNORECASE
)
"""With one word more, it is not clear that a sentence with that word says it."""
_MONEY_COLUMN = re.compile(
    r"€|\b(?:EUR|NOK|SEK|DKK|CHF|kr|\w*(?:preise?|pris|priser|priset|kosten|betrag|gebühr|miete"
    r"|beløp|belopp|avgift|leie|hyra))\b",
    re.IGNORECASE,
)
_DAY_COLUMN = re.compile(
    r"\b\w*(?:datum|dato|tag|termin|zeit|uhrzeit|beginn|frist|dag|tid|klokkeslett|woche|uke|vecka)\b",
    re.IGNORECASE,
)
_IN_COLUMNS = {_MONEY: _MONEY_COLUMN, _WHEN: _DAY_COLUMN}
"""The names of columns below which a figure is what a question asks for."""
_SEPARABLE = re.compile(
    r"(?P<before>ab|an|auf|aus|bei|ein|fest|her|hin|los|mit|nach|um|unter|vor|weg|weiter|zu|zurück"
    r"|zuruck|zusammen|über|uber)(?:zu|ge)(?=\w{4})"
)
"""What stands inside of a German verb: "einzureichen" and "eingereicht" are of "einreichen"."""
_OF_ANOTHER = re.compile(r"\W*(?P<what>\w+) (?:von|vom|der|des|für|til|av|for)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:](?=\s)")
_DIGIT = re.compile(r"\d")
_ENDINGS = re.compile(r"(?:ene|ern|en|er|es|et|em|e|n|s|t)$")
_LEAST_STEM = 4
_LEAST_FIRST = 3
"""Letters before a stem in a compound: "brauchen" has nothing to do with "rauchen"."""
_MOST_STEMS = 24
_HALF = 0.5
_BESIDE = 0.5
"""Of a word that stands in the same passage only."""


def raise_germanic(
    question: str, evidence: Sequence[Evidence], tuning: Tuning
) -> tuple[list[Evidence], float, float]:
    """Return the evidence, with the sentence that has the words of the question as the likeliest.

    With it come the least confidence that follows, 0 where there is no such sentence, and the most:
    without it, 0 too. In any other language these are 0 and 1.
    """
    told = language_of(question)
    language = told or language_among(question, (piece.passage.text for piece in evidence))
    if language not in _LANGUAGES or not evidence:
        return list(evidence), 0.0, 1.0
    asking = _Asking.of(question, language)
    if not 0 < len(asking.stems) <= _MOST_STEMS:
        return list(evidence), 0.0, 1.0
    fits = _Fits(asking, evidence)
    if len(asking.stems) == 1 and not asking.needed and _WHO_OR_WHERE.search(question):
        return list(evidence), 0.0, float(any(fits.around))
    best = fits.best
    if fits.shares[best] < tuning.germanic_share:
        # Of a few keywords one may be said in other words, but not what is asked of the others.
        lacks = asking.what is not None and asking.what not in fits.own[best] | fits.around[best]
        return list(evidence), 0.0, float(told is None and fits.shares[best] > _HALF and not lacks)
    kept = [
        replace(piece, probability=0.0) if fits.is_beside(at) else piece
        for at, piece in enumerate(evidence)
    ]
    return made_likeliest(kept, best), tuning.outright_confidence, 1.0


def asking_words(language: str | None) -> frozenset[str]:
    """Return the words of these languages that ask, or are grammar, and name nothing."""
    return grammar_of(language) | _ASKING if language in _LANGUAGES else frozenset()


@dataclass(frozen=True, slots=True)
class _Stem:
    """What a word has in all its forms.

    A text without one that `decides`, of a name, a German noun or a number, is on something else.
    """

    text: str
    is_noun: bool | None
    """None where the case of its letters does not say so."""
    decides: bool

    @classmethod
    def of(cls, word: str, *, has_nouns: bool, is_first: bool) -> _Stem:
        folded = fold(word)
        stem = _ENDINGS.sub("", folded)
        is_noun = word[0].isupper() if has_nouns and not is_first else None
        decides = word[0].isdigit() or (word[0].isupper() and not is_first)
        return cls(stem if len(stem) >= _LEAST_STEM else folded, is_noun, decides)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text: all of them folded, and those that a compound may end with a stem in."""

    all: tuple[str, ...]
    nouns: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Words:
        words = WORD.findall(text)
        folded = tuple(map(fold, words))
        verbs = (_SEPARABLE.sub(r"\g<before>", word) for word in folded)
        nouns = frozenset(fold(word) for word in words if word[0].isupper())
        return cls(tuple(dict.fromkeys((*folded, *verbs))), nouns)

    def has(self, stem: _Stem, *, nouns_only: bool) -> bool:
        """Return whether a word has a stem, or is a compound with it.

        In German (`nouns_only`) compounds are mostly nouns, which have a capital letter:
        "Papiertisch" is a table, "automatisch" is none.
        """
        text = stem.text
        if len(text) < _LEAST_STEM:
            return text in self.all
        if any(word.startswith((text, f"ge{text}")) for word in self.all):
            return True
        if nouns_only and stem.is_noun is False:
            return False
        ending = self.nouns if nouns_only else self.all
        return any(text in word[_LEAST_FIRST:] for word in ending)


@dataclass(frozen=True, slots=True)
class _Asking:
    """The stems of a question's words, and what its answer must have."""

    stems: tuple[_Stem, ...]
    needed: re.Pattern[str] | None
    in_german: bool
    what: _Stem | None = None
    """The stem of the thing asked for of another: that of "Durchwahl von Frau Lang"."""

    @classmethod
    def of(cls, question: str, language: str) -> _Asking:
        known = asking_words(language)
        words = WORD.findall(question)
        in_german = language == "de"
        has_nouns = in_german and any(word[0].isupper() for word in words[1:])
        stems = [
            _Stem.of(word, has_nouns=has_nouns, is_first=at == 0)
            for at, word in enumerate(words)
            if word.lower() not in known
        ]
        needed = next((needed for asks, needed in _ASKS if asks.search(question)), None)
        is_of_another = stems and words[0].lower() not in known and _OF_ANOTHER.match(question)
        what = stems[0] if is_of_another else None
        return cls(tuple(dict.fromkeys(stems)), needed, in_german, what)

    def found_in(self, text: str) -> frozenset[_Stem]:
        """Return the stems that a text has."""
        words = _Words.of(text)
        return frozenset(s for s in self.stems if words.has(s, nouns_only=self.in_german))

    def share_in(self, piece: Evidence, around: frozenset[_Stem]) -> float:
        """Return how much of the question a unit has, with the headings above it.

        `around` are the stems of the passage that it stands in.
        """
        passage = piece.passage
        text = passage.text_of(piece.unit.span)
        lead = passage.lead_of(piece.unit) if piece.unit.kind is BlockKind.ROW else None
        columns = (passage.text_of(lead.span),) if lead and passage.span.contains(lead.span) else ()
        if self.needed and not self.needed.search(text):
            named = _IN_COLUMNS.get(self.needed)
            if not (named and _DIGIT.search(text) and any(map(named.search, columns))):
                return 0.0
        if self.needed and lead is None and len(self.stems) == 1:
            # "Hva koster en garasje?" is not what the power in it costs.
            needed = self.needed.search
            text = max(_CLAUSE.split(text), key=lambda each: bool(needed(each)))
        own = self.found_in("\n".join((text, *columns, passage.title, *passage.heading)))
        if any(stem.decides and stem not in own | around for stem in self.stems):
            return 0.0
        return (len(own) + _BESIDE * len(around - own)) / len(self.stems)


class _Fits:
    """How well each unit fits a question: the share of it that it says, and where its words stand.

    These are in the unit's `own` text, in its headings (`headed`), and `around` it in its passage.
    The `best` is the number of the unit that fits best.
    """

    def __init__(self, asking: _Asking, evidence: Sequence[Evidence]) -> None:
        passages = {piece.passage.id: piece.passage for piece in evidence}
        found = {key: asking.found_in(passage.text) for key, passage in passages.items()}
        self._evidence = evidence
        self.around = [found[piece.passage.id] for piece in evidence]
        self.shares = list(map(asking.share_in, evidence, self.around))
        self.own = [asking.found_in(each.passage.text_of(each.unit.span)) for each in evidence]
        self.headed = [asking.found_in("\n".join(each.passage.heading)) for each in evidence]
        self._common = Counter(stem for stems in self.own for stem in stems)
        self.best = max(range(len(evidence)), key=self._fit)

    def _fit(self, at: int) -> tuple[float, int, float, float]:
        """Return how well a unit fits.

        Of equals, the one with more of the words in it and its headings is the better one, then the
        one with the word that fewest others have.
        """
        own = self.own[at]
        rarest = max((1 / self._common[stem] for stem in own), default=0.0)
        return self.shares[at], len(own | self.headed[at]), rarest, self._evidence[at].probability

    def is_beside(self, at: int) -> bool:
        """Return whether a unit says it of another site or thing, named by its own heading."""
        best, passage = self.best, self._evidence[at].passage
        of_best = self._evidence[best].passage
        is_other = passage.heading[-1:] != of_best.heading[-1:]
        if passage.document != of_best.document or not is_other:
            return False
        only_here = self.headed[best] - self.own[best]
        return self.own[at] >= self.own[best] and not only_here <= self.own[at] | self.headed[at]
