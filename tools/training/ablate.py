"""Measures what each stage of the engine is worth: the tables of docs/QUALITY.md.

    .venv/bin/python -m tools.training.ablate --eval SETS --reader fold0.onnx fold1.onnx
        [--squad 600] [--timed 60]

Each row runs the engine with another setting on the questions of the evaluation sets; each question
goes to a reader that never saw its document (tools/training/reader/cases.py). The regressions are
those that ship, unless a row names another. Milliseconds are the median that `--timed` questions
take, one at a time, with the models themselves.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.answering.answer import Excerpt
from index.answering.calibration import Calibration, Logistic, calibration_for
from index.answering.engine import Engine
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from index.answering.finding.evidence import UNIT_FEATURES
from index.answering.tuning import TUNING, Tuning
from index.chunking.passage import Passage
from index.evaluation.dataset import ExpectedAnswer, Gold
from index.evaluation.outcomes import Outcome, measures
from index.evaluation.run import outcome_of
from index.evaluation.statistics import difference
from index.models.embedder import load_embedder
from index.models.reader import OnnxReader
from index.models.registry import PACKAGED_EMBEDDER, PACKAGED_READER
from index.models.reranker import CosineReranker
from index.models.reranking_reader import RerankingReader
from index.ports import Embedder, PassageScores, Reader
from index.store.generation import Generation
from tools.training.reader.cases import Case, add_arguments, cases_of, readers_of, reranking_readers

_SETS: Mapping[str, Gold] = {"squad": "any", "clapnq": "all"}
_READ = (10, 8, 6, 4, 3, 2, 1)
_BUDGETS = (100, 60, 30)
_COLUMNS = ("passage@1", "passage@5", "evidence", "shown", "precision", "auroc", "wrong@15%missed")
_THRESHOLDS = (-4.0, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """The engine with one thing changed; what is not given is as shipped.

    `reader` makes the reader to use of the one that the case has.
    """

    name: str
    tuning: Tuning = TUNING
    calibration: Calibration = field(default_factory=lambda: calibration_for(PACKAGED_READER))
    reader: Callable[[Reader], Reader] = lambda reader: reader

    def engine(self, case: Case, embedder: Embedder, reader: Reader | None = None) -> Engine:
        """Return the engine over the case's documents, with `reader` in place of the case's."""
        chosen = self.reader(reader or case.reader)
        index = _Fixed(case.generation)
        return Engine(index, embedder, chosen, self.calibration, tuning=self.tuning)


@dataclass(frozen=True, slots=True)
class _Fixed:
    """An index with one generation."""

    only: Generation

    def generation(self) -> Generation:
        return self.only


@dataclass(frozen=True, slots=True)
class _WithoutContext:
    """A reader that sees neither titles nor headings."""

    reader: Reader

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        return self.reader.read(question, [replace(passage, context="") for passage in passages])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--timed", type=int, default=60, metavar="N", help="questions to time")
    options = parser.parse_args()
    embedder = load_embedder(PACKAGED_EMBEDDER)
    cases = [c for c in cases_of(options, readers_of(options), embedder) if c.set_name in _SETS]
    cosines = reranking_readers("none", embedder, options.work).shipped
    plain = _as_long(cases, embedder)
    settings = [
        *_settings(plain),
        Setting("no reader", calibration=calibration_for("none"), reader=lambda _: cosines),
    ]
    outcomes = {s.name: [outcome(case, s, embedder) for case in cases] for s in settings}
    timed = random.Random(0).sample(cases, min(options.timed, len(cases)))
    # Not the kept scores: what is timed must be computed.
    reader = OnnxReader(options.shipped)
    computed = RerankingReader(CosineReranker(embedder), TUNING.evidence_passages)
    settings[-1] = replace(settings[-1], reader=lambda _: computed)
    spent = {s.name: _milliseconds(s, timed, embedder, reader) for s in settings}
    counts = " and ".join(f"{sum(c.set_name == name for c in cases)} of {name}" for name in _SETS)
    print(
        f"{counts} questions; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. Cells are "
        "squad / clapnq; * where the difference from the first row is more than chance.\n"
    )
    _print_table("stage", [(s.name, s.name) for s in settings], outcomes, spent)
    print()
    _print_table("ms a question", list(_within_budgets(settings, spent)), outcomes, spent)


def _settings(plain: Calibration) -> Iterator[Setting]:
    shipped = Setting("as shipped")
    yield shipped
    for name, tuning in {
        "cosines of the fifty nearest only": replace(TUNING, complete_cosines=False),
        "no dense search": replace(TUNING, dense_weight=0),
        "no lexical search": replace(TUNING, lexical_weight=0),
        "order by the reader alone": replace(TUNING, fusion_weight=0),
        "order by the fused lists alone": replace(TUNING, fusion_weight=1e6),
    }.items():
        yield Setting(name, tuning)
    yield Setting("the reader sees no title, no headings", reader=_WithoutContext)
    yield Setting("evidence by its logit alone", calibration=plain)
    answerability = _only(CONFIDENCE_FEATURES, "best answerability", 0.0)
    yield Setting(
        "confidence by answerability alone",
        calibration=shipped.calibration.model_copy(update={"confidence": answerability}),
    )
    for number in _READ:
        if number != TUNING.read_passages:
            yield _reading(number)


def _reading(number: int) -> Setting:
    tuning = replace(TUNING, read_passages=number, read_passages_in_search=number)
    return Setting(f"passages read: {number}", tuning)


def _as_long(cases: Sequence[Case], embedder: Embedder) -> Calibration:
    """Return evidence by its logit alone, at a threshold that shows about as many characters."""
    answerable = [case for case in cases if case.answerable]
    shipped = Setting("as shipped")

    def characters(setting: Setting) -> float:
        return float(np.mean([outcome(c, setting, embedder).characters for c in answerable]))

    wanted = characters(shipped)
    plain = [
        shipped.calibration.model_copy(update={"evidence": _only(UNIT_FEATURES, "logit", value)})
        for value in _THRESHOLDS
    ]
    return min(plain, key=lambda c: abs(characters(replace(shipped, calibration=c)) - wanted))


def _only(features: Sequence[str], feature: str, threshold: float) -> Logistic:
    """Return a regression on one feature that says yes from `threshold` on."""
    weights = tuple(float(name == feature) for name in features)
    return Logistic(features=tuple(features), weights=weights, bias=-threshold, threshold=0.5)


def outcome(case: Case, setting: Setting, embedder: Embedder) -> Outcome:
    """Ask the engine with this setting, and return what became of the case's question."""
    catalog = case.generation.catalog

    def is_exact(excerpt: Excerpt) -> bool:
        return excerpt.quote == catalog.quote(excerpt.document, excerpt.span)

    expected = ExpectedAnswer(
        case.question,
        case.answerable,
        frozenset({case.document} if case.document else ()),
        tuple((case.document, span) for span in case.gold),
    )
    engine = setting.engine(case, embedder)
    return outcome_of(case.set_name, expected, case.wanted, engine, is_exact)


