"""Penalties: how much less likely evidence counts for not holding at the time asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from index.answering.finding.evidence import Evidence
from index.answering.finding.validity.dates import ValidityDates, ValidityPeriod
from index.answering.finding.validity.families import VersionFamilies
from index.answering.finding.validity.subject import Subject
from index.answering.scope.moment import AskedMoment
from index.answering.tuning import Tuning
from index.answering.understanding.moments import is_version, years_in
from index.parsing.text.dates import dates_in


class Penalties:
    """The penalties of evidence for one question, in log odds."""

    def __init__(
        self,
        subject: Subject,
        moment: AskedMoment,
        day: date,
        today: date,
        dates: ValidityDates,
        families: VersionFamilies,
        tuning: Tuning,
    ) -> None:
        self._subject = subject
        self._moment = moment
        self._day = day
        self._today = today
        self._dates = dates
        self._families = families
        self._tuning = tuning

    def of(self, evidence: Sequence[Evidence]) -> list[float]:
        """Return the penalty of each piece, of which one may have several reasons."""
        documents = {each.passage.document for each in evidence}
        periods = self._dates.of_pieces(evidence)
        names_year = self._names_year(evidence, periods)
        invalid = [
            0.0 if named else self._for_not_holding(each, period, documents)
            for each, period, named in zip(evidence, periods, names_year, strict=True)
        ]
        invalid = self._spare_unrivalled(evidence, periods, invalid)
        if any(names_year):
            return [
                0.0 if named else penalty + self._tuning.other_year_odds
                for penalty, named in zip(invalid, names_year, strict=True)
            ]
        return list(map(max, invalid, self._for_age(evidence, periods, invalid)))

    def _for_not_holding(
        self, each: Evidence, period: ValidityPeriod, documents: set[str]
    ) -> float:
        """Return the penalty of a piece that does not hold at the moment, whatever its age."""
        tuning, document = self._tuning, each.passage.document
        holding = self._families.holding_version(document)
        if self._moment.version and not self._moment.before:
            if any(is_version(said, self._moment.version) for said in period.versions):
                return 0.0
            return tuning.replaced_odds if period.versions else tuning.replaced_odds / 2
        if holding != document and holding in documents:
            return tuning.replaced_odds
        if self._is_to_come(period):
            return tuning.replaced_odds
        if period.until and period.until < self._day:
            return tuning.withdrawn_odds
        if period.is_draft and not self._moment.version:
            return tuning.withdrawn_odds
        is_past = self._moment.before or self._day < self._today
        if period.is_withdrawn and holding == document and not is_past:
            return tuning.withdrawn_odds
        return 0.0

    def _is_to_come(self, period: ValidityPeriod) -> bool:
        return period.start is not None and period.start > self._day

    def _spare_unrivalled(
        self,
        evidence: Sequence[Evidence],
        periods: Sequence[ValidityPeriod],
        invalid: Sequence[float],
    ) -> list[float]:
        """Return the penalties, without those of what is to come and nothing else answers.

        Next week's roster comes before what holds today and is of something else.
        """
        valid = [
            (each.probability, self._subject.said_in(each.passage))
            for each, penalty in zip(evidence, invalid, strict=True)
            if not penalty
        ]

        def is_unrivalled(each: Evidence) -> bool:
            said = self._subject.said_in(each.passage)
            rivals = (probability for probability, theirs in valid if said <= theirs)
            least = log_odds(max(rivals, default=0.0)) + self._tuning.far_odds
            return log_odds(each.probability) > least

        return [
            0.0 if self._is_to_come(period) and is_unrivalled(each) else penalty
            for each, period, penalty in zip(evidence, periods, invalid, strict=True)
        ]

    def _for_age(
        self,
        evidence: Sequence[Evidence],
        periods: Sequence[ValidityPeriod],
        invalid: Sequence[float],
    ) -> list[float]:
        """Return the penalty of each piece for being older than the newest on the same subject."""
        places = [place for place, penalty in enumerate(invalid) if not penalty]
        if not places or self._moment.version:
            return [0.0] * len(evidence)
        starts = self._comparable_starts(evidence, periods, places)
        known = [s for place in places if (s := starts[place])]
        known = [s for place in places if (s := starts[place]) and periods[place].is_sure] or known
        newest = max(known, default=None)
        later: date | None = None
        if self._moment.before and (earlier := [start for start in known if start != newest]):
            later, newest = newest, max(earlier)  # what held before the newest is asked for
        return [
            self._tuning.replaced_odds
            if later and start == later
            else self._for_being_older(start, newest, is_sure=period.is_sure)
            for start, period in zip(starts, periods, strict=True)
        ]

    def _comparable_starts(
        self,
        evidence: Sequence[Evidence],
        periods: Sequence[ValidityPeriod],
        places: Sequence[int],
    ) -> list[date | None]:
        """Return from when each holds, no later than the best one where it is of another subject.

        `places` are those of the pieces that hold.
        """
        tuning = self._tuning
        best = max(places, key=lambda place: evidence[place].probability)
        of_best = self._subject.said_in(evidence[best].passage)
        best_start = periods[best].start
        starts: list[date | None] = []
        for each, period in zip(evidence, periods, strict=True):
            shared = of_best & self._subject.said_in(each.passage)
            share = len(shared) / len(of_best) if of_best else 1.0
            gap = log_odds(evidence[best].probability) - log_odds(each.probability)
            is_near = gap <= tuning.near_odds and share >= tuning.subject_share
            is_same = share >= 1.0 and gap <= tuning.far_odds
            if period.start is None or best_start is None or is_same or is_near:
                starts.append(period.start)
            else:
                starts.append(min(period.start, best_start))
        return starts

    def _for_being_older(self, start: date | None, newest: date | None, *, is_sure: bool) -> float:
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

    def _names_year(
        self, evidence: Sequence[Evidence], periods: Sequence[ValidityPeriod]
    ) -> list[bool]:
        """Return which pieces name a year that is asked for, or stand under a name that does.

        Beside these, so does what stands in a version that held then. What began later in that
        year than at the time asked for does not, unless it is on that time, as a report may be.
        """
        asked, day = self._moment.years, self._day
        is_within_year = day < min(self._today, date(day.year, 12, 31))
        said = [self._subject.said_in(each.passage) for each in evidence]
        named = [
            bool(asked & (_years_of(each) or _years_above(each)))
            and (bool(on_subject) or not any(said))
            and not (is_within_year and self._is_to_come(period) and not _names_day(each, day))
            for each, period, on_subject in zip(evidence, periods, said, strict=True)
        ]
        if not any(named):
            return named
        return [
            is_named or self._held_then(each.passage.document)
            for each, is_named in zip(evidence, named, strict=True)
        ]

    def _held_then(self, document: str) -> bool:
        start, families = self._dates.of(document).start, self._families
        is_begun = start is not None and start <= self._day < self._today
        return (
            is_begun
            and families.has_versions(document)
            and (families.holding_version(document) == document)
        )


def _years_of(each: Evidence) -> frozenset[str]:
    """Return the years that a piece speaks of; one of a day may be that of its writing."""
    text = each.passage.text_of(each.unit.span)
    days = {str(found.year) for found in dates_in(text) if found.day and found.year}
    return years_in(text) - days


def _names_day(each: Evidence, day: date) -> bool:
    """Return whether a piece, or a name above it, names this day or its month."""
    text = f"{each.passage.text_of(each.unit.span)} {_names_above(each)}"
    named = (found.period() for found in dates_in(text) if found.year and found.month)
    return any(period and period.first <= day <= period.last for period in named)


def _names_above(each: Evidence) -> str:
    passage = each.passage
    return " ".join((*passage.heading, passage.title, passage.document.rpartition("/")[2]))


def _years_above(each: Evidence) -> frozenset[str]:
    names = _names_above(each)
    return years_in(names) | years_in(names.replace("_", " ").replace("-", " "))


def log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
