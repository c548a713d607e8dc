"""Fits index/answering/calibration.json: the probability of evidence and of an answer.

    .venv/bin/python -m tools.training.calibrate --eval SETS --reader fold0.onnx fold1.onnx
        [--squad 600]
    .venv/bin/python -m tools.training.calibrate --eval SETS --only none

For each kind of reader (our own, a cross-encoder, and none) it fits three logistic regressions, of
evidence, of confidence, and of confidence in follow-ups of the teams, and the curve of what each
threshold on confidence answers. Our own reader was trained on the sets that
it is fitted to, so two twins of it are asked, each about documents that it never saw
(tools/training/reader/cases.py); with one twin, only half of the documents are asked about.

The data are the development halves of the evaluation sets (SQuAD 2.0, CC BY-SA 4.0; ClapNQ,
Apache 2.0), the invented teams (tools/training/teams) and the questions over our own corpus
(tests/data/corpus-questions.jsonl). The curve and the printed figures come from predictions
cross-validated over documents in five folds. The readers' scores are kept in the work folder, so
fitting again takes seconds. The same data give the same numbers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from index.answering.finding.evidence import UNIT_FEATURES
from index.evaluation.risk_coverage import wrong_at_missed_of
from index.evaluation.statistics import Estimate, Rows, auroc, auroc_of, estimate, ratio
from index.models.embedder import load_embedder
from index.models.registry import PACKAGED_EMBEDDER, PACKAGED_RERANKER
from tools.training.observed import Asked, observed
from tools.training.reader.cases import (
    FOLLOW_UPS,
    add_arguments,
    cases_of,
    readers_of,
    reranking_readers,
)
from tools.training.reader.figures import shown

ROOT = Path(__file__).resolve().parents[2]
Floats = NDArray[np.float64]

EVIDENCE_THRESHOLD = 0.15
"""Of the cross-validated curve: 0.2 shows 80 characters less on `squad` and loses 1.5 points of
evidence there and 4.5 on `clapnq`."""
UNSURE_FROM = 0.235
"""Something is shown from here on. Chosen by hand on questions of two examinations: .09 of the
answerable ones are silent, and .53 of the others; below, more than one in five of what would be
shown too is beside the point."""
_READER_EVIDENCE_THRESHOLD = 0.13
"""Likewise: with 0.15, 25 characters less on `squad` and four points less evidence on `clapnq`."""
_READER_LOOKS_AT = (
    "best answerability",
    "margin",
    "no question word",
    "less than a thousand passages",
)
"""None of forty others, alone or together, by this regression or by boosted trees, gained a point
of AUROC on documents held out, and most lost."""
_IN_CONVERSATION = ("best answerability",)
"""What the confidence of follow-ups looks at: nothing else gained on 199 of teams held out."""
MOST_MISSED = 0.15
"""The share of answerable questions that are not answered where wrong answers are compared."""
_LEFT_UNSURE = 0.16
"""The confidence threshold is the one that leaves this share of answerable questions unanswered.
Most of them are shown as unsure, so that it costs little to be strict."""
_LEVELS = 39
"""Of risk, for each of which the curve has a point; below `_LEAST` they are not told apart."""
_LEAST = 0.01
_STRICTEST = 0.9
"""Beyond, the few questions that are still answered say nothing about the risk."""
_SETTINGS = (1 / 3, 1 / 4, 1 / 5, 1 / 10, 1 / 20)
"""Of BRIEFING_WRONG_AT_MOST, to print what comes of them."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument(
        "--out", type=Path, default=ROOT / "index" / "answering" / "calibration.json"
    )
    parser.add_argument("--only", choices=("reader", "cross-encoder", "none"))
    options = parser.parse_args()
    embedder = load_embedder(PACKAGED_EMBEDDER)
    content = json.loads(options.out.read_text(encoding="utf-8"))
    for name in [options.only] if options.only else ("reader", "cross-encoder", "none"):
        if name == "reader":
            readers = readers_of(options)
        else:
            model = PACKAGED_RERANKER if name == "cross-encoder" else name
            readers = reranking_readers(model, embedder, options.work)
        cases = cases_of(options, readers, embedder)
        asked = [one for case in cases for one in observed(case, embedder)]
        print(f"{name}: {len(asked)} questions")
        looked_at = _READER_LOOKS_AT if name == "reader" else CONFIDENCE_FEATURES
        threshold = _READER_EVIDENCE_THRESHOLD if name == "reader" else EVIDENCE_THRESHOLD
        following = [one for one in asked if one.set_name == FOLLOW_UPS]
        asked = [one for one in asked if one.set_name != FOLLOW_UPS]
        evidence = _evidence(asked, threshold)
        confidence, curve = _confidence(asked, looked_at)
        fitted = Calibration(
            evidence=evidence,
            confidence=confidence,
            curve=curve,
            unsure_from=UNSURE_FROM,
            conversing=conversing_of(following, confidence) if following else None,
        )
        content[name] = fitted.model_dump()
    options.out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


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
        area = auroc_of(predicted[here].tolist(), labels[here].tolist())(np.arange(here.sum()))
        print(f"  evidence, {name}: AUROC {area:.3f}")
    return _fitted(UNIT_FEATURES, features, labels, weights, threshold)


