"""Evaluation: asks a set of questions and measures how good the answers are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from index.answering.answer import Excerpt, Response, SearchResult
from index.answering.conversation import replay
from index.errors import BadEvaluationSet, BadQuestion, IndexDamaged, IndexMismatch
from index.evaluation.dataset import ExpectedAnswer, Gold, load_set, sample_of, write_corpus
from index.evaluation.outcomes import Outcome, measures
from index.evaluation.risk_coverage import RiskCoverage, risk_coverage
from index.evaluation.statistics import Estimate, Latency, estimate, latency
from index.evaluation.team_questions import Locator, load_questions
from index.indexing.report import Progress, ReindexReport
from index.rewriting import Turn
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore

_HITS = 10


class EvaluatedEngine(Protocol):
    """What is evaluated: an `Engine`."""

    def ask(self, question: str, *, conversation: Sequence[Turn] = ...) -> Response: ...

    def search(self, query: str, k: int = ...) -> SearchResult: ...


class IndexBuilder(Protocol):
    """What brings the index up to date: a `Reindexer`."""

    def run(self, *, full: bool = ..., progress: Progress | None = None) -> ReindexReport: ...


class EvaluationProgress(Progress, Protocol):
    def asked(self, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The result of an evaluation.

    `figures` are in display order. Over answerable questions: passage@k, a gold span lies inside
    one of the first k passages; doc@1, the first passage is of the right document; doc_shown, an
    excerpt is, or one of the closest where nothing is shown; doc_quoted, an excerpt is; evidence,
    the mean share of gold spans inside what is shown (of alternatives, whether any is); precision,
    the share of shown characters that are gold, where all are wanted; shown, the mean number of
    characters shown; missed, the share not answered; not_silent, the share answered or unsure. Over
    unanswerable questions: wrong_answers, the share answered; rightly_silent, the share silent.
    Over both: auroc, of confidence as a sign of answerable questions; aurc, the area under the
    risk-coverage curve; wrong@15%missed, wrong_answers at the highest threshold that misses at most
    15 %. Over all: answered, the share answered; verbatim, the share of excerpts that equal both
    the stored text and the set's text at their offsets. A question counts only in figures for which
    its gold suffices: one for which only the document is known is not in passage@k.

    `risk_coverage` is None where answerable or unanswerable questions are missing. `unplaced` has a
    sentence for each question whose gold the documents no longer hold. `milliseconds` are those of
    `ask` by stage, and of `search`.
    """

    set: str
    gold: Gold
    documents: int
    embedded: int
    figures: Mapping[str, Estimate]
    risk_coverage: RiskCoverage | None
    milliseconds: Mapping[str, Latency]
    outcomes: tuple[Outcome, ...]
    unplaced: tuple[str, ...] = ()

    @property
    def answerable(self) -> int:
        return sum(outcome.answerable is True for outcome in self.outcomes)

    @property
    def unmarked(self) -> tuple[Outcome, ...]:
        """The questions for which it is not known whether they should be answered."""
        return tuple(outcome for outcome in self.outcomes if outcome.answerable is None)

    def as_dict(self) -> dict[str, object]:
        """Return the figures ready for JSON, without the outcomes of single questions."""
        return {
            "set": self.set,
            "gold": self.gold,
            "documents": self.documents,
            "embedded": self.embedded,
            "questions": len(self.outcomes),
            "answerable": self.answerable,
            "unmarked": len(self.unmarked),
            "unmarked_answered": sum(outcome.answered for outcome in self.unmarked),
            "unplaced": self.unplaced,
            "figures": {name: asdict(estimate) for name, estimate in self.figures.items()},
            "risk_coverage": asdict(self.risk_coverage) if self.risk_coverage else None,
            "milliseconds": {stage: asdict(times) for stage, times in self.milliseconds.items()},
        }


def evaluate(
    directory: Path,
    *,
    reindexer_for: Callable[[Path, Path], IndexBuilder],
    engine_for: Callable[[Path, Path], EvaluatedEngine],
    work: Path,
    gold: Gold | None = None,
    questions: int | None = None,
    progress: EvaluationProgress | None = None,
) -> EvaluationReport:
    """Index a set's documents below `work` and ask its questions.

    Both callables get the corpus folder and the index folder. The index is kept: a second run
    embeds only what changed, or all where the index was made by another model. With `questions`,
    only a sample of that size is asked. Raises BadEvaluationSet, and what the callables raise.
    """
    chosen = load_set(directory, gold)
    corpus, index = work / chosen.name / "corpus", work / chosen.name / "index"
    write_corpus(chosen, corpus)
    report = reindex_cached(reindexer_for(corpus, index), progress)
    engine = engine_for(corpus, index)
    catalog = IndexStore(index).open(None).catalog

    def is_exact(excerpt: Excerpt) -> bool:
        in_the_set = excerpt.span.of(chosen.documents.get(excerpt.document, ""))
        return excerpt.quote == catalog.quote(excerpt.document, excerpt.span) == in_the_set

    asked = [question.expected for question in chosen.sample(questions)]
    return _figures(
        set_name=chosen.name,
        gold=chosen.gold,
        documents=report.documents,
        embedded=report.embedded,
        outcomes=_ask(chosen.name, asked, chosen.gold, engine, is_exact, progress),
    )


