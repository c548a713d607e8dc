"""Ranks the evidence for a question by what holds at the time that it asks about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from index.answering.answer import Excerpt
from index.answering.finding.evidence import Evidence
from index.answering.finding.validity.dates import ValidityDates
from index.answering.finding.validity.families import VersionFamilies
from index.answering.finding.validity.penalties import Penalties, log_odds
from index.answering.finding.validity.subject import Subject
from index.answering.scope import Candidate, Scope
from index.answering.tuning import Tuning
from index.answering.understanding.moments import asked_moment, is_version, years_in
from index.chunking.passage import Passage

_STEP = 0.001
"""Of a probability, by which those that come after one another differ."""


@dataclass(frozen=True, slots=True)
class RankedEvidence:
    """The evidence, what holds as the likeliest, and the documents that it outranks."""

    evidence: tuple[Evidence, ...]
    outranked: frozenset[str] = frozenset()

    @property
    def first(self) -> Evidence:
        """Return the likeliest piece, of evidence that has one."""
        return max(self.evidence, key=lambda each: each.probability)


class Validity:
    """What holds for one question; it looks up only documents that it is asked for."""

    def __init__(self, question: str, scope: Scope, tuning: Tuning) -> None:
        self.moment = scope.moment or asked_moment(question, scope.today)
        self._today = scope.today
        self._tuning = tuning
        self._weight = 2 * tuning.freshness
        self._subject = Subject(question)
        self._dates = ValidityDates(scope)
        replaced = scope.replaced if self._weight else {}
        self._families = VersionFamilies(replaced, scope, self.moment, self.day, self._dates)
        self._penalties = Penalties(
            self._subject,
            self.moment,
            self.day,
            self._today,
            self._dates,
            self._families,
            tuning,
        )

    @property
    def day(self) -> date:
        """Return the day for which the answer shall hold."""
        if self.moment.day:
            return self.moment.day
        years = [int(year) for year in self.moment.years]
        is_past = years and max(years) < self._today.year
        return date(max(years), 12, 31) if is_past else self._today

    def holding_version(self, document: str) -> str:
        """Return the version of a document that holds at the moment; itself where it has none."""
        return self._families.holding_version(document)

    def starts(self, document: str) -> date | None:
        """Return the day from which a document holds, by its own words where it says so."""
        return self._dates.of(document).start

    def is_to_come(self, document: str) -> bool:
        """Return whether a document itself says, and not its file alone, that it holds later."""
        dates = self._dates.of(document)
        return dates.is_sure and dates.start is not None and dates.start > self.day

    def with_versions(self, candidates: Sequence[Candidate], most: int) -> list[Candidate]:
        """Return the first `most` candidates, and of the others the versions of their documents."""
        last_version = self._families.last_version
        families = {last_version(each.passage.document) for each in candidates[:most]}
        families &= self._families.last_versions
        return [
            each
            for place, each in enumerate(candidates)
            if place < most or last_version(each.passage.document) in families
        ]

    def takes_precedence(self, passage: Passage, document: str) -> bool:
        """Return whether a passage that answers speaks in place of an older document."""
        if not self._weight or passage.document == document:
            return False
        if self.holding_version(document) != document:
            return self.holding_version(document) == passage.document
        new, old = self.starts(passage.document), self.starts(document)
        if not self.moment.is_now or new is None or old is None or new > self.day:
            return False
        return new > old and self._subject.stems == self._subject.said_in(passage)

    # What held in the past

    @property
    def asks_what_held(self) -> bool:
        """Return whether the question asks for what held in the past, in a version or a year."""
        moment = self.moment
        is_past = moment.day is not None and moment.day < self._today
        return bool(moment.rest) and (is_past or moment.before or bool(moment.version))

    def may_have_held(self, documents: Collection[str]) -> bool:
        """Return whether something shows for one of these documents that it held then, or not."""
        if self.moment.before:
            return any(map(self._families.has_versions, documents))
        if self.moment.version:
            return any(map(self._is_asked_version, documents))
        starts = (self.starts(document) for document in documents)
        return any(start and start <= self.day for start in starts)

    def held_then(self, excerpt: Excerpt) -> bool:
        """Return whether what an excerpt says held then, as far as its document says."""
        if self.moment.before:
            return self._families.has_versions(excerpt.document)
        if self.moment.version:
            return self._is_asked_version(excerpt.document)
        named = years_in(f"{excerpt.quote} {self._above(excerpt)}")
        is_other = bool(self.moment.years and named) and not named & self.moment.years
        start = self.starts(excerpt.document)
        return start is not None and start <= self.day and not is_other

    def _above(self, excerpt: Excerpt) -> str:
        """Return the names above an excerpt; that of one of several versions tells its first year.

        Another holds until the next one does.
        """
        if self._families.has_versions(excerpt.document):
            return " ".join(excerpt.heading)
        name = excerpt.document.rpartition("/")[2].replace("_", " ").replace("-", " ")
        return " ".join((excerpt.title, *excerpt.heading, name))

    def is_dated(self, document: str) -> bool:
        """Return whether a document surely held then: one of versions, or where a day is asked."""
        return not self.moment.years or self._families.has_versions(document)

    def _is_asked_version(self, document: str) -> bool:
        versions = self._dates.of(document).versions
        return any(is_version(said, self.moment.version) for said in versions)

    # What holds comes first

    def settle(self, evidence: Sequence[Evidence]) -> RankedEvidence:
        """Return the evidence with what holds as the likeliest, if it speaks to the question.

        What it outranks is as likely as before at most, and less than that.
        """
        if not self._weight or len({each.passage.document for each in evidence}) < 2:
            return RankedEvidence(tuple(evidence))
        best, penalties = self._best(evidence)
        while (holding := self.holding_version(evidence[best].passage.document)) != (
            evidence[best].passage.document
        ):
            # What holds says nothing of it, so that the version before is the newest that does.
            self._families.pass_over(holding)
            best, penalties = self._best(evidence)
        first = evidence[best]
        outranked = frozenset(
            each.passage.document
            for each, penalty in zip(evidence, penalties, strict=True)
            if each.passage.document != first.passage.document
            and penalty > penalties[best]
            and not self._families.is_passed_over(each.passage.document)
            and (
                each.probability >= first.probability
                or self.holding_version(each.passage.document) == first.passage.document
            )
        ) | self._replaced_by_answers(evidence)
        most = self._tuning.outranked_share * first.probability
        after = [
            place
            for place, each in enumerate(evidence)
            if each is not first and each.probability >= most
        ]
        # Those that come after it keep an order of their own: the least penalty, then the newest.
        after.sort(key=lambda place: (penalties[place], -self._ordinal(evidence[place])))
        lowered = {place: most * (1 - rank * _STEP) for rank, place in enumerate(after)}
        lowered |= self._newest_first(evidence, lowered, outranked)
        best_of = _best_of_documents(evidence)
        return RankedEvidence(
            tuple(
                replace(each, probability=lowered[place]) if place in lowered else each
                for place, each in enumerate(evidence)
                if not self._is_repeated(each, best_of)
            ),
            outranked,
        )

    def _is_repeated(self, each: Evidence, best_of: Mapping[str, float]) -> bool:
        """Return whether the version that holds says as surely what a replaced one said."""
        document = each.passage.document
        holding = self.holding_version(document)
        if not self.moment.is_now or holding == document or holding not in best_of:
            return False
        return log_odds(best_of[holding]) > log_odds(each.probability) - self._tuning.near_odds

    def _best(self, evidence: Sequence[Evidence]) -> tuple[int, list[float]]:
        """Return the place of the likeliest piece less its penalty, and the penalty of each."""
        penalties = [self._weight * penalty for penalty in self._penalties.of(evidence)]
        values = [
            log_odds(each.probability) - penalty
            for each, penalty in zip(evidence, penalties, strict=True)
        ]
        return max(range(len(evidence)), key=lambda place: values[place]), penalties

    def _replaced_by_answers(self, evidence: Sequence[Evidence]) -> frozenset[str]:
        """Return the documents whose version that holds now speaks to the question as well."""
        if not self.moment.is_now:
            return frozenset()
        best = _best_of_documents(evidence)
        reach = self._weight * self._tuning.replaced_odds
        return frozenset(
            document
            for document, probability in best.items()
            if (holding := self.holding_version(document)) != document
            and holding in best
            and log_odds(best[holding]) > log_odds(probability) - reach
        )

    def _newest_first(
        self, evidence: Sequence[Evidence], lowered: Mapping[int, float], outranked: Collection[str]
    ) -> dict[int, float]:
        """Return how likely replaced versions are, none as likely as a newer one of the same."""
        if not self.moment.is_now:
            return {}
        last_version = self._families.last_version
        best_of = _best_of_documents(evidence)
        least = {last: best_of[last] for last in self._families.last_versions if last in best_of}
        places = [
            place
            for place, each in enumerate(evidence)
            if each.passage.document in outranked
            and last_version(each.passage.document) != each.passage.document
        ]
        places.sort(key=lambda place: -self._ordinal(evidence[place]))
        found: dict[int, float] = {}
        for document, its in groupby(places, key=lambda place: evidence[place].passage.document):
            likely = {place: lowered.get(place, evidence[place].probability) for place in its}
            last, best = last_version(document), max(likely.values())
            most = least.get(last, 1.0) * (1 - _STEP)
            found |= {place: min(each, most) for place, each in likely.items()}
            least[last] = min(best, most)
        return found

    def _ordinal(self, each: Evidence) -> int:
        start = self._dates.of_piece(each).start
        return start.toordinal() if start else 0


def _best_of_documents(evidence: Sequence[Evidence]) -> dict[str, float]:
    best: dict[str, float] = {}
    for each in evidence:
        document = each.passage.document
        best[document] = max(each.probability, best.get(document, 0.0))
    return best