def _confidence(asked: Sequence[Asked], looked_at: Sequence[str]) -> tuple[Logistic, Curve]:
    """Fitted to all questions; each set and each kind weighs the same within it.

    Sets differ in how hard their unanswerable questions are, so each has an intercept of its own
    while the weights are fitted, and the mean of these is what is stored. Those of less than a
    thousand passages have that mean, and what the feature of that name adds. A set so small that
    "few passages" tells it apart has no part in the threshold and the curve.
    """
    features = np.vstack([one.confidence for one in asked])
    few = features[:, CONFIDENCE_FEATURES.index("few passages")] > 0
    small = features[:, CONFIDENCE_FEATURES.index("less than a thousand passages")] > 0
    features = features * [name in looked_at for name in CONFIDENCE_FEATURES]
    labels = np.array([one.answerable for one in asked])
    sets = np.array([one.set_name for one in asked])
    groups = np.array([one.group for one in asked])
    large = sorted(set(sets[~few]))
    intercepts = np.stack([sets == name for name in sorted(set(sets[~small]))], axis=1)
    intercepts = np.where(small[:, None], 1 / intercepts.shape[1], intercepts.astype(np.float64))
    weights = np.zeros(len(asked))
    for name in set(sets):
        for answerable in (True, False):
            kind = (sets == name) & (labels == answerable)
            weights[kind] = min(1.0, kind.sum() / 20) / kind.sum()
    weights *= len(weights) / weights.sum()
    predicted = _cross_validated(features, labels, groups, weights, intercepts)
    # Large sets must not drown the others: the threshold is the mean of what each set asks for.
    threshold = round(
        float(
            np.mean(
                [np.quantile(predicted[(sets == name) & labels], _LEFT_UNSURE) for name in large]
            )
        ),
        3,
    )
    for name in sorted(set(sets)):
        scores, answerable = predicted[sets == name].tolist(), labels[sets == name].tolist()
        wrong = estimate(len(scores), wrong_at_missed_of(scores, answerable, MOST_MISSED))
        print(
            f"  confidence, {name}: AUROC {shown(auroc(scores, answerable))}; "
            f"at {MOST_MISSED:.0%} missed, wrong {shown(wrong)}"
        )
        missed = ratio([s < threshold for s, a in zip(scores, answerable, strict=True) if a])
        wrong = ratio([s >= threshold for s, a in zip(scores, answerable, strict=True) if not a])
        print(f"    at {threshold}: missed {shown(missed)}, wrong {shown(wrong)}")
    among = np.isin(sets, large)
    measured = predicted[among], labels[among], sets[among]
    curve = curve_of(*measured, threshold)
    model = _fitted(CONFIDENCE_FEATURES, features, labels, weights, threshold, intercepts)
    _print_settings(
        Calibration(evidence=model, confidence=model, curve=curve, unsure_from=UNSURE_FROM),
        *measured,
    )
    return model, curve


