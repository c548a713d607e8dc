"""The scope of a question: what it may be answered from, and when and for whom it is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from index.answering.answer import Successor
from index.answering.scope.moment import AskedMoment
from index.answering.scope.stopwatch import Stopwatch
from index.decisions import Decisions
from index.ports import Filter
from index.store.catalog.catalog import Catalog
from index.store.generation import Generation


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What stays the same for a question and its parts.

    `names` are the documents that may be seen, and `allowed` the same as a filter; None allows all.
    Whatever is shown, counted or chosen goes by them. `today` is the asker's date. `decisions`
    are those of admins, and may name documents that may not be seen. `replaced` are the documents
    that may be seen and that others of them replace, with the one that holds now. `moment` is the
    time that is asked about, where the question was made shorter.
    """

    generation: Generation
    names: Collection[str] | None
    allowed: Filter | None
    today: date
    stopwatch: Stopwatch
    decisions: Decisions = field(default_factory=Decisions)
    replaced: Mapping[str, Successor] = field(default_factory=dict)
    moment: AskedMoment | None = None

    @property
    def catalog(self) -> Catalog:
        return self.generation.catalog

    @property
    def is_empty(self) -> bool:
        """Whether there is no document that may be seen."""
        return not (self.generation.manifest.documents if self.names is None else self.names)
