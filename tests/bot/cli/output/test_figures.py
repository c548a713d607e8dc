"""An evaluation, and the comparison of two, as people see them, whole."""

from __future__ import annotations

from collections.abc import Callable

from bot.cli.output.figures import comparison, figures
from index.answering.answer import Verdict
from index.evaluation.comparison import EvaluationComparison, FigureChange, QuestionChange
from index.evaluation.outcomes import Outcome
from index.evaluation.risk_coverage import OperatingPoint, RiskCoverage
from index.evaluation.run import EvaluationReport
from index.evaluation.statistics import Estimate, Latency

OUTCOME = Outcome(
    set="squad", question="who?", answerable=True, verdict=Verdict.ANSWERED, confidence=0.8, rank=1,
    document_first=True, document_shown=True, evidence=1.0, excerpts=1, verbatim=1, characters=100,
    gold_characters=50, milliseconds={"total": 40.0},
)  # fmt: skip


def test_figures(rendered: Callable[..., str]) -> None:
    found = EvaluationReport(
        set="squad",
        gold="any",
        documents=1,
        embedded=0,
        figures={
            "passage@1": Estimate(0.8, 0.7, 0.9, 10),
            "shown": Estimate(512.4, 400.0, 600.0, 10),
            "auroc": Estimate(None, None, None, 0),
        },
        risk_coverage=None,
        milliseconds={"total": Latency(30.12, 1080.0)},
        outcomes=(),
    )
    assert rendered(figures(found)) == (
        "squad: 1 document, 0 questions, 0 of them answerable\n"
        "\n"
        "Figure     Value   95 % interval  Questions\n"
        "passage@1  0.800  0.700 to 0.900         10\n"
        "shown        512      400 to 600         10\n"
        "auroc          –                          0\n"
        "\n"
        "Milliseconds  Median  95th percentile\n"
        "total           30.1          1,080.0\n"
    )


def test_thresholds_what_nobody_marked_and_what_cannot_be_judged(
    rendered: Callable[..., str],
) -> None:
    point = OperatingPoint(0.5512, 0.6, 0.125, 0.05, 0.25, 0.1, 0.2)
    unmarked = Outcome(**{**OUTCOME.as_dict(), "answerable": None})  # type: ignore[arg-type]
    found = EvaluationReport(
        set="own.jsonl",
        gold="any",
        documents=3,
        embedded=0,
        figures={"missed": Estimate(0.1, 0.0, 0.2, 10)},
        risk_coverage=RiskCoverage((point,), point, {0.15: point}),
        milliseconds={"total": Latency(30.12, 1080.0)},
        outcomes=(OUTCOME, unmarked),
        unplaced=("own.jsonl, line 2: it is gone.",),
    )
    assert rendered(figures(found), width=100) == (
        "own.jsonl: 3 documents, 2 questions, 1 of them answerable\n"
        "Of 1 question nobody has said whether the documents answer it; 1 was answered\n"
        "\n"
        "Figure  Value   95 % interval  Questions\n"
        "missed  0.100  0.000 to 0.200         10\n"
        "\n"
        "Answering            Confidence  Coverage   Risk   95 % interval  Missed  Wrong\n"
        "as shipped                0.551     0.600  0.125  0.050 to 0.250   0.100  0.200\n"
        "at most 15 % missed       0.551     0.600  0.125  0.050 to 0.250   0.100  0.200\n"
        "Coverage: the share of questions answered; risk: of these answers, the share that should "
        "have been\nnone\n"
        "\n"
        "Milliseconds  Median  95th percentile\n"
        "total           30.1          1,080.0\n"
        "\n"
        "Not to be judged (1):\n"
        "  own.jsonl, line 2: it is gone.\n"
    )


def test_comparison(rendered: Callable[..., str]) -> None:
    before = Outcome(
        **{**OUTCOME.as_dict(), "verdict": Verdict.SILENT, "evidence": 0.5, "rank": None}  # type: ignore[arg-type]
    )
    found = EvaluationComparison(
        paired=40,
        only_before=1,
        only_after=2,
        differences={
            "missed": FigureChange(0.2, 0.1, Estimate(-0.1, -0.2, 0.0, 30), 0.25),
            "shown": FigureChange(512.4, 400.0, Estimate(-112.4, -150.0, -80.0, 30), None),
            "auroc": FigureChange(None, None, Estimate(None, None, None, 0), None),
        },
        better=(QuestionChange(before, OUTCOME),) * 6,
        worse=(),
    )
    assert rendered(comparison(found, "run.jsonl"), width=80) == (
        "\n"
        "Against run.jsonl: 40 questions in both runs, 1 only then, 2 only now\n"
        "\n"
        "Figure   Then    Now  Change     95 % interval      p\n"
        "missed  0.200  0.100  -0.100  -0.200 to +0.000  0.250\n"
        "shown     512    400    -112       -150 to -80\n"
        "auroc       –      –       –\n"
        "p: McNemar's exact test, for what each question adds a yes or no to\n"
        "\n"
        "Better (6):\n"
        + "  who?\n    silent → answered; evidence 0.50 → 1.00; passage not found → 1\n" * 5
        + "  and 1 more\n"
    )


def test_nothing_to_compare_with(rendered: Callable[..., str]) -> None:
    found = EvaluationComparison(0, 3, 4, {}, (), ())
    assert rendered(comparison(found, "run.jsonl")) == (
        "\nAgainst run.jsonl: 0 questions in both runs, 3 only then, 4 only now\n"
    )