def evaluate_team_questions(
    path: Path,
    *,
    engine: EvaluatedEngine,
    catalog: Catalog,
    questions: int | None = None,
    progress: EvaluationProgress | None = None,
) -> EvaluationReport:
    """Ask a team's questions (`index.evaluation.team_questions`) of the index they are about.

    `catalog` is the one that `engine` answers from. The expected excerpts are looked up in the
    documents as they are now. Where a document no longer holds one, it is unknown whether the
    question can still be answered: the question is reported in `unplaced` and counts as unmarked,
    so that one rewritten briefing does not hold up all other figures. With `questions`, only a
    sample of that size is asked. Raises BadEvaluationSet, and what `engine` raises.
    """
    locator = Locator(catalog)
    located = [locator(question) for question in sample_of(load_questions(path), questions)]
    asked = [expected for expected, _ in located]

    def is_exact(excerpt: Excerpt) -> bool:
        return excerpt.quote == catalog.quote(excerpt.document, excerpt.span)

    return _figures(
        set_name=path.name,
        gold="any",
        documents=len(catalog.document_names()),
        embedded=0,
        outcomes=_ask(path.name, asked, "any", engine, is_exact, progress),
        unplaced=tuple(problem for _, problem in located if problem),
    )


def reindex_cached(reindexer: IndexBuilder, progress: Progress | None = None) -> ReindexReport:
    """Bring an index up to date that is only a cache, so that an unusable one is built anew."""
    try:
        return reindexer.run(progress=progress)
    except (IndexMismatch, IndexDamaged):
        return reindexer.run(full=True, progress=progress)


def _ask(
    set_name: str,
    asked: Sequence[ExpectedAnswer],
    gold: Gold,
    engine: EvaluatedEngine,
    is_exact: Callable[[Excerpt], bool],
    progress: EvaluationProgress | None,
) -> list[Outcome]:
    outcomes = []
    for number, expected in enumerate(asked, start=1):
        try:
            outcomes.append(outcome_of(set_name, expected, gold, engine, is_exact))
        except BadQuestion as exc:
            raise BadEvaluationSet(f"The question {expected.question[:80]!r}: {exc}") from exc
        if progress:
            progress.asked(number, len(asked))
    return outcomes


def outcome_of(
    set_name: str,
    expected: ExpectedAnswer,
    gold: Gold,
    engine: EvaluatedEngine,
    is_exact: Callable[[Excerpt], bool],
) -> Outcome:
    """Ask one question, and return what became of it."""
    turns = replay(engine, expected.previous)
    response = engine.ask(expected.question, conversation=turns)
    found = engine.search(response.rewritten or expected.question, k=_HITS)
    shown = response.excerpts or response.closest
    inside = [
        any(e.document == document and e.span.contains(span) for e in shown)
        for document, span in expected.places
    ]

    def has_right(documents: Iterable[str]) -> bool | None:
        """Return whether any of these is a right document; None where none is known."""
        return bool(expected.documents.intersection(documents)) if expected.documents else None

    share = float(any(inside)) if gold == "any" else sum(inside) / max(1, len(inside))
    return Outcome(
        set=set_name,
        question=expected.question,
        answerable=expected.answerable,
        verdict=response.verdict,
        kind=response.kind,
        confidence=response.confidence,
        rank=_first_rank(found, expected),
        document_first=has_right(hit.passage.document for hit in found.hits if hit.rank == 1),
        document_shown=has_right(e.document for e in shown),
        document_quoted=has_right(e.document for e in response.excerpts),
        evidence=share if inside else None,
        excerpts=len(shown),
        verbatim=sum(is_exact(excerpt) for excerpt in shown),
        characters=sum(len(excerpt.quote) for excerpt in shown),
        gold_characters=sum(_gold_characters(excerpt, expected) for excerpt in shown),
        milliseconds={**response.milliseconds, "search": found.milliseconds["total"]},
    )


def _first_rank(found: SearchResult, expected: ExpectedAnswer) -> int | None:
    """Return the rank of the first passage with a gold span inside."""
    ranks = [
        hit.rank
        for hit in found.hits
        for document, span in expected.places
        if hit.passage.document == document and hit.passage.span.contains(span)
    ]
    return min(ranks, default=None)


def _gold_characters(excerpt: Excerpt, expected: ExpectedAnswer) -> int:
    gold = {
        offset
        for document, span in expected.places
        if document == excerpt.document
        for offset in range(span.start, span.end)
    }
    return len(gold.intersection(range(excerpt.span.start, excerpt.span.end)))


def _figures(
    *,
    set_name: str,
    gold: Gold,
    documents: int,
    embedded: int,
    outcomes: Sequence[Outcome],
    unplaced: tuple[str, ...] = (),
) -> EvaluationReport:
    figures = {}
    for name, measure in measures(gold).items():
        over = [outcome for outcome in outcomes if measure.over(outcome)]
        figures[name] = estimate(len(over), measure.statistic(over))
    marked = [outcome for outcome in outcomes if outcome.answerable is not None]
    return EvaluationReport(
        set=set_name,
        gold=gold,
        documents=documents,
        embedded=embedded,
        figures=figures,
        risk_coverage=risk_coverage(
            [o.confidence for o in marked],
            [bool(o.answerable) for o in marked],
            [o.answered for o in marked],
        ),
        milliseconds=_latencies(outcomes),
        outcomes=tuple(outcomes),
        unplaced=unplaced,
    )


def _latencies(outcomes: Sequence[Outcome]) -> dict[str, Latency]:
    stages = dict.fromkeys(stage for outcome in outcomes for stage in outcome.milliseconds)
    return {
        stage: latency([o.milliseconds[stage] for o in outcomes if stage in o.milliseconds])
        for stage in stages
    }
