"""The page that the benchmark writes: a table a section, each with when and where it was made."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tools.bench.common import Row

__all__ = ["provenance", "section", "write_section"]

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
_PAGE = """\
# Benchmarks

`make bench` measures this against references in the same run, ours and the reference by turns,
and writes what it finds between the marks below. What each section does is in `tools/bench_*.py`.
"""


def provenance(command: str, load: float) -> str:
    """When, on what and by which command; `load` is the load average as the section began."""
    from index.models.bert import matmul_dtype

    native = "native" if "bfloat16" in str(matmul_dtype()) else "not native"
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_processor()}, "
        f"{len(os.sched_getaffinity(0))} cores, bfloat16 {native}, load {load:.1f} before · "
        f"Python {platform.python_version()}, {versions} · `{command}`"
    )


def section(title: str, made: str, rows: Sequence[Row]) -> str:
    """A section of the page, in Markdown."""
    lines = [
        f"## {title}",
        "",
        "| what | ours | reference | ratio | target | reached |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        reached = {True: "yes", False: "**no**", None: "–"}[row.reached]
        cells = (row.what, row.ours, row.reference, row.ratio, row.target, reached)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", made])


def write_section(page: Path, name: str, content: str) -> None:
    """Puts the section in its place on the page, and leaves the rest of the page as it is."""
    begin, end = f"<!-- bench {name} -->", f"<!-- end {name} -->"
    text = page.read_text(encoding="utf-8") if page.is_file() else _PAGE
    block = f"{begin}\n{content}\n{end}"
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if place.search(text):
        text = place.sub(lambda _: block, text)
    else:
        text = f"{text.rstrip()}\n\n{block}\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()
