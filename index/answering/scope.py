"""The scope of a question and its findings: the values that all kinds of questions share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from index.answering.answer import (
    Choice,
    Computed,
    Difference,
    Excerpt,
    ListedDocument,
    QuestionKind,
    Reply,
    Successor,
    SummaryHeading,
)
from index.answering.list_requests import Extent
from index.answering.moment import AskedMoment
from index.answering.stopwatch import Stopwatch
from index.answering.tuning import Tuning
from index.chunking.passage import Passage
from index.decisions import Decisions
from index.ports import UNSCORED, Filter, PassageScores
from index.store.catalog.catalog import Catalog
from index.store.generation import Generation

__all__ = ["Candidate", "Findings", "Scope"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with the scores of each stage.

    `fused` is about in [0, 1]: more for a passage of a document whose name fits, and less for one
    that lacks the names of the question. `passage_scores` are the reader's, None for a passage that
    was not read.
    """

    key: int
    passage: Passage
    fused: float
    passage_scores: PassageScores | None = None

    @property
    def relevance(self) -> float:
        """The reader's relevance; UNSCORED for a passage that was not read."""
        return UNSCORED if self.passage_scores is None else self.passage_scores.relevance

    def score(self, tuning: Tuning) -> float:
        """Return the score that orders the passages that were read."""
        return self.relevance + tuning.fusion_weight * self.fused


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


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What is found for one question, or for one part of it.

    `confidence` in [0, 1] is how likely it is that this answers. `candidates` are the passages that
    were read, the best first, and empty where no passage was looked for. `closest` has something of
    each of the best, where nothing is sure enough to be shown. `extent` is that of the list whose
    beginning is shown.
    """

    kind: QuestionKind = QuestionKind.FACT
    confidence: float = 0.0
    excerpts: tuple[Excerpt, ...] = ()
    closest: tuple[Excerpt, ...] = ()
    replies: tuple[Reply, ...] = ()
    documents: tuple[ListedDocument, ...] = ()
    computed: tuple[Computed, ...] = ()
    choices: tuple[Choice, ...] = ()
    contents: tuple[SummaryHeading, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    differences: tuple[Difference, ...] = ()
    extent: Extent | None = None
