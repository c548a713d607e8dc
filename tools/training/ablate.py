"""What each stage of the engine is worth, in quality and in time: the tables of docs/QUALITY.md.

    .venv/bin/python -m tools.training.ablate --reader fold0.onnx fold1.onnx [--squad 600]
        [--timed 60]

Each row takes one stage out or puts another in its place, and puts the questions of the evaluation
sets again, each to a reader that never saw its document (tools/training/reader/cases.py). The
regressions
are the shipped ones, except where a row says otherwise. Milliseconds are the median over `--timed`
questions of what the stages of a row take together, timed by real calls, one question at a time.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from index.answering.answer import Excerpt
from index.answering.calibration import Calibration, Logistic, calibration_for
from index.answering.confidence import CONFIDENCE_FEATURES, confidence_features
from index.answering.engine import READ, WEIGHED
from index.answering.evidence import UNIT_FEATURES, RerankingReader, read_units, score_evidence
from index.answering.excerpts import select_excerpts, verify
from index.answering.retrieval import Candidate, completed, fuse
from index.answering.timings import Stopwatch
from index.chunking.chunker import Passage
from index.evaluation.dataset import Gold
from index.evaluation.outcomes import Outcome, measures
from index.evaluation.statistics import difference
from index.models.embedder import load_embedder
from index.models.reader import OnnxReader
from index.models.registry import PACKAGED_EMBEDDER, PACKAGED_READER
from index.models.reranker import CosineReranker
from index.ports import Embedder, PassageScores, Reader
from tools.training.reader.cases import Case, add_arguments, cases_of, readers_of, reranking_readers

__all__ = ["Posed", "Variant", "outcome_of", "reciprocal_ranks"]

Ranked: TypeAlias = Sequence[tuple[int, float]]
"""(key, score), the best first."""

_SETS: Mapping[str, Gold] = {"squad": "any", "clapnq": "all"}
_CANDIDATES = 50
_KEPT = 10
_READS = (10, 8, 6, 4, 3, 2, 1)
_BUDGETS = (100, 60, 30)
_COLUMNS = ("passage@1", "passage@5", "evidence", "shown", "precision", "auroc", "wrong@15%missed")
_RANK_CONSTANT = 60
"""Of Cormack, Clarke and Büttcher 2009, https://doi.org/10.1145/1571941.1572114."""
_CUTS = (-4.0, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Posed:
    """A question and what both searches find for it."""

    case: Case
    dense: Ranked
    lexical: Ranked


@dataclass(frozen=True, slots=True)
class Variant:
    """The engine with one stage changed; what is not named is as shipped.

    `reader` stands in for that of each case. `reading` names the timed stage that reads.
    """

    name: str
    calibration: Calibration
    fused: Callable[[Ranked, Ranked], Mapping[int, float]] = fuse
    searches: tuple[str, ...] = ("embed", "dense", "lexical")
    read: int = READ
    order: Callable[[Candidate], float] = lambda candidate: candidate.score
    context: bool = True
    reader: Reader | None = None

    @property
    def reading(self) -> str:
        if self.reader is not None:
            return "no reader"
        return f"read {self.read}" if self.context else "read without context"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--timed", type=int, default=60, metavar="N", help="questions to time")
    options = parser.parse_args()
    embedder = load_embedder(PACKAGED_EMBEDDER)
    off = reranking_readers("none", embedder, options.work).shipped
    cases = cases_of(options, readers_of(options), embedder)
    posed = [_posed(case, embedder) for case in cases if case.set_name in _SETS]
    fitted = calibration_for(PACKAGED_READER)
    variants = [
        *_variants(fitted, posed),
        Variant("no reader", calibration_for("none"), reader=off),
    ]
    outcomes = {v.name: [outcome_of(one, v) for one in posed] for v in variants}
    timed = random.Random(0).sample(posed, min(options.timed, len(posed)))
    reader, cosines = OnnxReader(options.shipped), RerankingReader(CosineReranker(embedder))
    times = [_times(one, embedder, reader, cosines, fitted) for one in timed]
    spent = {v.name: _milliseconds(v, times) for v in variants}
    counts = " and ".join(
        f"{sum(one.case.set_name == name for one in posed)} of {name}" for name in _SETS
    )
    print(
        f"{counts} questions; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. Cells are "
        "squad / clapnq; * where the difference from the first row is more than chance.\n"
    )
    rows = [v.name for v in variants]
    _print_table("stage", [(name, name) for name in rows], outcomes, spent)
    print()
    _print_table("ms a question", list(_within_budgets(variants, spent)), outcomes, spent)


def _posed(case: Case, embedder: Embedder) -> Posed:
    vector, generation = embedder.embed_query(case.question), case.generation
    dense = generation.vectors.search(vector, _CANDIDATES)
    lexical = generation.catalog.search(case.question, _CANDIDATES)
    return Posed(case, completed(dense, lexical, vector, generation.vectors), lexical)


def _variants(fitted: Calibration, posed: Sequence[Posed]) -> Iterator[Variant]:
    shipped = Variant("as shipped", fitted)
    yield shipped
    yield replace(
        shipped,
        name="cosines of the fifty nearest only",
        fused=lambda dense, lexical: fuse(dense[:_CANDIDATES], lexical),
    )
    yield replace(
        shipped,
        name="no dense search",
        fused=lambda dense, lexical: fuse((), lexical),
        searches=("lexical",),
    )
    yield replace(
        shipped,
        name="no lexical search",
        fused=lambda dense, lexical: fuse(dense[:_CANDIDATES], ()),
        searches=("embed", "dense"),
    )
    yield replace(
        shipped,
        name="reciprocal ranks",
        fused=lambda dense, lexical: reciprocal_ranks(dense[:_CANDIDATES], lexical),
    )
    yield replace(shipped, name="order by the reader alone", order=lambda c: c.logit or 0.0)
    yield replace(shipped, name="order by the fused lists alone", order=lambda c: c.fused)
    yield replace(shipped, name="the reader sees no title, no headings", context=False)
    yield replace(
        shipped, name="evidence by its logit alone", calibration=_as_long(fitted, shipped, posed)
    )
    yield replace(
        shipped,
        name="confidence by answerability alone",
        calibration=fitted.model_copy(
            update={"confidence": _only(CONFIDENCE_FEATURES, "best answerability", 0.0)}
        ),
    )
    for number in _READS:
        if number != READ:
            yield replace(shipped, name=f"passages read: {number}", read=number)


def _as_long(fitted: Calibration, shipped: Variant, posed: Sequence[Posed]) -> Calibration:
    """Evidence from that logit on which shows about as many characters as the regression does."""
    answerable = [one for one in posed if one.case.answerable]

    def characters(variant: Variant) -> float:
        return float(np.mean([outcome_of(one, variant).characters for one in answerable]))

    wanted = characters(shipped)
    plain = [
        fitted.model_copy(update={"evidence": _only(UNIT_FEATURES, "logit", cut)}) for cut in _CUTS
    ]
    return min(plain, key=lambda c: abs(characters(replace(shipped, calibration=c)) - wanted))


def _only(features: Sequence[str], feature: str, cut: float) -> Logistic:
    """Looks at one feature, and says yes from `cut` on."""
    weights = tuple(float(name == feature) for name in features)
    return Logistic(features=tuple(features), weights=weights, bias=-cut, threshold=0.5)


def reciprocal_ranks(dense: Ranked, lexical: Ranked) -> Mapping[int, float]:
    """As `fuse`, by ranks: half of (k + 1) / (k + rank) from each list, ranks from 1."""
    scores: dict[int, float] = {}
    for listed in (dense, lexical):
        for rank, (key, _) in enumerate(listed, start=1):
            scores[key] = scores.get(key, 0.0) + 0.5 * (_RANK_CONSTANT + 1) / (
                _RANK_CONSTANT + rank
            )
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def outcome_of(posed: Posed, variant: Variant) -> Outcome:
    """What the variant makes of the question, as `index.evaluation.run` would say it."""
    fused = variant.fused(posed.dense, posed.lexical)
    keys = list(fused)[:_KEPT]
    stored = posed.case.generation.catalog.passages(keys)
    found = [Candidate(key, stored[key], fused[key]) for key in keys]
    read = [c.passage if variant.context else _bare(c.passage) for c in found[: variant.read]]
    impressions = (variant.reader or posed.case.reader).read(posed.case.question, read)
    return _outcome(posed.case, _ranked(found, impressions, variant), variant)


def _bare(passage: Passage) -> Passage:
    return replace(passage, context="")


def _ranked(
    found: Sequence[Candidate], impressions: Sequence[PassageScores], variant: Variant
) -> list[Candidate]:
    """Those that were read, in their order, and then the others."""
    read = [replace(c, impression=i) for c, i in zip(found, impressions, strict=False)]
    return [*sorted(read, key=lambda c: (-variant.order(c), c.key)), *found[len(read) :]]


def _outcome(case: Case, ranked: Sequence[Candidate], variant: Variant) -> Outcome:
    catalog = case.generation.catalog
    read = [candidate for candidate in ranked if candidate.impression is not None]
    best = read[:WEIGHED]
    evidence = score_evidence(read_units(case.question, best), best, variant.calibration.evidence)
    confidence, excerpts = 0.0, tuple[Excerpt, ...]()
    model = variant.calibration.confidence
    if evidence:
        coverage = catalog.coverage(case.question, [candidate.key for candidate in read])
        features = confidence_features(read, evidence, coverage, len(case.generation.vectors))
        confidence = float(model.probability(features)[0])
        threshold = variant.calibration.evidence.threshold
        excerpts = select_excerpts(case.question, evidence, threshold, catalog)
    verify(excerpts, catalog)
    own = [excerpt for excerpt in excerpts if excerpt.document == case.document]
    inside = [any(excerpt.span.contains(gold) for excerpt in own) for gold in case.gold]
    offsets = {offset for gold in case.gold for offset in range(gold.start, gold.end)}
    return Outcome(
        set=case.set_name,
        question=case.question,
        answerable=case.answerable,
        answered=confidence >= model.threshold,
        confidence=confidence,
        rank=next((n for n, c in enumerate(ranked, start=1) if case.holds_gold(c.passage)), None),
        document_first=bool(ranked) and ranked[0].passage.document == case.document,
        document_shown=bool(own),
        evidence=(float(any(inside)) if case.wanted == "any" else float(np.mean(inside)))
        if case.answerable
        else None,
        excerpts=len(excerpts),
        verbatim=len(excerpts),
        characters=sum(len(excerpt.quote) for excerpt in excerpts),
        gold_characters=sum(
            len(offsets.intersection(range(e.span.start, e.span.end))) for e in own
        ),
        milliseconds={},
    )


def _times(
    posed: Posed, embedder: Embedder, reader: Reader, off: Reader, fitted: Calibration
) -> Mapping[str, float]:
    """Of each stage that some variant has."""
    question, generation = posed.case.question, posed.case.generation
    stopwatch = Stopwatch()
    with stopwatch("embed"):
        vector = embedder.embed_query(question)
    with stopwatch("dense"):
        dense = generation.vectors.search(vector, _CANDIDATES)
    with stopwatch("lexical"):
        lexical = generation.catalog.search(question, _CANDIDATES)
    with stopwatch("dense"):
        dense = completed(dense, lexical, vector, generation.vectors)
    with stopwatch("fetch"):
        fused = fuse(dense, lexical)
        stored = generation.catalog.passages(list(fused)[:_KEPT])
    found = [Candidate(key, stored[key], fused[key]) for key in list(fused)[:_KEPT]]
    passages = [candidate.passage for candidate in found]
    for number in _READS:
        with stopwatch(f"read {number}"):
            impressions = reader.read(question, passages[:number])
    with stopwatch("read without context"):
        reader.read(question, [_bare(passage) for passage in passages[:READ]])
    with stopwatch("no reader"):
        off.read(question, passages[:READ])
    variant = Variant("timed", fitted)
    impressions = posed.case.reader.read(question, passages[:READ])
    with stopwatch("rest"):
        _outcome(posed.case, _ranked(found, impressions, variant), variant)
    return stopwatch.read()


def _milliseconds(variant: Variant, times: Sequence[Mapping[str, float]]) -> float:
    stages = (*variant.searches, "fetch", variant.reading, "rest")
    return float(np.median([sum(one[stage] for stage in stages) for one in times]))


def _within_budgets(
    variants: Sequence[Variant], spent: Mapping[str, float]
) -> Iterator[tuple[str, str]]:
    """For each budget its label, and of the variants that read less the best that fits."""
    by_reading = {variant.reading: variant.name for variant in reversed(variants)}
    names = [*(by_reading[f"read {number}"] for number in _READS), by_reading["no reader"]]
    for budget in _BUDGETS:
        fitting = [name for name in names if spent[name] <= budget]
        if fitting:
            yield f"{budget}: {fitting[0]}", fitting[0]
        else:
            fastest = min(names, key=spent.__getitem__)
            print(f"Nothing fits {budget} ms: {fastest} takes {spent[fastest]:.0f}.\n")


def _print_table(
    title: str,
    rows: Sequence[tuple[str, str]],
    outcomes: Mapping[str, Sequence[Outcome]],
    spent: Mapping[str, float],
) -> None:
    print(f"| {title} | " + " | ".join(_COLUMNS) + " | ms |")
    print("|---" * (len(_COLUMNS) + 2) + "|")
    shipped = next(iter(outcomes.values()))
    for label, name in rows:
        cells = [_cell(column, shipped, outcomes[name]) for column in _COLUMNS]
        print(f"| {label} | " + " | ".join(cells) + f" | {spent[name]:.0f} |")


def _cell(column: str, shipped: Sequence[Outcome], found: Sequence[Outcome]) -> str:
    """The figure on each set that has it, marked where 95 % of resamples of the same questions
    agree on which of both is greater."""
    parts = []
    for name, gold in _SETS.items():
        measure = measures(gold).get(column)
        if measure is None:
            continue
        before = [o for o in shipped if o.set == name and measure.over(o)]
        after = [o for o in found if o.set == name and measure.over(o)]
        value = measure.statistic(after)(np.arange(len(after)))
        changed = difference(len(after), measure.statistic(before), measure.statistic(after))
        assert changed.low is not None
        assert changed.high is not None
        mark = "*" if changed.low > 0 or changed.high < 0 else ""
        parts.append((f"{value:.0f}" if column == "shown" else f"{value:.3f}") + mark)
    return " / ".join(parts)


if __name__ == "__main__":
    main()
