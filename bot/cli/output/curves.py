"""The risk-coverage curves of evaluations as a picture, to decide on a threshold by."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot import messages
from bot.errors import OutputNotWritten
from bot.localization import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from index.evaluation.risk_coverage import RiskCoverage
    from index.evaluation.run import EvaluationReport

SUFFIXES = (".png", ".svg")

# Okabe and Ito's, told apart by people who see few colours (https://jfly.uni-koeln.de/color/).
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_GREY, _PALE = "#444444", 0.15
_INCHES = (7.5, 5.0)
_DOTS_PER_INCH = 160


def need_matplotlib() -> None:
    """Raise OutputNotWritten where it is not installed, before the questions are asked."""
    if find_spec("matplotlib") is None:
        raise OutputNotWritten(
            _('A picture needs one more package. Run `.venv/bin/pip install -e ".[eval]"`.')
        )


def drawn(found: Sequence[EvaluationReport], suffix: str) -> bytes:
    """Return a picture file: a curve for each set, its 95 % band, and the shipped threshold.

    Sets without answerable or without unanswerable questions have no curve.
    """
    with _without_font_caches():
        return _picture(found, suffix)


@contextmanager
def _without_font_caches() -> Iterator[None]:
    """Keep matplotlib and fontconfig from writing to the home directory and /var/cache."""
    with TemporaryDirectory() as folder:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text("<fontconfig/>\n", encoding="utf-8")  # matplotlib brings its font
        variables = {"MPLCONFIGDIR": folder, "FONTCONFIG_FILE": str(fonts)}
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _picture(found: Sequence[EvaluationReport], suffix: str) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=_INCHES, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for number, one in enumerate(found):
        if one.risk_coverage:
            name = f"{one.set} ({messages.questions(len(one.outcomes))})"
            _draw(axes, one.risk_coverage, name, _COLOURS[number % len(_COLOURS)])
    axes.set_title(_("What answering more questions costs"), loc="left", fontweight="bold")
    axes.set_xlabel(_("share of questions answered"))
    axes.set_ylabel(_("share of answers that should have been none"))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, min(1.0, axes.get_ylim()[1]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.plot([], [], "o", color=_GREY, label="as shipped")
    axes.fill_between([], [], [], color=_GREY, alpha=_PALE, linewidth=0, label="95 % interval")
    axes.legend(loc="upper left", frameon=False)
    file = BytesIO()
    # Neither a date nor random ids, so that the same figures are the same file.
    metadata = {"Date": None} if suffix == ".svg" else None
    with rc_context({"svg.hashsalt": "risk-coverage"}):
        figure.savefig(file, format=suffix[1:], dpi=_DOTS_PER_INCH, metadata=metadata)
    return file.getvalue()


def _draw(axes: Axes, found: RiskCoverage, name: str, colour: str) -> None:
    coverages = [point.coverage for point in found.curve]
    lows, highs = [p.low for p in found.curve], [p.high for p in found.curve]
    axes.fill_between(coverages, lows, highs, color=colour, alpha=_PALE, linewidth=0)
    axes.plot(coverages, [p.risk for p in found.curve], color=colour, linewidth=1.8, label=name)
    if found.shipped:
        axes.plot(
            found.shipped.coverage, found.shipped.risk, "o", color=colour, markersize=9,
            markeredgecolor="white", markeredgewidth=1.5, clip_on=False, zorder=3,
        )  # fmt: skip
