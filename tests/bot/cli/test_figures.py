"""An evaluation as people see it, whole."""

from __future__ import annotations

from collections.abc import Callable

from bot.cli.figures import figures
from index.evaluation import Figures
from index.statistics import Estimate, Latency


def test_figures(rendered: Callable[..., str]) -> None:
    found = Figures(
        set="squad",
        gold="any",
        documents=1,
        embedded=0,
        figures={
            "passage@1": Estimate(0.8, 0.7, 0.9, 10),
            "shown": Estimate(512.4, 400.0, 600.0, 10),
            "auroc": Estimate(None, None, None, 0),
        },
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
