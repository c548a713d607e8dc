"""Figures as the tools print them."""

from __future__ import annotations

from index.evaluation.statistics import Estimate


def shown(figure: Estimate) -> str:
    if figure.value is None:
        return "–"
    return f"{figure.value:.3f} [{figure.low:.2f}, {figure.high:.2f}]"
