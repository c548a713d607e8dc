"""Validity: what of the documents holds at the time of a question, and what ranks behind it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from index.answering.answer import Excerpt
from index.answering.finding.evidence import Evidence
from index.answering.finding.validity_dates import ValidityDates, ValidityPeriod
from index.answering.scope import Candidate, Scope
from index.answering.tuning import Tuning
from index.answering.understanding.moments import asked_moment, is_version, years_in
from index.chunking.passage import Passage
from index.parsing.text.dates import dates_in
from index.rewriting.english import HOLLOW
from index.rewriting.phrases import parse_question
from index.store.words.lexical import content_words
from index.store.words.tokens import know_tokens, tokens_of
from index.text import words_of

__all__ = ["RankedEvidence", "Validity"]

_STEP = 0.001
"""Of a probability, by which those that come after one another differ."""


@dataclass(frozen=True, slots=True)
class RankedEvidence:
    """The evidence, what holds as the likeliest, and the documents that come behind it."""

    evidence: tuple[Evidence, ...]
    behind: frozenset[str] = frozenset()

    @property
    def first(self) -> Evidence:
        """Return the likeliest piece, of evidence that has one."""
        return max(self.evidence, key=lambda each: each.probability)


class Validity:
    """What holds for one question; it looks up only documents that it is asked for."""

    def __init__(self, question: str, scope: Scope, tuning: Tuning) -> None:
        self.moment = scope.moment or asked_moment(question, scope.today)
        self._question = question
        self._scope = scope
        self._tuning = tuning
        self._weight = 2 * tuning.freshness
        self._dates = ValidityDates(scope)
        self._families: defaultdict[str, list[str]] = defaultdict(list)
        replaced = scope.replaced if self._weight else {}
        here: Set[str] = replaced.keys() | {new.document for new in replaced.values()}
        if scope.names is not None and replaced:
            names = scope.names if isinstance(scope.names, Set) else frozenset(scope.names)
            here = names & here
        for old, successor in replaced.items():
            if old in here and successor.document in here:
                self._families[successor.document].append(old)
        self._placed: dict[str, str] = {}
        self._silent: set[str] = set()
        self._held_by: dict[str, frozenset[str]] = {}

    @property
    def day(self) -> date:
        """Return the day for which the answer shall hold."""
        if self.moment.day:
            return self.moment.day
        today = self._scope.today
        years = [int(year) for year in self.moment.years]
        return date(max(years), 12, 31) if years and max(years) < today.year else today

    def in_place(self, document: str) -> str:
        """Return the version of a document that holds at the moment; itself where it has none."""
        end = self._end_of(document)
        if end not in self._families:
            return document
        if end not in self._placed:
            family = [name for name in (*self._families[end], end) if name not in self._silent] or [
                document
            ]
            self._placed[end] = self._version_of(family)
        return self._placed[end]

    def starts(self, document: str) -> date | None:
        """Return the day from which a document holds, by its own words where it says so."""
        return self._dates.of(document).start

    def with_versions(self, candidates: Sequence[Candidate], most: int) -> list[Candidate]:
        """Return the first `most` candidates, and of the others the versions of their documents."""
        if not self._families:
            return list(candidates[:most])
        ends = {self._end_of(each.passage.document) for each in candidates[:most]}
        return [
            each
            for place, each in enumerate(candidates)
            if place < most or self._end_of(each.passage.document) in ends & self._families.keys()
        ]

    def _end_of(self, document: str) -> str:
        replaced = self._scope.replaced.get(document)
        return replaced.document if replaced else document

    def outdates(self, passage: Passage, document: str) -> bool:
        """Return whether a passage that answers speaks in place of an older document."""
        if not self._weight or passage.document == document:
            return False
        if self.in_place(document) != document:
            return self.in_place(document) == passage.document
        new, old = self.starts(passage.document), self.starts(document)
        if not self.moment.is_now or new is None or old is None or new > self.day:
            return False
        return new > old and self._subject() <= self._held(passage)

    @property
    def asks_what_held(self) -> bool:
        """Return whether the question asks for what held in the past, in a version or a year."""
        moment = self.moment
        is_past = moment.day is not None and moment.day < self._scope.today
        return bool(moment.rest) and (is_past or moment.before or bool(moment.version))

    def may_have_held(self, documents: Collection[str]) -> bool:
        """Return whether something shows for one of these documents that it held then, or not."""
        if self.moment.version:
            return any(
                is_version(said, self.moment.version)
                for document in documents
                for said in self._dates.of(document).versions
            )
        if self.moment.before:
            return any(self._end_of(document) in self._families for document in documents)
        starts = (self._dates.of(document).start for document in documents)
        return any(start and start <= self.day for start in starts)

    def was_valid(self, excerpt: Excerpt) -> bool:
        """Return whether what an excerpt says held then, as far as its document says."""
        dates = self._dates.of(excerpt.document)
        if self.moment.version:
            return any(is_version(said, self.moment.version) for said in dates.versions)
        if self.moment.before:
            return self._end_of(excerpt.document) in self._families
        above = " ".join((excerpt.title, *excerpt.heading, excerpt.document.rpartition("/")[2]))
        named = years_in(f"{excerpt.quote} {above}".replace("_", " ").replace("-", " "))
        is_other = bool(self.moment.years and named) and not named & self.moment.years
        return dates.start is not None and dates.start <= self.day and not is_other

    def is_dated(self, document: str) -> bool:
        """Return whether a document surely held then: one of versions, or where a day is asked."""
        return not self.moment.years or self._end_of(document) in self._families

    def settle(self, evidence: Sequence[Evidence]) -> RankedEvidence:
        """Return the evidence with what holds as the likeliest, if it speaks to the question.

        What comes behind is as likely as before at most, and less than that.
        """
        if not self._weight or len({each.passage.document for each in evidence}) < 2:
            return RankedEvidence(tuple(evidence))
        at, distances = self._foremost(evidence)
        while (placed := self.in_place(evidence[at].passage.document)) != (
            evidence[at].passage.document
        ):
            # What holds says nothing of it, so that the version before is the newest that does.
            self._silent.add(placed)
            self._placed.clear()
            at, distances = self._foremost(evidence)
        first = evidence[at]
        behind = frozenset(
            each.passage.document
            for each, distance in zip(evidence, distances, strict=True)
            if each.passage.document != first.passage.document
            and distance > distances[at]
            and each.passage.document not in self._silent
            and (
                each.probability >= first.probability
                or self.in_place(each.passage.document) == first.passage.document
            )
        ) | self._outdated(evidence)
        most = self._tuning.behind_share * first.probability
        after = [
            place
            for place, each in enumerate(evidence)
            if each is not first and each.probability >= most
        ]
        # Those that come after it keep an order of their own: what is nearest, then newest, first.
        after.sort(key=lambda place: (distances[place], -self._ordinal(evidence[place])))
        below = {place: most * (1 - rank * _STEP) for rank, place in enumerate(after)}
        below |= self._newest_first(evidence, below, behind)
        return RankedEvidence(
            tuple(
                replace(each, probability=below[place]) if place in below else each
                for place, each in enumerate(evidence)
            ),
            behind,
        )

    def _outdated(self, evidence: Sequence[Evidence]) -> frozenset[str]:
        """Return the documents whose version that holds now speaks to the question as well."""
        if not self.moment.is_now:
            return frozenset()
        best = self._best_of_documents(evidence)
        reach = self._weight * self._tuning.replaced_odds
        return frozenset(
            document
            for document, probability in best.items()
            if (placed := self.in_place(document)) != document
            and placed in best
            and _log_odds(best[placed]) > _log_odds(probability) - reach
        )

    def _best_of_documents(self, evidence: Sequence[Evidence]) -> dict[str, float]:
        best: dict[str, float] = {}
        for each in evidence:
            document = each.passage.document
            best[document] = max(each.probability, best.get(document, 0.0))
        return best

    def _newest_first(
        self, evidence: Sequence[Evidence], below: Mapping[int, float], behind: Collection[str]
    ) -> dict[int, float]:
        """Return how likely replaced versions are, none as likely as a newer one of the same."""
        lowered: dict[int, float] = {}
        best_of = self._best_of_documents(evidence)
        least = {end: best_of[end] for end in self._families if end in best_of}
        places = [
            place
            for place, each in enumerate(evidence)
            if self.moment.is_now
            and each.passage.document in behind
            and self._end_of(each.passage.document) != each.passage.document
        ]
        places.sort(key=lambda place: -self._ordinal(evidence[place]))
        for document, its in groupby(places, key=lambda p: evidence[p].passage.document):
            likely = {place: below.get(place, evidence[place].probability) for place in its}
            end, best = self._end_of(document), max(likely.values())
            most = least.get(end, 1.0) * (1 - _STEP)
            lowered |= {place: min(each, most) for place, each in likely.items()}
            least[end] = min(best, most)
        return lowered

    def _ordinal(self, each: Evidence) -> int:
        start = self._dates.of_piece(each).start
        return start.toordinal() if start else 0

    def _foremost(self, evidence: Sequence[Evidence]) -> tuple[int, list[float]]:
        """Return the place of the likeliest piece, and how far each is from what holds."""
        distances = self._distances(evidence)
        values = [
            _log_odds(each.probability) - distance
            for each, distance in zip(evidence, distances, strict=True)
        ]
        return max(range(len(evidence)), key=lambda place: values[place]), distances

    # How far from the moment

    def _distances(self, evidence: Sequence[Evidence]) -> list[float]:
        """Return for each piece how much less likely it must be counted, as log odds."""
        tuning = self._tuning
        documents = {each.passage.document for each in evidence}
        dates = [self._dates.of_piece(each) for each in evidence]
        names_it = self._names_the_year(evidence)
        unfit = [
            0.0 if named else self._unfit(each, dated, documents)
            for each, dated, named in zip(evidence, dates, names_it, strict=True)
        ]
        unfit = self._unless_alone(evidence, dates, unfit)
        if any(names_it):
            distances = [
                0.0 if named else out + tuning.other_year_odds
                for out, named in zip(unfit, names_it, strict=True)
            ]
        else:
            distances = list(map(max, unfit, self._ages(evidence, dates, unfit)))
        return [self._weight * distance for distance in distances]

    def _unfit(self, each: Evidence, dated: ValidityPeriod, documents: set[str]) -> float:
        """Return how little a piece holds at the moment, whatever its age."""
        tuning, document = self._tuning, each.passage.document
        placed = self.in_place(document)
        if self.moment.version:
            if any(is_version(said, self.moment.version) for said in dated.versions):
                return 0.0
            return tuning.replaced_odds if dated.versions else tuning.replaced_odds / 2
        if placed != document and placed in documents:
            return tuning.replaced_odds
        if dated.start and dated.start > self.day:
            return tuning.replaced_odds
        if dated.until and dated.until < self.day:
            return tuning.withdrawn_odds
        is_past = self.moment.before or self.day < self._scope.today
        if dated.is_withdrawn and placed == document and not is_past:
            return tuning.withdrawn_odds
        return 0.0

    def _unless_alone(
        self, evidence: Sequence[Evidence], dates: Sequence[ValidityPeriod], unfit: Sequence[float]
    ) -> list[float]:
        """Return how little each piece holds, where something else answers the same question.

        Next week's roster comes before what holds today and is of something else.
        """
        subject = self._subject()
        fit = [
            (each.probability, subject & self._held(each.passage))
            for each, out in zip(evidence, unfit, strict=True)
            if not out
        ]

        def is_alone(each: Evidence) -> bool:
            said = subject & self._held(each.passage)
            same = (probability for probability, held in fit if said <= held)
            least = _log_odds(max(same, default=0.0)) + self._tuning.far_odds
            return _log_odds(each.probability) > least

        return [
            0.0 if dated.start and dated.start > self.day and is_alone(each) else out
            for each, dated, out in zip(evidence, dates, unfit, strict=True)
        ]

    def _ages(
        self, evidence: Sequence[Evidence], dates: Sequence[ValidityPeriod], unfit: Sequence[float]
    ) -> list[float]:
        """Return how much older each piece is than the newest that speaks of the same."""
        places = [place for place, out in enumerate(unfit) if not out]
        if not places or self.moment.version:
            return [0.0] * len(evidence)
        best = max(places, key=lambda place: evidence[place].probability)
        subject = self._subject() & self._held(evidence[best].passage)
        shares = [
            len(subject & self._held(each.passage)) / len(subject) if subject else 1.0
            for each in evidence
        ]
        best_start = dates[best].start

        def effective(place: int) -> date | None:
            """Return its start, but no later than the best one's where it is of another subject."""
            start = dates[place].start
            gap = _log_odds(evidence[best].probability) - _log_odds(evidence[place].probability)
            is_near = gap <= self._tuning.near_odds and shares[place] >= self._tuning.subject_share
            speaks_of_it = shares[place] >= 1.0 and gap <= self._tuning.far_odds
            if start is None or speaks_of_it or is_near or best_start is None:
                return start
            return min(start, best_start)

        starts = [effective(place) for place in range(len(evidence))]
        known = [s for place in places if (s := starts[place])]
        known = [s for place in places if (s := starts[place]) and dates[place].is_sure] or known
        newest = max(known, default=None)
        later: date | None = None
        if self.moment.before and (earlier := [start for start in known if start != newest]):
            later, newest = newest, max(earlier)  # what held before the newest is asked for
        return [
            self._tuning.replaced_odds
            if later and start == later
            else self._age(start, newest, dated.is_sure)
            for start, dated in zip(starts, dates, strict=True)
        ]

    def _age(self, start: date | None, newest: date | None, is_sure: bool) -> float:
        tuning = self._tuning
        if newest is None:
            return 0.0
        undated = tuning.undated_share * tuning.age_odds
        if start is None:
            return undated
        days = max(0, (newest - start).days)
        age = tuning.age_odds * (1 - math.exp(-days / tuning.ageing_days))
        if is_sure:
            return age
        return tuning.property_share * age + (1 - tuning.property_share) * undated

    def _names_the_year(self, evidence: Sequence[Evidence]) -> list[bool]:
        """Return which pieces name a year that is asked for, or stand under a name that does."""
        asked = self.moment.years
        return [
            bool(asked) and bool(asked & (_years_of(each) or _years_above(each)))
            for each in evidence
        ]

    def _subject(self) -> frozenset[str]:
        """Return the stems of the nouns of the question."""
        parsed = parse_question(self._question)
        words = [
            word.low
            for phrase in parsed.phrases
            if phrase.kind != "time"
            for word in parsed.words[phrase.first : phrase.last]
            if word.low not in HOLLOW
        ]
        return _stems(" ".join(words)) or _stems(self._question)

    def _held(self, passage: Passage) -> frozenset[str]:
        """Return the stems of the words of a passage, of which most have several pieces."""
        if passage.id not in self._held_by:
            words = " ".join((passage.text, *passage.heading, passage.title))
            self._held_by[passage.id] = _stems(words)
        return self._held_by[passage.id]

    # Dates

    def _version_of(self, family: Sequence[str]) -> str:
        """Return which of the versions of a document holds at the moment."""
        if self.moment.version:
            asked = [
                name
                for name in family
                if any(is_version(v, self.moment.version) for v in self._dates.of(name).versions)
            ]
            return asked[0] if asked else family[-1]
        by_start = sorted(
            (name for name in family if self._dates.of(name).start),
            key=lambda name: (self._dates.of(name).start or date.min, name == family[-1], name),
        )
        begun = [name for name in by_start if (self._dates.of(name).start or date.max) <= self.day]
        if not begun:
            return by_start[0] if by_start and self.day < self._scope.today else family[-1]
        if self.moment.before:
            return begun[-2] if len(begun) > 1 else begun[-1]
        is_undated = self._dates.of(family[-1]).start is None and self.day >= self._scope.today
        return family[-1] if is_undated else begun[-1]


def _years_of(each: Evidence) -> frozenset[str]:
    """Return the years that a piece speaks of; one of a day may be that of its writing."""
    text = each.passage.text_of(each.unit.span)
    days = {str(found.year) for found in dates_in(text) if found.day and found.year}
    return years_in(text) - days


def _years_above(each: Evidence) -> frozenset[str]:
    passage = each.passage
    names = (*passage.heading, passage.title, passage.document.rpartition("/")[2])
    return years_in(" ".join(names).replace("_", " ").replace("-", " "))


def _stems(text: str) -> frozenset[str]:
    know_tokens(frozenset(words_of(text)))
    return frozenset(stem for word in content_words(text) for stem in tokens_of(word))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
