"""Decisions that another statement declares void: it comes before what was decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answering.finding.evidence import Evidence
from index.answering.finding.validity.dates import ValidityDates
from index.answering.scope import Scope
from index.answering.tuning import Tuning
from index.claims.manner import denies
from index.parsing.text.dates import WrittenDate, dates_in
from index.store.successions.versions import shares_folder
from index.store.words.lexical import content_words
from index.store.words.tokens import tokens_of

__all__ = ["rank_voided_last"]

_DECISION = re.compile(
    r"\b(?:decisions?|resolutions?|orders?|rulings?|motions?|approvals?|bans?|measures?|plans?"
    r"|instructions?|rules?|beschl(?:uss|üsse|usses)|entscheidung(?:en)?|anordnung(?:en)?"
    r"|vedtak(?:et|ene)?|beslutning(?:en|er|ene)?)\b",
    re.IGNORECASE,
)
_VOID = re.compile(
    r"\b(?:null and void|void(?:ed)?|revoked|withdrawn|rescinded|annulled|repealed|overturned"
    r"|reversed|cancelled|canceled|set aside|no longer (?:valid|in force)|dropped"
    r"|aufgehoben|nichtig|ungültig|zurückgenommen|widerrufen"
    r"|opphevet|ugyldig|trukket tilbake|omgjort)\b",
    re.IGNORECASE,
)
_VOIDS = re.compile(
    r"\b(?:void|revok|rescind|annul|repeal|overturn|revers|cancel|withdr(?:aw|ew)|dropp)\w{0,4}"
    r" (?:the|its|our|that|this|their)\b|\bhebt\b.{1,80}\bauf\b|\bopphever\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:if|unless|may|might|could|would|should|whether|propos\w{0,4}|suggest\w{0,3}|ask(?:s|ed)?"
    r"|wants?|wenn|falls|könnte|soll|hvis|kan|bør)\b|\?",
    re.IGNORECASE,
)
_OF_A_DAY = re.compile(r"\b(?:of|from|dated|vom|av|fra)\s(?:the\s)?$", re.IGNORECASE)
"""What stands before the day of a decision; that of its withdrawal stands otherwise."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜÅÆØ])")
_OF_IT = frozenset(
    stem
    for word in (
        "decision resolution order ruling motion approval ban measure plan instruction rule void"
        " revoke withdraw rescind annul repeal overturn reverse cancel drop set aside valid force"
        " council board committee meeting minutes item number earlier former previous hereby"
        " beschluss entscheidung anordnung vedtak beslutning aufgehoben nichtig opphevet ugyldig"
        " der die das den dem des über ist sind wird im zum zur von vom om er av til det et"
    ).split()
    for stem in tokens_of(word)
)
_LEAST_SHARED = 0.6


@dataclass(frozen=True, slots=True)
class _Voiding:
    """A statement that a decision is void: its piece, and the decision's subject and days."""

    place: int
    topic: frozenset[str]
    dates: tuple[WrittenDate, ...]


def rank_voided_last(evidence: Sequence[Evidence], scope: Scope, tuning: Tuning) -> list[Evidence]:
    """Return the evidence with each decision that a piece of it declares void behind that piece.

    A decision is meant whose words it names, and its day where it names that; else it is of an
    earlier document, or stands above in the same one. Only what may be seen is evidence.
    """
    found = list(evidence)
    voiding = [each for place, piece in enumerate(found) if (each := _voiding(place, piece))]
    if not voiding:
        return found
    dates = ValidityDates(scope)
    for each in voiding:
        for place, piece in enumerate(evidence):
            by = evidence[each.place]
            if place == each.place or not _may_speak_for(by, piece, scope):
                continue
            if not _is_meant(each, by, piece, dates):
                continue
            first = max(found[each.place].probability, piece.probability)
            found[each.place] = replace(found[each.place], probability=first)
            most = min(found[place].probability, tuning.outranked_share * first)
            found[place] = replace(found[place], probability=most)
    return found


def _may_speak_for(by: Evidence, piece: Evidence, scope: Scope) -> bool:
    """Return whether both are of one folder: whoever writes in one may not speak for another."""
    identities = scope.catalog.succession_index().identities
    one, other = (identities.get(each.passage.document) for each in (by, piece))
    return bool(one and other and shares_folder(one, other))


def _voiding(place: int, piece: Evidence) -> _Voiding | None:
    text = piece.passage.text_of(piece.unit.span)
    if not _DECISION.search(text):
        return None
    for sentence in _SENTENCE.split(text):
        dates = tuple(dates_in(sentence))
        plain = _without(sentence, dates)  # May is a month too
        says = _VOID.search(plain) or _VOIDS.search(plain)
        if not says or not _DECISION.search(plain) or _UNSURE.search(plain):
            continue
        topic = _stems(plain) - _OF_IT
        if topic and not denies(_VOID.sub(" ", plain)):
            of_it = tuple(day for day in dates if _OF_A_DAY.search(sentence[: day.start]))
            return _Voiding(place, topic, of_it)
    return None


def _is_meant(each: _Voiding, by: Evidence, piece: Evidence, dates: ValidityDates) -> bool:
    """Return whether a piece is the decision that is void."""
    passage = piece.passage
    text = passage.text_of(piece.unit.span)
    if _VOID.search(text):
        return False
    shared = each.topic & _stems(" ".join((text, *passage.heading)))
    if len(shared) < max(1, _LEAST_SHARED * len(each.topic)):
        return False
    days = [(day.year, day.month, day.day) for day in each.dates if day.day]
    start, other = dates.of(passage.document).start, dates.of(by.passage.document).start
    if days:
        of_piece = [(day.year, day.month, day.day) for day in dates_in(f"{passage.title} {text}")]
        stated = [(start.year, start.month, start.day)] if start else []
        return any(
            one == told or (one[0] is None and one[1:] == told[1:])
            for one in days
            for told in (*of_piece, *stated)
        )
    if passage.document == by.passage.document:
        return piece.unit.span.start < by.unit.span.start
    return start is not None and other is not None and start < other


def _without(text: str, dates: Sequence[WrittenDate]) -> str:
    for day in reversed(dates):
        text = text[: day.start] + " " + text[day.end :]
    return text


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem for word in content_words(text) for stem in tokens_of(word))
