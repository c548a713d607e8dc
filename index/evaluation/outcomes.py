"""Outcomes of single questions, and the measures that are taken over many of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.answering.answer import QuestionKind, Verdict
from index.evaluation.dataset import Gold, rows_of
from index.evaluation.risk_coverage import aurc_of, wrong_at_missed_of
from index.evaluation.statistics import Statistic, auroc_of, ratio_of

_MISSED = 0.15


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and what became of it.

    `answerable` is None where it is not known whether the documents answer it. What was shown are
    the excerpts or, where the engine abstained, the closest passages: `excerpts` is their number,
    `verbatim` how many are exact, `characters` their total length, `gold_characters` how much of it
    lies in gold spans, `evidence` the share of wanted gold spans inside them. `rank` is the rank of
    the first of ten passages with a gold span inside, None where there is none. `document_first`,
    `document_shown` and `document_quoted` say whether the first passage, anything shown or closest,
    and any excerpt are of the right document.
    Values that need gold are None where there is none. `milliseconds` are those of `ask` by stage,
    and of `search`.
    """

    # A new field needs a default, since files of earlier runs do not have it.
    set: str
    question: str
    answerable: bool | None
    verdict: Verdict
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
    kind: QuestionKind = QuestionKind.FACT
    document_quoted: bool | None = None

    @property
    def answered(self) -> bool:
        return self.verdict is Verdict.ANSWERED

    def as_dict(self) -> dict[str, object]:
        """Return the outcome ready for JSON, as `load_outcomes` expects it."""
        return asdict(self)


def load_outcomes(path: Path) -> list[Outcome]:
    """Load the outcomes of an earlier run, one JSON object a line; raises BadEvaluationSet."""
    hint = "Give a file that `eval --save` has written."
    return [outcome for _, outcome in rows_of(path, Outcome, hint)]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over the questions for which `over` is true.

    Where each question counts as a yes or a no, `yes` tells which.
    """

    over: Callable[[Outcome], bool]
    statistic: Callable[[Sequence[Outcome]], Statistic]
    yes: Callable[[Outcome], bool] | None = None


def measures(gold: Gold) -> dict[str, Measure]:
    """Return the measures by name, in display order; `Figures` in `run.py` explains each."""
    found = {
        **{f"passage@{k}": _share(_has_gold, _found_within(k)) for k in (1, 5, 10)},
        "doc@1": _share(_has_document, lambda o: bool(o.document_first)),
        "doc_shown": _share(_has_document, lambda o: bool(o.document_shown)),
        "doc_quoted": _share(_has_document, lambda o: bool(o.document_quoted)),
        "evidence": _mean(_has_gold, lambda o: o.evidence or 0.0),
        "precision": _quotient(_has_gold, lambda o: o.gold_characters, lambda o: o.characters),
        "shown": _mean(lambda o: o.answerable is True, lambda o: o.characters),
        "verbatim": _quotient(lambda o: True, lambda o: o.verbatim, lambda o: o.excerpts),
        "answered": _share(lambda o: True, lambda o: o.answered),
        "auroc": _of_confidence(auroc_of),
        "aurc": _of_confidence(aurc_of),
        "wrong_answers": _share(lambda o: o.answerable is False, lambda o: o.answered),
        "missed": _share(lambda o: o.answerable is True, lambda o: not o.answered),
        "not_silent": _share(
            lambda o: o.answerable is True, lambda o: o.verdict is not Verdict.SILENT
        ),
        "rightly_silent": _share(
            lambda o: o.answerable is False, lambda o: o.verdict is Verdict.SILENT
        ),
        "wrong@15%missed": _of_confidence(lambda c, a: wrong_at_missed_of(c, a, _MISSED)),
    }
    if gold == "any":  # showing only one of several alternatives is no fault
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


def _of_confidence(statistic: Callable[[Sequence[float], Sequence[bool]], Statistic]) -> Measure:
    return Measure(
        lambda o: o.answerable is not None,
        lambda outcomes: statistic(
            [o.confidence for o in outcomes], [bool(o.answerable) for o in outcomes]
        ),
    )
