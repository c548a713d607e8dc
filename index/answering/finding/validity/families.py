"""Families of versions: of each document, which of its versions holds at the time asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import date

from index.answering.answer import Successor
from index.answering.finding.validity.dates import ValidityDates
from index.answering.scope import Scope
from index.answering.scope.moment import AskedMoment
from index.answering.understanding.moments import is_version


class VersionFamilies:
    """The versions of the documents of a scope, each family by its last version.

    `replaced` has the last version of each document that was replaced. Of a family both must be in
    the scope.
    """

    def __init__(
        self,
        replaced: Mapping[str, Successor],
        scope: Scope,
        moment: AskedMoment,
        day: date,
        dates: ValidityDates,
    ) -> None:
        self._replaced = scope.replaced
        self._today = scope.today
        self._moment = moment
        self._day = day
        self._dates = dates
        self._earlier: defaultdict[str, list[str]] = defaultdict(list)
        visible: Set[str] = replaced.keys() | {new.document for new in replaced.values()}
        if scope.names is not None and replaced:
            names = scope.names if isinstance(scope.names, Set) else frozenset(scope.names)
            visible = names & visible
        for old, successor in replaced.items():
            if old in visible and successor.document in visible:
                self._earlier[successor.document].append(old)
        self._passed_over: set[str] = set()
        self._holding: dict[str, str] = {}

    @property
    def last_versions(self) -> Set[str]:
        """Return the last version of each family."""
        return self._earlier.keys()

    def last_version(self, document: str) -> str:
        """Return the last version of a document; itself where nothing replaces it."""
        replaced = self._replaced.get(document)
        return replaced.document if replaced else document

    def has_versions(self, document: str) -> bool:
        """Return whether a document is one of several versions."""
        return self.last_version(document) in self._earlier

    def holding_version(self, document: str) -> str:
        """Return the version of a document that holds at the moment; itself where it has none."""
        last = self.last_version(document)
        if last not in self._earlier:
            return document
        if last not in self._holding:
            family = [
                name for name in (*self._earlier[last], last) if name not in self._passed_over
            ]
            self._holding[last] = self._version_at_the_moment(family or [document])
        return self._holding[last]

    def pass_over(self, document: str) -> None:
        """Leave a version out that does not answer, so that the one before it counts as holding."""
        self._passed_over.add(document)
        self._holding.clear()

    def is_passed_over(self, document: str) -> bool:
        """Return whether a version was left out since it does not answer."""
        return document in self._passed_over

    def _version_at_the_moment(self, family: Sequence[str]) -> str:
        """Return which of the versions of a document, the last one last, holds at the moment."""
        if self._moment.version:
            asked = [
                name
                for name in family
                if any(is_version(v, self._moment.version) for v in self._dates.of(name).versions)
            ]
            return self._before(asked, family) if asked else family[-1]
        by_start = sorted(
            (name for name in family if self._dates.of(name).start),
            key=lambda name: (self._dates.of(name).start or date.min, name == family[-1], name),
        )
        begun = [name for name in by_start if (self._dates.of(name).start or date.max) <= self._day]
        if not begun:
            return by_start[0] if by_start and self._day < self._today else family[-1]
        if self._moment.before:
            return begun[-2] if len(begun) > 1 else begun[-1]
        is_undated = self._dates.of(family[-1]).start is None and self._day >= self._today
        return family[-1] if is_undated else begun[-1]

    def _before(self, asked: Sequence[str], family: Sequence[str]) -> str:
        """Return the version that was asked for, or the newest before it where that was."""
        started = self._dates.of(asked[0]).start
        if not self._moment.before or started is None:
            return asked[0]
        starts = {name: self._dates.of(name).start for name in family}
        earlier = [(start, name) for name, start in starts.items() if start and start < started]
        return max(earlier, default=(started, asked[0]))[1]