def conversing_of(asked: Sequence[Asked], alone: Logistic) -> Logistic:
    """Return the confidence of follow-ups, fitted to those of teams on the scale of `alone`.

    Answerable and unanswerable ones weigh the same, as in each set of single questions, so that its
    thresholds mean the same. The teams are small; how confidence goes by the size of an index is
    taken over from `alone`.
    """
    features = np.vstack([one.confidence for one in asked])
    labels = np.array([one.answerable for one in asked])
    groups = np.array([one.group for one in asked])
    weights = np.where(labels, 0.5 / labels.sum(), 0.5 / (~labels).sum()) * len(labels)
    looked_at = features * [name in _IN_CONVERSATION for name in CONFIDENCE_FEATURES]
    predicted = _cross_validated(looked_at, labels, groups, weights)
    print(f"  {FOLLOW_UPS}: AUROC {shown(auroc(predicted.tolist(), labels.tolist()))}")
    for least in (alone.threshold, UNSURE_FROM):
        of_answerable = ratio([bool(each) for each in predicted[labels] >= least])
        of_others = ratio([bool(each) for each in predicted[~labels] >= least])
        print(f"    at {least}: answerable {shown(of_answerable)}, others {shown(of_others)}")
    fitted = _fitted(CONFIDENCE_FEATURES, looked_at, labels, weights, alone.threshold)
    size = CONFIDENCE_FEATURES.index("less than a thousand passages")
    by_size = alone.weights[size]
    weighed = list(fitted.weights)
    weighed[size] = by_size
    bias = fitted.bias - by_size * float(features[:, size].mean())
    return fitted.model_copy(update={"weights": tuple(weighed), "bias": round(bias, 5)})


def curve_of(
    predicted: Floats, labels: NDArray[np.bool_], sets: NDArray[np.str_], threshold: float
) -> Curve:
    """What each threshold answers; each set counts the same, all arguments but the last are (n,).

    The points are those from which on the risk is below one of `_LEVELS` levels, each by the same
    part below the last, and one at `threshold`. It ends where being stricter lowers the risk no
    more.
    """
    thresholds = np.unique([*np.floor(predicted * 1e4) / 1e4, threshold])
    points = [_point(float(each), predicted, labels, sets) for each in thresholds]
    points = [p for p in points if p.missed <= _STRICTEST or p.threshold <= threshold]
    risks = np.array([point.risk for point in points])
    end = max(int(np.argmin(risks)), int(np.searchsorted(thresholds, threshold)))
    from_here_on = np.maximum.accumulate(risks[end::-1])[::-1]
    least = from_here_on[-1]
    levels = [*np.geomspace(from_here_on[0], max(least, _LEAST), _LEVELS - 1), least]
    chosen = {int(np.argmax(from_here_on <= level + 1e-9)) for level in levels}
    chosen.add(int(np.searchsorted(thresholds, threshold)))
    return Curve(
        questions={name: int((sets == name).sum()) for name in sorted(set(sets.tolist()))},
        points=tuple(points[n] for n in sorted(chosen)),
    )


def _point(
    threshold: float, predicted: Floats, labels: NDArray[np.bool_], sets: NDArray[np.str_]
) -> CurvePoint:
    wrong, missed = [], []
    for name in np.unique(sets):
        here = sets == name
        wrong.append(np.mean(predicted[here & ~labels] >= threshold))
        missed.append(np.mean(predicted[here & labels] < threshold))
    return CurvePoint(
        threshold=threshold,
        wrong=round(float(np.mean(wrong)), 4),
        missed=round(float(np.mean(missed)), 4),
    )


def risk(
    threshold: float, predicted: Floats, labels: NDArray[np.bool_], sets: NDArray[np.str_]
) -> Estimate:
    """`CurvePoint.risk`, with its interval over questions."""

    def statistic(rows: Rows) -> float:
        return _point(threshold, predicted[rows], labels[rows], sets[rows]).risk

    return estimate(len(predicted), statistic)


def _print_settings(
    fitted: Calibration, predicted: Floats, labels: NDArray[np.bool_], sets: NDArray[np.str_]
) -> None:
    print("  at most      threshold  wrong of the answers   answerable that meet silence")
    for setting in (None, *_SETTINGS):
        threshold = (
            fitted.confidence.threshold if setting is None else fitted.threshold_for(setting)
        )
        asked_for = "as shipped" if setting is None else f"1 in {1 / setting:.0f}"
        if threshold is None:
            print(f"  {asked_for:<12} –          (least: {fitted.curve.points[-1].risk:.3f})")
        else:
            found = shown(risk(threshold, predicted, labels, sets))
            missed = fitted.curve.at(threshold).missed
            print(f"  {asked_for:<12} {threshold:<10} {found:<22} {missed:.3f}")


def _cross_validated(
    features: Floats,
    labels: NDArray[Any],
    groups: NDArray[Any],
    weights: Floats,
    intercepts: Floats | None = None,
) -> Floats:
    from sklearn.model_selection import GroupKFold

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
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

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
