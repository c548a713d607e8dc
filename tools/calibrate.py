"""Fits index/calibration.json: the probability of evidence, and that of an answer.

    .venv/bin/python tools/calibrate.py [--eval ../shared/eval] [--squad 400] [--only none]
    .venv/bin/python tools/calibrate.py --only reader --reader fold0.onnx --fold 0

Two logistic regressions for each kind of reader (our own, a cross-encoder, and none). Our own was
trained on the sets that it would be fitted to, so it is fitted by a twin that was trained without
the documents of one fold, on just these documents (tools/train_reader.py). What they are
fitted to: the development halves of the evaluation sets (SQuAD 2.0, CC BY-SA 4.0; ClapNQ, Apache
2.0) and the questions over our own corpus (tests/data/corpus-questions.jsonl). The figures that are
printed are cross-validated over documents, five folds. A fixed seed; the same data give the same
numbers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from index.calibration import Calibration, Logistic
from index.confidence import CONFIDENCE_FEATURES, confidence_features
from index.document import Span
from index.embedding import load_embedder
from index.engine import READ, WEIGHED
from index.evidence import UNIT_FEATURES, read_units, weigh
from index.generation import Generation, Recipe
from index.live import LiveIndex
from index.models import PACKAGED_EMBEDDER, PACKAGED_RERANKER, fingerprint, model_directory
from index.passages import CUTTER_VERSION
from index.ports import Embedder, Reads
from index.reader import OnnxReader, load_reader
from index.reindex import Reindexer
from index.retrieval import retrieve
from index.stopwatch import Stopwatch
from index.store import IndexStore

ROOT = Path(__file__).resolve().parent.parent
Floats = NDArray[np.float64]

EVIDENCE_THRESHOLD = 0.15
"""Of the cross-validated curve: 0.2 shows 80 characters less on `squad` and loses 1.5 points of
evidence there and 4.5 on `clapnq`."""
_READER_EVIDENCE_THRESHOLD = 0.13
"""Likewise: with 0.15, 25 characters less on `squad` and four points less evidence on `clapnq`."""
_READER_LOOKS_AT = ("best answerability", "margin")
"""The others make no difference or cost two points of AUROC on documents held out."""
MOST_MISSED = 0.15
"""The confidence threshold is the one that leaves this share of answerable questions unanswered."""


@dataclass(frozen=True)
class Asked:
    """One question as the engine sees it before anything fitted: `wanted` are spans by document."""

    group: str
    """What must not stand on both sides of a fold: set and document."""
    set_name: str
    answerable: bool
    units: Floats
    is_evidence: NDArray[np.bool_]
    confidence: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    parser.add_argument("--squad", type=int, default=250, help="questions of each kind")
    parser.add_argument("--work", type=Path, default=ROOT / ".index" / "calibrate")
    parser.add_argument("--out", type=Path, default=ROOT / "index" / "calibration.json")
    parser.add_argument("--only", choices=("reader", "cross-encoder", "none"))
    parser.add_argument("--reader", type=Path, help="a twin of our reader, for --only reader")
    parser.add_argument("--fold", type=int, default=-1, help="ask only of this fold's documents")
    options = parser.parse_args()
    embedder = load_embedder(PACKAGED_EMBEDDER)
    content = json.loads(options.out.read_text(encoding="utf-8"))
    models = {"reader": "", "cross-encoder": PACKAGED_RERANKER, "none": "none"}
    for name in [options.only] if options.only else list(models):
        if name == "reader":
            reader: Reads = OnnxReader(options.reader)
        else:
            reader = load_reader(models[name], lambda: embedder)
        asked = list(_asked(options, embedder, reader))
        print(f"{name}: {len(asked)} questions")
        looked_at = _READER_LOOKS_AT if name == "reader" else CONFIDENCE_FEATURES
        threshold = _READER_EVIDENCE_THRESHOLD if name == "reader" else EVIDENCE_THRESHOLD
        fitted = Calibration(
            evidence=_evidence(asked, threshold), confidence=_confidence(asked, looked_at)
        )
        content[name] = fitted.model_dump()
    options.out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _asked(options: argparse.Namespace, embedder: Embedder, reader: Reads) -> Iterator[Asked]:
    for set_name in ("squad", "clapnq", "norway"):
        source = options.eval / set_name
        corpus = options.work / set_name / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        for row in _rows(source / "docs.jsonl"):
            path = corpus / f"{row['id'].replace('/', '_')}.txt"
            if not path.exists():
                path.write_bytes(row["text"].encode())
        generation = _indexed(corpus, options.work / set_name / "index", embedder)
        rows = _rows(source / "dev.jsonl")
        if options.fold >= 0:
            held = set(sorted({row["doc_id"] for row in rows})[options.fold :: 2])
            rows = [row for row in rows if row["doc_id"] in held]
        for row in _sampled(rows, options.squad):
            document = f"{row['doc_id'].replace('/', '_')}.txt"
            gold = [(document, Span(*span)) for span in row["gold"]]
            yield from _observe(set_name, row, document, gold, generation, embedder, reader)
    generation = _indexed(ROOT / "corpus", options.work / "own", embedder)
    for row in _rows(ROOT / "tests" / "data" / "corpus-questions.jsonl"):
        gold = list(_found(row, generation))
        yield from _observe("own", row, row["document"], gold, generation, embedder, reader)


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _sampled(rows: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """At most `most` answerable and as many unanswerable ones, evenly spread over the set."""
    chosen: list[dict[str, Any]] = []
    for answerable in (True, False):
        kind = [row for row in rows if row["answerable"] is answerable]
        places = np.linspace(0, len(kind), min(most, len(kind)), endpoint=False)
        chosen += [kind[int(place)] for place in places]
    return chosen


def _found(row: dict[str, Any], generation: Generation) -> Iterator[tuple[str, Span]]:
    document = generation.catalog.document(row["document"] or "")
    for expected in row["expected"] if document else ():
        assert document is not None
        at = document.text.find(expected)
        if at >= 0:
            yield document.name, Span(at, at + len(expected))


def _indexed(corpus: Path, index: Path, embedder: Embedder) -> Generation:
    recipe = Recipe(
        model=PACKAGED_EMBEDDER,
        fingerprint=fingerprint(model_directory(PACKAGED_EMBEDDER)),
        query_prompt="",
        passage_prompt="",
        cutter=CUTTER_VERSION,
        reader=1,
        target_tokens=192,
    )
    store = IndexStore(index)
    Reindexer(corpus, store, recipe, lambda: embedder).run()
    return LiveIndex(store, recipe).generation()


def _observe(
    set_name: str,
    row: dict[str, Any],
    document: str | None,
    gold: Sequence[tuple[str, Span]],
    generation: Generation,
    embedder: Embedder,
    reader: Reads,
) -> Iterator[Asked]:
    candidates = retrieve(
        row["question"],
        generation,
        embedder,
        reader,
        read=READ,
        kept=READ,
        stopwatch=Stopwatch(),
    )
    best = candidates[:WEIGHED]
    reading = read_units(row["question"], best)
    if not reading.units:
        return
    flat = Logistic(
        features=UNIT_FEATURES, weights=(0.0,) * len(UNIT_FEATURES), bias=0, threshold=0
    )
    coverage = generation.catalog.coverage(row["question"], [c.key for c in candidates])
    yield Asked(
        group=f"{set_name}/{document or row['id']}",
        set_name=set_name,
        answerable=row["answerable"],
        units=reading.features,
        is_evidence=np.array(
            [
                any(
                    name == best[rank].passage.document
                    and (unit.span.contains(span) or span.contains(unit.span))
                    for name, span in gold
                )
                for rank, unit in reading.units
            ]
        ),
        confidence=confidence_features(
            candidates, weigh(reading, best, flat), coverage, len(generation.vectors)
        ),
    )


def _evidence(asked: Sequence[Asked], threshold: float) -> Logistic:
    """Fitted to the units of answerable questions; each set weighs the same."""
    answerable = [one for one in asked if one.answerable and one.is_evidence.any()]
    features = np.vstack([one.units for one in answerable])
    labels = np.concatenate([one.is_evidence for one in answerable])
    sets = np.concatenate([[one.set_name] * len(one.units) for one in answerable])
    groups = np.concatenate([[one.group] * len(one.units) for one in answerable])
    weights = np.zeros(len(labels))
    for name in set(sets):
        questions = sum(one.set_name == name for one in answerable)
        weights[sets == name] = min(1.0, questions / 50) / questions
    weights *= len(weights) / weights.sum()
    predicted = _cross_validated(features, labels, groups, weights)
    for name in sorted(set(sets)):
        here = sets == name
        print(f"  evidence, {name}: AUROC {roc_auc_score(labels[here], predicted[here]):.3f}")
    return _fitted(UNIT_FEATURES, features, labels, weights, threshold)


def _confidence(asked: Sequence[Asked], looked_at: Sequence[str]) -> Logistic:
    """Fitted to all questions; each set and each kind weighs the same within it.

    Sets differ in how hard their unanswerable questions are, so each has an intercept of its own
    while the weights are fitted, and the mean of these is what is stored. A set so small that
    "few passages" tells it apart has none.
    """
    features = np.vstack([one.confidence for one in asked])
    few = features[:, CONFIDENCE_FEATURES.index("few passages")] > 0
    features = features * [name in looked_at for name in CONFIDENCE_FEATURES]
    labels = np.array([one.answerable for one in asked])
    sets = np.array([one.set_name for one in asked])
    groups = np.array([one.group for one in asked])
    large = sorted(set(sets[~few]))
    own_intercept = np.stack([sets == name for name in large], axis=1).astype(np.float64)
    weights = np.zeros(len(asked))
    for name in set(sets):
        for answerable in (True, False):
            kind = (sets == name) & (labels == answerable)
            weights[kind] = min(1.0, kind.sum() / 20) / kind.sum()
    weights *= len(weights) / weights.sum()
    predicted = _cross_validated(features, labels, groups, weights, own_intercept)
    # Large sets must not drown the others: the threshold is the mean of what each set asks for.
    cuts = []
    for name in large:
        here = sets == name
        cut = float(np.quantile(predicted[here & labels], MOST_MISSED))
        wrong = float(np.mean(predicted[here & ~labels] >= cut))
        area = roc_auc_score(labels[here], predicted[here])
        print(f"  confidence, {name}: AUROC {area:.3f}; cut {cut:.3f}, then wrong {wrong:.3f}")
        cuts.append(cut)
    threshold = round(float(np.mean(cuts)), 3)
    for name in sorted(set(sets)):
        here = sets == name
        missed = float(np.mean(predicted[here & labels] < threshold))
        wrong = float(np.mean(predicted[here & ~labels] >= threshold))
        print(f"  at {threshold}, {name}: missed {missed:.3f}, wrong {wrong:.3f}")
    return _fitted(CONFIDENCE_FEATURES, features, labels, weights, threshold, own_intercept)


def _cross_validated(
    features: Floats,
    labels: NDArray[Any],
    groups: NDArray[Any],
    weights: Floats,
    intercepts: Floats | None = None,
) -> Floats:
    predicted = np.zeros(len(labels))
    for training, held in GroupKFold(5).split(features, labels, groups):
        model = _fitted(
            (),
            features[training],
            labels[training],
            weights[training],
            0.0,
            None if intercepts is None else intercepts[training],
        )
        predicted[held] = model.probability(features[held])
    return predicted


def _fitted(
    names: Sequence[str],
    features: Floats,
    labels: NDArray[Any],
    weights: Floats,
    threshold: float,
    intercepts: Floats | None = None,
) -> Logistic:
    """The regression, its standardisation folded into weights and bias.

    `intercepts` is (n, sets), one column a set, hardly regularised; without it there is one.
    """
    if intercepts is None:
        intercepts = np.ones((len(labels), 1))
    scaler = StandardScaler().fit(features, sample_weight=weights)
    inputs = np.hstack([scaler.transform(features), 10 * intercepts])
    model = LogisticRegression(C=0.3, max_iter=5000, fit_intercept=False)
    model.fit(inputs, labels, sample_weight=weights)
    folded = model.coef_[0][: features.shape[1]] / scaler.scale_
    bias = float(np.mean(10 * model.coef_[0][features.shape[1] :]) - folded @ scaler.mean_)
    return Logistic(
        features=tuple(names),
        weights=tuple(round(float(weight), 5) for weight in folded),
        bias=round(bias, 5),
        threshold=threshold,
    )


if __name__ == "__main__":
    main()
