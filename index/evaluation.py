"""How good the answers to a set of questions with known evidence are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from index.answer import Answer, Excerpt, Response, SearchResult
from index.catalog import Catalog
from index.errors import BadEvaluationSet, BadQuestion, IndexDamaged, IndexMismatch
from index.evaluation_set import EvaluationSet, Gold, Question, load_set, write_corpus
from index.reindex import Progress, ReindexReport
from index.statistics import Estimate, Latency, auroc, latency, ratio
from index.store import IndexStore

__all__ = [
    "Answers",
    "EvaluationProgress",
    "Figures",
    "Outcome",
    "Reindexes",
    "evaluate",
    "reindex_cached",
]

_HITS = 10


class Answers(Protocol):
    """What is evaluated: an `Engine`."""

    def ask(self, question: str) -> Response: ...

    def search(self, query: str, k: int = ...) -> SearchResult: ...


class Reindexes(Protocol):
    """A `Reindexer`."""

    def run(self, *, full: bool = ..., progress: Progress | None = None) -> ReindexReport: ...


class EvaluationProgress(Progress, Protocol):
    def asked(self, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and what became of it.

    `shown` are the excerpts or, where the engine abstained, the closest passages. `rank` is that
    of the first of ten passages with a gold span inside, None where none has one. `evidence` is
    the share of wanted gold spans that lie inside what is shown. `gold_characters` of the
    `characters` shown lie in gold spans. `verbatim` of the excerpts shown are exact.
    """

    question: Question
    answered: bool
    confidence: float
    rank: int | None
    document_first: bool
    shown: tuple[Excerpt, ...]
    evidence: float
    characters: int
    gold_characters: int
    verbatim: int
    milliseconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """What an evaluation found.

    `figures`, in the order to show them in. Over answerable questions: passage@k, a gold span lies
    inside one of the first k passages; doc@1, the first passage is of the right document;
    evidence, the mean share of gold spans inside what is shown (of alternatives, whether one is);
    precision, the share of characters shown that are gold, where all gold spans are wanted; shown,
    the mean of characters shown; missed, the share not answered. Over unanswerable ones:
    wrong_answers, the share answered. Over all: verbatim, the share of excerpts that equal both
    the stored text and the set's at their offsets; auroc of confidence for answerable.

    `milliseconds` are those of `ask` by stage, and `search`.
    """

    set: str
    gold: Gold
    documents: int
    embedded: int
    figures: Mapping[str, Estimate]
    milliseconds: Mapping[str, Latency]
    outcomes: tuple[Outcome, ...]

    def as_dict(self) -> dict[str, object]:
        """Ready for JSON; without the outcomes of single questions."""
        return {
            "set": self.set,
            "gold": self.gold,
            "documents": self.documents,
            "embedded": self.embedded,
            "questions": len(self.outcomes),
            "answerable": sum(outcome.question.answerable for outcome in self.outcomes),
            "figures": {name: asdict(estimate) for name, estimate in self.figures.items()},
            "milliseconds": {stage: asdict(times) for stage, times in self.milliseconds.items()},
        }


def evaluate(
    directory: Path,
    *,
    reindexer_for: Callable[[Path, Path], Reindexes],
    engine_for: Callable[[Path, Path], Answers],
    work: Path,
    gold: Gold | None = None,
    questions: int | None = None,
    progress: EvaluationProgress | None = None,
) -> Figures:
    """Indexes a set's documents below `work` and asks its questions.

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
    asked = chosen.sample(questions)
    outcomes = []
    for number, question in enumerate(asked):
        try:
            outcomes.append(_outcome(question, chosen, engine, catalog))
        except BadQuestion as exc:
            raise BadEvaluationSet(f"The question {question.question[:80]!r}: {exc}") from exc
        if progress:
            progress.asked(number + 1, len(asked))
    return Figures(
        set=chosen.name,
        gold=chosen.gold,
        documents=report.documents,
        embedded=report.embedded,
        figures=_figures(outcomes, chosen.gold),
        milliseconds=_latencies(outcomes),
        outcomes=tuple(outcomes),
    )


def reindex_cached(reindexer: Reindexes, progress: Progress | None = None) -> ReindexReport:
    """Brings an index up to date that nobody would miss: an unusable one is built anew."""
    try:
        return reindexer.run(progress=progress)
    except (IndexMismatch, IndexDamaged):
        return reindexer.run(full=True, progress=progress)


def _outcome(
    question: Question, chosen: EvaluationSet, engine: Answers, catalog: Catalog
) -> Outcome:
    found = engine.search(question.question, k=_HITS)
    response = engine.ask(question.question)
    answered = isinstance(response, Answer)
    shown = response.excerpts if isinstance(response, Answer) else response.closest
    inside = [
        any(e.document == question.document and e.span.contains(gold) for e in shown)
        for gold in question.spans
    ]
    ranks = [
        hit.rank
        for hit in found.hits
        if hit.passage.document == question.document
        and any(hit.passage.span.contains(gold) for gold in question.spans)
    ]
    if chosen.gold == "any":
        evidence = float(any(inside))
    else:
        evidence = sum(inside) / len(inside) if inside else 0.0
    return Outcome(
        question=question,
        answered=answered,
        confidence=response.confidence,
        rank=min(ranks, default=None),
        document_first=any(
            hit.passage.document == question.document for hit in found.hits if hit.rank == 1
        ),
        shown=shown,
        evidence=evidence,
        characters=sum(len(excerpt.quote) for excerpt in shown),
        gold_characters=sum(_gold_characters(excerpt, question) for excerpt in shown),
        verbatim=sum(
            excerpt.quote
            == catalog.quote(excerpt.document, excerpt.span)
            == excerpt.span.of(chosen.documents.get(excerpt.document, ""))
            for excerpt in shown
        ),
        milliseconds={**response.milliseconds, "search": found.milliseconds["total"]},
    )


def _gold_characters(excerpt: Excerpt, question: Question) -> int:
    if excerpt.document != question.document:
        return 0
    gold = {offset for start, end in question.gold for offset in range(start, end)}
    return len(gold.intersection(range(excerpt.span.start, excerpt.span.end)))


def _figures(outcomes: Sequence[Outcome], gold: Gold) -> dict[str, Estimate]:
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    silent = [outcome for outcome in outcomes if not outcome.question.answerable]
    figures = {
        f"passage@{k}": ratio([o.rank is not None and o.rank <= k for o in answerable])
        for k in (1, 5, _HITS)
    }
    figures["doc@1"] = ratio([o.document_first for o in answerable])
    figures["evidence"] = ratio([o.evidence for o in answerable])
    if gold == "all":
        figures["precision"] = ratio(
            [o.gold_characters for o in answerable], [o.characters for o in answerable]
        )
    figures["shown"] = ratio([o.characters for o in answerable])
    figures["verbatim"] = ratio([o.verbatim for o in outcomes], [len(o.shown) for o in outcomes])
    figures["auroc"] = auroc(
        [o.confidence for o in outcomes], [o.question.answerable for o in outcomes]
    )
    figures["wrong_answers"] = ratio([o.answered for o in silent])
    figures["missed"] = ratio([not o.answered for o in answerable])
    return figures


def _latencies(outcomes: Sequence[Outcome]) -> dict[str, Latency]:
    stages = dict.fromkeys(stage for outcome in outcomes for stage in outcome.milliseconds)
    return {
        stage: latency([o.milliseconds[stage] for o in outcomes if stage in o.milliseconds])
        for stage in stages
    }
