"""The figures of an evaluation as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot import messages
from bot.localization import _, ngettext
from bot.text import visible_line

if TYPE_CHECKING:
    from index.evaluation.comparison import EvaluationComparison, FigureChange, QuestionChange
    from index.evaluation.outcomes import Outcome
    from index.evaluation.risk_coverage import OperatingPoint, RiskCoverage
    from index.evaluation.run import EvaluationReport
    from index.evaluation.statistics import Estimate

_MOST_UNPLACED, _MOST_TURNED = 20, 5
"""Of a long list the first are shown; `--json` has them all."""


def figures(found: EvaluationReport) -> Iterator[RenderableType]:
    """Each figure with its 95 % interval, what a threshold costs, how long each stage took."""
    asked = _("{questions}, {answerable:,} of them answerable").format(
        questions=messages.questions(len(found.outcomes)), answerable=found.answerable
    )
    yield Text.assemble(
        (visible_line(found.set), "bold"), f": {messages.documents(found.documents)}, {asked}"
    )
    if found.unmarked:
        answered = sum(outcome.answered for outcome in found.unmarked)
        yield (
            ngettext(
                "Of {n:,} question nobody has said whether the documents answer it; {answered}",
                "Of {n:,} questions nobody has said whether the documents answer them; {answered}",
                len(found.unmarked),
            ).format(
                n=len(found.unmarked),
                answered=ngettext("{n:,} was answered", "{n:,} were answered", answered).format(
                    n=answered
                ),
            )
        )
    yield ""
    table = _table("Figure", "Value", "95 % interval", "Questions")
    for name, estimate in found.figures.items():
        table.add_row(name, *_estimate(estimate), f"{estimate.n:,}")
    yield table
    yield ""
    if found.risk_coverage:
        yield from _thresholds(found.risk_coverage)
        yield ""
    times = _table("Milliseconds", "Median", "95th percentile")
    for stage, latency in found.milliseconds.items():
        times.add_row(stage, f"{latency.median:,.1f}", f"{latency.p95:,.1f}")
    yield times
    yield from _unplaced(found.unplaced)


def comparison(found: EvaluationComparison, then: str) -> Iterator[RenderableType]:
    """Yield what changed since the run kept in the file `then`, and the questions that did."""
    yield ""
    yield Text.assemble(
        ("Against ", "bold"),
        (visible_line(then), "bold"),
        _(": {questions} in both runs, {only_before:,} only then, {only_after:,} only now").format(
            questions=messages.questions(found.paired),
            only_before=found.only_before,
            only_after=found.only_after,
        ),
    )
    if not found.paired:
        return
    yield ""
    table = _table("Figure", "Then", "Now", "Change", "95 % interval", "p")
    for name, difference in found.differences.items():
        table.add_row(name, *_difference(difference))
    yield table
    yield Text(
        _("p: McNemar's exact test, for what each question adds a yes or no to"), style="dim"
    )
    yield from _turned("Better", found.better)
    yield from _turned("Worse", found.worse)


def _table(first: str, *numeric: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in numeric:
        table.add_column(name, justify="right")
    return table


def _estimate(estimate: Estimate) -> tuple[str, str]:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–", ""
    digits = 3 if abs(estimate.high) <= 1 else 0
    return (
        f"{estimate.value:,.{digits}f}",
        f"{estimate.low:,.{digits}f} to {estimate.high:,.{digits}f}",
    )


def _thresholds(found: RiskCoverage) -> Iterator[RenderableType]:
    table = _table(
        "Answering", "Confidence", "Coverage", "Risk", "95 % interval", "Missed", "Wrong"
    )
    if found.shipped:
        table.add_row("as shipped", *_point(found.shipped))
    for share, point in found.at_missed.items():
        table.add_row(_("at most {share:.0f} % missed").format(share=share * 100), *_point(point))
    yield table
    yield Text(
        _(
            "Coverage: the share of questions answered; risk: of these answers, the share "
            "that should have been none"
        ),
        style="dim",
    )


def _point(point: OperatingPoint) -> tuple[str, ...]:
    return (
        f"{point.threshold:.3f}",
        f"{point.coverage:.3f}",
        f"{point.risk:.3f}",
        f"{point.low:.3f} to {point.high:.3f}",
        f"{point.missed:.3f}",
        f"{point.wrong:.3f}",
    )


def _unplaced(problems: Sequence[str]) -> Iterator[RenderableType]:
    if problems:
        yield ""
        yield Text(
            _("Not to be judged ({number:,}):").format(number=len(problems)), style="bold red"
        )
        yield from (Text(f"  {visible_line(problem)}") for problem in problems[:_MOST_UNPLACED])
    if len(problems) > _MOST_UNPLACED:
        yield Text(f"  and {len(problems) - _MOST_UNPLACED:,} more")


def _difference(found: FigureChange) -> tuple[str, ...]:
    values = (found.before, found.after)
    digits = 3 if all(value is None or abs(value) <= 1 for value in values) else 0
    shown = ["–" if value is None else f"{value:,.{digits}f}" for value in values]
    p = "" if found.p is None else f"{found.p:.3f}"
    change = found.change
    if change.value is None or change.low is None or change.high is None:
        return (*shown, "–", "", p)
    interval = f"{change.low:+,.{digits}f} to {change.high:+,.{digits}f}"
    return (*shown, f"{change.value:+,.{digits}f}", interval, p)


def _turned(heading: str, changes: Sequence[QuestionChange]) -> Iterator[RenderableType]:
    if not changes:
        return
    yield ""
    yield Text(f"{heading} ({len(changes):,}):", style="bold")
    for change in changes[:_MOST_TURNED]:
        yield Text(f"  {visible_line(change.after.question)}")
        yield Text(f"    {'; '.join(_how(change))}", style="dim")
    if len(changes) > _MOST_TURNED:
        yield Text(f"  and {len(changes) - _MOST_TURNED:,} more")


def _how(change: QuestionChange) -> Iterator[str]:
    was, is_now = change.before, change.after
    if was.verdict is not is_now.verdict:
        yield f"{_verdict(was)} → {_verdict(is_now)}"
    if was.evidence != is_now.evidence:
        yield f"evidence {was.evidence or 0:.2f} → {is_now.evidence or 0:.2f}"
    if was.rank != is_now.rank:
        yield f"passage {was.rank or 'not found'} → {is_now.rank or 'not found'}"


def _verdict(outcome: Outcome) -> str:
    wrong = outcome.answered and outcome.answerable is False
    return f"wrongly {outcome.verdict}" if wrong else outcome.verdict
