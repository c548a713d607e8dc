"""An evaluation's figures as text for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot.cli.present import counted
from bot.visible import visible_line

if TYPE_CHECKING:
    from index.evaluation import Figures
    from index.statistics import Estimate

__all__ = ["figures"]


def figures(found: Figures) -> Iterator[RenderableType]:
    """Each figure with its 95 % interval, then how long each stage took."""
    answerable = sum(outcome.question.answerable for outcome in found.outcomes)
    asked = f"{counted(len(found.outcomes), 'question')}, {answerable:,} of them answerable"
    yield Text.assemble(
        (visible_line(found.set), "bold"), f": {counted(found.documents, 'document')}, {asked}"
    )
    yield ""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Figure", no_wrap=True)
    table.add_column("Value", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_column("Questions", justify="right")
    for name, estimate in found.figures.items():
        table.add_row(name, *_estimate(estimate), f"{estimate.n:,}")
    yield table
    yield ""
    times = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    times.add_column("Milliseconds", no_wrap=True)
    times.add_column("Median", justify="right")
    times.add_column("95th percentile", justify="right")
    for stage, latency in found.milliseconds.items():
        times.add_row(stage, f"{latency.median:,.1f}", f"{latency.p95:,.1f}")
    yield times


def _estimate(estimate: Estimate) -> tuple[str, str]:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–", ""
    digits = 3 if abs(estimate.high) <= 1 else 0
    return (
        f"{estimate.value:,.{digits}f}",
        f"{estimate.low:,.{digits}f} to {estimate.high:,.{digits}f}",
    )