def _milliseconds(
    setting: Setting, cases: Sequence[Case], embedder: Embedder, reader: Reader
) -> float:
    responses = [setting.engine(case, embedder, reader).ask(case.question) for case in cases]
    return float(np.median([response.milliseconds["total"] for response in responses]))


def _within_budgets(
    settings: Sequence[Setting], spent: Mapping[str, float]
) -> Iterator[tuple[str, str]]:
    """Yield for each budget its label and the setting that reads most within it."""
    known = {setting.name for setting in settings}
    reading = (_reading(number).name for number in _READ)
    names = [name if name in known else settings[0].name for name in reading] + ["no reader"]
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


def _cell(column: str, shipped: Sequence[Outcome], changed: Sequence[Outcome]) -> str:
    """Return a figure on each set that has it, with * where the difference is more than chance.

    That is where 95 % of resamples of the same questions agree on which of both is greater.
    """
    parts = []
    for name, gold in _SETS.items():
        measure = measures(gold).get(column)
        if measure is None:
            continue
        before = [o for o in shipped if o.set == name and measure.over(o)]
        after = [o for o in changed if o.set == name and measure.over(o)]
        value = measure.statistic(after)(np.arange(len(after)))
        gain = difference(len(after), measure.statistic(before), measure.statistic(after))
        assert gain.low is not None
        assert gain.high is not None
        mark = "*" if gain.low > 0 or gain.high < 0 else ""
        parts.append((f"{value:.0f}" if column == "shown" else f"{value:.3f}") + mark)
    return " / ".join(parts)


if __name__ == "__main__":
    main()
