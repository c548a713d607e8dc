"""What became of each question of an evaluation, and the figures that are taken over many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.evaluation.dataset import Gold, rows_of
from index.evaluation.risk_coverage import aurc_of, wrong_at_missed_of
from index.evaluation.statistics import Statistic, auroc_of, ratio_of

__all__ = ["Measure", "Outcome", "load_outcomes", "measures"]

_MISSED = 0.15


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and what became of it.

    `answerable` is None where nobody said whether the documents answer it. What was shown are the
    excerpts or, where the engine abstained, the closest passages: `excerpts` is how many,
    `verbatim` how many of them are exact, `characters` how long they are together,
    `gold_characters` how much of that lies in gold spans, `evidence` the share of wanted gold spans
    that lie inside. `rank` is that of the first of ten passages with a gold span inside, None where
    none has one. Of the right document are the first passage, `document_first`, and any excerpt,
    `document_shown`. What cannot be told for want of gold is None. `milliseconds` are those of
    `ask` by stage, and `search`.
    """

    # One that is added needs a default, for files that were written before.
    set: str
    question: str
    answerable: bool | None
    answered: bool
    confidence: float
    rank: int | None
    document_first: bool | None
    document_shown: bool | None
    evidence: float | None
    excerpts: int
    verbatim: int
    characters: int
    gold_characters: int
    milliseconds: Mapping[str, float]

    def as_dict(self) -> dict[str, object]:
        """Ready for JSON, and for `load_outcomes`."""
        return asdict(self)


def load_outcomes(path: Path) -> list[Outcome]:
    """What was kept of an earlier run, one JSON object a line. Raises BadEvaluationSet."""
    hint = "Give a file that `eval --save` has written."
    return [outcome for _, outcome in rows_of(path, Outcome, hint)]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over those questions that `over` is true of; `yes` says what it is of one question,
    where that is yes or no."""

    over: Callable[[Outcome], bool]
    statistic: Callable[[Sequence[Outcome]], Statistic]
    yes: Callable[[Outcome], bool] | None = None


def measures(gold: Gold) -> dict[str, Measure]:
    """By name, in the order to show them in; `index.evaluation.run.Figures` says what they are."""
    found = {
        **{f"passage@{k}": _share(_has_gold, _found_within(k)) for k in (1, 5, 10)},
        "doc@1": _share(_has_document, lambda o: bool(o.document_first)),
        "doc_shown": _share(_has_document, lambda o: bool(o.document_shown)),
        "evidence": _mean(_has_gold, lambda o: o.evidence or 0.0),
        "precision": _quotient(_has_gold, lambda o: o.gold_characters, lambda o: o.characters),
        "shown": _mean(lambda o: o.answerable is True, lambda o: o.characters),
        "verbatim": _quotient(lambda o: True, lambda o: o.verbatim, lambda o: o.excerpts),
        "answered": _share(lambda o: True, lambda o: o.answered),
        "auroc": _of_confidence(auroc_of),
        "aurc": _of_confidence(aurc_of),
        "wrong_answers": _share(lambda o: o.answerable is False, lambda o: o.answered),
        "missed": _share(lambda o: o.answerable is True, lambda o: not o.answered),
        "wrong@15%missed": _of_confidence(lambda c, a: wrong_at_missed_of(c, a, _MISSED)),
    }
    if gold == "any":  # of alternatives nobody wants all, so what lies outside of one is no fault
        del found["precision"]
    return found


def _has_gold(outcome: Outcome) -> bool:
    return outcome.evidence is not None


def _has_document(outcome: Outcome) -> bool:
    return outcome.document_first is not None


def _found_within(k: int) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome.rank is not None and outcome.rank <= k


def _share(over: Callable[[Outcome], bool], yes: Callable[[Outcome], bool]) -> Measure:
    return Measure(over, lambda outcomes: ratio_of([yes(o) for o in outcomes]), yes)


def _mean(over: Callable[[Outcome], bool], value: Callable[[Outcome], float]) -> Measure:
    return Measure(over, lambda outcomes: ratio_of([value(o) for o in outcomes]))


def _quotient(
    over: Callable[[Outcome], bool],
    above: Callable[[Outcome], float],
    below: Callable[[Outcome], float],
) -> Measure:
    return Measure(
        over, lambda outcomes: ratio_of([above(o) for o in outcomes], [below(o) for o in outcomes])
    )


def _of_confidence(
    statistic: Callable[[Sequence[float], Sequence[bool]], Statistic],
) -> Measure:
    return Measure(
        lambda o: o.answerable is not None,
        lambda outcomes: statistic(
            [o.confidence for o in outcomes], [bool(o.answerable) for o in outcomes]
        ),
    )
