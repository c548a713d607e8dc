"""A section of docs/BENCHMARKS.md: a table, and what it was made with."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tools.report import provenance, table

_PACKAGES = (
    "briefing-bot",
    "faiss-cpu",
    "numpy",
    "onnxruntime",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, ready to print; `reached` is None where there is no target."""

    what: str
    ours: str
    reference: str = "–"
    ratio: str = "–"
    target: str = "–"
    reached: bool | None = None


def compared(what: str, ours: float, reference: float, form: str, most: float | None = None) -> Row:
    """Return the row of two figures, written by `form`, whose ratio is to be `most` at most."""
    ratio = ours / reference
    return Row(
        what,
        form.format(ours),
        form.format(reference),
        f"{ratio:.2f} ×",
        "–" if most is None else f"≤ {most:g} ×",
        None if most is None else ratio <= most,
    )


def section(title: str, rows: Sequence[Row], load: float, command: str) -> str:
    """Return the section in Markdown; `load` is the load average as it began."""
    from index.models.bert import matmul_dtype

    reached = {True: "yes", False: "**no**", None: "–"}
    native = "native" if "bfloat16" in str(matmul_dtype()) else "not native"
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    lines = table(
        ["what", "ours", "reference", "ratio", "target", "reached"],
        [
            (row.what, row.ours, row.reference, row.ratio, row.target, reached[row.reached])
            for row in rows
        ],
    )
    made = (
        f"{provenance(command)} · load {load:.1f} before, bfloat16 {native}, "
        f"Python {platform.python_version()}, {versions}"
    )
    return "\n".join([f"## {title}", "", *lines, "", made])
