"""How good a reader is, on questions with gold evidence whose documents it was not trained on.

    .venv/bin/python tools/evaluate_reader.py read --model fold0.onnx --fold 0 --out 0.pickle ...
    .venv/bin/python tools/evaluate_reader.py figures 0.pickle 1.pickle

`read` reads the ten best candidates of each question, as the engine's search does; `figures` ranks
them, picks sentences, and fits a logistic regression for confidence, cross-validated over
documents.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from index.document import BlockKind
from index.embedding import load_embedder
from index.models import PACKAGED_EMBEDDER
from index.ports import Impression, Reads
from index.reader import OnnxReader, load_reader
from index.statistics import Estimate, auroc, ratio
from tools.reader.pairs import pair_of
from tools.reader.sets import EVALUATION_SETS, Asked, asked_of
from tools.train_reader import SHARED, fold_of

Floats = NDArray[np.float64]
_READ = 10
_MOST_MISSED = 0.15


@dataclass(frozen=True)
class Judged:
    """A question, and the reader's impression of each of its candidates, in the fused order."""

    asked: Asked
    impressions: tuple[Impression, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    read = commands.add_parser("read")
    read.add_argument("--model", required=True, help="an ONNX file, or a reranker's name")
    read.add_argument("--fold", type=int, default=-1, help="only the documents of this fold")
    read.add_argument("--sets", nargs="+", default=list(EVALUATION_SETS))
    read.add_argument("--questions", type=int, default=600, help="of a set; evenly spread")
    read.add_argument("--eval", type=Path, default=SHARED / "eval")
    read.add_argument("--work", type=Path, required=True)
    read.add_argument("--out", type=Path, required=True)
    read.set_defaults(run=_read)
    figures = commands.add_parser("figures")
    figures.add_argument("read", type=Path, nargs="+")
    figures.add_argument("--passages", type=int, default=6, help="of the ten; 6 in a question")
    figures.set_defaults(run=_figures)
    options = parser.parse_args()
    options.run(options)


def _read(options: argparse.Namespace) -> None:
    model: str = options.model
    reader: Reads = (
        OnnxReader(Path(model))
        if model.endswith(".onnx")
        else load_reader(model, lambda: load_embedder(PACKAGED_EMBEDDER))
    )
    judged = []
    for name in options.sets:
        asked = asked_of(name, options.eval / name, options.work)
        for one in sampled(asked, options.questions):
            if options.fold in (-1, fold_of(one, asked)):
                candidates = tuple(f for f in one.found if f.fused > 0)[:_READ]
                impressions = reader.read(one.question, [f.passage for f in candidates])
                judged.append(Judged(replace(one, found=candidates), tuple(impressions)))
    with options.out.open("wb") as file:
        pickle.dump(judged, file)


def sampled(asked: Sequence[Asked], most: int) -> list[Asked]:
    """As many answerable and unanswerable questions as in their proportion, evenly spread."""
    order = sorted(range(len(asked)), key=lambda n: not asked[n].answerable)
    places = np.linspace(0, len(order), min(most, len(order)), endpoint=False)
    return [asked[n] for n in sorted(order[int(place)] for place in places)]


def _figures(options: argparse.Namespace) -> None:
    judged: list[Judged] = []
    for path in options.read:
        with path.open("rb") as file:
            judged += [first(one, options.passages) for one in pickle.load(file)]
    sets = list(dict.fromkeys(one.asked.set_name for one in judged))
    features = np.array([features_of(one) for one in judged])
    labels = np.array([one.asked.answerable for one in judged])
    names = np.array([one.asked.set_name for one in judged])
    groups = np.array([f"{one.asked.set_name}/{one.asked.document}" for one in judged])
    fitted = cross_validated(features, labels, names, groups)
    for name in sets:
        here = names == name
        these = [one for one in judged if one.asked.set_name == name]
        print(f"## {name}: {len(these)} questions, {sum(labels[here])} answerable")
        for label, rank in RANKINGS.items():
            print(f"  passage@1, @5 by {label}: " + ", ".join(map(shown, passages(these, rank))))
        for label, score in UNIT_SCORES.items():
            print(
                f"  sentence R@1, R@3 by {label}: " + ", ".join(map(shown, sentences(these, score)))
            )
        for column, label in enumerate(FEATURES):
            area = auroc(list(features[here, column]), list(labels[here]))
            print(f"  AUROC of {label}: {shown(area)}")
        for label, scores in (
            ("answerability alone", features[here, FEATURES.index("answers")]),
            ("logistic, cross-validated", fitted[here]),
        ):
            area, wrong = auroc(list(scores), list(labels[here])), wrong_at(scores, labels[here])
            print(f"  {label}: AUROC {shown(area)}; wrong at {_MOST_MISSED} missed {shown(wrong)}")


def first(one: Judged, most: int) -> Judged:
    """With the first candidates only."""
    asked = replace(one.asked, found=one.asked.found[:most], keys=one.asked.keys[:most])
    return Judged(asked, one.impressions[:most])


def shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return f"{estimate.value:.3f} [{estimate.low:.2f}, {estimate.high:.2f}]"


RANKINGS: dict[str, Callable[[Impression, float], float]] = {
    "fused": lambda i, fused: fused,
    "relevance": lambda i, fused: i.relevance,
    "answerability": lambda i, fused: i.answerability,
    "relevance + answerability": lambda i, fused: i.relevance + i.answerability,
    "relevance + 2 answerability": lambda i, fused: i.relevance + 2 * i.answerability,
    "rel + ans + 3 fused": lambda i, fused: i.relevance + i.answerability + 3 * fused,
    "rel + ans + .3 margin": lambda i, fused: i.relevance + i.answerability + 0.3 * i.margin,
}


def passages(
    judged: Sequence[Judged], rank: Callable[[Impression, float], float]
) -> tuple[Estimate, Estimate]:
    places = []
    for one in judged:
        if one.asked.answerable:
            scores = [
                rank(i, f.fused) for i, f in zip(one.impressions, one.asked.found, strict=True)
            ]
            order = np.argsort(scores)[::-1]
            ranks = [n for n, row in enumerate(order) if one.asked.found[row].gold]
            places.append(min(ranks, default=99))
    return ratio([p < 1 for p in places]), ratio([p < 5 for p in places])


UNIT_SCORES: dict[str, Callable[[float, Impression], float]] = {
    "evidence": lambda e, i: e,
    "evidence + answerability": lambda e, i: e + i.answerability,
    "evidence + .5 relevance": lambda e, i: e + 0.5 * i.relevance,
    "evidence + ans + .5 rel": lambda e, i: e + i.answerability + 0.5 * i.relevance,
}


def sentences(
    judged: Sequence[Judged], score: Callable[[float, Impression], float]
) -> tuple[Estimate, Estimate]:
    """Over answerable questions: an evidence unit is first, or among the first three; a unit that
    two passages share is counted once."""
    places = []
    for one in judged:
        if not one.asked.answerable:
            continue
        scored: dict[tuple[str, int], tuple[float, bool]] = {}
        for found, impression in zip(one.asked.found, one.impressions, strict=True):
            right = iter(pair_of("", found, one.asked.set_name).evidence)
            for unit, logit in zip(found.passage.units, impression.evidence, strict=True):
                if unit.kind is not BlockKind.HEADING:
                    key = (found.passage.document, unit.span.start)
                    value = (score(float(logit), impression), next(right))
                    scored[key] = max(scored.get(key, value), value)
        order = sorted(scored.values(), key=lambda s: -s[0])
        places.append(min((n for n, (_, right) in enumerate(order) if right), default=99))
    return ratio([p < 1 for p in places]), ratio([p < 3 for p in places])


FEATURES = (
    "answers",
    "margin",
    "evidence",
    "relevance",
    "second answers",
    "best's answers",
    "soft answers",
    "gap",
    "fused",
    "cosine",
    "coverage",
    "rarest missing",
    "words",
    "few passages",
)


def features_of(one: Judged) -> list[float]:
    """What confidence may look at."""
    impressions = one.impressions
    answers = np.array([i.answerability for i in impressions])
    ranked = np.argsort([-(i.relevance + i.answerability) for i in impressions])
    best = impressions[ranked[0]]
    ordered = np.sort(answers)[::-1]
    relevance = np.sort([i.relevance for i in impressions])[::-1]
    top = {one.asked.keys[row] for row in ranked[:2]}
    weights = {
        word: np.log1p(one.asked.passages / (1 + count))
        for word, (count, _) in one.asked.coverage.items()
    }
    missing = [weights[w] for w, (_, holders) in one.asked.coverage.items() if not holders & top]
    return [
        float(ordered[0]),
        max(i.margin for i in impressions),
        max(float(i.evidence.max()) for i in impressions),
        float(relevance[0]),
        float(ordered[min(1, len(ordered) - 1)]),
        best.answerability,
        float(np.log1p(np.exp(answers).sum())),
        float(relevance[0] - relevance[min(1, len(relevance) - 1)]),
        one.asked.found[ranked[0]].fused,
        max(found.cosine for found in one.asked.found),
        1 - sum(missing) / (sum(weights.values()) or 1.0),
        max(missing, default=0.0) / np.log1p(one.asked.passages),
        float(np.log1p(len(one.asked.coverage))),
        max(0.0, float(np.log(150 / one.asked.passages))),
    ]


def cross_validated(
    features: Floats, labels: NDArray[np.bool_], names: NDArray[np.str_], groups: NDArray[np.str_]
) -> Floats:
    """Logits; as tools/calibrate.py fits: each set and kind weighs the same, and each large set has
    an intercept of its own while the weights are fitted, whose mean is what is used."""
    large = [name for name in dict.fromkeys(names) if (names == name).sum() > 20]
    own = np.stack([names == name for name in large], axis=1).astype(np.float64)
    weights = np.zeros(len(labels))
    for name in dict.fromkeys(names):
        for kind in (True, False):
            here = (names == name) & (labels == kind)
            weights[here] = min(1.0, here.sum() / 20) / here.sum()
    weights *= len(weights) / weights.sum()
    fitted = np.zeros(len(labels))
    for training, held in GroupKFold(5).split(features, labels, groups):
        scaler = StandardScaler().fit(features[training], sample_weight=weights[training])
        model = LogisticRegression(C=0.3, max_iter=5000, fit_intercept=False)
        inputs = np.hstack([scaler.transform(features[training]), 10 * own[training]])
        model.fit(inputs, labels[training], sample_weight=weights[training])
        coefficients = model.coef_[0]
        size = features.shape[1]
        bias = float(np.mean(10 * coefficients[size:]))
        fitted[held] = scaler.transform(features[held]) @ coefficients[:size] + bias
    return fitted


def wrong_at(scores: Floats, labels: NDArray[np.bool_]) -> Estimate:
    """The share of unanswerable questions that score at least as much as the answerable one at
    which `_MOST_MISSED` of them are missed."""
    cut = np.quantile(scores[labels], _MOST_MISSED)
    return ratio(list(scores[~labels] >= cut))


if __name__ == "__main__":
    main()
